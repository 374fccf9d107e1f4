#pragma once

#include "config/field.h"

namespace oidcop::config {

// How texts of the configuration must look: a function for the check, the same as a pattern for the JSON
// Schema (ECMAScript without look-around), and words for messages. Functions, because compiling the patterns
// at each start would cost a CGI program more than all the rest of its configuration; a test holds the two
// together.
bool is_url_path(std::string_view text);
bool is_scope(std::string_view text);
bool is_word(std::string_view text);
bool is_words(std::string_view text);
bool is_name(std::string_view text);
bool is_user(std::string_view text);
bool is_locale(std::string_view text);
bool is_scheme(std::string_view text);
bool is_resource(std::string_view text);
bool is_listen(std::string_view text);
bool is_line(std::string_view text);
bool is_network(std::string_view text);
bool is_host(std::string_view text);

/// Appended to the issuer: no empty or dot segments, no query, nothing that would need percent-encoding.
inline constexpr Shape kUrlPath = {
    R"(^(?:\.well-known/)?[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$)",
    "a path below the issuer without a leading '/', such as \"token\"", is_url_path};
/// RFC 6749, 3.3: scope-token.
inline constexpr Shape kScope = {R"(^[!#-\[\]-~]+$)",
                                 "a scope value: printable ASCII without space, '\"' and '\\'", is_scope};
/// A value that stands in a list separated by spaces (acr_values, response_types members).
inline constexpr Shape kWord = {R"(^[!-~]+$)", "printable ASCII without spaces", is_word};
inline constexpr Shape kWords = {R"(^[!-~]+(?: [!-~]+)*$)",
                                 "words of printable ASCII separated by single spaces", is_words};
inline constexpr Shape kClaim = {R"(^[!-~]+$)", "a claim name: printable ASCII without spaces", is_word};
inline constexpr Shape kName = {R"(^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$)",
                                "at most 32 letters, digits, '-' and '_', beginning with a letter or digit",
                                is_name};
inline constexpr Shape kUser = {R"(^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$)", "a user's name or number", is_user};
/// BCP 47, as far as the pages and lists of languages need it.
inline constexpr Shape kLocale = {R"(^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$)",
                                  "a language tag such as \"en\" or \"de-CH\"", is_locale};
inline constexpr Shape kScheme = {R"(^[A-Za-z][A-Za-z0-9+.-]*$)",
                                  "the scheme of a hint, such as \"email\" or \"tel\"", is_scheme};
/// RFC 8707, 2: an absolute URI without a fragment.
inline constexpr Shape kResource = {R"(^[A-Za-z][A-Za-z0-9+.-]*:[!$-~]+$)",
                                    "an absolute URI without a fragment, such as \"https://api.example.org\"",
                                    is_resource};
inline constexpr Shape kListen = {
    R"(^(?:unix:[^\r\n]+|\[[0-9A-Fa-f:.]+\]:[0-9]{1,5}|[A-Za-z0-9.-]+:[0-9]{1,5})$)",
    "\"unix:PATH\" or \"HOST:PORT\"", is_listen};
/// As far as a pattern can tell; IpNetwork::parse has the last word.
inline constexpr Shape kNetwork = {R"(^[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?$)",
                                   "a block of addresses such as \"192.168.7.0/24\" or \"fd00:7::/32\"",
                                   is_network};
inline constexpr Shape kHost = {R"(^[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?$)",
                                "a host in lower case, such as \"example.org\" or \"example.org:8443\"",
                                is_host};
inline constexpr Shape kLine = {R"(^[^\x00-\x1f\x7f]+$)", "one line of text, not empty", is_line};

}  // namespace oidcop::config
