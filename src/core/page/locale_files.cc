#include "page/locale_files.h"

#include "base/file.h"
#include "base/json.h"
#include "page/locale_negotiation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

namespace oidcop::page {

namespace {

constexpr auto kEnglish = "en";

/// Adds the languages of a folder. Errors: malformed.
Result<void> list_folder(const std::filesystem::path& folder, std::vector<std::string>& tags);
Result<Texts> read_texts(const std::filesystem::path& file);
bool is_file(const std::filesystem::path& path);
/// Whether the text may stand in a locale file at all, given the English ones.
Result<void> check_text(const std::string& name, const Text& text, const Texts& english);

}  // namespace

Result<LocaleFiles> LocaleFiles::list(std::filesystem::path built_in, std::filesystem::path site) {
  LocaleFiles files(std::move(built_in), std::move(site));
  for (const auto& folder : {files.built_in_, files.site_}) {
    if (auto listed = list_folder(folder, files.tags_); !listed) return fail(std::move(listed).error());
  }
  std::sort(files.tags_.begin(), files.tags_.end());
  files.tags_.erase(std::unique(files.tags_.begin(), files.tags_.end()), files.tags_.end());
  const auto english = files.built_in_ / "en.json";
  if (!is_file(english))
    return fail(Errc::not_found,
                english.string() + ": is missing; data_dir says where the shipped pages are");
  return files;
}

void LocaleFiles::keep_only(const std::vector<std::string>& tags) {
  std::erase_if(
      tags_, [&](const std::string& tag) { return std::find(tags.begin(), tags.end(), tag) == tags.end(); });
}

Result<LoadedLocale> LocaleFiles::load(const std::string& tag) const {
  auto known = read_texts(built_in_ / "en.json");
  if (!known) return fail(std::move(known).error());
  Texts texts;
  for (std::string shorter = tag;;) {
    auto own = own_texts(shorter, *known);
    if (!own) return fail(std::move(own).error());
    texts.merge(*own);
    const auto end = shorter.rfind('-');
    if (end == std::string::npos) break;
    shorter.resize(end);
  }
  std::vector<std::string> missing;
  for (const auto& [name, text] : *known) {
    if (texts.find(name) == texts.end()) missing.push_back(name);
  }
  if (tag != kEnglish) {
    auto english = own_texts(kEnglish, *known);
    if (!english) return fail(std::move(english).error());
    texts.merge(*english);
  }
  return LoadedLocale{Locale(tag, std::move(texts)), std::move(missing)};
}

Result<Texts> LocaleFiles::own_texts(const std::string& tag, const Texts& english) const {
  Texts own;
  for (const auto& folder : {site_, built_in_}) {
    const auto file = folder / (tag + ".json");
    if (folder.empty() || !is_file(file)) continue;
    auto texts = read_texts(file);
    if (!texts) return texts;
    for (const auto& [name, text] : *texts) {
      if (const auto checked = check_text(name, text, english); !checked) {
        return fail(Errc::malformed, file.string() + ": " + checked.error().detail);
      }
    }
    own.merge(*texts);
  }
  return own;
}

namespace {

Result<void> list_folder(const std::filesystem::path& folder, std::vector<std::string>& tags) {
  std::error_code none;
  for (auto entry = std::filesystem::directory_iterator(folder, none);
       !none && entry != std::filesystem::directory_iterator(); entry.increment(none)) {
    const auto& path = entry->path();
    if (path.extension() != ".json") continue;
    if (!is_language_tag(path.stem().string())) {
      return fail(Errc::malformed, path.string() + ": the name is no language tag");
    }
    tags.push_back(path.stem().string());
  }
  return {};
}

bool is_file(const std::filesystem::path& path) {
  std::error_code none;
  return std::filesystem::is_regular_file(path, none);
}

Result<Texts> read_texts(const std::filesystem::path& file) {
  const auto refuse = [&](const std::string& what) {
    return fail(Errc::malformed, file.string() + ": " + what);
  };
  const auto content = read_file(file, 1U << 20U);
  if (!content) return fail(content.error());
  const auto json = parse_json(*content, {.comments = JsonComments::allowed});
  if (!json) return refuse(json.error().detail);
  if (!json->is_object()) return refuse("not an object of texts");
  Texts texts;
  for (const auto& [name, value] : json->items()) {
    if (!value.is_string()) return refuse(name + " is not a text");
    auto text = parse_text(value.get_ref<const std::string&>());
    if (!text) return refuse(name + ": " + text.error().detail);
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

}  // namespace

}  // namespace oidcop::page
