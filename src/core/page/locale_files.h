#pragma once

#include "page/locale.h"

#include <oidcop/result.h>

#include <filesystem>
#include <string>
#include <vector>

namespace oidcop::page {

struct LoadedLocales {
  std::vector<Locale> locales;        ///< sorted by tag; English is always among them
  std::vector<std::string> warnings;  ///< which texts a language leaves to English
};

/// Reads the <tag>.json files of the built-in folder and then of the site's (which may be empty or not
/// exist). A language has, from weakest to strongest: English, the built-in file, the site's file; "de-AT"
/// stands on "de" in the same way. Errors: not_found (no built-in en.json), malformed: a value that is no
/// string, a text English does not have (a site's own begin with scope_, claim_ or site_), a placeholder the
/// English text does not have.
Result<LoadedLocales> load_locales(const std::filesystem::path& built_in, const std::filesystem::path& site);

}  // namespace oidcop::page
