#include "jose/content_encryption.h"

#include "jose/openssl.h"

#include <openssl/core_names.h>

#include <algorithm>

namespace oidcop::jose {

namespace {

bool is_cbc(ContentEncryption encryption) {
  return encryption <= ContentEncryption::a256cbc_hs512;
}

const char* hash_of(ContentEncryption encryption) {
  if (encryption == ContentEncryption::a128cbc_hs256) return "SHA256";
  return encryption == ContentEncryption::a192cbc_hs384 ? "SHA384" : "SHA512";
}

Error wrong_key_length() {
  return {Errc::refused, "the content encryption key has the wrong length"};
}

/// The length of the associated data in bits, big-endian in 64 bits (RFC 7518, 5.2.2.1).
std::string length_of_associated(std::string_view associated) {
  const std::uint64_t bits = std::uint64_t{associated.size()} * 8;
  std::string octets;
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    octets += static_cast<char>((bits >> (shift - 8)) & 0xFFU);
  }
  return octets;
}

/// MAC key first, encryption key second (RFC 7518, 5.2.2.1).
struct Halves {
  explicit Halves(const Secret& cek)
      : mac(cek.reveal().substr(0, cek.size() / 2)), encryption(cek.reveal().substr(cek.size() / 2)) {}
  std::string_view mac;
  std::string_view encryption;
};

Result<std::string> authenticate(ContentEncryption encryption, std::string_view mac_key,
                                 const ContentBinding& binding, std::string_view ciphertext) {
  const MacContext context(
      EVP_MAC_CTX_new(const_cast<EVP_MAC*>(hmac_algorithm())));  // NOLINT: takes a reference
  std::string digest = hash_of(encryption);
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                   OSSL_PARAM_construct_end()};
  const auto add = [&context](std::string_view part) {
    return EVP_MAC_update(context.get(), octets_of(part), part.size()) == 1;
  };
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  if (!context || EVP_MAC_init(context.get(), octets_of(mac_key), mac_key.size(), parameters) != 1 ||
      !add(binding.associated) || !add(binding.iv) || !add(ciphertext) ||
      !add(length_of_associated(binding.associated)) ||
      EVP_MAC_final(context.get(), octets_of(mac.data()), &size, mac.size()) != 1) {
    return fail(openssl_error("authenticating the content"));
  }
  mac.resize(tag_octets(encryption));
  return mac;
}

/// The content is decrypted even when the tag does not match, as GCM does, too: so the time tells nothing of
/// where it failed. What comes out without a matching tag is never looked at.
Result<OpenedOctets> open_cbc(ContentEncryption encryption, const Secret& cek, const ContentBinding& binding,
                              const SealedOctets& sealed) {
  const Halves keys(cek);
  const auto tag = authenticate(encryption, keys.mac, binding, sealed.ciphertext);
  if (!tag) return fail(tag.error());
  const auto padded = aes_cbc_decrypt(keys.encryption, binding.iv, sealed.ciphertext);
  if (!padded) return fail(padded.error());
  // Volatile, so that the compiler makes one decision of the two: measured, a branch on the padding showed.
  const volatile unsigned matches = static_cast<unsigned>(equal_in_constant_time(*tag, sealed.tag));
  const volatile unsigned is_padded = static_cast<unsigned>(padded->padding != 0);
  if ((matches & is_padded) == 0) return OpenedOctets{};
  const auto blocks = padded->blocks.reveal();
  return OpenedOctets{Secret(std::string(blocks.substr(0, blocks.size() - padded->padding))), true};
}

}  // namespace

std::size_t cek_octets(ContentEncryption encryption) {
  switch (encryption) {
    case ContentEncryption::a128gcm:
      return 16;
    case ContentEncryption::a192gcm:
      return 24;
    case ContentEncryption::a128cbc_hs256:
    case ContentEncryption::a256gcm:
      return 32;
    case ContentEncryption::a192cbc_hs384:
      return 48;
    case ContentEncryption::a256cbc_hs512:
      return 64;
  }
  return 0;
}

std::size_t iv_octets(ContentEncryption encryption) {
  return is_cbc(encryption) ? kAesBlockOctets : kGcmNonceOctets;
}

std::size_t tag_octets(ContentEncryption encryption) {
  return is_cbc(encryption) ? cek_octets(encryption) / 2 : kGcmTagOctets;
}

Result<SealedOctets> encrypt_content(ContentEncryption encryption, const Secret& cek,
                                     const ContentBinding& binding, std::string_view plaintext) {
  if (cek.size() != cek_octets(encryption)) return fail(wrong_key_length());
  if (binding.iv.size() != iv_octets(encryption)) {
    return fail(Errc::refused, "the initialization vector has the wrong length");
  }
  if (!is_cbc(encryption)) return aes_gcm_seal(cek, {binding.iv, binding.associated}, plaintext);
  const Halves keys(cek);
  auto ciphertext = aes_cbc_encrypt(keys.encryption, binding.iv, plaintext);
  if (!ciphertext) return fail(std::move(ciphertext).error());
  auto tag = authenticate(encryption, keys.mac, binding, *ciphertext);
  if (!tag) return fail(std::move(tag).error());
  return SealedOctets{std::move(*ciphertext), std::move(*tag)};
}

Result<void> check_content_lengths(ContentEncryption encryption, std::string_view iv,
                                   const SealedOctets& sealed) {
  if (iv.size() != iv_octets(encryption)) {
    return fail(Errc::malformed, "the initialization vector of the JWE has the wrong length");
  }
  if (sealed.tag.size() != tag_octets(encryption)) {
    return fail(Errc::malformed, "the authentication tag of the JWE has the wrong length");
  }
  if (is_cbc(encryption) && (sealed.ciphertext.empty() || sealed.ciphertext.size() % kAesBlockOctets != 0)) {
    return fail(Errc::malformed, "the ciphertext of the JWE is not made of whole blocks");
  }
  return {};
}

Result<Secret> decrypt_content(ContentEncryption encryption, const Secret& cek, const ContentBinding& binding,
                               const SealedOctets& sealed) {
  if (cek.size() != cek_octets(encryption)) return fail(wrong_key_length());
  if (auto lengths = check_content_lengths(encryption, binding.iv, sealed); !lengths) {
    return fail(std::move(lengths).error());
  }
  auto opened = is_cbc(encryption)
                    ? open_cbc(encryption, cek, binding, sealed)
                    : aes_gcm_open(cek, {binding.iv, binding.associated}, sealed.ciphertext, sealed.tag);
  if (!opened) return fail(std::move(opened).error());
  if (!opened->genuine) return fail(does_not_decrypt());
  return std::move(opened->octets);
}

Error does_not_decrypt() {
  return {Errc::bad_signature, "the JWE does not decrypt"};
}

}  // namespace oidcop::jose
