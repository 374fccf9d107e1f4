#pragma once

#include "jose/jwk_set.h"
#include "jose/jws.h"
#include "jose/jwt.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace oidcop::endpoint {

/// The formats a request may come in.
enum class RequestFormat : std::uint8_t {
  query,    ///< query component of a URL
  form,     ///< application/x-www-form-urlencoded
  json,     ///< a JSON object
  jwt,      ///< a signed JWT whose claims are the request (RFC 9101, 4)
  message,  ///< already parsed, by the embedding program
};

struct RawRequest {
  RequestFormat format = RequestFormat::query;
  std::string text;
  Message message;  ///< with format message
};

/// How the requests of one endpoint are written.
struct RequestRules {
  std::vector<RequestFormat> formats;   ///< accepted ones
  std::vector<std::string> repeatable;  ///< parameters that may occur more than once; become arrays
  std::size_t max_fields = 64;
  std::size_t max_value_octets = 16U << 10U;
  /// Keys and policy for format jwt; absent: a request in a JWT is refused with request_not_supported.
  struct JwtRules {
    std::function<Result<jose::JwkSet>(const Message& unverified_claims)> keys;
    jose::JwsPolicy signature;
    jose::JwtPolicy claims;
  };
  std::optional<JwtRules> jwt;
};

/// Raw request to Message. An empty parameter counts as absent (RFC 6749, 3.1); a repeated one is refused
/// with invalid_request naming it, unless the rules list it.
Result<Message, ProtocolError> decode_request(const RawRequest& raw, const RequestRules& rules,
                                              TimePoint now);

}  // namespace oidcop::endpoint
