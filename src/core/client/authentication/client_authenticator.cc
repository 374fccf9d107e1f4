#include "client/authentication/client_authenticator.h"

#include "client/authentication/client_secret_jwt.h"
#include "client/authentication/presented_credential.h"
#include "client/authentication/secret_attempts.h"
#include "client/authentication/unknown_client_keys.h"
#include "client/client_keys.h"

#include <algorithm>

namespace oidcop::client {
namespace {

using Method = model::ClientAuthMethod;
using Outcome = Result<AuthenticatedClient, ProtocolError>;

/// Web servers keep the header from CGI and FastCGI programs unless told otherwise (RFC 3875, 4.1.18): then
/// every client seems to present nothing.
constexpr auto kNothingPresented =
    "no client authentication: no Authorization header and no client_id arrived; does the web server pass "
    "the "
    "header on (Apache: CGIPassAuth On)?";

/// A client that may come in by this method, or why not; the reason is for the log alone.
struct Candidate {
  model::SharedClient client;
  std::string_view obstacle;

  const model::Client* usable() const { return obstacle.empty() ? client.get() : nullptr; }
};

bool is_allowed(const std::vector<Method>& allowed, Method method) {
  return std::find(allowed.begin(), allowed.end(), method) != allowed.end();
}

AuthenticatedClient authenticated(model::SharedClient client, Method method) {
  AuthenticatedClient result;
  result.client = std::move(client);
  result.method = method;
  result.method_name = model::name_of(method);
  return result;
}

/// Log text about a client: its name only when it has one here, since anything may stand in the request.
std::string reason(const Candidate& candidate, std::string_view text) {
  if (!candidate.client) return std::string(text);
  return "client " + candidate.client->id.text() + ": " + std::string(text);
}

/// Why a secret did not do.
std::string why_not(const Candidate& candidate) {
  return reason(candidate, candidate.usable() != nullptr ? "wrong secret" : candidate.obstacle);
}

}  // namespace

/// One call of authenticate(): what it was asked, and the steps that each kind of credential shares.
struct ClientAuthenticator::Attempt {
  const Parts& parts;
  const ClientAuthenticationPolicy& policy;
  const ClientAuthenticationRequest& request;
  TimePoint now;

  Outcome operator()(const NoCredential& credential) const;
  Outcome operator()(const BasicCredential& credential) const;
  Outcome operator()(const PostCredential& credential) const;
  Outcome operator()(const AssertionCredential& credential) const;

