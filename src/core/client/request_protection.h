#pragma once

#include "jose/algorithm.h"
#include "jose/encryption_algorithm.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::client {

/// How a client sends its authorization requests, as it registered (OpenID Connect Dynamic Client
/// Registration 1.0, 2; RFC 9101, 10.5; RFC 9126, 6).
struct RequestProtection {
  std::optional<jose::Algorithm> signing;  ///< of request objects: this one and no other
  bool must_be_signed = false;             ///< no request without a signed object, which then alone counts
  bool must_be_pushed = false;
  std::vector<std::string> request_uris;  ///< from where objects may be fetched, with their fragments
};

/// What the provider takes.
struct RequestOffer {
  std::vector<jose::Algorithm> signing;  ///< empty: no request objects
  jose::KeyManagementSet management;     ///< empty: no encrypted ones
  jose::ContentEncryptionSet encryption;
  bool pushed = false;
};

/// What the client registered. Members that do not parse were not registered here.
RequestProtection request_protection(const model::Client& client);

/// Whether the client's request objects are signed with its secret as the key.
bool signs_requests_with_secret(const model::Client& client);

/// Checks request_object_signing_alg, request_object_encryption_alg and _enc, require_signed_request_object,
/// require_pushed_authorization_requests and request_uris. Errors: invalid_client_metadata, naming the
/// member.
Verdict check_request_protection(const Message& metadata, const RequestOffer& offer,
                                 const model::Client& client);

}  // namespace oidcop::client
