#include "page/shown_text.h"

#include "base/visible_text.h"

#include <cstdint>

namespace oidcop::page {

namespace {

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
    char32_t code = take_code_point(raw);
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
  auto rest = shown;
  take_code_point(rest);
  std::string initial(shown.substr(0, shown.size() - rest.size()));
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
