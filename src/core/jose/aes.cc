#include "jose/aes.h"

#include "jose/openssl.h"

#include <algorithm>
#include <array>

namespace oidcop::jose {

namespace {

enum class Direction : int { decrypt = 0, encrypt = 1 };

/// RFC 3394, 2.2.3.1.
constexpr std::string_view kWrapInitial = "\xA6\xA6\xA6\xA6\xA6\xA6\xA6\xA6";
constexpr std::size_t kWrapHalf = 8;
constexpr std::size_t kWrapRounds = 6;

/// Fetched once for each size, and kept.
struct CipherFamily {
  const EVP_CIPHER* aes_128;
  const EVP_CIPHER* aes_192;
  const EVP_CIPHER* aes_256;

  const EVP_CIPHER* of(std::size_t key_octets) const {
    if (key_octets == 16) return aes_128;
    if (key_octets == 24) return aes_192;
    return key_octets == 32 ? aes_256 : nullptr;
  }
};

CipherFamily fetch(const std::string& mode) {
  const auto cipher = [&mode](const char* size) {
    return EVP_CIPHER_fetch(nullptr, (std::string("AES-") + size + mode).c_str(), nullptr);
  };
  return {cipher("128"), cipher("192"), cipher("256")};
}

const CipherFamily& ecb_family() {
  static const CipherFamily family = fetch("-ECB");
  return family;
}
const CipherFamily& cbc_family() {
  static const CipherFamily family = fetch("-CBC");
  return family;
}
const CipherFamily& gcm_family() {
  static const CipherFamily family = fetch("-GCM");
  return family;
}

/// A context without padding; null when OpenSSL failed or the key has no size of AES.
CipherContext begin(const CipherFamily& family, std::string_view key, std::string_view iv,
                    Direction direction) {
  const EVP_CIPHER* cipher = family.of(key.size());
  CipherContext context(EVP_CIPHER_CTX_new());
  if (cipher == nullptr || !context ||
      EVP_CipherInit_ex2(context.get(), cipher, octets_of(key), iv.empty() ? nullptr : octets_of(iv),
                         static_cast<int>(direction), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1) {
    return nullptr;
  }
  return context;
}

bool update(const CipherContext& context, char* out, std::string_view in) {
  int length = 0;
  return EVP_CipherUpdate(context.get(), out == nullptr ? nullptr : octets_of(out), &length, octets_of(in),
                          static_cast<int>(in.size())) == 1;
}

/// One step of RFC 3394 over A | R[i]; the counter is mixed in by the caller.
using WrapBlock = std::array<char, 2 * kWrapHalf>;

bool transform(const CipherContext& context, WrapBlock& block) {
  return update(context, block.data(), {block.data(), block.size()});
}

void mix_counter(WrapBlock& block, std::size_t counter) {
  for (std::size_t i = 0; i < sizeof counter; ++i) {
    block[kWrapHalf - 1 - i] = static_cast<char>(static_cast<unsigned char>(block[kWrapHalf - 1 - i]) ^
                                                 ((counter >> (8 * i)) & 0xFFU));
  }
}

/// 1 when equal, else 0, without a branch that depends on them.
unsigned equal_bit(unsigned a, unsigned b) {
  const unsigned difference = a ^ b;  // below 2^31 here
  return 1U & ((difference - 1U) >> 31U);
}

/// Octets of a well-formed PKCS #7 padding at the end of whole blocks, else 0. Looks at the same 16 octets
/// whatever they hold.
unsigned padding_octets(std::string_view blocks) {
  const auto octet = [&](std::size_t from_end) {
    return static_cast<unsigned>(static_cast<unsigned char>(blocks[blocks.size() - from_end]));
  };
  const unsigned count = octet(1);
  unsigned good = 0;
  for (unsigned candidate = 1; candidate <= kAesBlockOctets; ++candidate) {
    unsigned fits = equal_bit(count, candidate);
    for (unsigned i = 1; i <= kAesBlockOctets; ++i) {
      const unsigned inside = 1U & ((i - 1U - candidate) >> 31U);  // i <= candidate
      fits &= equal_bit(octet(i), candidate) | (1U ^ inside);
    }
    good |= fits;
  }
  return count * good;
}

}  // namespace

Result<std::string> aes_wrap(const Secret& kek, const Secret& key) {
  const auto context = begin(ecb_family(), kek.reveal(), {}, Direction::encrypt);
  if (!context) return fail(openssl_error("wrapping a key"));
  std::string wrapped = std::string(kWrapInitial) + std::string(key.reveal());
  const std::size_t count = key.size() / kWrapHalf;
  WrapBlock block{};
  std::copy_n(wrapped.begin(), kWrapHalf, block.begin());
  for (std::size_t round = 0; round < kWrapRounds; ++round) {
    for (std::size_t i = 1; i <= count; ++i) {
      std::copy_n(wrapped.begin() + static_cast<std::ptrdiff_t>(i * kWrapHalf), kWrapHalf,
                  block.begin() + kWrapHalf);
      if (!transform(context, block)) return fail(openssl_error("wrapping a key"));
      mix_counter(block, count * round + i);
      std::copy_n(block.begin() + kWrapHalf, kWrapHalf,
                  wrapped.begin() + static_cast<std::ptrdiff_t>(i * kWrapHalf));
    }
  }
  std::copy_n(block.begin(), kWrapHalf, wrapped.begin());
  return wrapped;
}

// Not OpenSSL's own unwrapping: it reports an error where the integrity check fails, which takes longer than
// to report none.
Result<OpenedOctets> aes_unwrap(const Secret& kek, std::string_view wrapped) {
  const auto context = begin(ecb_family(), kek.reveal(), {}, Direction::decrypt);
  if (!context) return fail(openssl_error("unwrapping a key"));
  std::string key(wrapped.substr(kWrapHalf));
  const std::size_t count = key.size() / kWrapHalf;
  WrapBlock block{};
  std::copy_n(wrapped.begin(), kWrapHalf, block.begin());
  for (std::size_t round = kWrapRounds; round-- > 0;) {
    for (std::size_t i = count; i >= 1; --i) {
      const auto place = key.begin() + static_cast<std::ptrdiff_t>((i - 1) * kWrapHalf);
      mix_counter(block, count * round + i);
      std::copy_n(place, kWrapHalf, block.begin() + kWrapHalf);
      if (!transform(context, block)) return fail(openssl_error("unwrapping a key"));
      std::copy_n(block.begin() + kWrapHalf, kWrapHalf, place);
    }
  }
  const bool genuine = equal_in_constant_time({block.data(), kWrapHalf}, kWrapInitial);
  return OpenedOctets{Secret(std::move(key)), genuine};
}

Result<SealedOctets> aes_gcm_seal(const Secret& key, const GcmInput& input, std::string_view plaintext) {
  const auto context = begin(gcm_family(), key.reveal(), input.nonce, Direction::encrypt);
  SealedOctets sealed{std::string(plaintext.size(), '\0'), std::string(kGcmTagOctets, '\0')};
  std::array<char, kAesBlockOctets> nothing{};
  int rest = 0;
  if (!context || !update(context, nullptr, input.associated) ||
      !update(context, sealed.ciphertext.data(), plaintext) ||
      EVP_CipherFinal_ex(context.get(), octets_of(nothing.data()), &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kGcmTagOctets),
                          sealed.tag.data()) != 1) {
    return fail(openssl_error("encrypting with AES-GCM"));
  }
  return sealed;
}

Result<OpenedOctets> aes_gcm_open(const Secret& key, const GcmInput& input, std::string_view ciphertext,
                                  std::string_view tag) {
  const auto context = begin(gcm_family(), key.reveal(), input.nonce, Direction::decrypt);
  std::string plaintext(ciphertext.size(), '\0');
  std::string expected(tag);
  std::array<char, kAesBlockOctets> nothing{};
  int rest = 0;
  if (!context || !update(context, nullptr, input.associated) ||
      !update(context, plaintext.data(), ciphertext) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(expected.size()),
                          expected.data()) != 1) {
    wipe(plaintext);
    return fail(openssl_error("decrypting with AES-GCM"));
  }
  const bool genuine = EVP_CipherFinal_ex(context.get(), octets_of(nothing.data()), &rest) == 1;
  forget_openssl_errors();
  return OpenedOctets{Secret(std::move(plaintext)), genuine};
}

