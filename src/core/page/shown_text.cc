#include "page/shown_text.h"

#include <cstdint>

namespace oidcop::page {

namespace {

struct Character {
  char32_t code;
  std::size_t octets;
};

constexpr char32_t kReplacement = 0xFFFD;

/// Decodes the character at the front of non-empty text; what is not UTF-8 costs one octet and is
/// kReplacement.
Character first_character(std::string_view text);
/// Whether a character could move, hide or fake what stands around it.
bool is_invisible(char32_t code);
bool is_space(char32_t code) {
  return (code >= 0x09 && code <= 0x0D) || code == 0x2028 || code == 0x2029;
}
void append_utf8(std::string& out, char32_t code);

}  // namespace

std::string shown_text(std::string_view raw, std::size_t limit) {
  std::string shown;
  std::size_t count = 0;
  std::size_t cut_at = 0;  // where the last character that leaves room for the ellipsis ends
  while (!raw.empty()) {
    auto [code, octets] = first_character(raw);
    raw.remove_prefix(octets);
    if (is_space(code)) code = ' ';
    if (is_invisible(code)) continue;
    if (count == limit) {
      shown.resize(cut_at);
      return limit == 0 ? shown : shown + "\u2026";
    }
    append_utf8(shown, code);
    if (++count < limit) cut_at = shown.size();
  }
  return shown;
}

std::string prefill_text(std::string_view raw) {
  auto shown = shown_text(raw);
  return shown == raw ? shown : std::string();
}

std::string initial_of(std::string_view shown) {
  if (shown.empty()) return {};
  std::string initial(shown.substr(0, first_character(shown).octets));
  if (initial[0] >= 'a' && initial[0] <= 'z') initial[0] = static_cast<char>(initial[0] - 'a' + 'A');
  return initial;
}

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

namespace {

Character first_character(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = octet(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {kReplacement, 1};
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0U) != 0x80U) return {kReplacement, 1};
    code = (code << 6U) | (octet(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {kReplacement, 1};
  return {code, length};
}

bool is_invisible(char32_t code) {
  // The two joiners (U+200C, U+200D) stay: Persian and Indic names are misspelt without them.
  constexpr struct {
    char32_t first, last;
  } kRanges[] = {
      {0x00, 0x1F},       {0x7F, 0x9F},      // controls
      {0xAD, 0xAD},       {0x34F, 0x34F},    // soft hyphen, combining grapheme joiner
      {0x61C, 0x61C},     {0x180B, 0x180F},  // Arabic letter mark, Mongolian separators
      {0x200B, 0x200B},   {0x200E, 0x200F},  // zero width space, direction marks
      {0x202A, 0x202E},   {0x2060, 0x206F},  // embeddings and overrides, invisible operators and isolates
      {0x3164, 0x3164},   {0xFE00, 0xFE0E},  // Hangul filler, variation selectors
      {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},  // byte order mark, annotations
      {0xE0000, 0xE0FFF},                    // tags
  };
  for (const auto& range : kRanges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&](char32_t bits) { out += static_cast<char>(static_cast<std::uint8_t>(bits)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace

}  // namespace oidcop::page
