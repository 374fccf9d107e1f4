// Writes every page in every state and language, for looking at and for the checks of
// tests/core/page/check_pages.py.
//
//   page_preview SHARE_DIR OUT_DIR
//
// OUT_DIR/<language>/<sample>.html, beside it <sample>.json with status and headers, and OUT_DIR/static/.

#include "base/file.h"
#include "core/page/page_samples.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace {

using oidcop::Result;

Result<void> write_samples(const oidcop::page::Pages& pages, const std::string& language,
                           const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto& locale = pages.locale({language}, "");
  for (const auto& sample : oidcop::page::page_samples()) {
    const auto response = sample.render(pages, locale);
    if (!response) return oidcop::fail(response.error());
    std::ofstream(folder / (sample.name + ".html")) << response->body;
    auto headers = nlohmann::json::array();
    for (const auto& header : response->headers) headers.push_back({header.name, header.value});
    std::ofstream(folder / (sample.name + ".json"))
        << nlohmann::json{{"status", response->status}, {"headers", headers}}.dump(2) << '\n';
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: page_preview SHARE_DIR OUT_DIR\n";
    return 2;
  }
  const std::filesystem::path out = argv[2];
  auto options = oidcop::page::shipped_pages();
  options.built_in = argv[1];
  options.static_path = "../static/";
  const auto pages = oidcop::page::Pages::load(options);
  if (!pages) {
    std::cerr << "page_preview: " << pages.error().detail << '\n';
    return 1;
  }
  for (const auto& language : (*pages)->languages()) {
    if (const auto written = write_samples(**pages, language, out / language); !written) {
      std::cerr << "page_preview: " << written.error().detail << '\n';
      return 1;
    }
  }
  std::filesystem::copy(options.built_in / "static", out / "static",
                        std::filesystem::copy_options::overwrite_existing);
  return 0;
}