// OpenSSL's own comparison branches, and a mispredicted branch is seen in the time of many tries. A key is
// short, so that making its tag anew costs little.
Result<OpenedOctets> aes_gcm_unwrap(const Secret& kek, const GcmInput& input, std::string_view encrypted,
                                    std::string_view tag) {
  const auto context = begin(gcm_family(), kek.reveal(), input.nonce, Direction::decrypt);
  std::string key(encrypted.size(), '\0');
  if (!context || !update(context, nullptr, input.associated) || !update(context, key.data(), encrypted)) {
    wipe(key);
    return fail(openssl_error("unwrapping a key with AES-GCM"));
  }
  const auto again = aes_gcm_seal(kek, input, key);
  OpenedOctets opened{Secret(std::move(key)), false};
  if (!again) return fail(again.error());
  opened.genuine = equal_in_constant_time(again->tag, tag);
  return opened;
}

Result<std::string> aes_cbc_encrypt(std::string_view key, std::string_view iv, std::string_view plaintext) {
  const auto context = begin(cbc_family(), key, iv, Direction::encrypt);
  const auto padding = kAesBlockOctets - plaintext.size() % kAesBlockOctets;
  std::string blocks(plaintext);
  blocks.append(padding, static_cast<char>(padding));
  std::string ciphertext(blocks.size(), '\0');
  const bool encrypted = context && update(context, ciphertext.data(), blocks);
  wipe(blocks);
  if (!encrypted) return fail(openssl_error("encrypting with AES-CBC"));
  return ciphertext;
}

Result<PaddedBlocks> aes_cbc_decrypt(std::string_view key, std::string_view iv, std::string_view ciphertext) {
  const auto context = begin(cbc_family(), key, iv, Direction::decrypt);
  std::string blocks(ciphertext.size(), '\0');
  if (!context || !update(context, blocks.data(), ciphertext)) {
    wipe(blocks);
    return fail(openssl_error("decrypting with AES-CBC"));
  }
  const auto padding = padding_octets(blocks);
  return PaddedBlocks{Secret(std::move(blocks)), padding};
}

}  // namespace oidcop::jose
