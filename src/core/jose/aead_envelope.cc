#include "jose/aead_envelope.h"

#include "base/digest.h"
#include "base/system_random.h"
#include "jose/openssl.h"

#include <openssl/core_names.h>

namespace oidcop::jose {

namespace {

constexpr std::size_t kSaltOctets = 24;
constexpr std::size_t kKeyOctets = 32;
constexpr std::size_t kNonceOctets = 12;
constexpr std::size_t kTagOctets = 16;
constexpr std::size_t kMaxPlaintext = 1U << 20U;

enum class Direction : int { decrypt = 0, encrypt = 1 };

/// Key and nonce of one message; empty when OpenSSL failed.
Secret derive(const Secret& master, std::string_view salt, std::string_view info) {
  const KdfContext context(
      EVP_KDF_CTX_new(const_cast<EVP_KDF*>(hkdf_algorithm())));  // NOLINT: takes a reference
  std::string digest = "SHA256";
  // The library only reads through these pointers, whatever their type says.
  const auto param = [](const char* name, std::string_view octets) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(octets.data()),
                                             octets.size());  // NOLINT
  };
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
                               param(OSSL_KDF_PARAM_KEY, master.reveal()), param(OSSL_KDF_PARAM_SALT, salt),
                               param(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string derived(kKeyOctets + kNonceOctets, '\0');
  if (!context || EVP_KDF_derive(context.get(), octets_of(derived.data()), derived.size(), params) != 1)
    return {};
  return Secret(std::move(derived));
}

/// A context with key, nonce and associated data in it; null when OpenSSL failed.
CipherContext begin(const Secret& derived, const EnvelopeBinding& binding, std::string_view salt,
                    Direction direction) {
  if (derived.empty()) return nullptr;
  CipherContext context(EVP_CIPHER_CTX_new());
  const auto* key = octets_of(derived.reveal());
  const auto data = join_unambiguously({binding.prefix, salt, binding.associated});
  int length = 0;
  if (!context ||
      EVP_CipherInit_ex2(context.get(), aes_256_gcm_algorithm(), key, key + kKeyOctets,
                         static_cast<int>(direction), nullptr) != 1 ||
      EVP_CipherUpdate(context.get(), nullptr, &length, octets_of(data), static_cast<int>(data.size())) !=
          1) {
    return nullptr;
  }
  return context;
}

}  // namespace

Error does_not_open() {
  return {Errc::bad_signature, "the encrypted text does not open"};
}

Result<std::string> close_envelope(const Secret& master, const EnvelopeBinding& binding,
                                   std::string_view plaintext, Random& random) {
  if (plaintext.size() > kMaxPlaintext)
    return fail(Errc::refused, "the text to encrypt is larger than 1 MiB");
  const auto salt = random_octets(random, kSaltOctets);
  if (!salt) return fail(salt.error());
  const auto context = begin(derive(master, *salt, binding.key_info), binding, *salt, Direction::encrypt);
  std::string ciphertext(plaintext.size(), '\0');
  std::string tag(kTagOctets, '\0');
  int length = 0;
  int rest = 0;
  if (!context ||
      EVP_CipherUpdate(context.get(), octets_of(ciphertext.data()), &length, octets_of(plaintext),
                       static_cast<int>(plaintext.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), octets_of(ciphertext.data()) + length, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagOctets, tag.data()) != 1) {
    return fail(openssl_error("encrypting"));
  }
  return std::string(binding.prefix) + *salt + ciphertext + tag;
}

Result<Secret> open_envelope(const Secret& master, const EnvelopeBinding& binding, std::string_view text) {
  const auto fixed = binding.prefix.size() + kSaltOctets + kTagOctets;
  if (text.size() < fixed || text.size() > fixed + kMaxPlaintext || !text.starts_with(binding.prefix)) {
    return fail(does_not_open());
  }
  const auto salt = text.substr(binding.prefix.size(), kSaltOctets);
  const auto ciphertext = text.substr(binding.prefix.size() + kSaltOctets, text.size() - fixed);
  std::string tag(text.substr(text.size() - kTagOctets));
  const auto context = begin(derive(master, salt, binding.key_info), binding, salt, Direction::decrypt);
  std::string plaintext(ciphertext.size(), '\0');
  int length = 0;
  int rest = 0;
  const bool opened =
      context &&
      EVP_CipherUpdate(context.get(), octets_of(plaintext.data()), &length, octets_of(ciphertext),
                       static_cast<int>(ciphertext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagOctets, tag.data()) == 1 &&
      EVP_CipherFinal_ex(context.get(), octets_of(plaintext.data()) + length, &rest) == 1;
  if (opened) return Secret(std::move(plaintext));
  forget_openssl_errors();
  wipe(plaintext);  // what did not authenticate is nobody's
  return fail(does_not_open());
}

}  // namespace oidcop::jose
