#include "jose/encryption_algorithm.h"

#include <array>
#include <utility>

namespace oidcop::jose {

namespace {

constexpr std::array<std::pair<KeyManagement, std::string_view>, 18> kKeyManagement = {{
    {KeyManagement::rsa_oaep, "RSA-OAEP"},
    {KeyManagement::rsa_oaep_256, "RSA-OAEP-256"},
    {KeyManagement::rsa_oaep_384, "RSA-OAEP-384"},
    {KeyManagement::rsa_oaep_512, "RSA-OAEP-512"},
    {KeyManagement::ecdh_es, "ECDH-ES"},
    {KeyManagement::ecdh_es_a128kw, "ECDH-ES+A128KW"},
    {KeyManagement::ecdh_es_a192kw, "ECDH-ES+A192KW"},
    {KeyManagement::ecdh_es_a256kw, "ECDH-ES+A256KW"},
    {KeyManagement::a128kw, "A128KW"},
    {KeyManagement::a192kw, "A192KW"},
    {KeyManagement::a256kw, "A256KW"},
    {KeyManagement::a128gcmkw, "A128GCMKW"},
    {KeyManagement::a192gcmkw, "A192GCMKW"},
    {KeyManagement::a256gcmkw, "A256GCMKW"},
    {KeyManagement::dir, "dir"},
    {KeyManagement::pbes2_hs256_a128kw, "PBES2-HS256+A128KW"},
    {KeyManagement::pbes2_hs384_a192kw, "PBES2-HS384+A192KW"},
    {KeyManagement::pbes2_hs512_a256kw, "PBES2-HS512+A256KW"},
}};

constexpr std::array<std::pair<ContentEncryption, std::string_view>, 6> kContentEncryption = {{
    {ContentEncryption::a128cbc_hs256, "A128CBC-HS256"},
    {ContentEncryption::a192cbc_hs384, "A192CBC-HS384"},
    {ContentEncryption::a256cbc_hs512, "A256CBC-HS512"},
    {ContentEncryption::a128gcm, "A128GCM"},
    {ContentEncryption::a192gcm, "A192GCM"},
    {ContentEncryption::a256gcm, "A256GCM"},
}};

constexpr const auto& table_of(KeyManagement /*kind*/) {
  return kKeyManagement;
}
constexpr const auto& table_of(ContentEncryption /*kind*/) {
  return kContentEncryption;
}

bool is_between(KeyManagement algorithm, KeyManagement first, KeyManagement last) {
  return algorithm >= first && algorithm <= last;
}

}  // namespace

std::string_view algorithm_name(KeyManagement algorithm) {
  return kKeyManagement[static_cast<std::size_t>(algorithm)].second;
}

std::string_view algorithm_name(ContentEncryption algorithm) {
  return kContentEncryption[static_cast<std::size_t>(algorithm)].second;
}

Result<KeyManagement> parse_key_management(std::string_view name) {
  for (const auto& [algorithm, known] : kKeyManagement) {
    if (name == known) return algorithm;
  }
  if (name == "RSA1_5") return fail(Errc::refused, "RSA1_5 is never used: its padding tells about the key");
  return fail(Errc::refused, "the key management algorithm (alg) is not known here");
}

Result<ContentEncryption> parse_content_encryption(std::string_view name) {
  for (const auto& [algorithm, known] : kContentEncryption) {
    if (name == known) return algorithm;
  }
  return fail(Errc::refused, "the content encryption algorithm (enc) is not known here");
}

bool is_rsa(KeyManagement algorithm) {
  return is_between(algorithm, KeyManagement::rsa_oaep, KeyManagement::rsa_oaep_512);
}

bool is_key_agreement(KeyManagement algorithm) {
  return is_between(algorithm, KeyManagement::ecdh_es, KeyManagement::ecdh_es_a256kw);
}

bool is_gcm_key_wrap(KeyManagement algorithm) {
  return is_between(algorithm, KeyManagement::a128gcmkw, KeyManagement::a256gcmkw);
}

bool is_password_based(KeyManagement algorithm) {
  return is_between(algorithm, KeyManagement::pbes2_hs256_a128kw, KeyManagement::pbes2_hs512_a256kw);
}

bool has_no_encrypted_key(KeyManagement algorithm) {
  return algorithm == KeyManagement::dir || algorithm == KeyManagement::ecdh_es;
}

template <class Name>
EncryptionSet<Name> EncryptionSet<Name>::all() {
  EncryptionSet set;
  for (const auto& [algorithm, name] : table_of(Name{})) set.insert(algorithm);
  return set;
}

template <class Name>
std::vector<Name> EncryptionSet<Name>::list() const {
  std::vector<Name> names;
  for (const auto& [algorithm, name] : table_of(Name{})) {
    if (contains(algorithm)) names.push_back(algorithm);
  }
  return names;
}

template class EncryptionSet<KeyManagement>;
template class EncryptionSet<ContentEncryption>;

KeyManagementSet asymmetric_key_management() {
  KeyManagementSet set;
  for (auto algorithm : KeyManagementSet::all().list()) {
    if (is_rsa(algorithm) || is_key_agreement(algorithm)) set.insert(algorithm);
  }
  return set;
}

}  // namespace oidcop::jose
