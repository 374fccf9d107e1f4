#include "base/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace oidcop {
namespace {

/// OpenSSL without its digests is a broken machine, not an answer to any request: nothing can be checked.
void require(bool condition) {
  if (condition) return;
  std::fputs("oidcop: OpenSSL cannot compute a digest\n", stderr);
  std::abort();
}

// Fetching costs a lock and a search by name, so it is done once. The objects live as long as the process.
const EVP_MD* fetch(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  require(algorithm != nullptr);
  return algorithm;
}

struct DeleteContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

void digest(const EVP_MD* algorithm, std::string_view octets, unsigned char* out) {
  thread_local const std::unique_ptr<EVP_MD_CTX, DeleteContext> context(EVP_MD_CTX_new());
  require(context != nullptr && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
          EVP_DigestUpdate(context.get(), octets.data(), octets.size()) == 1 &&
          EVP_DigestFinal_ex(context.get(), out, nullptr) == 1);
}

std::string digest_of_size(const EVP_MD* algorithm, std::size_t size, std::string_view octets) {
  std::string out(size, '\0');
  digest(algorithm, octets, reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

/// A context that knows its digest but has no key yet; copied for each use.
const EVP_MAC_CTX* hmac_sha256_template() {
  static const EVP_MAC_CTX* const context = [] {
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    require(mac != nullptr);
    EVP_MAC_CTX* made = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);  // the context holds a reference
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    require(made != nullptr && EVP_MAC_CTX_set_params(made, params) == 1);
    return made;
  }();
  return context;
}

std::string hex_of(const std::uint8_t* bytes, std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4U];
    text += kDigits[bytes[i] & 15U];
  }
  return text;
}

}  // namespace

std::string Digest::hex() const {
  return hex_of(bytes.data(), bytes.size());
}

std::string Digest::short_hex() const {
  return hex_of(bytes.data(), 4);
}

Result<Digest> Digest::from_octets(std::string_view octets) {
  Digest result;
  if (octets.size() != result.bytes.size()) return fail(Errc::malformed, "digest: not 32 octets");
  std::copy(octets.begin(), octets.end(), result.bytes.begin());
  return result;
}

Digest sha256(std::string_view octets) {
  static const EVP_MD* const algorithm = fetch("SHA256");
  Digest result;
  digest(algorithm, octets, result.bytes.data());
  return result;
}

std::string sha384(std::string_view octets) {
  static const EVP_MD* const algorithm = fetch("SHA384");
  return digest_of_size(algorithm, 48, octets);
}

std::string sha512(std::string_view octets) {
  static const EVP_MD* const algorithm = fetch("SHA512");
  return digest_of_size(algorithm, 64, octets);
}

std::string shake256(std::string_view octets, std::size_t size) {
  static const EVP_MD* const algorithm = fetch("SHAKE256");
  const std::unique_ptr<EVP_MD_CTX, DeleteContext> context(EVP_MD_CTX_new());
  std::string out(size, '\0');
  require(context != nullptr && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
          EVP_DigestUpdate(context.get(), octets.data(), octets.size()) == 1 &&
          EVP_DigestFinalXOF(context.get(), reinterpret_cast<unsigned char*>(out.data()), size) == 1);
  return out;
}

Digest hmac_sha256(const Secret& key, std::string_view octets) {
  const std::unique_ptr<EVP_MAC_CTX, DeleteContext> context(EVP_MAC_CTX_dup(hmac_sha256_template()));
  Digest result;
  std::size_t size = 0;
  require(context != nullptr &&
          EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key.reveal().data()), key.size(),
                       nullptr) == 1 &&
          EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(octets.data()),
                         octets.size()) == 1 &&
          EVP_MAC_final(context.get(), result.bytes.data(), &size, result.bytes.size()) == 1 &&
          size == result.bytes.size());
  return result;
}

std::string join_unambiguously(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += 8 + part.size();
  std::string joined;
  joined.reserve(size);
  for (const auto part : parts) {
    for (unsigned shift = 64; shift > 0; shift -= 8) {
      joined += static_cast<char>((static_cast<std::uint64_t>(part.size()) >> (shift - 8)) & 0xFFU);
    }
    joined += part;
  }
  return joined;
}

}  // namespace oidcop
