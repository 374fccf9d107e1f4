#pragma once

#include "authn/acr_broker.h"
#include "authn/password_login.h"
#include "authn/throttle.h"
#include "base/password_hash.h"
#include "claims/release.h"
#include "claims/scope_claims.h"
#include "client/authentication/client_authenticator.h"
#include "client/registration.h"
#include "config/config.h"
#include "endpoint/bearer.h"
#include "endpoint/grant/refresh_token.h"
#include "endpoint/metadata.h"
#include "http/module_fetcher.h"
#include "jose/key_definition.h"
#include "jose/signing_keys.h"
#include "page/pages.h"
#include "session/cookies.h"
#include "token/access_token.h"
#include "token/id_token.h"
#include "token/usage_rules.h"

#include <oidcop/result.h>

#include <set>
#include <string>
#include <vector>

/// From the configuration to the small policy that each room asks for. Pure functions; the only place that
/// knows both vocabularies.
namespace oidcop::provider {

std::vector<jose::KeyDefinition> key_definitions(const config::Keys& keys);
/// How long keys have to stay; `clients` are all there are, since each may have longer lifetimes of its own.
jose::KeyTimes key_times(const config::Config& config, const std::vector<model::Client>& clients);
/// URL path of the issuer, without a final '/'.
std::string issuer_path(const config::Config& config);

PasswordHashPolicy password_hash_policy(const config::AuthenticationMethod& method);
authn::ThrottlePolicy throttle_policy(const config::AuthenticationMethod& method);
authn::PasswordLoginPolicy password_login_policy(const config::AuthenticationMethod& method,
                                                 const config::SessionParams& session);
authn::AcrBroker acr_broker(const config::Config& config);

claims::ScopePolicy scope_policy(const config::Config& config);
claims::ReleasePolicy release_policy(const config::Claims& claims);

token::UsagePolicy usage_policy(const config::Config& config);
/// Errors: refused for an algorithm that the signing keys do not serve.
Result<token::AccessTokenPolicy> access_token_policy(const config::Config& config,
                                                     const jose::SigningKeys& keys);
Result<token::IdTokenPolicy> id_token_policy(const config::Config& config, const jose::SigningKeys& keys);
endpoint::RefreshSettings refresh_settings(const config::Config& config);
/// Of one person at one client.
int max_refresh_families(const config::Config& config);

http::FetchPolicy fetch_policy(const config::HttpcParams& params);
/// How many of the workers may wait for a fetch at the same time: a quarter of them, but one at least.
std::size_t most_fetches(const config::Responder& responder);

session::CookiePolicy cookie_policy(const config::Config& config);
/// Whose resources the WebFinger endpoint answers for.
std::set<std::string> webfinger_hosts(const config::Config& config);
page::PagesOptions pages_options(const config::Config& config);

client::ClientAuthenticationPolicy client_authentication_policy(const config::Config& config,
                                                                const endpoint::ProviderFacts& facts);
/// What a client may register with these facts.
client::RegistrationPolicy registration_policy(const config::Config& config,
                                               const endpoint::ProviderFacts& facts);
/// What clients can encrypt request objects with: what the provider's own keys for it fit.
jose::KeyManagementSet request_encryption(const jose::SigningKeys& keys);
/// The methods that an endpoint accepts; names that are not built in are extensions' own.
client::AllowedMethods allowed_methods(const std::vector<std::string>& names);

/// The ways that the userinfo endpoint's configuration names.
endpoint::BearerWays bearer_ways(const std::vector<std::string>& names);

/// What is really there with this configuration, these keys and these pages, within the configured
/// capabilities. Errors: as endpoint::narrowed.
Result<endpoint::ProviderFacts> provider_facts(const config::Config& config, const jose::SigningKeys& keys,
                                               const page::Pages& pages);

}  // namespace oidcop::provider
