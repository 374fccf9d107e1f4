#include "client/metadata.h"

#include "base/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::client {
namespace {

// U+061C, U+200E, U+200F, U+202A … U+202E, U+2066 … U+2069, and the line and paragraph separators.
constexpr std::array<std::string_view, 14> kBidiAndBreaks{"\u061C", "\u200E", "\u200F", "\u202A", "\u202B",
                                                          "\u202C", "\u202D", "\u202E", "\u2066", "\u2067",
                                                          "\u2068", "\u2069", "\u2028", "\u2029"};

bool is_control(char c) {
  return (c >= '\0' && c < ' ') || c == '\x7F';
}

bool is_harmless(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {  // U+0080 … U+009F
    if (text[i] == '\xC2' && static_cast<unsigned char>(text[i + 1]) < 0xA0) return false;
  }
  return std::none_of(kBidiAndBreaks.begin(), kBidiAndBreaks.end(), [&](std::string_view character) {
    return text.find(character) != std::string_view::npos;
  });
}

bool all_harmless(const Json& value) {  // the parser bounds the depth
  if (value.is_string()) return is_harmless(value.get_ref<const std::string&>());
  if (!value.is_structured()) return true;
  for (const auto& member : value.items()) {
    if (value.is_object() && !is_harmless(member.key())) return false;
    if (!all_harmless(member.value())) return false;
  }
  return true;
}

template <class T>
Member<T> typed(std::string_view name, Result<std::optional<T>> value, std::string_view expected) {
  if (!value) return fail(invalid_metadata(name, expected));
  return *std::move(value);
}

}  // namespace

ProtocolError invalid_metadata(std::string_view member, std::string_view reason) {
  ProtocolError error;
  error.code = "invalid_client_metadata";
  error.parameter = member;
  error.description = error.parameter + ": ";
  error.description += reason;
  return error;
}

Member<std::string> text_member(const Message& metadata, std::string_view name) {
  return typed(name, json_text(metadata.json(), name), "must be a string.");
}

Member<std::vector<std::string>> texts_member(const Message& metadata, std::string_view name) {
  return typed(name, json_texts(metadata.json(), name), "must be an array of strings.");
}

Member<bool> bool_member(const Message& metadata, std::string_view name) {
  return typed(name, json_bool(metadata.json(), name), "must be true or false.");
}

Member<std::int64_t> integer_member(const Message& metadata, std::string_view name) {
  return typed(name, json_integer(metadata.json(), name), "must be a whole number, 0 or more.");
}

Member<std::string> https_member(const Message& metadata, std::string_view name) {
  auto text = text_member(metadata, name);
  if (!text || !*text) return text;
  const auto url = Url::parse(**text);
  if (!url) return fail(invalid_metadata(name, "is not an absolute URL: " + url.error().detail + '.'));
  if (!url->is_https() || url->host().empty()) return fail(invalid_metadata(name, "must be an https URL."));
  return text;
}

Verdict check_characters(const Message& metadata) {
  for (const auto& member : metadata.json().items()) {
    if (!is_harmless(member.key())) {
      return fail(invalid_metadata("metadata", "a member's name has control characters."));
    }
    if (!all_harmless(member.value())) {
      return fail(invalid_metadata(member.key(), "has control or text direction characters."));
    }
  }
  return {};
}

}  // namespace oidcop::client
