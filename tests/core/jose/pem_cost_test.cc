#include "jose/pem_cost.h"
#include "core/jose/jose_data.h"
#include "jose/openssl.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <climits>
#include <utility>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

using Sealed = std::unique_ptr<X509_SIG, OpensslDelete<X509_SIG_free>>;
using KeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslDelete<PKCS8_PRIV_KEY_INFO_free>>;

constexpr std::string_view kPassphrase = "swordfish";

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);  // NOLINT: the macro casts
  return {data, static_cast<std::size_t>(size)};
}

/// A key on P-256, sealed with little work, that says it was sealed the way of `said`, which is taken over.
std::string pem_that_says(X509_ALGOR* said) {
  const auto plain = *p256_key().private_pem();
  const Bio in(BIO_new_mem_buf(plain.reveal().data(), static_cast<int>(plain.reveal().size())));
  const EvpKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const KeyInfo info(EVP_PKEY2PKCS8(key.get()));
  const Sealed sealed(
      PKCS8_set0_pbe(kPassphrase.data(), static_cast<int>(kPassphrase.size()), info.get(),
                     PKCS5_pbe2_set_iv(EVP_aes_128_cbc(), 2048, nullptr, 0, nullptr, NID_hmacWithSHA256)));
  X509_ALGOR* algorithm = nullptr;
  X509_SIG_getm(sealed.get(), &algorithm, nullptr);
  EXPECT_EQ(X509_ALGOR_copy(algorithm, said), 1);
  X509_ALGOR_free(said);
  const Bio out(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_PKCS8(out.get(), sealed.get()), 1);
  return text_of(out);
}

X509_ALGOR* pbkdf2(int rounds) {
  return PKCS5_pbe2_set_iv(EVP_aes_128_cbc(), rounds, nullptr, 0, nullptr, NID_hmacWithSHA256);
}
X509_ALGOR* scrypt(std::uint64_t n, std::uint64_t r, std::uint64_t p) {
  return PKCS5_pbe2_set_scrypt(EVP_aes_128_cbc(), nullptr, 0, nullptr, n, r, p);
}
X509_ALGOR* pkcs12(int rounds) {
  return PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, rounds, nullptr, 0);
}

Result<Jwk> opened(const std::string& pem) {
  return Jwk::from_pem(Secret(pem), {}, Secret(std::string(kPassphrase)));
}

void expect_refused(const std::string& pem, std::string_view why) {
  const auto key = opened(pem);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, Errc::refused);
  EXPECT_NE(key.error().detail.find(why), std::string::npos) << key.error().detail;
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// The count stands in the file, unprotected: half an hour of work, for the asking.
TEST(PemCost, APassphraseIsNotHashedAsOftenAsAFileLikes) {
  const std::string why = "more than 10000000 times";
  for (const auto rounds : {static_cast<int>(kMostPemRounds) + 1, INT_MAX}) {
    expect_refused(pem_that_says(pbkdf2(rounds)), why);
    expect_refused(pem_that_says(pkcs12(rounds)), why);
  }
}

// N * r * p, and not N alone, is what scrypt does; OpenSSL bounds only its memory.
TEST(PemCost, ScryptIsNotRunAsLongAsAFileLikes) {
  const std::string why = "more work of scrypt";
  expect_refused(pem_that_says(scrypt(65536, 2, 32768)), why);
  expect_refused("text before it\n" + pem_that_says(scrypt(1024, 8, 1025)), why);
}

TEST(PemCost, ACountThatIsNoneIsRefused) {
  auto negative = pem_that_says(pbkdf2(INT_MAX));
  const Bio in(BIO_new_mem_buf(negative.data(), static_cast<int>(negative.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;  // NOLINT: OpenSSL's type
  ASSERT_EQ(PEM_read_bio(in.get(), &name, &header, &data, &size), 1);
  std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));  // NOLINT: octets
  const auto at = der.find("\x02\x04\x7f\xff\xff\xff");
  ASSERT_NE(at, std::string::npos);
  der[at + 2] = '\x80';
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio(out.get(), name, header, octets_of(der.data()), size);
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  expect_refused(text_of(out), "times");
}

TEST(PemCost, OneSuchBlockAmongOthersIsEnough) {
  const auto costly = pem_that_says(pbkdf2(INT_MAX));
  const std::string plain(p256_key().private_pem()->reveal());
  expect_refused(plain + costly, "times");
  expect_refused(costly + plain, "times");
  auto renamed = costly;
  for (std::size_t at = 0; (at = renamed.find("ENCRYPTED PRIVATE KEY")) != std::string::npos;) {
    renamed.replace(at, 21, "PRIVATE KEY");
  }
  expect_refused(renamed, "times");
}

TEST(PemCost, ABlockThatCannotBeReadCannotBeJudged) {
  const std::string plain(p256_key().private_pem()->reveal());
  ASSERT_TRUE(opened("any text\n" + plain + "more text\n"));
  const auto damaged = plain.substr(0, plain.size() / 2) + "\n";
  for (const auto& text : {damaged, damaged + plain, plain + damaged}) {
    const auto key = opened(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().code, Errc::malformed);
  }
}

TEST(PemCost, WhatToolsWriteIsOpened) {
  const auto plain = *p256_key().private_pem();
  const Bio in(BIO_new_mem_buf(plain.reveal().data(), static_cast<int>(plain.reveal().size())));
  const EvpKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const KeyInfo info(EVP_PKEY2PKCS8(key.get()));
  for (auto* scheme : {pbkdf2(1), pbkdf2(1'000'000), scrypt(16384, 8, 1), pkcs12(2048)}) {
    const Sealed sealed(
        PKCS8_set0_pbe(kPassphrase.data(), static_cast<int>(kPassphrase.size()), info.get(), scheme));
    ASSERT_TRUE(sealed);
    const Bio out(BIO_new(BIO_s_mem()));
    ASSERT_EQ(PEM_write_bio_PKCS8(out.get(), sealed.get()), 1);
    const auto read = opened(text_of(out));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->thumbprint(), p256_key().thumbprint());
  }
}

}  // namespace
}  // namespace oidcop::jose
