#include "provider/snapshot.h"

#include "endpoint/authorization/consent_endpoint.h"
#include "endpoint/authorization/login_endpoint.h"
#include "endpoint/token_endpoint.h"
#include "endpoint/userinfo_endpoint.h"
#include "endpoint/webfinger_endpoint.h"
#include "provider/documents.h"
#include "provider/policies.h"

#include <algorithm>

namespace oidcop::provider {

using endpoint::Endpoint;
using endpoint::EndpointSettings;

struct Snapshot::Policies {
  endpoint::ProviderFacts facts;
  token::AccessTokenPolicy access_tokens;
  token::IdTokenPolicy id_tokens;
};

namespace {

constexpr std::string_view kStaticPrefix = "/static/";

EndpointSettings with_cors(EndpointSettings settings, const config::Endpoint& endpoint) {
  if (endpoint.cors == config::Cors::any) settings.cross_origin = endpoint::CrossOrigin::allowed;
  return settings;
}

/// What is declared must be there: clients are registered for it.
Result<void> check_grant_hooks(const Material& material) {
  for (const auto& name : material.config.add_on.grant_types) {
    const auto& grants = material.hooks.grants();
    const bool is_there = std::any_of(grants.begin(), grants.end(),
                                      [&](const OwnedGrant& grant) { return grant.grant_type == name; });
    if (is_there) continue;
    return fail(Errc::refused,
                "add_on.grant_types: names \"" + name + "\", which no hook of this program provides");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Snapshot>> Snapshot::make(Material material, const Ground& ground,
                                                       TimePoint now) {
  auto facts = provider_facts(material.config, material.keys, *material.pages);
  if (!facts) return fail(std::move(facts).error());
  if (auto there = check_grant_hooks(material); !there) return fail(std::move(there).error());
  auto access_tokens = access_token_policy(material.config, material.keys);
  if (!access_tokens) return fail(std::move(access_tokens).error());
  auto id_tokens = id_token_policy(material.config, material.keys);
  if (!id_tokens) return fail(std::move(id_tokens).error());

  Policies policies{std::move(*facts), std::move(*access_tokens), std::move(*id_tokens)};
  auto snapshot = std::shared_ptr<Snapshot>(new Snapshot(std::move(material), std::move(policies), ground));
  if (auto built = snapshot->build_endpoints(ground, now); !built) return fail(std::move(built).error());
  return snapshot;
}

Snapshot::Snapshot(Material material, Policies policies, const Ground& ground)
    : material_(std::move(material)),
      facts_(std::move(policies.facts)),
      path_(issuer_path(material_.config)),
      module_fetcher_(std::make_unique<http::ModuleFetcher>(fetch_policy(material_.config.httpc_params))),
      fetcher_(std::make_unique<http::GuardedFetcher>(
          ground.fetcher != nullptr ? *ground.fetcher : *module_fetcher_, ground.fetch_slots, ground.log)),
      pepper_(material_.secrets, facts_.issuer),
      cells_(material_.secrets.ring(jose::SecretPurpose::data), facts_.issuer),
      sealer_(material_.secrets.ring(jose::SecretPurpose::seal), facts_.issuer),
      client_secrets_(pepper_, cells_, ground.hasher),
      published_keys_({ground.store, ground.store, *fetcher_}),
      release_(claims::ScopeClaims(scope_policy(material_.config)), release_policy(material_.config.claims)),
      subjects_(jose::PairwiseSalt(material_.secrets, facts_.issuer)),
      usage_(usage_policy(material_.config)),
      access_tokens_(std::move(policies.access_tokens), usage_),
      id_tokens_(std::move(policies.id_tokens), usage_),
      client_jwts_(material_.keys, client_secrets_, published_keys_, ground.random),
      acr_(acr_broker(material_.config)),
      throttle_(ground.store, pepper_, throttle_policy(material_.config.authentication.front())),
      password_login_(
          {ground.store, throttle_, ground.hasher, pepper_, ground.random, ground.log},
          password_login_policy(material_.config.authentication.front(), material_.config.session_params)),
      cookies_(cookie_policy(material_.config)),
      sign_in_({password_login_,
                ground.store,
                cookies_,
                ground.random,
                {material_.config.session_params.sso_idle_lifetime,
                 material_.config.session_params.sso_lifetime}}),
      seals_(sealer_, ground.random, material_.config.session_params.interaction_lifetime),
      authenticator_({ground.store, ground.store, client_secrets_, published_keys_, pepper_, ground.log},
                     client_authentication_policy(material_.config, facts_)),
      logout_seals_(sealer_, ground.random, material_.config.session_params.interaction_lifetime),
      logout_tokens_({facts_.issuer, id_tokens_.default_algorithm(), client_jwts_, ground.random}),
      back_channel_({ground.store, ground.store, logout_tokens_, *fetcher_, ground.clock, ground.log}) {}

Result<void> Snapshot::build_endpoints(const Ground& ground, TimePoint now) {
  const auto& on = material_.config.endpoint;
  if (on.count("authorization") != 0) add_authorization(ground);
  if (on.count("pushed_authorization") != 0) add_pushed_authorization(ground);
  if (on.count("device_authorization") != 0) add_device_authorization(ground);
  if (on.count("userinfo") != 0) add_userinfo(ground);
  if (on.count("revocation") != 0) add_revocation(ground);
  if (on.count("introspection") != 0) add_introspection(ground);
  if (on.count("end_session") != 0) add_end_session(ground);
  if (on.count("check_session") != 0) add_check_session(ground);
  if (on.count("webfinger") != 0) add_webfinger(ground);
  if (on.count("registration") != 0) add_registration(ground);
  if (on.count("registration_api") != 0) add_registration_api(ground);
  for (const char* name : {"token", "refresh_token"}) {
    if (on.count(name) != 0) add_token_endpoint(name, ground);
  }
  return publish_documents(now, ground.log);
}

void Snapshot::route(const std::string& name, std::unique_ptr<Endpoint> endpoint) {
  route_at(material_.config.endpoint.find(name)->second.path, name, std::move(endpoint));
}

void Snapshot::route_page(const std::string& name, const std::string& owner,
                          std::unique_ptr<Endpoint> endpoint) {
  route_at(material_.config.endpoint.find(owner)->second.path + '/' + name, name, std::move(endpoint));
}

void Snapshot::route_at(const std::string& path, const std::string& name,
                        std::unique_ptr<Endpoint> endpoint) {
  const Endpoint* target = endpoint.get();
  endpoints_[name] = std::move(endpoint);
  routes_['/' + path] = [target](const http::Request& request, TimePoint now) {
    return target->handle(request, now);
  };
}

endpoint::IssuerParts Snapshot::issuer_parts(const Ground& ground) const {
  return {ground.store, release_,       subjects_,       usage_,        access_tokens_, id_tokens_,
          client_jwts_, material_.keys, client_secrets_, ground.random, ground.log};
}

void Snapshot::add_authorization(const Ground& ground) {
  const auto& config = material_.config;
  const std::string url = config.endpoint_url("authorization").value_or("");
  endpoint::AuthorizationSettings settings;
  settings.issuer = facts_.issuer;
  settings.authorization_url = url;
  settings.login_url = url + "/login";
  settings.consent_url = url + "/consent";
  settings.session_management = config.endpoint.count("check_session") != 0;
  settings.session_idle_lifetime = config.session_params.sso_idle_lifetime;
  settings.consent_lifetime = config.session_params.consent_lifetime;
  flow_.emplace(endpoint::AuthorizationParts{ground.store, cookies_, seals_, *material_.pages, acr_, release_,
                                             subjects_, ground.random, ground.log},
                issuer_parts(ground), settings);

  if (facts_.request_uri_parameter) references_.emplace(*fetcher_);
  requests_.emplace(request_sources(ground));
  endpoint::AuthorizationEndpoint::Parts parts{authorization_checks(ground),
                                               *requests_,
                                               *flow_,
                                               *material_.pages,
                                               cookies_,
                                               url,
                                               config.ui.registration_page,
                                               config.registration.redirect_errors};
  auto authorization = std::make_unique<endpoint::AuthorizationEndpoint>(
      endpoint::authorization_settings(facts_.issuer), material_.hooks, ground.log, parts);
  const endpoint::PageFormParts form{*authorization, *flow_, seals_, cookies_};
  route("authorization", std::move(authorization));

  route_page("login", "authorization",
             std::make_unique<endpoint::LoginEndpoint>(endpoint::page_form_settings("login", facts_.issuer),
                                                       material_.hooks, ground.log,
                                                       endpoint::LoginEndpoint::Parts{form, sign_in_}));
  route_page("consent", "authorization",
             std::make_unique<endpoint::ConsentEndpoint>(
                 endpoint::page_form_settings("consent", facts_.issuer), material_.hooks, ground.log, form));
}

void Snapshot::add_token_endpoint(const std::string& name, const Ground& ground) {
  const auto& own = material_.config.endpoint.find(name)->second;
  const auto& gate = gate_of(name, ground);
  route(name, std::make_unique<endpoint::TokenEndpoint>(
                  with_cors(endpoint::token_settings(name, facts_.issuer), own), material_.hooks, ground.log,
                  gate, grant_types_at(name, ground)));
}

void Snapshot::add_userinfo(const Ground& ground) {
  const auto& own = material_.config.endpoint.find("userinfo")->second;
  route("userinfo",
        std::make_unique<endpoint::UserinfoEndpoint>(
            with_cors(endpoint::userinfo_settings(facts_.issuer), own), material_.hooks, ground.log,
            endpoint::UserinfoEndpoint::Parts{ground.store, ground.store, release_,
                                              bearer_ways(own.client_authn_method), material_.keys,
                                              client_jwts_}));
}

endpoint::PublishedDocument::Settings Snapshot::document_settings(const char* name,
                                                                  std::string content_type) const {
  const auto found = material_.config.endpoint.find(name);
  const bool is_open = found == material_.config.endpoint.end() || found->second.cors == config::Cors::any;
  return {std::move(content_type), material_.config.keys.max_age,
          is_open ? endpoint::CrossOrigin::allowed : endpoint::CrossOrigin::refused};
}

/// Rendered through the pipeline once, so that hooks have their say, and served as they are until the next
/// snapshot.
Result<void> Snapshot::publish_documents(TimePoint now, Log& log) {
  auto provider_info = render_provider_info(facts_, material_.keys, material_.hooks, log, now);
  if (!provider_info) return fail(std::move(provider_info).error());
  auto jwks = render_jwks(facts_, material_.keys, material_.hooks, log, now);
  if (!jwks) return fail(std::move(jwks).error());
  provider_info_ = std::make_unique<endpoint::PublishedDocument>(
      std::move(*provider_info), document_settings("provider_info", "application/json"));
  jwks_ = std::make_unique<endpoint::PublishedDocument>(
      std::move(*jwks), document_settings("jwks", "application/jwk-set+json"));
  const auto serve = [this](const char* name, const endpoint::PublishedDocument& document) {
    const auto found = material_.config.endpoint.find(name);
    if (found == material_.config.endpoint.end()) return;
    routes_['/' + found->second.path] = [&document](const http::Request& request, TimePoint) {
      return document.answer(request);
    };
  };
  serve("provider_info", *provider_info_);
  serve("jwks", *jwks_);
  publish_at_root();
  return {};
}

/// RFC 8414, 3.1 and 5: the well-known name comes before the issuer's path there, behind it in OpenID Connect
/// Discovery 4.1; programs look in either place.
void Snapshot::publish_at_root() {
  if (material_.config.endpoint.count("provider_info") == 0) return;
  const Answer answer = [this](const http::Request& request, TimePoint) {
    return provider_info_->answer(request);
  };
  for (const char* name : {"oauth-authorization-server", "openid-configuration"})
    root_routes_.emplace("/.well-known/" + std::string(name) + path_, answer);
}

void Snapshot::add_webfinger(const Ground& ground) {
  const auto& own = material_.config.endpoint.find("webfinger")->second;
  auto endpoint = std::make_unique<endpoint::WebfingerEndpoint>(
      with_cors(endpoint::webfinger_settings(facts_.issuer), own), material_.hooks, ground.log,
      webfinger_hosts(material_.config));
  const Endpoint* target = endpoint.get();
  endpoints_["webfinger"] = std::move(endpoint);
  root_routes_['/' + own.path] = [target](const http::Request& request, TimePoint now) {
    return target->handle(request, now);
  };
}

const Endpoint* Snapshot::endpoint(std::string_view name) const {
  const auto found = endpoints_.find(name);
  return found == endpoints_.end() ? nullptr : found->second.get();
}

http::Response Snapshot::handle(const http::Request& request, TimePoint now) const {
  std::string_view path = request.path;
  if (const auto found = root_routes_.find(path); found != root_routes_.end())
    return found->second(request, now);
  if (path.substr(0, path_.size()) != path_) return not_found(request);
  path.remove_prefix(path_.size());
  // First: the keys are often at static/jwks.json, and an endpoint is where the configuration says.
  if (const auto found = routes_.find(path); found != routes_.end()) return found->second(request, now);
  if (path.substr(0, kStaticPrefix.size()) == kStaticPrefix) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads)
      return {405, {{"Allow", "GET, HEAD"}, {"Cache-Control", "no-store"}}, {}};  // RFC 9110, 15.5.6
    return material_.pages->static_file(path.substr(kStaticPrefix.size()), request.query,
                                        request.header("if-none-match"));
  }
  return not_found(request);
}

http::Response Snapshot::not_found(const http::Request& request) const {
  page::ErrorPage page;
  page.status = 404;
  page.code = "not_found";
  page.cause = page::ErrorCause::not_found;
  page.request_id = request.request_id;
  auto rendered = material_.pages->render(
      page, material_.pages->locale({}, request.header("accept-language").value_or("")));
  if (rendered) return std::move(*rendered);
  http::Response plain;
  plain.status = 404;
  return plain;
}

}  // namespace oidcop::provider
