#pragma once

#include "jose/jws.h"

#include <string>
#include <string_view>

namespace oidcop::jose {

// What the serialisations of a JWS have in common: its headers, and one signature. Errors as verify_compact.

/// A header as JSON: the members that we read have their types.
Result<void> check_header_types(const Json& header);

/// The protected header from its base64url; "alg" need not be in it.
Result<Message> read_protected_header(std::string_view encoded);

/// "crit" and "b64" of a protected header (RFC 7515, 4.1.11; RFC 7797, 3 and 6).
Result<PayloadEncoding> check_critical(const Message& protected_header, const JwsPolicy& policy);

/// "alg" of the header if the policy allows it.
Result<Algorithm> allowed_algorithm(const Message& header, const JwsPolicy& policy);

/// The protected header of a signature we make, in base64url. Errors: refused.
Result<std::string> encode_header(const JwsHeader& header, Algorithm algorithm, const std::string& kid);

/// A signature and what it stands under.
struct Signature {
  std::string_view protected_text;  ///< base64url, as it was signed; empty when there is none
  std::string_view payload_text;    ///< in the encoding that is signed
  std::string_view signature_text;  ///< base64url
};

/// The kid of the key that verifies. `header` is the joined one.
Result<std::string> find_key(const Signature& signature, const Message& header, Algorithm algorithm,
                             const JwkSet& keys, const JwsPolicy& policy);

/// The payload as it is signed.
std::string encode_payload(std::string_view payload, PayloadEncoding encoding);

/// What is signed (RFC 7515, 5.1).
std::string signing_input(std::string_view protected_text, std::string_view payload_text);

}  // namespace oidcop::jose
