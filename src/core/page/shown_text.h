#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oidcop::page {

inline constexpr std::size_t kShownCharacters = 64;

/// A foreign value as a page may show it: at most `limit` characters (the last one is "…" when it was cut),
/// without control characters, line breaks, bidi controls and invisible format characters; octets that are
/// not UTF-8 become U+FFFD. Not escaped. Thread-safe: pure function.
std::string shown_text(std::string_view raw, std::size_t limit = kShownCharacters);

/// The value for a form field that will come back: itself when shown_text would not change it, else empty.
/// A person who submits it unseen must not submit something else than was given.
std::string prefill_text(std::string_view raw);

/// The first character of a shown text, ASCII letters in upper case: what stands in for a missing logo.
std::string initial_of(std::string_view shown);

/// Escapes & < > " ' for element content and quoted attributes, and nothing else.
std::string escape_html(std::string_view text);

}  // namespace oidcop::page
