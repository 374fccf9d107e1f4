#pragma once

#include "client/published_keys.h"
#include "client/secret.h"
#include "jose/algorithm.h"
#include "jose/jwk_set.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/random.h>
#include <oidcop/time.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace oidcop::endpoint {

/// What request objects are read with. References outlive it.
struct RequestObjectParts {
  std::string issuer;
  const client::ClientSecrets& secrets;
  const client::PublishedKeys& keys;    ///< the clients'
  const jose::JwkSet& decryption_keys;  ///< the provider's own, private halves
  Random& random;
  jose::AlgorithmSet algorithms;  ///< accepted signatures, `none` among them where clients may register it
};

/// Which parameters count.
enum class RequestMerge : std::uint8_t {
  supplemented,  ///< the object's, and beside it those it does not have (OpenID Connect Core 1.0, 6.1)
  object_only,   ///< the object's alone (RFC 9101, 5; RFC 9126, 3)
};

/// The parameters of a request object.
struct ReadRequestObject {
  Message request;         ///< without the members that belong to the JWT and not to the request
  bool is_signed = false;  ///< not "alg": "none"
};

/// Reads a request object: decrypts it with a key of ours, verifies it with the client's, which may have to
/// be fetched, and takes out its parameters (OpenID Connect Core 1.0, 6.1; RFC 9101, 4, 6 and 10.8).
///
/// A client that registered request_object_signing_alg uses that one, and `none` no other client may use; HS*
/// is for clients that registered it. `iss` is the client, where there is one; `aud` this provider; `exp` and
/// `nbf` hold. A `sub` that is the client's id is refused, so that no object is a client assertion, too.
/// Errors: invalid_request_object.
Result<ReadRequestObject, ProtocolError> read_request_object(std::string_view object,
                                                             const model::Client& client,
                                                             const RequestObjectParts& parts, TimePoint now);

/// The request that counts. The outer client_id, and where there is one the outer response_type, must be the
/// object's (Core, 6.1; RFC 9101, 5). Errors: invalid_request_object; invalid_request.
Result<Message, ProtocolError> merged_request(const Message& outer, const Message& object,
                                              const model::Client& client, RequestMerge merge);

}  // namespace oidcop::endpoint
