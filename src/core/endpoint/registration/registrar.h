#pragma once

#include "client/secret.h"
#include "client/self_registration.h"
#include "endpoint/request_scope.h"
#include "http/fetcher.h"
#include "jose/keyed_hash.h"
#include "model/client.h"
#include "store/throttle_store.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace oidcop::endpoint {

/// A registration access token as it is told, and nothing of how it is kept.
struct RegistrationAccess {
  std::string token;
  std::string uri;  ///< where it is good (registration_client_uri), without the client_id
};

/// What registering a client and updating its registration have in common. Thread-safe.
class Registrar {
 public:
  /// References outlive it.
  struct Parts {
    client::SelfRegistrationPolicy policy;
    const client::ClientSecrets& secrets;
    store::ThrottleStore& throttle;
    const jose::Pepper& pepper;
    http::Fetcher& fetcher;
    Random& random;
    std::optional<Seconds> secret_lifetime = {};  ///< nothing: secrets do not expire
    int network_registrations = 0;                ///< of one network within an hour, without a token
  };
  explicit Registrar(Parts parts) : parts_(std::move(parts)) {}

  const client::SelfRegistrationPolicy& policy() const { return parts_.policy; }
  const client::ClientSecrets& secrets() const { return parts_.secrets; }
  Random& random() const { return parts_.random; }

  /// Counts what somebody without a token asks for. Errors: 429; the store's.
  Verdict check_quota(const RequestScope& scope) const;
  /// What stands where the client says that something stands. Fetches. Errors: invalid_client_metadata.
  Verdict check_documents(const model::Client& client, const RequestScope& scope) const;
  /// A new secret in the place of those that the client has. Errors: those of randomness.
  Result<client::IssuedSecret, ProtocolError> issue_secret(model::Client& client, TimePoint now) const;

  /// The client information response (RFC 7591, 3.2.1; RFC 7592, 3).
  /// \param issued  null unless this answer tells the client its secret
  /// \param access  null for a client that has no such token
  Message answer(const model::Client& client, const client::IssuedSecret* issued,
                 const RegistrationAccess* access) const;

 private:
  Parts parts_;
};

/// What could not be read at all is wrong about the metadata, too (RFC 7591, 3.2.2).
ProtocolError as_metadata_error(ProtocolError error);

/// Longest document, in octets.
inline constexpr std::size_t kLargestRegistration = 48U << 10U;
/// Errors: invalid_client_metadata.
Verdict check_size(const Message& metadata);

/// Members of the answer that no hook changes.
std::span<const std::string_view> registration_members();

}  // namespace oidcop::endpoint
