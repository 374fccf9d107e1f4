#pragma once

#include "base/secret.h"
#include "jose/algorithm.h"
#include "jose/encryption_algorithm.h"
#include "jose/jwe.h"
#include "jose/jwk_set.h"
#include "jose/key_management.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/random.h>
#include <oidcop/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::client {

/// How one kind of answer to a client is protected: signed, encrypted, signed and then encrypted, or neither.
struct ResponseProtection {
  std::optional<jose::Algorithm> signing;
  std::optional<jose::JweAlgorithms> encryption;
};

/// What the provider can do to such answers.
struct ProtectionOffer {
  std::vector<jose::Algorithm> signing;
  jose::KeyManagementSet management;
  jose::ContentEncryptionSet encryption;
};

/// What a client may register for its answers to be encrypted: RSA-OAEP*, ECDH-ES*, and dir, A*KW and A*GCMKW
/// under a key derived from its secret (OpenID Connect Core 1.0, 10.2).
jose::KeyManagementSet response_key_management();

/// Reads KIND_encrypted_response_alg and KIND_encrypted_response_enc, which must be offered, and of which the
/// second means nothing without the first and is A128CBC-HS256 when it is absent (OpenID Connect Dynamic
/// Client Registration 1.0, 2; RFC 9701, 6). A client that has its answers encrypted must have a key: one in
/// its jwks that fits (what is behind jwks_uri is seen when it is needed), or a secret for a symmetric one.
/// \param kind  "id_token", "userinfo", "introspection"
/// Errors: invalid_client_metadata, naming the member.
Result<std::optional<jose::JweAlgorithms>, ProtocolError> read_response_encryption(
    const Message& metadata, std::string_view kind, const ProtectionOffer& offer,
    const model::Client& client);

/// The above and KIND_signed_response_alg. `none` says that the answer is not signed, and is refused where it
/// is not among the offered ones; HS* need a secret.
Result<ResponseProtection, ProtocolError> read_response_protection(const Message& metadata,
                                                                   std::string_view kind,
                                                                   const ProtectionOffer& offer,
                                                                   const model::Client& client);

/// What the client registered for this kind of answer. Members that do not parse were not registered here.
ResponseProtection response_protection(const model::Client& client, std::string_view kind);

/// Whether some answer to the client is signed or encrypted with its secret as the key.
bool protects_with_secret(const model::Client& client);

/// The client's keys that it registered by value; empty when it has none. Errors: as
/// jose::JwkSet::parse_text.
Result<jose::JwkSet> registered_keys(const model::Client& client);

/// With what an answer can be encrypted for a client.
struct EncryptionKeys {
  const jose::JwkSet& public_keys;
  const Secret* client_secret = nullptr;  ///< for symmetric algorithms
};

/// Encrypts for the client's key that fits both algorithms, one that is marked for encryption before others;
/// for a symmetric algorithm, for the key that is derived from its secret: the leftmost bits of a SHA-2 hash
/// of it (OpenID Connect Core 1.0, 10.2). Errors: not_found (no key fits: those behind jwks_uri may be
/// fetched anew), and as jose::encrypt_compact. Thread-safe.
Result<std::string> encrypt_for(const EncryptionKeys& keys, const jose::JweAlgorithms& algorithms,
                                std::string_view content, const jose::JweHeader& header, Random& random);

}  // namespace oidcop::client
