#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/params.h>

#include <oidcop/result.h>

#include <memory>
#include <string_view>

namespace oidcop::jose {

// One owner type per OpenSSL type, and the algorithms that every signature needs.

template <auto Free>
struct OpensslDelete {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using EvpKey = std::unique_ptr<EVP_PKEY, OpensslDelete<EVP_PKEY_free>>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, OpensslDelete<EVP_PKEY_CTX_free>>;
using MdContext = std::unique_ptr<EVP_MD_CTX, OpensslDelete<EVP_MD_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, OpensslDelete<EVP_MAC_CTX_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, OpensslDelete<EVP_KDF_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, OpensslDelete<EVP_CIPHER_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, OpensslDelete<BN_clear_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, OpensslDelete<BN_CTX_free>>;
using Bio = std::unique_ptr<BIO, OpensslDelete<BIO_free_all>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, OpensslDelete<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, OpensslDelete<OSSL_PARAM_free>>;

// Fetched at first use, once per process, and kept: fetching costs more than hashing a small token.
const EVP_MAC* hmac_algorithm();
const EVP_KDF* hkdf_algorithm();
const EVP_CIPHER* aes_256_gcm_algorithm();

/// Empties this thread's error queue into an Error of code internal. `what` says what we were doing.
Error openssl_error(std::string_view what);
/// Empties the queue after a failure that was an ordinary answer.
void forget_openssl_errors();

inline const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());  // NOLINT: chars as octets
}
inline unsigned char* octets_of(char* text) {
  return reinterpret_cast<unsigned char*>(text);  // NOLINT: chars as octets
}

}  // namespace oidcop::jose
