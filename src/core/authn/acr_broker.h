#pragma once

#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::authn {

/// One configured way to authenticate a person, in the order of preference.
struct AuthenticationMethod {
  std::string id;
  std::string acr;
  std::vector<std::string> amr;                 ///< RFC 8176
  Seconds expires_in = std::chrono::hours(24);  ///< how long an event of this method counts
};

/// Which authentication context a request wants.
struct AcrRequest {
  enum class Need : std::uint8_t {
    voluntary,  ///< best effort (acr_values, OpenID Connect Core 1.0, 3.1.2.1)
    essential,  ///< must be met, or the authentication has failed (5.5.1.1)
  };
  std::vector<std::string> values;  ///< in order of preference; empty: any will do
  Need need = Need::voluntary;
};

/// Chooses how a person is authenticated. Immutable after construction, hence thread-safe.
class AcrBroker {
 public:
  using SchemeMap = std::map<std::string, std::vector<std::string>, std::less<>>;

  /// \param methods          at least one; the first is the default
  /// \param login_hint_acrs  scheme of a login_hint ("email" of "email:a@b") -> acr values
  explicit AcrBroker(std::vector<AuthenticationMethod> methods, SchemeMap login_hint_acrs = {});

  /// Reads what an authorization request asks for: the claims parameter's id_token.acr when it names values,
  /// else acr_values, else the scheme of login_hint, else the client's default_acr_values. Errors:
  /// invalid_request when `claims` is there and is not what OpenID Connect Core 1.0, 5.5 says.
  Result<AcrRequest, ProtocolError> read(const Message& request, const model::Client& client) const;

  /// The method to authenticate with. Voluntary values that nothing offers fall back to the default.
  /// Errors: unmet_authentication_requirements when essential values are offered by no method (OpenID Connect
  /// Core Error Code unmet_authentication_requirements 1.0, 2).
  Result<const AuthenticationMethod*, ProtocolError> choose(const AcrRequest& request) const;

  /// Whether an authentication of this acr is good enough, so that nobody needs to be asked again. For
  /// voluntary values that no method offers every acr is: asking again could not make it better.
  bool satisfies(const AcrRequest& request, std::string_view acr) const;

  const std::vector<AuthenticationMethod>& methods() const { return methods_; }
  const AuthenticationMethod* find(std::string_view id) const;  ///< null when there is none
  /// How long an authentication counts that reached this acr; nothing when no method reaches it.
  std::optional<Seconds> event_lifetime(std::string_view acr) const;
  /// acr_values_supported of the provider metadata: each once, in order of preference.
  std::vector<std::string> acr_values_supported() const;

 private:
  std::vector<AuthenticationMethod> methods_;
  SchemeMap login_hint_acrs_;
};

}  // namespace oidcop::authn
