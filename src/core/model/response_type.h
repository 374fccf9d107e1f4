#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::model {

/// What an authorization response carries (OAuth 2.0 Multiple Response Type Encoding Practices 1.0, 3 to 5).
/// The order of its words says nothing. A value.
class ResponseType {
 public:
  enum class Part : std::uint8_t { code, id_token, token };

  /// Words separated by spaces, each once; "none" alone is the type that carries nothing. Nothing for any
  /// other text.
  static std::optional<ResponseType> parse(std::string_view text);

  bool has(Part part) const { return (bits_ & bit(part)) != 0; }
  /// Whether tokens travel through the browser, so that the query is no place for the answer (3).
  bool has_tokens() const { return has(Part::id_token) || has(Part::token); }
  bool is_none() const { return bits_ == 0; }
  /// With the words in the order in which the specifications write them: "code id_token token".
  std::string text() const;
  bool operator==(const ResponseType&) const = default;

 private:
  static constexpr unsigned bit(Part part) { return 1U << static_cast<unsigned>(part); }
  unsigned bits_ = 0;
};

/// All that OpenID Connect Core 1.0, 3 and Multiple Response Types, 4 define; not "token" alone, which is not
/// for OpenID Connect.
std::vector<std::string> openid_response_types();

/// Whether a registered list of response types has this one, in whatever order of words.
bool has_response_type(const std::vector<std::string>& registered, ResponseType type);

}  // namespace oidcop::model
