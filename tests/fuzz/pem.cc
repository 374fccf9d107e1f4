// PEM: what is read is written as the same key, and only the right passphrase opens it.

#include "fuzz/input.h"
#include "fuzz/property.h"
#include "jose/jwk.h"

#include <openssl/err.h>

#include <nlohmann/json.hpp>

namespace oidcop::fuzz {
namespace {

using jose::Jwk;

void check_key(const Jwk& key) {
  require(key.type() != jose::KeyType::oct, "octets have no PEM form");
  const auto json = key.public_json();
  require(json.has_value(), "each key has a public half");
  const auto pem = key.public_pem();
  require(pem.has_value(), "a public key is written");
  const auto half = Jwk::from_pem(Secret(*pem), key.labels());
  require(half && !half->is_private() && *half->public_json() == *json,
          "a public key that is written is read");
  require(*half->public_pem() == *pem, "writing is a fixed point");
  const auto read = Jwk::parse(*json);
  require(read && read->thumbprint() == key.thumbprint(), "a JWK holds the same key");
  if (!key.is_private()) return;
  const auto private_pem = key.private_pem();
  require(private_pem.has_value(), "a private key is written");
  const auto again = Jwk::from_pem(*private_pem, key.labels());
  require(again && *again->private_json() == *key.private_json(), "a private key that is written is read");
  require(again->private_pem()->reveal() == private_pem->reveal(), "writing is a fixed point");
  require(Jwk::parse(*key.private_json()).has_value(), "a private JWK holds the same key");
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop;        // NOLINT: a function without a namespace of its own
  using namespace oidcop::fuzz;  // NOLINT
  Input input(data, size);
  const auto passphrase = input.choice(2) == 1 ? Secret(std::string(input.line())) : Secret();
  const Secret pem{std::string(input.rest())};
  if (const auto key = jose::Jwk::from_pem(pem, {.kid = "key"}, passphrase)) {
    check_key(*key);
    require(key->kid() == "key", "the labels are the caller's");
  }
  require(ERR_peek_error() == 0, "no error of OpenSSL is left behind for the next caller");
  return 0;
}
