#include "base/system_random.h"
#include "jose/jwk.h"
#include "jose/key_material.h"
#include "jose/pem_cost.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxPemOctets = 64U << 10U;
constexpr std::size_t kSaltOctets = 16;
constexpr std::size_t kIvOctets = 16;
constexpr int kRounds = 600'000;

using Certificate = std::unique_ptr<X509, OpensslDelete<X509_free>>;
using KeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslDelete<PKCS8_PRIV_KEY_INFO_free>>;
using EncryptedKey = std::unique_ptr<X509_SIG, OpensslDelete<X509_SIG_free>>;
using AlgorithmIdentifier = std::unique_ptr<X509_ALGOR, OpensslDelete<X509_ALGOR_free>>;

/// Answers OpenSSL's question for the passphrase, instead of asking on the terminal.
struct PassphraseAnswer {
  std::string_view passphrase;
  bool asked = false;

  static int answer(char* buffer, int size, int /*writing*/, void* data) {
    auto& self = *static_cast<PassphraseAnswer*>(data);
    self.asked = true;
    const auto& text = self.passphrase;
    if (text.empty() || size < 0 || text.size() > static_cast<std::size_t>(size)) return -1;
    std::copy(text.begin(), text.end(), buffer);
    return static_cast<int>(text.size());
  }
};

struct ReadKey {
  EvpKey key;
  KeyHalf half;
};

Result<void> check_single(std::string_view text);
Result<ReadKey> read_any_key(std::string_view text, const Secret& passphrase);
EvpKey read_public_key(std::string_view text);
EncryptedKey encrypted(const EVP_PKEY* key, const Secret& passphrase, std::string& salt_and_iv);

Bio reader(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string content(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);  // NOLINT: the macro casts
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<Jwk> Jwk::from_pem(const Secret& pem, KeyLabels labels, const Secret& passphrase) {
  const auto text = pem.reveal();
  if (text.size() > kMaxPemOctets) return fail(Errc::refused, "the PEM text is longer than 64 KiB");
  auto bounded = check_pem_cost(text);
  forget_openssl_errors();
  if (!bounded) return fail(std::move(bounded).error());
  auto single = check_single(text);
  if (!single) return fail(std::move(single).error());
  auto read = read_any_key(text, passphrase);
  forget_openssl_errors();
  if (!read) return fail(std::move(read).error());
  return JwkAccess::make(adopt_key(std::move(read->key), read->half), std::move(labels));
}

Result<std::string> Jwk::public_pem() const {
  if (type() == KeyType::oct) return fail(Errc::refused, "a symmetric key has no PEM form");
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY_ex(bio.get(), material_->key.get(), nullptr, nullptr) != 1) {
    return fail(openssl_error("writing a public key as PEM"));
  }
  return content(bio);
}

Result<Secret> Jwk::private_pem() const {
  if (type() == KeyType::oct) return fail(Errc::refused, "a symmetric key has no PEM form");
  if (!is_private()) return fail(Errc::refused, "the key has no private half");
  const Bio bio(BIO_new(BIO_s_secmem()));
  if (!bio || PEM_write_bio_PrivateKey_ex(bio.get(), material_->key.get(), nullptr, nullptr, 0, nullptr,
                                          nullptr, nullptr, nullptr) != 1) {
    return fail(openssl_error("writing a private key as PEM"));
  }
  return Secret(content(bio));
}

Result<Secret> Jwk::private_pem(const Secret& passphrase, Random& random) const {
  if (type() == KeyType::oct) return fail(Errc::refused, "a symmetric key has no PEM form");
  if (!is_private()) return fail(Errc::refused, "the key has no private half");
  if (passphrase.empty()) return fail(Errc::refused, "the passphrase is empty");
  auto salt_and_iv = random_octets(random, kSaltOctets + kIvOctets);
  if (!salt_and_iv) return fail(std::move(salt_and_iv).error());
  const auto sealed = encrypted(material_->key.get(), passphrase, *salt_and_iv);
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!sealed || !bio || PEM_write_bio_PKCS8(bio.get(), sealed.get()) != 1) {
    return fail(openssl_error("writing a private key as PEM"));
  }
  return Secret(content(bio));
}

namespace {

std::size_t count(std::string_view text, std::string_view wanted) {
  std::size_t found = 0;
  for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + wanted.size()))
    ++found;
  return found;
}

/// Of several keys nobody can say which is meant. A private key may have its public half or certificates with
/// it, and a certificate those that vouch for it.
Result<void> check_single(std::string_view text) {
  if (count(text, "PRIVATE KEY-----") / 2 > 1 || count(text, "PUBLIC KEY-----") / 2 > 1) {
    return fail(Errc::malformed, "the PEM text holds several keys");
  }
  return {};
}

Result<ReadKey> read_any_key(std::string_view text, const Secret& passphrase) {
  const auto bio = reader(text);
  if (!bio) return fail(Errc::internal, "out of memory");
  PassphraseAnswer answer{passphrase.reveal()};
  EvpKey key(
      PEM_read_bio_PrivateKey_ex(bio.get(), nullptr, PassphraseAnswer::answer, &answer, nullptr, nullptr));
  if (key) return ReadKey{std::move(key), KeyHalf::with_private};
  if (answer.asked && passphrase.empty()) {
    return fail(Errc::refused, "the PEM key has a passphrase, and none was given");
  }
  if (answer.asked) {
    return fail(Errc::bad_signature, "the passphrase does not open the PEM key, or the key is damaged");
  }
  key = read_public_key(text);
  if (key) return ReadKey{std::move(key), KeyHalf::public_only};
  return fail(Errc::malformed, "the text is no PEM private key, public key or certificate");
}

EvpKey read_public_key(std::string_view text) {
  PassphraseAnswer none{};
  const auto bio = reader(text);
  EvpKey key(PEM_read_bio_PUBKEY_ex(bio.get(), nullptr, PassphraseAnswer::answer, &none, nullptr, nullptr));
  if (key) return key;
  const auto again = reader(text);
  const Certificate certificate(PEM_read_bio_X509(again.get(), nullptr, PassphraseAnswer::answer, &none));
  return EvpKey(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

/// The key as EncryptedPrivateKeyInfo (RFC 5958, 3); null when OpenSSL failed.
EncryptedKey encrypted(const EVP_PKEY* key, const Secret& passphrase, std::string& salt_and_iv) {
  const KeyInfo plain(EVP_PKEY2PKCS8(key));
  auto* salt = octets_of(salt_and_iv.data());
  AlgorithmIdentifier scheme(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kRounds, salt,
                                               static_cast<int>(kSaltOctets), salt + kSaltOctets,
                                               NID_hmacWithSHA256));
  const auto words = passphrase.reveal();
  if (!plain || !scheme) return nullptr;
  EncryptedKey sealed(
      PKCS8_set0_pbe(words.data(), static_cast<int>(words.size()), plain.get(), scheme.get()));
  if (sealed) (void)scheme.release();  // set0 took it over
  return sealed;
}

}  // namespace

}  // namespace oidcop::jose
