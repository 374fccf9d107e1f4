#pragma once

#include "base/secret.h"
#include "jose/algorithm.h"
#include "model/id.h"
#include "model/scope.h"
#include "model/usage_rule.h"

#include <oidcop/message.h>
#include <oidcop/time.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace oidcop::model {

enum class ClientAuthMethod : std::uint8_t {
  none,  ///< public client
  client_secret_basic,
  client_secret_post,
  client_secret_jwt,
  private_key_jwt,
  extension,  ///< a hook's own method; its name is the metadata's token_endpoint_auth_method
};
/// The registered name; "extension" for a hook's own method, whose real name only the client's metadata
/// knows.
std::string_view name_of(ClientAuthMethod method);
/// The method of a registered name, so never `extension`. Errors: refused.
Result<ClientAuthMethod> client_auth_method_named(std::string_view name);

enum class SubjectType : std::uint8_t { public_subject, pairwise };
enum class ApplicationType : std::uint8_t { web, native };

/// The grant type of devices that have a person sign in elsewhere (RFC 8628, 3.4).
inline constexpr std::string_view kDeviceCodeGrantType = "urn:ietf:params:oauth:grant-type:device_code";

/// How a client came to be registered.
enum class ClientOrigin : std::uint8_t {
  administrator,
  initial_access_token,  ///< registered itself with a token that the administrator gave out (RFC 7591, 3)
  open_registration,     ///< registered itself, as anybody may
};
std::string_view name_of(ClientOrigin origin);

/// When the person is asked (OpenID Connect Core 1.0, 3.1.2.4).
enum class ConsentMode : std::uint8_t {
  remember,  ///< asked once per scope set, remembered for `consent_lifetime`
  always,    ///< asked at every login
  implicit,  ///< never asked: the administrator consented for everybody
};

/// One of a client's secrets; several may be alive while one replaces the other.
struct ClientSecret {
  enum class Form : std::uint8_t {
    hmac,       ///< HMAC-SHA-256 under the pepper; for generated secrets of 256 bits
    encrypted,  ///< sealed cell; where the plain text is needed (client_secret_jwt)
    crypt,      ///< crypt(3) hash; for short secrets that an administrator chose
  };
  Form form = Form::hmac;
  std::string value;
  TimePoint created_at{};
  std::optional<TimePoint> expires_at;

  bool is_live(TimePoint now) const { return !expires_at || now < *expires_at; }
};

/// A registered client: the members of OpenID Connect Dynamic Client Registration 1.0, 2 that decide
/// something, typed; everything it registered, in `metadata`; and the policy its administrator set.
struct Client {
  ClientId id;
  std::string name;          ///< client_name; the client_id when none was given
  std::int64_t version = 1;  ///< counts changes of the record; bound into consent pages
  TimePoint created_at{};
  bool enabled = true;
  ClientOrigin origin = ClientOrigin::administrator;
  bool vetted = true;  ///< false: nobody here has looked at it, and people are told so

  ClientAuthMethod token_endpoint_auth_method = ClientAuthMethod::client_secret_basic;
  std::optional<jose::Algorithm> token_endpoint_auth_signing_alg;  ///< any of the method's when absent
  std::vector<ClientSecret> secrets;
  std::string jwks;      ///< JSON text of the registered key set; empty when none
  std::string jwks_uri;  ///< https URL of its key set; empty when none, and when there is `jwks`

  ApplicationType application_type = ApplicationType::web;
  std::vector<std::string> redirect_uris;  ///< exactly as registered
  std::vector<std::string> post_logout_redirect_uris;
  std::vector<std::string> response_types{"code"};
  std::vector<std::string> grant_types{"authorization_code"};

  SubjectType subject_type = SubjectType::public_subject;
  std::string sector_identifier;  ///< host; set exactly when subject_type is pairwise
  std::optional<jose::Algorithm> id_token_signed_response_alg;

  std::optional<Seconds> default_max_age;
  bool require_auth_time = false;
  std::vector<std::string> default_acr_values;

  std::string client_uri, logo_uri, policy_uri, tos_uri, initiate_login_uri;

  // Policy beyond registration; absent means: as the profile and the configuration say.
  std::optional<ScopeSet> allowed_scopes;
  UsageRules token_usage_rules;
  std::optional<bool> pkce_essential;
  std::optional<bool> rotate_refresh_tokens;
  std::optional<Seconds> refresh_grace;
  std::optional<AccessTokenFormat> access_token_format;  ///< where the resource does not say
  ConsentMode consent = ConsentMode::remember;
  std::optional<Seconds> consent_lifetime;
  std::vector<std::string> allowed_groups;  ///< people of these alone may use the client; empty: everybody
  std::vector<std::string> denied_groups;   ///< people of these may not, whatever else they are in
  bool id_token_claims = false;             ///< scope claims go into the ID Token as well
  /// Set by the administrator, never by registration: {"always": {POINT: [name, …]}, "by_scope": {POINT:
  /// bool}}, where POINT is userinfo, id_token, access_token or introspection.
  Message add_claims;

  Message metadata;  ///< all members as registered, language-tagged and unknown ones included

  bool is_public() const { return token_endpoint_auth_method == ClientAuthMethod::none; }
};

/// Whether a person may use the client at all: in none of the denied groups, and in one of the allowed ones
/// where there are any.
bool may_use(const Client& client, const std::vector<std::string>& groups_of_person);

/// A client as the requests that are under way hold it, many of them the same one: it never changes. When its
/// record does, whoever looks the client up next gets another.
using SharedClient = std::shared_ptr<const Client>;

/// The name under which the client registered its method, a hook's own included.
std::string auth_method_name(const Client& client);

/// As one JSON document and back, for the store and the shell: the registered members under their registered
/// names, policy beside them, the rest in "metadata". Secrets only in their stored forms: MACs and sealed
/// cells, which are octets, in base64url; crypt(3) hashes as they are.
Message to_message(const Client& client);
/// Members left out take their defaults, unknown ones are ignored. Errors: malformed, naming the member (no
/// client_id, a wrong type, an unknown method, algorithm, form or class, pairwise without a sector).
Result<Client> client_from_message(const Message& message);

}  // namespace oidcop::model
