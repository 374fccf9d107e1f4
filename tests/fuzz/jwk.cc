// JWKs and sets of them: what is read is written as the same key, and does what a key of its kind does.

#include "fuzz/input.h"
#include "fuzz/property.h"
#include "jose/jwk_set.h"
#include "jose/signature.h"

#include <openssl/err.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::fuzz {
namespace {

using jose::Jwk;

bool is_asymmetric(const Jwk& key) {
  return key.type() != jose::KeyType::oct;
}

void require_same_key(const Result<Jwk>& read, const Jwk& key, const char* property) {
  require(read && read->thumbprint() == key.thumbprint() && read->type() == key.type() &&
              read->curve() == key.curve() && read->bits() == key.bits(),
          property);
}

void check_public_half(const Jwk& key) {
  const auto half = key.public_key();
  require(half.has_value() == is_asymmetric(key), "all keys but octets have a public half");
  if (!half) {
    require(!key.public_json() && !key.public_pem(), "octets are never published");
    return;
  }
  require(!half->is_private(), "the public half is public");
  require_same_key(half, key, "the public half belongs to the key");
  const auto json = half->public_json();
  require(json.has_value(), "a public key is written");
  for (const auto* secret : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}) {
    require(!json->contains(secret), "nothing private is published");
  }
  const auto again = Jwk::parse(*json);
  require_same_key(again, key, "a public key that is written is read");
  require(*again->public_json() == *json && again->kid() == key.kid(), "writing is a fixed point");
  require_same_key(Jwk::from_pem(Secret(half->public_pem().value())), key, "PEM holds the same public key");
}

void check_private_half(const Jwk& key) {
  const auto json = key.private_json();
  require(json.has_value() == key.is_private(), "a private key is written");
  if (!json) return;
  const auto again = Jwk::parse(*json);
  require_same_key(again, key, "a private key that is written is read");
  require(*again->private_json() == *json, "writing is a fixed point");
  if (is_asymmetric(key)) {
    require_same_key(Jwk::from_pem(key.private_pem().value()), key, "PEM holds the same private key");
  }
}

/// A key that was taken for good makes signatures that its own public half accepts.
void check_signing(const Jwk& key) {
  for (const auto algorithm : key.signing_algorithms()) {
    if (algorithm != key.signing_algorithms().front()) break;  // one is enough, they are slow
    const auto signature = jose::make_signature(key, algorithm, "input");
    if (!signature) continue;  // an RSA key of wrong primes: nothing is better than a wrong signature
    const auto verifier = is_asymmetric(key) ? key.public_key() : Result<Jwk>(key);
    require(jose::check_signature(*verifier, algorithm, "input", *signature).has_value(),
            "signatures verify");
    require(!jose::check_signature(*verifier, algorithm, "Input", *signature),
            "signatures are of their input");
  }
}

void check_set(const Json& json) {
  const auto set = jose::JwkSet::parse(json);
  if (!set) return;
  require(set->keys().size() + set->skipped().size() == json["keys"].size(), "each key is read or skipped");
  const auto published = jose::JwkSet::parse_text(set->dump_public_text());
  require(published && published->skipped().empty(), "a set that is published is read");
  const auto asymmetric = std::count_if(set->keys().begin(), set->keys().end(), is_asymmetric);
  require(published->keys().size() == static_cast<std::size_t>(asymmetric), "all public keys are published");
  for (const auto& key : set->keys()) {
    require(set->find(key.kid())->kid() == key.kid(), "keys are found");
    for (const auto algorithm : jose::AlgorithmSet::asymmetric().list()) {
      const auto candidates = set->candidates(algorithm, key.kid(), {algorithm});
      require(candidates.size() <= 8, "a token buys eight tries");
      for (const auto& candidate : candidates) require(candidate.can_verify(algorithm), "candidates fit");
    }
  }
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop;        // NOLINT: a function without a namespace of its own
  using namespace oidcop::fuzz;  // NOLINT
  const auto text = Input(data, size).rest();
  if (const auto key = jose::Jwk::parse_text(text)) {
    check_public_half(*key);
    check_private_half(*key);
    check_signing(*key);
  }
  if (const auto json = parse_json(text)) check_set(*json);
  require(ERR_peek_error() == 0, "no error of OpenSSL is left behind for the next caller");
  return 0;
}
