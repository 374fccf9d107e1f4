#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

/// Picks the language of a page by BCP 47 lookup (RFC 4647, 3.4).
///
/// First the request's ui_locales in their order (OpenID Connect Core 1.0, 3.1.2.1), then Accept-Language by
/// weight (RFC 9110, 12.5.4), then `fallback`. "*" decides nothing; a weight of 0 rules that exact language
/// out. What is not a language tag is skipped; only the first 32 entries are looked at. \param available tags
/// such as "de" or "pt-BR" \return a member of `available`, or `fallback`: never a string that came from the
/// request. Thread-safe: pure function.
std::string negotiate_locale(const std::vector<std::string>& available, std::string_view fallback,
                             const std::vector<std::string>& ui_locales, std::string_view accept_language);

/// Whether text has the shape of a language tag: 1 to 8 letters or digits between hyphens, at most 35
/// characters.
bool is_language_tag(std::string_view text);

}  // namespace oidcop::page
