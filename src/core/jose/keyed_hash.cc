#include "jose/keyed_hash.h"

namespace oidcop::jose {

Pepper::Pepper(const ServiceSecrets& secrets, std::string issuer)
    : key_(secrets.ring(SecretPurpose::pepper).current().octets), issuer_(std::move(issuer)) {}

Digest Pepper::digest(std::string_view purpose, std::initializer_list<std::string_view> parts) const {
  return hmac_sha256(key_, join_unambiguously({issuer_, purpose, join_unambiguously(parts)}));
}

PairwiseSalt::PairwiseSalt(const ServiceSecrets& secrets, std::string issuer)
    : key_(secrets.ring(SecretPurpose::pairwise).current().octets), issuer_(std::move(issuer)) {}

Digest PairwiseSalt::digest(std::initializer_list<std::string_view> parts) const {
  return hmac_sha256(key_, join_unambiguously({issuer_, join_unambiguously(parts)}));
}

}  // namespace oidcop::jose
