#pragma once

#include "base/base64url.h"
#include "base/file.h"
#include "base/json.h"
#include "jose/jwk_set.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace oidcop::jose::testing {

/// A file of tests/data/jose as JSON.
inline Json load_data(const std::string& name) {
  auto text = read_file(OIDCOP_JOSE_DATA + name);
  EXPECT_TRUE(text) << name;
  auto json = parse_json(text.value_or("{}"));
  EXPECT_TRUE(json) << name;
  return json ? *json : Json::object();
}

inline std::string text(const Json& object, const std::string& name) {
  return object.value(name, std::string());
}

inline std::string compact_of(const std::string& header, const std::string& payload,
                              const std::string& signature) {
  return base64url_encode(header) + '.' + base64url_encode(payload) + '.' + base64url_encode(signature);
}

inline std::string from_hex(const std::string& hex) {
  std::string octets;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    octets += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return octets;
}

inline Jwk rsa_key(KeyLabels labels = {}) {
  static const Jwk key = *generate_rsa(2048, {});
  return *key.with_labels(std::move(labels));
}
inline Jwk p256_key(KeyLabels labels = {}) {
  static const Jwk key = *generate_ec(Curve::p256, {});
  return *key.with_labels(std::move(labels));
}
inline Jwk ed25519_key(KeyLabels labels = {}) {
  static const Jwk key = *generate_okp(Curve::ed25519, {});
  return *key.with_labels(std::move(labels));
}
inline Jwk octets_key(std::size_t size = 64, KeyLabels labels = {}) {
  return *Jwk::from_octets(Secret(std::string(size, 'k')), std::move(labels));
}

}  // namespace oidcop::jose::testing
