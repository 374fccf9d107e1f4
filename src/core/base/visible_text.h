#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace oidcop {

constexpr std::uint32_t kNotUtf8 = 0xFFFD;

/// Takes one code point off the front of `text`, which is not empty; kNotUtf8 and one octet where it is not
/// UTF-8.
std::uint32_t take_code_point(std::string_view& text);

/// Characters that move the cursor, end the line, turn the writing direction or cannot be seen, and kNotUtf8.
bool is_treacherous(std::uint32_t point);

/// Appends the escape that a JSON string has for the character: \n, \u001b, a surrogate pair.
void append_escape(std::string& out, std::uint32_t point);

/// A foreign text for one line of a terminal: treacherous characters are escaped as in a JSON string.
/// Thread-safe: pure function.
std::string visible_text(std::string_view text);

/// The same for several lines: line feeds stay. Applied to a JSON document it changes no value.
std::string visible_lines(std::string_view text);

}  // namespace oidcop
