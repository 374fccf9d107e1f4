#include "jose/openssl.h"

#include <openssl/err.h>

#include <array>
#include <string>

namespace oidcop::jose {

// The fetched objects are never freed: other threads may sign until the process ends.

const EVP_MAC* hmac_algorithm() {
  static const EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return mac;
}

const EVP_KDF* hkdf_algorithm() {
  static const EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  return kdf;
}

const EVP_CIPHER* aes_256_gcm_algorithm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return cipher;
}

Error openssl_error(std::string_view what) {
  std::string detail(what);
  std::array<char, 256> line{};
  for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
    ERR_error_string_n(code, line.data(), line.size());
    detail += ": ";
    detail += line.data();
  }
  return Error{Errc::internal, std::move(detail)};
}

void forget_openssl_errors() {
  ERR_clear_error();
}

}  // namespace oidcop::jose
