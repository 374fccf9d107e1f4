#pragma once

#include "base/system_random.h"
#include "core/jose/jose_data.h"
#include "jose/jwe.h"

#include <map>

namespace oidcop::jose::testing {

/// Gives the octets it was told, in that order, and refuses when they are used up.
class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::string octets) : octets_(std::move(octets)) {}
  Result<void> fill(std::span<std::uint8_t> out) override {
    if (out.size() > octets_.size()) return fail(Errc::unavailable, "the script has ended");
    std::copy_n(octets_.begin(), out.size(), out.begin());
    octets_.erase(0, out.size());
    return {};
  }
  bool is_used_up() const { return octets_.empty(); }

 private:
  Result<void> fail(Errc code, std::string detail) { return oidcop::fail(code, std::move(detail)); }
  std::string octets_;
};

inline Random& system_random() {
  static SystemRandom random;
  return random;
}

inline JwePolicy allow_everything() {
  return {.algorithms = KeyManagementSet::all(), .encryptions = ContentEncryptionSet::all()};
}

inline std::string name_of(const JweAlgorithms& algorithms) {
  return std::string(algorithm_name(algorithms.management)) + " " +
         std::string(algorithm_name(algorithms.encryption));
}

inline Jwk curve_key(Curve curve) {
  static std::map<Curve, Jwk> keys;
  const auto found = keys.find(curve);
  if (found != keys.end()) return found->second;
  const auto made = curve == Curve::x25519 || curve == Curve::x448 || curve == Curve::ed25519
                        ? generate_okp(curve, {})
                        : generate_ec(curve, {});
  return keys.emplace(curve, *made->with_labels({})).first->second;
}

inline constexpr Curve kAgreementCurves[] = {Curve::p256, Curve::p384, Curve::p521, Curve::x25519,
                                             Curve::x448};

/// Keys that fit, private ones; for key agreement one of each curve.
inline std::vector<Jwk> keys_for(const JweAlgorithms& algorithms) {
  const auto management = algorithms.management;
  if (is_rsa(management)) return {rsa_key()};
  if (is_key_agreement(management)) {
    std::vector<Jwk> keys;
    for (const auto curve : kAgreementCurves) keys.push_back(curve_key(curve));
    return keys;
  }
  for (const std::size_t size : {16U, 24U, 32U, 48U, 64U}) {
    const auto key = octets_key(size);
    if (can_decrypt(key, algorithms)) return {key};
  }
  return {};
}

/// The key as a sender has it.
inline Jwk public_half(const Jwk& key) {
  return key.type() == KeyType::oct ? key : *key.public_key();
}

/// Few iterations, so that tests of other things stay fast.
inline JweHeader quick(JweHeader header = {}) {
  header.key.p2c = 1000;
  return header;
}

inline std::string encrypt(const std::string& plaintext, const Jwk& key, const JweAlgorithms& algorithms,
                           const JweHeader& header = quick()) {
  auto compact = encrypt_compact(plaintext, key, algorithms, system_random(), header);
  EXPECT_TRUE(compact) << (compact ? "" : compact.error().detail);
  return compact.value_or("");
}

inline Result<DecryptedJwe> decrypt(const std::string& compact, const Jwk& key,
                                    const JwePolicy& policy = allow_everything()) {
  return decrypt_compact(compact, JwkSet({key}), policy, system_random());
}

/// The five parts of a compact JWE, to alter one and put them together again.
struct CompactParts {
  explicit CompactParts(const std::string& compact) {
    std::size_t begin = 0;
    for (auto* part : {&header, &encrypted_key, &iv, &ciphertext, &tag}) {
      const auto end = std::min(compact.find('.', begin), compact.size());
      *part = compact.substr(begin, end - begin);
      begin = end + 1;
    }
  }
  std::string joined() const {
    return header + '.' + encrypted_key + '.' + iv + '.' + ciphertext + '.' + tag;
  }
  Json header_json() const { return *parse_json(*base64url_decode(header)); }
  void set_header(const Json& json) { header = base64url_encode(dump_json(json)); }

  std::string header, encrypted_key, iv, ciphertext, tag;
};

/// Base64url with one bit of the octets turned.
inline std::string with_flipped_bit(const std::string& encoded, std::size_t octet, unsigned bit = 0) {
  auto octets = *base64url_decode(encoded);
  octets.at(octet) = static_cast<char>(static_cast<unsigned char>(octets.at(octet)) ^ (1U << bit));
  return base64url_encode(octets);
}

/// The one answer to what does not decrypt.
inline ::testing::AssertionResult does_not_decrypt_like_all(const Result<DecryptedJwe>& result) {
  if (result) return ::testing::AssertionFailure() << "it decrypted";
  if (result.error().code != Errc::bad_signature || result.error().detail != "the JWE does not decrypt") {
    return ::testing::AssertionFailure() << result.error().detail;
  }
  return ::testing::AssertionSuccess();
}

}  // namespace oidcop::jose::testing
