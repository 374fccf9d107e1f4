#include "jose/jwk.h"
#include "jose/key_material.h"

#include <openssl/pem.h>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxPemOctets = 64U << 10U;

/// Says "no passphrase" instead of asking on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
  return -1;
}

Bio reader(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string content(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);  // NOLINT: the macro casts
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<Jwk> Jwk::from_pem(const Secret& pem, KeyLabels labels) {
  const auto text = pem.reveal();
  if (text.size() > kMaxPemOctets) return fail(Errc::refused, "the PEM text is longer than 64 KiB");
  if (text.find("-----BEGIN ENCRYPTED") != std::string_view::npos ||
      text.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos) {
    return fail(Errc::refused, "the PEM key has a passphrase; decrypt it with \"openssl pkey\" first");
  }
  const auto bio = reader(text);
  if (!bio) return fail(Errc::internal, "out of memory");
  EvpKey key(PEM_read_bio_PrivateKey_ex(bio.get(), nullptr, no_passphrase, nullptr, nullptr, nullptr));
  auto half = KeyHalf::with_private;
  if (!key) {
    forget_openssl_errors();
    const auto again = reader(text);
    key.reset(PEM_read_bio_PUBKEY_ex(again.get(), nullptr, no_passphrase, nullptr, nullptr, nullptr));
    half = KeyHalf::public_only;
  }
  forget_openssl_errors();
  if (!key) return fail(Errc::malformed, "the text is no PEM private key (PKCS#8) or public key (SPKI)");
  return JwkAccess::make(adopt_key(std::move(key), half), std::move(labels));
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

}  // namespace oidcop::jose
