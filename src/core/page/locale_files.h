#pragma once

#include "page/locale.h"

#include <oidcop/result.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

struct LoadedLocale {
  Locale locale;
  std::vector<std::string> missing;  ///< names of the texts that are shown in English
};

/// The <tag>.json files of the built-in folder and of the site's, which may be empty or not exist. A language
/// has, from weakest to strongest: English, the built-in file, the site's file; "de-AT" stands on "de" in the
/// same way. Immutable; a change of the files is seen by load() only.
class LocaleFiles {
 public:
  /// Lists the files without reading them. Errors: not_found (no built-in en.json), malformed (a name that is
  /// no language tag).
  static Result<LocaleFiles> list(std::filesystem::path built_in, std::filesystem::path site);

  const std::vector<std::string>& tags() const {
    return tags_;
  }  ///< sorted; English is among them until keep_only

  /// Forgets all languages but these.
  void keep_only(const std::vector<std::string>& tags);

  /// Reads a listed language. Errors: malformed, naming the file and the text: a value that is no string, a
  /// text English does not have (a site's own begin with scope_, claim_ or site_), a placeholder the English
  /// text does not have.
  Result<LoadedLocale> load(const std::string& tag) const;

 private:
  LocaleFiles(std::filesystem::path built_in, std::filesystem::path site)
      : built_in_(std::move(built_in)), site_(std::move(site)) {}
  /// The language's own texts, the site's before the built-in ones; empty when neither has the language.
  Result<Texts> own_texts(const std::string& tag, const Texts& english) const;

  std::filesystem::path built_in_, site_;
  std::vector<std::string> tags_;
};

}  // namespace oidcop::page
