#include "page/static_files.h"

#include "base/digest.h"
#include "base/file.h"

#include <array>
#include <system_error>

namespace oidcop::page {

namespace {

constexpr std::size_t kLargestFile = 1U << 20U;

/// The content type for a file's name; empty for a kind that is not served.
std::string_view content_type_of(const std::filesystem::path& file);
/// Whether If-None-Match has this tag (weak comparison, RFC 9110, 13.1.2).
bool matches(std::string_view if_none_match, std::string_view entity_tag);

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::vector<std::filesystem::path>& folders,
                                      std::vector<std::string>& warnings) {
  StaticFiles all;
  for (const auto& folder : folders) {
    std::error_code none;
    for (auto entry = std::filesystem::directory_iterator(folder, none);
         !none && entry != std::filesystem::directory_iterator(); entry.increment(none)) {
      const auto& path = entry->path();
      if (path.filename().string().front() == '.') continue;
      const auto type = content_type_of(path);
      if (type.empty() || !entry->is_regular_file()) {
        warnings.push_back(path.string() + ": not served, only style sheets, scripts and images are");
        continue;
      }
      auto content = read_file(path, kLargestFile);
      if (!content) return fail(std::move(content).error());
      auto version = sha256(*content).hex().substr(0, 16);
      all.files_[path.filename().string()] = {*std::move(content), type, std::move(version)};
    }
  }
  return all;
}

bool StaticFiles::has(std::string_view name) const {
  return files_.find(name) != files_.end();
}

std::string StaticFiles::versioned(std::string_view name) const {
  const auto file = files_.find(name);
  return file == files_.end() ? std::string(name) : std::string(name) + "?v=" + file->second.version;
}

http::Response StaticFiles::answer(std::string_view name, std::string_view query,
                                   std::optional<std::string_view> if_none_match) const {
  const auto found = files_.find(name);
  if (found == files_.end()) {
    return {404,
            {{"Content-Type", "text/plain; charset=utf-8"},
             {"Cache-Control", "no-store"},
             {"X-Content-Type-Options", "nosniff"}},
            "Not found\n"};
  }
  const auto& file = found->second;
  const std::string entity_tag = '"' + file.version + '"';
  // Only the address that names this very content may be kept for good; any other is asked again each time,
  // so that a page from before an update never freezes the wrong file into a cache.
  const bool is_current = query == "v=" + file.version;
  http::Response response{200,
                          {{"Content-Type", std::string(file.content_type)},
                           {"Cache-Control", is_current ? "public, max-age=31536000, immutable" : "no-cache"},
                           {"ETag", entity_tag},
                           {"X-Content-Type-Options", "nosniff"},
                           {"Content-Security-Policy", "default-src 'none'; sandbox"},
                           {"Cross-Origin-Resource-Policy", "same-origin"}},
                          {}};
  if (if_none_match && matches(*if_none_match, entity_tag)) {
    response.status = 304;
  } else {
    response.body = file.content;
  }
  return response;
}

namespace {

std::string_view content_type_of(const std::filesystem::path& file) {
  struct Kind {
    std::string_view suffix, content_type;
  };
  static constexpr std::array kKinds{
      Kind{".js", "text/javascript; charset=utf-8"},
      Kind{".css", "text/css; charset=utf-8"},
      Kind{".svg", "image/svg+xml"},
      Kind{".png", "image/png"},
      Kind{".jpg", "image/jpeg"},
      Kind{".webp", "image/webp"},
      Kind{".ico", "image/x-icon"},
  };
  const auto suffix = file.extension().string();
  for (const auto& kind : kKinds) {
    if (suffix == kind.suffix) return kind.content_type;
  }
  return {};
}

bool matches(std::string_view if_none_match, std::string_view entity_tag) {
  while (!if_none_match.empty()) {
    const auto comma = if_none_match.find(',');
    auto tag = if_none_match.substr(0, comma);
    if_none_match = comma == std::string_view::npos ? std::string_view() : if_none_match.substr(comma + 1);
    while (!tag.empty() && tag.front() == ' ') tag.remove_prefix(1);
    while (!tag.empty() && tag.back() == ' ') tag.remove_suffix(1);
    if (tag.substr(0, 2) == "W/") tag.remove_prefix(2);
    if (tag == "*" || tag == entity_tag) return true;
  }
  return false;
}

}  // namespace

}  // namespace oidcop::page
