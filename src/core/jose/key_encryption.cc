#include "jose/key_encryption.h"

#include "jose/key_material.h"
#include "jose/openssl.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

namespace oidcop::jose {

namespace {

const EVP_KDF* pbkdf2_algorithm() {
  static const EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "PBKDF2", nullptr);  // kept, as all in openssl.cc
  return kdf;
}

const char* hash_of(KeyManagement algorithm) {
  switch (algorithm) {
    case KeyManagement::rsa_oaep:
      return "SHA1";
    case KeyManagement::rsa_oaep_256:
    case KeyManagement::pbes2_hs256_a128kw:
      return "SHA256";
    case KeyManagement::rsa_oaep_384:
    case KeyManagement::pbes2_hs384_a192kw:
      return "SHA384";
    default:
      return "SHA512";
  }
}

/// A context with OAEP set up; null when OpenSSL failed.
EvpKeyContext begin_oaep(const Jwk& key, KeyManagement algorithm, int (*init)(EVP_PKEY_CTX*)) {
  EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.material().key.get(), nullptr));
  const char* hash = hash_of(algorithm);
  if (!context || init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_oaep_md_name(context.get(), hash, nullptr) != 1 ||
      EVP_PKEY_CTX_set_rsa_mgf1_md_name(context.get(), hash, nullptr) != 1) {
    return nullptr;
  }
  return context;
}

}  // namespace

std::size_t wrapping_octets(KeyManagement algorithm) {
  switch (algorithm) {
    case KeyManagement::a128kw:
    case KeyManagement::a128gcmkw:
    case KeyManagement::ecdh_es_a128kw:
    case KeyManagement::pbes2_hs256_a128kw:
      return 16;
    case KeyManagement::a192kw:
    case KeyManagement::a192gcmkw:
    case KeyManagement::ecdh_es_a192kw:
    case KeyManagement::pbes2_hs384_a192kw:
      return 24;
    case KeyManagement::a256kw:
    case KeyManagement::a256gcmkw:
    case KeyManagement::ecdh_es_a256kw:
    case KeyManagement::pbes2_hs512_a256kw:
      return 32;
    default:
      return 0;
  }
}

Result<std::string> rsa_encrypt_key(const Jwk& key, KeyManagement algorithm, const Secret& cek) {
  const auto context = begin_oaep(key, algorithm, &EVP_PKEY_encrypt_init);
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key.material().key.get()));
  std::string encrypted(size, '\0');
  if (!context || EVP_PKEY_encrypt(context.get(), octets_of(encrypted.data()), &size, octets_of(cek.reveal()),
                                   cek.size()) != 1) {
    return fail(openssl_error("encrypting a key with RSA-OAEP"));
  }
  encrypted.resize(size);
  return encrypted;
}

Result<OpenedOctets> rsa_decrypt_key(const Jwk& key, KeyManagement algorithm, std::string_view encrypted,
                                     std::size_t size) {
  const auto context = begin_oaep(key, algorithm, &EVP_PKEY_decrypt_init);
  if (!context) return fail(openssl_error("decrypting a key with RSA-OAEP"));
  const std::size_t modulus = static_cast<std::size_t>(EVP_PKEY_get_size(key.material().key.get()));
  const bool fits = encrypted.size() == modulus;  // RFC 8017, 7.1.2, step 1
  std::string number(encrypted);
  number.resize(modulus);
  std::string octets(modulus, '\0');
  std::size_t out = modulus;
  const int decrypted =
      EVP_PKEY_decrypt(context.get(), octets_of(octets.data()), &out, octets_of(number), number.size());
  forget_openssl_errors();
  const bool genuine = (static_cast<unsigned>(decrypted == 1) & static_cast<unsigned>(out == size) &
                        static_cast<unsigned>(fits)) != 0;
  octets.resize(size);
  return OpenedOctets{Secret(std::move(octets)), genuine};
}

Result<Secret> password_key(const Secret& password, KeyManagement algorithm,
                            const KeyParameters& parameters) {
  const KdfContext context(
      EVP_KDF_CTX_new(const_cast<EVP_KDF*>(pbkdf2_algorithm())));  // NOLINT: takes a reference
  std::string digest = hash_of(algorithm);
  std::string salt(algorithm_name(algorithm));
  salt += '\0';
  salt += parameters.p2s;
  unsigned iterations = parameters.p2c;
  int accept_any =
      1;  // the bounds are the caller's; OpenSSL's own would refuse short salts of the RFC's kind
  // The library only reads through these pointers, whatever their type says.
  const auto param = [](const char* name, std::string_view octets) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(octets.data()),  // NOLINT
                                             octets.size());
  };
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
                               OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &accept_any),
                               OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &iterations),
                               param(OSSL_KDF_PARAM_PASSWORD, password.reveal()),
                               param(OSSL_KDF_PARAM_SALT, salt),
                               OSSL_PARAM_construct_end()};
  std::string key(wrapping_octets(algorithm), '\0');
  if (!context || EVP_KDF_derive(context.get(), octets_of(key.data()), key.size(), params) != 1) {
    wipe(key);
    return fail(openssl_error("deriving a key from a password"));
  }
  return Secret(std::move(key));
}

Error unfit_key(const JweAlgorithms& algorithms) {
  return {Errc::refused, "the key may not be used with " +
                             std::string(algorithm_name(algorithms.management)) + " and " +
                             std::string(algorithm_name(algorithms.encryption))};
}

}  // namespace oidcop::jose
