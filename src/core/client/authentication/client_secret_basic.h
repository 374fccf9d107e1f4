#pragma once

#include "base/secret.h"

#include <oidcop/protocol_error.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::client {

/// How the octets of a Basic credential are understood.
enum class BasicReading : std::uint8_t {
  form_decoded,  ///< as RFC 6749, 2.3.1 asks
  raw,           ///< as they stand: many clients leave the encoding out
};
std::string_view name_of(BasicReading reading);

struct BasicCandidate {
  BasicReading reading = BasicReading::form_decoded;
  std::string client_id;
  Secret secret;
};

/// client_secret_basic: client_id and secret in the Authorization header.
struct BasicCredential {
  /// What the header can mean, in the order to be tried: one candidate when encoding makes no difference or
  /// when the text cannot have been encoded, else two. Never empty.
  std::vector<BasicCandidate> candidates;
  std::string client_id_parameter;  ///< the form's client_id; empty when absent
};

/// Whether the scheme is Basic (compared without case).
bool is_basic(std::string_view authorization);

/// Splits at the first colon: a secret may hold more of them (RFC 7617, 2).
/// Errors: invalid_client; the header was used, so the answer names the scheme (RFC 6749, 5.2).
Result<BasicCredential, ProtocolError> parse_basic(std::string_view authorization);

}  // namespace oidcop::client
