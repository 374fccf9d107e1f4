#include "base/visible_text.h"

#include <array>
#include <cstdio>

namespace oidcop {
namespace {

void append_unit(std::string& out, std::uint32_t unit) {
  std::array<char, 8> escape{};
  std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(unit));
  out += escape.data();
}

enum class LineFeeds : std::uint8_t { escaped, kept };

std::string visible(std::string_view text, LineFeeds line_feeds) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto before = text;
    const auto point = take_code_point(text);
    if (is_treacherous(point) && !(point == '\n' && line_feeds == LineFeeds::kept)) {
      append_escape(out, point);
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

}  // namespace

std::uint32_t take_code_point(std::string_view& text) {
  const auto octet = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<std::uint8_t>(text[i]));
  };
  const auto lead = octet(0);
  std::size_t size = 1;
  std::uint32_t point = lead;
  std::uint32_t least = 0;
  if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4, point = lead & 0x07U, least = 0x10000;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    size = 3, point = lead & 0x0FU, least = 0x800;
  } else if (lead >= 0xC2 && lead < 0xE0) {
    size = 2, point = lead & 0x1FU, least = 0x80;
  }
  bool valid = size > 1 || lead < 0x80;
  for (std::size_t i = 1; valid && i < size; ++i) {
    valid = i < text.size() && (octet(i) & 0xC0U) == 0x80U;
    if (valid) point = point << 6U | (octet(i) & 0x3FU);
  }
  if (!valid || point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
    text.remove_prefix(1);
    return kNotUtf8;
  }
  text.remove_prefix(size);
  return point;
}

bool is_treacherous(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xAD || point == 0x61C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || (point >= 0xFE00 && point <= 0xFE0F) || point == 0xFEFF ||
         point == kNotUtf8 || (point >= 0xFFF9 && point <= 0xFFFB) || (point >= 0xE0000 && point <= 0xE0FFF);
}

void append_escape(std::string& out, std::uint32_t point) {
  if (point == '\n') {
    out += "\\n";
  } else if (point == '\r') {
    out += "\\r";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point >= 0x10000) {  // as JSON does it: a surrogate pair
    append_unit(out, 0xD800 + ((point - 0x10000) >> 10U));
    append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FFU));
  } else {
    append_unit(out, point);
  }
}

std::string visible_text(std::string_view text) {
  return visible(text, LineFeeds::escaped);
}

std::string visible_lines(std::string_view text) {
  return visible(text, LineFeeds::kept);
}

}  // namespace oidcop
