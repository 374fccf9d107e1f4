// Runs a fuzz target on each file of a corpus, without libFuzzer: in every ctest, with any compiler.

#include "base/file.h"
#include "fuzz/property.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& corpus) {
  std::vector<std::filesystem::path> files;
  std::error_code none;  // a folder that is missing has no files
  for (const auto& entry : std::filesystem::directory_iterator(corpus, none)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool holds_for(const std::filesystem::path& file) {
  const auto text = oidcop::read_file(file);
  if (!text) {
    std::cout << "  cannot be read: " << text.error().detail << '\n';
    return false;
  }
  // A copy of just this size: a sanitizer sees each octet that is read beyond it.
  const std::vector<std::uint8_t> octets(text->begin(), text->end());
  try {
    LLVMFuzzerTestOneInput(octets.data(), octets.size());
    return true;
  } catch (const std::exception& error) {
    std::cout << "  does not hold: " << error.what() << '\n';
    return false;
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: replay CORPUS\n";
    return EXIT_FAILURE;
  }
  const auto files = files_of(arguments[1]);
  std::size_t failed = 0;
  for (const auto& file : files) {
    std::cout << file.string() << std::endl;  // flushed: whoever crashes is the last one named
    if (!holds_for(file)) ++failed;
  }
  std::cout << files.size() << " files, " << failed << " failed\n";
  return files.empty() || failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
