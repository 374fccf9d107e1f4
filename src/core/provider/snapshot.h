#pragma once

#include "authn/acr_broker.h"
#include "authn/password_login.h"
#include "authn/throttle.h"
#include "base/log.h"
#include "base/password_hash.h"
#include "claims/release.h"
#include "claims/subject.h"
#include "client/authentication/client_authenticator.h"
#include "client/published_keys.h"
#include "client/secret.h"
#include "config/config.h"
#include "endpoint/authorization/authorization_endpoint.h"
#include "endpoint/authorization/authorization_flow.h"
#include "endpoint/authorization/interaction.h"
#include "endpoint/authorization/password_sign_in.h"
#include "endpoint/authorization/request_sources.h"
#include "endpoint/client_gate.h"
#include "endpoint/device/device_flow.h"
#include "endpoint/device/waiting_devices.h"
#include "endpoint/endpoint.h"
#include "endpoint/grant/grant_type.h"
#include "endpoint/logout/logout_flow.h"
#include "endpoint/metadata.h"
#include "endpoint/published_document.h"
#include "endpoint/registration/registrar.h"
#include "http/guarded_fetcher.h"
#include "http/module_fetcher.h"
#include "jose/cell_cipher.h"
#include "jose/keyed_hash.h"
#include "jose/sealer.h"
#include "jose/service_secrets.h"
#include "jose/signing_keys.h"
#include "logout/back_channel.h"
#include "logout/logout_seals.h"
#include "logout/logout_token.h"
#include "page/pages.h"
#include "session/cookies.h"
#include "store/store.h"
#include "token/access_token.h"
#include "token/client_jwt.h"
#include "token/id_token.h"
#include "token/usage_rules.h"

#include <oidcop/hooks.h>
#include <oidcop/random.h>
#include <oidcop/result.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace oidcop::provider {

/// What lives longer than a snapshot: the same store, password hasher (it holds the cap on concurrent
/// hashes), randomness and log serve all of them.
struct Ground {
  store::Store& store;
  PasswordHasher& hasher;
  const Clock& clock;
  Random& random;
  Log& log;
  http::FetchSlots& fetch_slots;
  http::Fetcher* fetcher = nullptr;  ///< null: made from the configuration
};

/// What a snapshot is made from.
struct Material {
  config::Config config;
  jose::SigningKeys keys;
  jose::ServiceSecrets secrets;
  std::shared_ptr<const page::Pages> pages;
  Hooks hooks;  ///< all of them; what the built-in add-ons do is done by these alone
  std::map<std::string, jose::JwkSet, std::less<>> statement_keys = {};  ///< by issuer
};

/// One state of configuration, keys and pages, with every object of the provider built for it. Immutable;
/// requests hold on to the one they began with. Thread-safe.
class Snapshot {
 public:
  /// Errors: refused or conflict: what the configuration asks for is not there, or contradicts itself.
  static Result<std::shared_ptr<const Snapshot>> make(Material material, const Ground& ground, TimePoint now);

  http::Response handle(const http::Request& request, TimePoint now) const;

  const config::Config& config() const { return material_.config; }
  const jose::SigningKeys& keys() const { return material_.keys; }
  const Material& material() const { return material_; }
  const endpoint::ProviderFacts& facts() const { return facts_; }
  const claims::ClaimRelease& release() const { return release_; }
  const claims::Subjects& subjects() const { return subjects_; }
  const client::ClientSecrets& client_secrets() const { return client_secrets_; }
  const client::PublishedKeys& published_keys() const { return published_keys_; }
  const token::AccessTokens& access_tokens() const { return access_tokens_; }
  const token::IdTokens& id_tokens() const { return id_tokens_; }
  const token::UsagePolicy& usage() const { return usage_; }
  /// For URLs that clients named.
  http::Fetcher& fetcher() const { return *fetcher_; }
  /// Tells relying parties of sessions that ended: a round of what is due, nothing when that is off.
  Result<logout::DeliveryReport> tell_of_logouts(logout::DeliveryBounds bounds) const;
  /// The documents as they are served.
  const endpoint::PublishedDocument& provider_info() const { return *provider_info_; }
  const endpoint::PublishedDocument& jwks() const { return *jwks_; }
  /// The pipeline of one endpoint that is on; null for others. For embedding programs and tests.
  const endpoint::Endpoint* endpoint(std::string_view name) const;

