#include "jose/pem_cost.h"

#include "jose/openssl.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>

namespace oidcop::jose {

namespace {

using EncryptedKey = std::unique_ptr<X509_SIG, OpensslDelete<X509_SIG_free>>;
using Scheme = std::unique_ptr<PBE2PARAM, OpensslDelete<PBE2PARAM_free>>;
using Pbkdf2 = std::unique_ptr<PBKDF2PARAM, OpensslDelete<PBKDF2PARAM_free>>;
using Scrypt = std::unique_ptr<SCRYPT_PARAMS, OpensslDelete<SCRYPT_PARAMS_free>>;
using Pkcs12 = std::unique_ptr<PBEPARAM, OpensslDelete<PBEPARAM_free>>;

/// scrypt's N * r * p; OpenSSL writes 16384 * 8 * 1, and refuses by itself what takes more than 32 MiB of
/// memory.
constexpr std::uint64_t kMostScryptWork = 8'388'608;

/// A block of PEM text. What it holds may be a private key, so it is kept as one.
class Block {
 public:
  explicit Block(BIO* bio) { found_ = PEM_read_bio_ex(bio, &name_, &header_, &data_, &size_, kFlags) == 1; }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
    OPENSSL_secure_free(name_);
    OPENSSL_secure_free(header_);
    OPENSSL_secure_clear_free(data_, static_cast<std::size_t>(size_));
  }

  bool found() const { return found_; }
  /// The EncryptedPrivateKeyInfo in it (RFC 5958, 3), whatever the block calls itself; null when it is none.
  EncryptedKey encrypted_key() const {
    const auto* octets = data_;
    return EncryptedKey(d2i_X509_SIG(nullptr, &octets, size_));
  }

 private:
  static constexpr unsigned kFlags = PEM_FLAG_SECURE;
  char* name_ = nullptr;
  char* header_ = nullptr;
  unsigned char* data_ = nullptr;
  long size_ = 0;  // NOLINT: OpenSSL's type
  bool found_ = false;
};

/// A number from 1 to `most`; nothing for all others.
std::optional<std::uint64_t> bounded(const ASN1_INTEGER* number, std::uint64_t most) {
  std::uint64_t value = 0;
  if (number == nullptr || ASN1_INTEGER_get_uint64(&value, number) != 1) return std::nullopt;
  return value >= 1 && value <= most ? std::optional(value) : std::nullopt;
}

Result<void> check_rounds(const ASN1_INTEGER* rounds) {
  if (bounded(rounds, kMostPemRounds)) return {};
  return fail(Errc::refused, "the PEM key wants its passphrase hashed more than " +
                                 std::to_string(kMostPemRounds) +
                                 " times, or a number of times that is none");
}

Result<void> check_scrypt(const SCRYPT_PARAMS& scrypt) {
  const auto n = bounded(scrypt.costParameter, kMostScryptWork);
  const auto r = bounded(scrypt.blockSize, kMostScryptWork);
  const auto p = bounded(scrypt.parallelizationParameter, kMostScryptWork);
  if (n && r && p && *n * *r <= kMostScryptWork && *n * *r * *p <= kMostScryptWork) return {};
  return fail(Errc::refused, "the PEM key wants more work of scrypt for its passphrase than is done here");
}

/// The parameters of an algorithm, as the structure that they must be; null when they are not.
template <class Owner>
Owner parameters_of(const X509_ALGOR* algorithm, const ASN1_ITEM* structure) {
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return nullptr;
  return Owner(static_cast<typename Owner::pointer>(
      ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), structure)));
}

int name_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(name);
}

Result<void> check_derivation(const X509_ALGOR* derivation) {
  if (name_of(derivation) == NID_id_scrypt) {
    const auto scrypt = parameters_of<Scrypt>(derivation, ASN1_ITEM_rptr(SCRYPT_PARAMS));
    if (scrypt) return check_scrypt(*scrypt);
  } else if (name_of(derivation) == NID_id_pbkdf2) {
    const auto pbkdf2 = parameters_of<Pbkdf2>(derivation, ASN1_ITEM_rptr(PBKDF2PARAM));
    if (pbkdf2) return check_rounds(pbkdf2->iter);
  }
  return fail(Errc::malformed, "the PEM key is encrypted in a way that is not known here");
}

Result<void> check_encryption(const X509_SIG& sealed) {
  const X509_ALGOR* scheme = nullptr;
  X509_SIG_get0(&sealed, &scheme, nullptr);
  if (name_of(scheme) == NID_pbes2) {
    const auto pbes2 = parameters_of<Scheme>(scheme, ASN1_ITEM_rptr(PBE2PARAM));
    if (pbes2) return check_derivation(pbes2->keyfunc);
  } else if (const auto older = parameters_of<Pkcs12>(scheme, ASN1_ITEM_rptr(PBEPARAM))) {
    return check_rounds(older->iter);
  }
  return fail(Errc::malformed, "the PEM key is encrypted in a way that is not known here");
}

}  // namespace

Result<void> check_pem_cost(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return fail(Errc::internal, "out of memory");
  while (true) {
    const Block block(bio.get());
    if (!block.found()) break;
    const auto sealed = block.encrypted_key();
    if (!sealed) continue;
    if (auto checked = check_encryption(*sealed); !checked) return checked;
  }
  // What PEM_read_bio says at the end of the text; anything else was a block that it could not read.
  if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) return {};
  return fail(Errc::malformed, "a block of the PEM text is damaged");
}

}  // namespace oidcop::jose
