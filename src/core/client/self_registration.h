#pragma once

#include "client/registration.h"
#include "client/software_statement.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <string>
#include <vector>

namespace oidcop::client {

/// What a client may register about itself, by its own hand.
struct SelfRegistrationPolicy {
  RegistrationPolicy offered;       ///< as for everybody
  std::vector<std::string> scopes;  ///< the supported ones
  std::string id_token_alg;         ///< of clients that register none
  SoftwareStatements statements;
};

/// The members of a document that a client may say about itself: those that OpenID Connect Dynamic Client
/// Registration 1.0 and its relatives define, in every language. What else stands there is ignored (RFC 7591,
/// 2), so that nobody can give themselves what only the administrator gives.
Message self_registrable(const Message& metadata);

/// As register_client(), for a client that registers itself (OpenID Connect Dynamic Client Registration 1.0,
/// 2; RFC 7591, 2). What a software statement says counts before the rest, and choices are made. Besides: no
/// loopback host for a web client, no scope that is not supported, and for an
/// unvetted client no grant type that needs no person. Pure.
/// \param origin  never administrator; one with an initial access token counts as vetted
Result<model::Client, ProtocolError> self_register(const model::ClientId& id, const Message& metadata,
                                                   model::ClientOrigin origin,
                                                   const SelfRegistrationPolicy& policy, TimePoint now);

/// The client under new metadata, which replace the old ones wholly: what is left out has its default again
/// (RFC 7592, 2.2). What the administrator decided stays, but what was vetted was the client as it was: one
/// that anybody could register is unvetted again when something changes.
Result<model::Client, ProtocolError> self_update(const model::Client& client, const Message& metadata,
                                                 const SelfRegistrationPolicy& policy, TimePoint now);

/// Everything that is registered of the client, with what holds where it registered nothing (RFC
/// 7591, 3.2.1). Nothing of secrets and tokens. Pure.
Message self_registered(const model::Client& client, const SelfRegistrationPolicy& policy);

}  // namespace oidcop::client
