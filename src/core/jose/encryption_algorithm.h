#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// How a recipient gets the content encryption key: "alg" of a JWE (RFC 7518, 4.1). RSA1_5 has no value here:
/// nothing can allow it.
enum class KeyManagement : std::uint8_t {
  rsa_oaep,
  rsa_oaep_256,
  rsa_oaep_384,
  rsa_oaep_512,
  ecdh_es,
  ecdh_es_a128kw,
  ecdh_es_a192kw,
  ecdh_es_a256kw,
  a128kw,
  a192kw,
  a256kw,
  a128gcmkw,
  a192gcmkw,
  a256gcmkw,
  dir,
  pbes2_hs256_a128kw,
  pbes2_hs384_a192kw,
  pbes2_hs512_a256kw,
};

/// How the content is encrypted: "enc" of a JWE (RFC 7518, 5.1).
enum class ContentEncryption : std::uint8_t {
  a128cbc_hs256,
  a192cbc_hs384,
  a256cbc_hs512,
  a128gcm,
  a192gcm,
  a256gcm,
};

/// The registered names, as they stand in "alg" and "enc".
std::string_view algorithm_name(KeyManagement algorithm);
std::string_view algorithm_name(ContentEncryption algorithm);

/// Exact and case-sensitive (RFC 7516, 4.1.1). Errors: refused for a name nobody here knows; RSA1_5 is known,
/// and refused by its name (its padding is an oracle: RFC 8725, 3.2).
Result<KeyManagement> parse_key_management(std::string_view name);
Result<ContentEncryption> parse_content_encryption(std::string_view name);

bool is_rsa(KeyManagement algorithm);             ///< RSA-OAEP*
bool is_key_agreement(KeyManagement algorithm);   ///< ECDH-ES, with and without key wrap
bool is_gcm_key_wrap(KeyManagement algorithm);    ///< A*GCMKW
bool is_password_based(KeyManagement algorithm);  ///< PBES2-*
/// dir and ECDH-ES: the key is agreed on, none travels, and there can be one recipient only.
bool has_no_encrypted_key(KeyManagement algorithm);

/// Which of them a caller allows. Empty allows nothing.
template <class Name>
class EncryptionSet {
 public:
  constexpr EncryptionSet() = default;
  constexpr EncryptionSet(std::initializer_list<Name> names) {  // NOLINT: meant to convert
    for (auto name : names) insert(name);
  }
  constexpr void insert(Name name) { bits_ |= bit(name); }
  constexpr bool contains(Name name) const { return (bits_ & bit(name)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const EncryptionSet&) const = default;

  static EncryptionSet all();
  std::vector<Name> list() const;  ///< in the order of the enumeration

 private:
  static constexpr std::uint32_t bit(Name name) { return 1U << static_cast<std::uint32_t>(name); }
  std::uint32_t bits_ = 0;
};

using KeyManagementSet = EncryptionSet<KeyManagement>;
using ContentEncryptionSet = EncryptionSet<ContentEncryption>;

/// What a JWE for a public key uses: RSA-OAEP*, ECDH-ES*.
KeyManagementSet asymmetric_key_management();

}  // namespace oidcop::jose
