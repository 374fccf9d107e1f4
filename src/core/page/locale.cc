#include "page/locale.h"

#include "page/model.h"

#include <algorithm>

namespace oidcop::page {

namespace {

bool is_placeholder(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    if ((c < 'a' || c > 'z') && c != '_') return false;
  }
  return true;
}

std::string_view value_of(std::string_view placeholder, Values values) {
  for (const auto& [name, value] : values) {
    if (name == placeholder) return value;
  }
  return {};
}

}  // namespace

Result<Text> parse_text(std::string_view text) {
  Text parts;
  while (!text.empty()) {
    const auto open = text.find_first_of("{}");
    if (open != 0) parts.push_back({std::string(text.substr(0, open)), {}});
    if (open == std::string_view::npos) break;
    const auto close = text.find('}', open);
    if (text[open] == '}' || close == std::string_view::npos)
      return fail(Errc::malformed, "unbalanced brace");
    const auto name = text.substr(open + 1, close - open - 1);
    if (!is_placeholder(name))
      return fail(Errc::malformed, "a placeholder is lower-case letters between braces");
    parts.push_back({{}, std::string(name)});
    text.remove_prefix(close + 1);
  }
  return parts;
}

Locale::Locale(std::string tag, Texts texts) : tag_(std::move(tag)), texts_(std::move(texts)) {
  Data plain;
  for (const auto& [name, text] : texts_) {
    const bool has_values =
        std::any_of(text.begin(), text.end(), [](const auto& part) { return !part.placeholder.empty(); });
    if (!has_values) put(plain, name, plain_text(text, {}));
  }
  put(plain, "lang", tag_);
  frame_ = std::make_unique<const Frame>(Frame{std::move(plain)});
}

Locale::Locale(Locale&& other) noexcept = default;
Locale& Locale::operator=(Locale&& other) noexcept = default;
Locale::~Locale() = default;

const Text* Locale::find(std::string_view name) const {
  const auto found = texts_.find(name);
  return found == texts_.end() ? nullptr : &found->second;
}

Data parts_of(const Text& text, Values values) {
  List parts;
  parts.reserve(text.size());
  for (const auto& part : text) {
    Data item;
    const bool is_words = part.placeholder.empty();
    put(item, "words", is_words ? Data(part.words) : Data(false));
    put(item, "value", is_words ? Data(false) : Data(std::string(value_of(part.placeholder, values))));
    parts.push_back(std::move(item));
  }
  return parts;
}

std::string plain_text(const Text& text, Values values) {
  std::string plain;
  for (const auto& part : text) {
    if (part.placeholder.empty()) {
      plain += part.words;
    } else {
      plain.append("\u2068").append(value_of(part.placeholder, values)).append("\u2069");
    }
  }
  return plain;
}

}  // namespace oidcop::page
