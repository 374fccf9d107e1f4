#include "page/locale_files.h"

#include "base/file.h"
#include "base/json.h"
#include "page/locale_negotiation.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

namespace oidcop::page {

namespace {

constexpr std::string_view kEnglish = "en";

/// Texts of one language as its files have them, the site's over the built-in ones.
using TextsByTag = std::map<std::string, Texts>;

Result<void> read_folder(const std::filesystem::path& folder, TextsByTag& languages);
Result<Texts> read_texts(const std::filesystem::path& file);
/// Whether the text may stand in a locale file at all, given the English ones.
Result<void> check_text(const std::string& name, const Text& text, const Texts& english);
/// The language's own texts over those of the tags it begins with.
Texts own_texts(const std::string& tag, const TextsByTag& languages);
std::string missing_texts(const Texts& own, const Texts& english);

}  // namespace

Result<LoadedLocales> load_locales(const std::filesystem::path& built_in, const std::filesystem::path& site) {
  TextsByTag languages;
  if (auto read = read_folder(built_in, languages); !read) return fail(std::move(read).error());
  const auto english = languages.find(std::string(kEnglish));
  if (english == languages.end())
    return fail(Errc::not_found, (built_in / "en.json").string() + " is missing");
  const Texts known = english->second;
  if (!site.empty()) {
    if (auto read = read_folder(site, languages); !read) return fail(std::move(read).error());
  }
  LoadedLocales loaded;
  for (const auto& [tag, texts] : languages) {
    for (const auto& [name, text] : texts) {
      if (const auto checked = check_text(name, text, known); !checked) {
        return fail(Errc::malformed, "locale " + tag + ": " + checked.error().detail);
      }
    }
    auto own = own_texts(tag, languages);
    if (auto missing = missing_texts(own, known); !missing.empty()) {
      loaded.warnings.push_back("locale " + tag + ": shown in English: " + missing);
    }
    own.insert(english->second.begin(), english->second.end());
    loaded.locales.emplace_back(tag, std::move(own));
  }
  return loaded;
}

namespace {

Result<void> read_folder(const std::filesystem::path& folder, TextsByTag& languages) {
  std::error_code none;
  for (auto entry = std::filesystem::directory_iterator(folder, none);
       !none && entry != std::filesystem::directory_iterator(); entry.increment(none)) {
    const auto& path = entry->path();
    if (path.extension() != ".json") continue;
    const auto tag = path.stem().string();
    if (!is_language_tag(tag)) return fail(Errc::malformed, path.string() + ": the name is no language tag");
    auto texts = read_texts(path);
    if (!texts) return fail(texts.error().code, path.string() + ": " + texts.error().detail);
    for (auto& [name, text] : *texts) languages[tag][name] = std::move(text);
  }
  return {};
}

Result<Texts> read_texts(const std::filesystem::path& file) {
  const auto content = read_file(file, 1U << 20U);
  if (!content) return fail(content.error());
  const auto json = parse_json(*content, {.comments = JsonComments::allowed});
  if (!json) return fail(json.error());
  if (!json->is_object()) return fail(Errc::malformed, "not an object of texts");
  Texts texts;
  for (const auto& [name, value] : json->items()) {
    if (!value.is_string()) return fail(Errc::malformed, name + " is not a text");
    auto text = parse_text(value.get_ref<const std::string&>());
    if (!text) return fail(Errc::malformed, name + ": " + text.error().detail);
    texts.emplace(name, *std::move(text));
  }
  return texts;
}

bool has_prefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

Result<void> check_text(const std::string& name, const Text& text, const Texts& english) {
  const auto model = english.find(name);
  const bool is_own = has_prefix(name, "scope_") || has_prefix(name, "claim_") || has_prefix(name, "site_");
  if (model == english.end() && !is_own) {
    return fail(Errc::malformed,
                "there is no text " + name + " (texts of your own begin with scope_, claim_ or site_)");
  }
  for (const auto& part : text) {
    if (part.placeholder.empty()) continue;
    const bool known = model == english.end()
                           ? has_prefix(name, "scope_") && part.placeholder == "client"
                           : std::any_of(model->second.begin(), model->second.end(), [&](const auto& other) {
                               return other.placeholder == part.placeholder;
                             });
    if (!known) return fail(Errc::malformed, name + ": there is no {" + part.placeholder + "} for this text");
  }
  if (name == "text_direction" && (text.size() != 1 || (text[0].words != "ltr" && text[0].words != "rtl"))) {
    return fail(Errc::malformed, "text_direction is ltr or rtl");
  }
  return {};
}

Texts own_texts(const std::string& tag, const TextsByTag& languages) {
  Texts own;
  for (std::string_view shorter = tag;; shorter = shorter.substr(0, shorter.rfind('-'))) {
    const auto found = languages.find(std::string(shorter));
    if (found != languages.end()) own.insert(found->second.begin(), found->second.end());
    if (shorter.find('-') == std::string_view::npos) return own;
  }
}

std::string missing_texts(const Texts& own, const Texts& english) {
  std::string missing;
  for (const auto& [name, text] : english) {
    if (own.find(name) == own.end()) missing += (missing.empty() ? "" : ", ") + name;
  }
  return missing;
}

}  // namespace

}  // namespace oidcop::page
