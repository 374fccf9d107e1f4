#pragma once

#include "client/redirect_uri.h"
#include "client/request_protection.h"
#include "client/response_protection.h"
#include "client/secret.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <string>
#include <vector>

namespace oidcop::client {

/// What this provider lets a client register; from the configuration's capabilities.
struct RegistrationPolicy {
  std::vector<std::string> response_types{"code"};
  std::vector<std::string> grant_types{"authorization_code", "refresh_token"};
  std::vector<model::ClientAuthMethod> auth_methods{
      model::ClientAuthMethod::none, model::ClientAuthMethod::client_secret_basic,
      model::ClientAuthMethod::client_secret_post, model::ClientAuthMethod::client_secret_jwt,
      model::ClientAuthMethod::private_key_jwt};
  std::vector<std::string> extension_methods;      ///< names of authentication methods that hooks bring along
  std::vector<jose::Algorithm> auth_signing_algs;  ///< empty: every algorithm that fits the method
  std::vector<jose::Algorithm> id_token_signing_algs{jose::Algorithm::rs256};
  std::vector<model::SubjectType> subject_types{model::SubjectType::public_subject,
                                                model::SubjectType::pairwise};
  model::SubjectType default_subject_type = model::SubjectType::public_subject;
  ProtectionOffer responses;   ///< how answers to a client can be signed and encrypted
  RequestOffer requests;       ///< how a client can send its requests
  bool introspection = false;  ///< whether there is an introspection endpoint, so that its members count
  bool frontchannel_logout = true;
  bool backchannel_logout = true;
  LoopbackHttp loopback_http = LoopbackHttp::refused;  ///< for web clients
};

/// A validated client from its metadata (OpenID Connect Dynamic Client Registration 1.0, 2; RFC 7591, 2).
/// Members nobody knows and language-tagged ones are kept in Client::metadata; client_id, client_secret and
/// what else only the provider decides are not taken from it. The client has no secret yet: see
/// needs_secret().
///
/// Errors: invalid_redirect_uri or invalid_client_metadata, with the member as ProtocolError::parameter and
/// its name and the reason in the description (RFC 7591, 3.2.2). Pure.
Result<model::Client, ProtocolError> register_client(const model::ClientId& id, const Message& metadata,
                                                     const RegistrationPolicy& policy, TimePoint now);

/// The same client under new metadata: id, creation, secrets and the administrator's policy stay. When the
/// new method needs another form of secret than the client has, the caller issues one (needs_new_secret).
Result<model::Client, ProtocolError> update_client(const model::Client& client, const Message& metadata,
                                                   const RegistrationPolicy& policy, TimePoint now);

/// Whether the client needs a secret and none of its live ones has the form that its method takes.
bool needs_new_secret(const model::Client& client, TimePoint now);

}  // namespace oidcop::client