  Result<Candidate, ProtocolError> find(const std::string& id, Method method) const;
  Result<bool, ProtocolError> secret_fits(const Candidate& candidate, const std::string& presented_id,
                                          const Secret& secret) const;
  Result<jose::JwkSet, ProtocolError> keys_of(const Candidate& candidate, Method method) const;
  Result<std::optional<jose::JwkSet>, ProtocolError> rotated_keys_of(const Candidate& candidate,
                                                                     Method method, Errc failure) const;
  Result<std::vector<const BasicCandidate*>, ProtocolError> unambiguous(
      const BasicCredential& credential) const;
};

ClientAuthenticator::ClientAuthenticator(const Parts& parts, ClientAuthenticationPolicy policy)
    : parts_(parts), policy_(std::move(policy)) {}

Outcome ClientAuthenticator::authenticate(const ClientAuthenticationRequest& request, TimePoint now) const {
  const auto credential = read_credential(request.parameters, request.authorization);
  if (!credential) return fail(credential.error());
  return std::visit(Attempt{parts_, policy_, request, now}, *credential);
}

Outcome ClientAuthenticator::admit_extension(const model::ClientId& id, std::string_view method_name,
                                             const std::vector<std::string>& allowed) const {
  auto client = parts_.clients.find_client(id);
  if (!client && client.error().code != Errc::not_found) return fail(from_error(client.error()));
  if (!client) return fail(invalid_client("unknown client, named by an extension"));
  std::string_view obstacle;
  if (!(*client)->enabled) {
    obstacle = "the client is disabled";
  } else if ((*client)->token_endpoint_auth_method != Method::extension ||
             model::auth_method_name(**client) != method_name) {
    obstacle = "the client is registered for another authentication method";
  } else if (std::find(allowed.begin(), allowed.end(), method_name) == allowed.end()) {
    obstacle = "the endpoint does not accept this authentication method";
  }
  if (!obstacle.empty()) return fail(invalid_client("client " + id.text() + ": " + std::string(obstacle)));
  auto result = authenticated(*std::move(client), Method::extension);
  result.method_name = method_name;
  return result;
}

Outcome ClientAuthenticator::Attempt::operator()(const NoCredential& credential) const {
  if (credential.client_id.empty()) return fail(invalid_client(kNothingPresented));
  auto candidate = find(credential.client_id, Method::none);
  if (!candidate) return fail(candidate.error());
  if (!candidate->usable() || !may_go_without_credential(*candidate->client)) {
    return fail(
        invalid_client(reason(*candidate, "no credential presented; " + std::string(candidate->obstacle))));
  }
  return authenticated(std::move(candidate->client), Method::none);
}

Outcome ClientAuthenticator::Attempt::operator()(const PostCredential& credential) const {
  auto candidate = find(credential.client_id, Method::client_secret_post);
  if (!candidate) return fail(candidate.error());
  const auto fits = secret_fits(*candidate, credential.client_id, credential.secret);
  if (!fits) return fail(fits.error());
  if (!*fits) return fail(invalid_client(why_not(*candidate)));
  return authenticated(std::move(candidate->client), Method::client_secret_post);
}

Outcome ClientAuthenticator::Attempt::operator()(const BasicCredential& credential) const {
  const auto readings = unambiguous(credential);
  if (!readings) return fail(readings.error());
  std::string why;
  for (const auto* reading : *readings) {
    auto candidate = find(reading->client_id, Method::client_secret_basic);
    if (!candidate) return fail(candidate.error());
    const auto fits = secret_fits(*candidate, reading->client_id, reading->secret);
    if (!fits) return fail(fits.error());
    if (!*fits) {
      why = why_not(*candidate);
      continue;
    }
    if (!credential.client_id_parameter.empty() && credential.client_id_parameter != reading->client_id) {
      return fail(invalid_request("client_id differs from the client that authenticated.", "client_id"));
    }
    parts.log.write(reading->reading == BasicReading::raw ? LogLevel::info : LogLevel::debug,
                    "client.basic_credential",
                    {{"request_id", std::string(request.request_id)},
                     {"client", reading->client_id},
                     {"reading", std::string(name_of(reading->reading))}});
    return authenticated(std::move(candidate->client), Method::client_secret_basic);
  }
  return fail(invalid_client(std::move(why)));
}

Outcome ClientAuthenticator::Attempt::operator()(const AssertionCredential& credential) const {
  const auto claim = peek_assertion(credential);
  if (!claim) return fail(invalid_client("client assertion: " + claim.error().detail));
  auto candidate = find(claim->client.text(), claim->method);
  if (!candidate) return fail(candidate.error());
  const auto keys = keys_of(*candidate, claim->method);
  if (!keys) return fail(keys.error());
  auto algorithms = assertion_algorithms(
      claim->method, candidate->usable() ? candidate->client->token_endpoint_auth_signing_alg : std::nullopt);
  if (!policy.assertion_algorithms.empty()) algorithms = algorithms.common_with(policy.assertion_algorithms);
  auto jti = verify_assertion(credential, *claim, *keys, algorithms, policy, request.endpoint_url, now);
  if (!candidate->usable()) return fail(invalid_client(reason(*candidate, candidate->obstacle)));
  if (!jti) {
    const auto rotated = rotated_keys_of(*candidate, claim->method, jti.error().code);
    if (!rotated) return fail(rotated.error());
    if (*rotated)
      jti = verify_assertion(credential, *claim, **rotated, algorithms, policy, request.endpoint_url, now);
  }
  if (!jti) return fail(invalid_client(reason(*candidate, "client assertion: " + jti.error().detail)));
  auto result = authenticated(std::move(candidate->client), claim->method);
  result.pending_jti = *std::move(jti);
  return result;
}

/// The client, and whether it may come in by this method. Nothing is answered here yet: first comes the work.
Result<Candidate, ProtocolError> ClientAuthenticator::Attempt::find(const std::string& id,
                                                                    Method method) const {
  Candidate candidate{nullptr, "unknown client"};
  auto found = parts.clients.find_client(model::ClientId(id));
  if (!found && found.error().code != Errc::not_found) return fail(from_error(found.error()));
  if (!found) return candidate;
  candidate.client = *std::move(found);
  candidate.obstacle = {};
  if (!candidate.client->enabled) {
    candidate.obstacle = "the client is disabled";
  } else if (candidate.client->token_endpoint_auth_method != method) {
    candidate.obstacle = "the client is registered for another authentication method";
  } else if (!is_allowed(request.allowed, method)) {
    candidate.obstacle = "the endpoint does not accept this authentication method";
  }
  return candidate;
}

/// Whether the secret is the client's; false with as much work when there is no usable client. A guessable
/// secret costs a counted attempt, which is given back when it was right.
Result<bool, ProtocolError> ClientAuthenticator::Attempt::secret_fits(const Candidate& candidate,
                                                                      const std::string& presented_id,
                                                                      const Secret& secret) const {
  const SecretAttempts attempts(parts.throttle, parts.pepper, policy);
  const bool counted = ClientSecrets::is_slow(secret);
  if (counted) {
    if (auto verdict = attempts.reserve(presented_id, request.remote_address, now); !verdict) {
      return fail(verdict.error());
    }
  }
  const auto fits = parts.secrets.verify(candidate.usable(), secret, now);
  const bool undecided_or_right = !fits || *fits;
  if (counted && undecided_or_right) {
    if (auto verdict = attempts.refund(presented_id, request.remote_address, now); !verdict) {
      return fail(verdict.error());
    }
  }
  if (!fits) return fail(from_error(fits.error()));
  return *fits;
}

Result<jose::JwkSet, ProtocolError> ClientAuthenticator::Attempt::keys_of(const Candidate& candidate,
                                                                          Method method) const {
  if (candidate.usable() == nullptr) return unknown_client_keys();
  if (method == Method::client_secret_jwt) {
    auto keys = client_secret_jwt_keys(*candidate.client, parts.secrets, now);
    if (!keys) return fail(server_error(reason(candidate, keys.error().detail)));
    return *std::move(keys);
  }
  auto keys = parts.published_keys.keys(*candidate.client, now);
  if (keys) return *std::move(keys);
  // What its own host does wrong is the client's failure; registered keys were readable once.
  const auto why = reason(candidate, keys.error().detail);
  return fail(candidate.client->jwks_uri.empty() ? server_error(why) : invalid_client(why));
}

/// Newer keys of the client, where its key set does not verify the signature; nothing when there are none.
Result<std::optional<jose::JwkSet>, ProtocolError> ClientAuthenticator::Attempt::rotated_keys_of(
    const Candidate& candidate, Method method, Errc failure) const {
  const bool is_about_keys = failure == Errc::bad_signature || failure == Errc::not_found;
  if (method != Method::private_key_jwt || !is_about_keys) return std::optional<jose::JwkSet>();
  auto newer = parts.published_keys.newer_keys(*candidate.client, now);
  if (!newer) return fail(from_error(newer.error()));
  return *std::move(newer);
}

/// The readings of a Basic credential that name one client between them. When the two ways of reading it name
/// two clients that both exist, only the specified way counts.
Result<std::vector<const BasicCandidate*>, ProtocolError> ClientAuthenticator::Attempt::unambiguous(
    const BasicCredential& credential) const {
  std::vector<const BasicCandidate*> readings;
  for (const auto& candidate : credential.candidates) {
    if (!readings.empty() && candidate.client_id != readings.front()->client_id) {
      const auto first = parts.clients.find_client(model::ClientId(readings.front()->client_id));
      if (!first && first.error().code != Errc::not_found) return fail(from_error(first.error()));
      if (first) continue;
    }
    readings.push_back(&candidate);
  }
  return readings;
}

ProtocolError several_mechanisms() {
  return invalid_request("More than one client authentication mechanism was used (RFC 6749, 2.3).");
}

ProtocolError assertion_was_used() {
  return invalid_client("the client assertion was used before");
}

}  // namespace oidcop::client
