#include "provider/documents.h"

#include "base/json.h"
#include "endpoint/add_on/pkce.h"
#include "endpoint/add_on/response_issuer.h"
#include "endpoint/document_endpoint.h"
#include "jose/jwt.h"

#include <nlohmann/json.hpp>
#include <variant>

namespace oidcop::provider {

namespace {

Result<Message> through_pipeline(const char* name, const std::string& issuer, Message document,
                                 const Hooks& hooks, Log& log, TimePoint now) {
  const endpoint::DocumentEndpoint pipeline(endpoint::document_settings(name, issuer), hooks, log,
                                            std::move(document));
  const http::Request nobody;
  endpoint::RequestScope scope(nobody, now);
  const auto response = pipeline.handle_raw({endpoint::RequestFormat::message, {}, {}}, scope);
  const auto* members = std::get_if<Message>(&response.response);
  if (response.status != 200 || members == nullptr) {
    return fail(Errc::refused, "a hook at " + std::string(name) + " failed; see the log");
  }
  return *members;
}

/// `signed_metadata`: the same once more, in a JWT (RFC 8414, 2.1).
Result<std::string> sign_metadata(Message document, const endpoint::ProviderFacts& facts,
                                  const jose::SigningKeys& keys) {
  document.set("iss", facts.issuer);
  const auto algorithms = keys.algorithms();
  if (algorithms.empty()) return fail(Errc::unavailable, "no key to sign the metadata with");
  const auto algorithm = algorithms.front();
  jose::JwsHeader header;
  header.typ = "JWT";
  return jose::sign_jwt(document, *keys.signing_key(algorithm), algorithm, header);
}

}  // namespace

Result<std::string> render_provider_info(const endpoint::ProviderFacts& facts, const jose::SigningKeys& keys,
                                         const Hooks& hooks, Log& log, TimePoint now) {
  auto document =
      through_pipeline("provider_info", facts.issuer, endpoint::provider_metadata(facts), hooks, log, now);
  if (!document) return fail(std::move(document).error());
  if (facts.signed_metadata) {
    auto jwt = sign_metadata(*document, facts, keys);
    if (!jwt) return fail(std::move(jwt).error());
    document->set("signed_metadata", *jwt);
  }
  return dump_json(document->json());
}

Result<std::string> render_jwks(const endpoint::ProviderFacts& facts, const jose::SigningKeys& keys,
                                const Hooks& hooks, Log& log, TimePoint now) {
  auto published = parse_json(keys.published_text());
  if (!published) return fail(std::move(published).error());
  auto document = through_pipeline("jwks", facts.issuer, Message(std::move(*published)), hooks, log, now);
  if (!document) return fail(std::move(document).error());
  return dump_json(document->json());
}

Result<void> add_built_in_hooks(Hooks& hooks, const config::Config& config) {
  const auto& add_on = config.add_on;
  const endpoint::PkceOptions pkce{add_on.pkce.essential, !config::floor_of(config.profile).pkce_for_all};
  if (auto added = endpoint::add_pkce(hooks, pkce); !added) return added;
  return add_on.authorization_response_iss ? endpoint::add_response_issuer(hooks) : Result<void>();
}

}  // namespace oidcop::provider
