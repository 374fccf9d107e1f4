// Writes every page in every state and language, for looking at and for the checks of
// tests/core/page/check_pages.py.
//
//   page_preview SHARE_DIR OUT_DIR
//
// OUT_DIR/<language>/<sample>.html, beside it <sample>.json with status and headers; OUT_DIR/static/;
// OUT_DIR/hostile/, the same with every field full of markup.

#include "base/file.h"
#include "core/page/page_samples.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace {

using oidcop::Result;

using oidcop::page::Pages;
using oidcop::page::PageSample;

constexpr auto kHostile = "\"'><script src=x onerror=alert(1)>&amp;{{seal}}</textarea><img src=x>";

Result<void> write_samples(const Pages& pages, const std::string& language,
                           const std::vector<PageSample>& samples, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto& locale = pages.locale({language}, "");
  for (const auto& sample : samples) {
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

Result<void> write_all(const std::filesystem::path& share, const std::filesystem::path& out) {
  auto options = oidcop::page::shipped_pages();
  options.built_in = share;
  options.static_path = "../static/";
  const auto pages = Pages::load(options);
  if (!pages) return oidcop::fail(pages.error());
  for (const auto& language : (*pages)->languages()) {
    auto written = write_samples(**pages, language, oidcop::page::page_samples(), out / language);
    if (!written) return written;
  }
  std::filesystem::copy(
      share / "static", out / "static",
      std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  return write_samples(**pages, "en", oidcop::page::page_samples_full_of(kHostile), out / "hostile");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: page_preview SHARE_DIR OUT_DIR\n";
    return 2;
  }
  if (const auto written = write_all(argv[1], argv[2]); !written) {
    std::cerr << "page_preview: " << written.error().detail << '\n';
    return 1;
  }
  return 0;
}