 private:
  struct Policies;  // all that can fail, decided before anything is built
  Snapshot(Material material, Policies policies, const Ground& ground);
  Result<void> build_endpoints(const Ground& ground, TimePoint now);
  void add_token_endpoint(const std::string& name, const Ground& ground);
  std::vector<std::unique_ptr<const endpoint::GrantType>> grant_types_at(const std::string& name,
                                                                         const Ground& ground) const;
  endpoint::PublishedDocument::Settings document_settings(const char* name, std::string content_type) const;
  Result<void> publish_documents(TimePoint now, Log& log);
  void add_authorization(const Ground& ground);
  void add_pushed_authorization(const Ground& ground);
  endpoint::IssuerParts issuer_parts(const Ground& ground) const;
  void add_device_authorization(const Ground& ground);
  endpoint::RequestSources::Parts request_sources(const Ground& ground) const;
  endpoint::AuthorizationCheckParts authorization_checks(const Ground& ground) const;
  void add_userinfo(const Ground& ground);
  void add_revocation(const Ground& ground);
  void add_introspection(const Ground& ground);
  const endpoint::ClientGate& gate_of(const std::string& name, const Ground& ground);
  void add_end_session(const Ground& ground);
  void add_check_session(const Ground& ground);
  const endpoint::Registrar& registrar(const Ground& ground);
  void add_registration(const Ground& ground);
  void add_registration_api(const Ground& ground);
  void add_webfinger(const Ground& ground);
  /// At the host's root, whatever the issuer's path.
  void publish_at_root();
  void route(const std::string& name, std::unique_ptr<endpoint::Endpoint> endpoint);
  /// A page's form, below the endpoint that it belongs to.
  void route_page(const std::string& name, const std::string& owner,
                  std::unique_ptr<endpoint::Endpoint> endpoint);
  void route_at(const std::string& path, const std::string& name,
                std::unique_ptr<endpoint::Endpoint> endpoint);
  http::Response not_found(const http::Request& request) const;

  using Answer = std::function<http::Response(const http::Request&, TimePoint)>;

  Material material_;
  endpoint::ProviderFacts facts_;
  std::string path_;  // of the issuer

  std::unique_ptr<http::Fetcher> module_fetcher_, fetcher_;
  jose::Pepper pepper_;
  jose::CellCipher cells_;
  jose::Sealer sealer_;
  client::ClientSecrets client_secrets_;
  client::PublishedKeys published_keys_;
  claims::ClaimRelease release_;
  claims::Subjects subjects_;
  token::UsagePolicy usage_;
  token::AccessTokens access_tokens_;
  token::IdTokens id_tokens_;
  token::ClientJwts client_jwts_;
  authn::AcrBroker acr_;
  authn::Throttle throttle_;
  authn::PasswordLogin password_login_;
  session::Cookies cookies_;
  endpoint::PasswordSignIn sign_in_;
  endpoint::InteractionSeals seals_;
  client::ClientAuthenticator authenticator_;
  std::optional<endpoint::RequestReferences> references_;
  std::optional<endpoint::RequestSources> requests_;
  std::optional<endpoint::AuthorizationFlow> flow_;
  std::optional<endpoint::WaitingDevices> devices_;
  std::optional<endpoint::DeviceFlow> device_flow_;
  logout::LogoutSeals logout_seals_;
  std::optional<endpoint::LogoutFlow> logout_flow_;
  std::optional<endpoint::Registrar> registrar_;
  logout::LogoutTokens logout_tokens_;
  logout::BackChannel back_channel_;

  std::vector<std::unique_ptr<endpoint::ClientGate>> gates_;
  std::map<std::string, std::unique_ptr<endpoint::Endpoint>, std::less<>> endpoints_;
  std::unique_ptr<endpoint::PublishedDocument> provider_info_, jwks_;
  std::map<std::string, Answer, std::less<>> routes_;       // path below the issuer -> what answers there
  std::map<std::string, Answer, std::less<>> root_routes_;  // whole path -> what answers there
};

}  // namespace oidcop::provider
