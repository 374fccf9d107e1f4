#include "client/client_keys.h"

#include "base/json.h"
#include "client/metadata.h"
#include "jose/jwk_set.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::client {
namespace {

/// Members that only a private or symmetric key has (RFC 7518, 6.2.2, 6.3.2 and 6.4.1; RFC 8037, 2).
constexpr std::array<std::string_view, 8> kSecretMembers{"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

bool can_verify_any(const jose::JwkSet& set, jose::AlgorithmSet algorithms) {
  const auto list = algorithms.list();
  return std::any_of(set.keys().begin(), set.keys().end(), [&](const jose::Jwk& key) {
    return std::any_of(list.begin(), list.end(), [&](auto algorithm) { return key.can_verify(algorithm); });
  });
}

Verdict check_key_set(const Json& jwks, const model::Client& client) {
  const auto* keys = json_member(jwks, "keys");
  if (keys == nullptr || !keys->is_array()) {
    return fail(invalid_metadata("jwks", "must be an object with an array \"keys\" (RFC 7517, 5)."));
  }
  if (std::any_of(keys->begin(), keys->end(), tells_a_secret)) {
    return fail(invalid_metadata("jwks", "holds a private or symmetric key; register public keys only."));
  }
  const auto set = jose::JwkSet::parse(jwks);
  if (!set) return fail(invalid_metadata("jwks", "is not a usable key set: " + set.error().detail + '.'));
  const auto method = client.token_endpoint_auth_method;
  if (method == model::ClientAuthMethod::private_key_jwt &&
      !can_verify_any(*set, assertion_algorithms(method, client.token_endpoint_auth_signing_alg))) {
    return fail(invalid_metadata("jwks", "has no key that fits the client's authentication."));
  }
  return {};
}

}  // namespace

bool tells_a_secret(const Json& key) {
  return std::any_of(kSecretMembers.begin(), kSecretMembers.end(),
                     [&](std::string_view name) { return json_member(key, name) != nullptr; });
}

jose::AlgorithmSet assertion_algorithms(model::ClientAuthMethod method,
                                        std::optional<jose::Algorithm> registered) {
  jose::AlgorithmSet fitting;
  if (method == model::ClientAuthMethod::client_secret_jwt) fitting = jose::AlgorithmSet::symmetric();
  if (method == model::ClientAuthMethod::private_key_jwt) fitting = jose::AlgorithmSet::asymmetric();
  if (!registered) return fitting;
  return fitting.contains(*registered) ? jose::AlgorithmSet{*registered} : jose::AlgorithmSet{};
}

Verdict read_keys(const Message& metadata, model::Client& client) {
  const auto uri = https_member(metadata, "jwks_uri");
  if (!uri) return fail(uri.error());
  if (*uri && metadata.has("jwks")) {
    return fail(invalid_metadata("jwks_uri", "must not be registered together with jwks."));
  }
  client.jwks_uri = uri->value_or("");
  if (*uri) return {};
  const auto* jwks = metadata.find("jwks");
  if (jwks == nullptr) {
    if (client.token_endpoint_auth_method != model::ClientAuthMethod::private_key_jwt) return {};
    return fail(invalid_metadata("jwks", "or jwks_uri is required for private_key_jwt."));
  }
  if (auto verdict = check_key_set(*jwks, client); !verdict) return verdict;
  client.jwks = dump_json(*jwks);
  return {};
}

}  // namespace oidcop::client
