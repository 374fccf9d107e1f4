#pragma once

#include "config/field.h"

namespace oidcop::config {

// How texts of the configuration must look. Patterns are ECMAScript without look-around, for the JSON Schema
// too.

/// Appended to the issuer: no empty or dot segments, no query, nothing that would need percent-encoding.
inline constexpr Shape kUrlPath = {
    R"(^(?:\.well-known/)?[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$)",
    "a path below the issuer without a leading '/', such as \"token\""};
/// RFC 6749, 3.3: scope-token.
inline constexpr Shape kScope = {R"(^[!#-\[\]-~]+$)",
                                 "a scope value: printable ASCII without space, '\"' and '\\'"};
/// A value that stands in a list separated by spaces (acr_values, response_types members).
inline constexpr Shape kWord = {R"(^[!-~]+$)", "printable ASCII without spaces"};
inline constexpr Shape kWords = {R"(^[!-~]+(?: [!-~]+)*$)",
                                 "words of printable ASCII separated by single spaces"};
inline constexpr Shape kClaim = {R"(^[!-~]+$)", "a claim name: printable ASCII without spaces"};
inline constexpr Shape kName = {R"(^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$)",
                                "at most 32 letters, digits, '-' and '_', beginning with a letter or digit"};
inline constexpr Shape kUser = {R"(^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$)", "a user's name or number"};
/// BCP 47, as far as the pages and lists of languages need it.
inline constexpr Shape kLocale = {R"(^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$)",
                                  "a language tag such as \"en\" or \"de-CH\""};
inline constexpr Shape kScheme = {R"(^[A-Za-z][A-Za-z0-9+.-]*$)",
                                  "the scheme of a hint, such as \"email\" or \"tel\""};
inline constexpr Shape kListen = {
    R"(^(?:unix:[^\r\n]+|\[[0-9A-Fa-f:.]+\]:[0-9]{1,5}|[A-Za-z0-9.-]+:[0-9]{1,5})$)",
    "\"unix:PATH\" or \"HOST:PORT\""};
inline constexpr Shape kLine = {R"(^[^\x00-\x1f\x7f]+$)", "one line of text, not empty"};

}  // namespace oidcop::config
