#pragma once

#include <oidcop/http.h>
#include <oidcop/result.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

/// The files under the static path, held in memory: a request's text is only ever a key, never part of a file
/// name. Immutable and thread-safe after load.
class StaticFiles {
 public:
  /// Reads the files of the folders; one in a later folder takes the place of its namesake. A folder that is
  /// not there is empty. Files of a kind that is not served are named in `warnings`. Errors: as read_file.
  static Result<StaticFiles> load(const std::vector<std::filesystem::path>& folders,
                                  std::vector<std::string>& warnings);

  bool has(std::string_view name) const;
  /// "oidcop.css?v=…", where the version changes with the content.
  std::string versioned(std::string_view name) const;

  /// See Pages::static_file.
  http::Response answer(std::string_view name, std::string_view query,
                        std::optional<std::string_view> if_none_match) const;

 private:
  struct File {
    std::string content;
    std::string_view content_type;
    std::string version;  ///< 16 hexadecimal digits of the content's digest
  };
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace oidcop::page
