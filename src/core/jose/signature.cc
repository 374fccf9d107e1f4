#include "jose/signature.h"

#include "jose/key_material.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

namespace oidcop::jose {

namespace {

using EcdsaSignature = std::unique_ptr<ECDSA_SIG, OpensslDelete<ECDSA_SIG_free>>;

const char* digest_name(Algorithm algorithm);
bool is_pss(Algorithm algorithm);
Result<MdContext> context_for(const Jwk& key, Algorithm algorithm, SignatureDirection direction);
Result<MdContext> set_up(const KeyMaterial& key, Algorithm algorithm, SignatureDirection direction);
Result<std::string> make_mac(const Jwk& key, Algorithm algorithm, std::string_view input);
Result<std::string> raw_from_der(std::string_view der, std::size_t width);
Result<std::string> der_from_raw(std::string_view raw);
Error unfit(Algorithm algorithm);

}  // namespace

Result<std::string> make_signature(const Jwk& key, Algorithm algorithm, std::string_view input) {
  if (!key.can_sign(algorithm)) return fail(unfit(algorithm));
  if (is_symmetric(algorithm)) return make_mac(key, algorithm, input);
  auto context = context_for(key, algorithm, SignatureDirection::sign);
  if (!context) return fail(std::move(context).error());
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key.material().key.get()));
  std::string signature(size, '\0');
  if (EVP_DigestSign(context->get(), octets_of(signature.data()), &size, octets_of(input), input.size()) !=
      1) {
    return fail(openssl_error("signing"));
  }
  signature.resize(size);
  if (key.type() == KeyType::ec) return raw_from_der(signature, curve_octets(key.curve()));
  return signature;
}

Result<void> check_signature(const Jwk& key, Algorithm algorithm, std::string_view input,
                             std::string_view signature) {
  if (!key.can_verify(algorithm)) return fail(unfit(algorithm));
  if (is_symmetric(algorithm)) {
    auto mac = make_mac(key, algorithm, input);
    if (!mac) return fail(std::move(mac).error());
    if (!equal_in_constant_time(*mac, signature)) return fail(Errc::bad_signature, "the MAC does not match");
    return {};
  }
  std::string der;
  if (key.type() == KeyType::ec) {
    // RFC 7518, 3.4: R and S in full length; anything else, DER too, is no signature.
    if (signature.size() != 2 * curve_octets(key.curve())) {
      return fail(Errc::bad_signature, "the signature has the wrong length");
    }
    auto converted = der_from_raw(signature);
    if (!converted) return fail(std::move(converted).error());
    der = std::move(*converted);
    signature = der;
  } else if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key.material().key.get()))) {
    // RFC 8017, 8.1.2 and 8.2.2, step 1. OpenSSL takes a PSS signature that lacks the zero octets in front of
    // it.
    return fail(Errc::bad_signature, "the signature has the wrong length");
  }
  auto context = context_for(key, algorithm, SignatureDirection::verify);
  if (!context) return fail(std::move(context).error());
  const int verdict = EVP_DigestVerify(context->get(), octets_of(signature), signature.size(),
                                       octets_of(input), input.size());
  forget_openssl_errors();
  if (verdict != 1) return fail(Errc::bad_signature, "the signature does not match");
  return {};
}

namespace {

const char* digest_name(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
    case Algorithm::rs256:
    case Algorithm::ps256:
    case Algorithm::es256:
    case Algorithm::es256k:
      return "SHA256";
    case Algorithm::hs384:
    case Algorithm::rs384:
    case Algorithm::ps384:
    case Algorithm::es384:
      return "SHA384";
    case Algorithm::hs512:
    case Algorithm::rs512:
    case Algorithm::ps512:
    case Algorithm::es512:
      return "SHA512";
    case Algorithm::eddsa:
    case Algorithm::ed25519:
    case Algorithm::ed448:
    case Algorithm::none:
      break;
  }
  return nullptr;
}

bool is_pss(Algorithm algorithm) {
  return algorithm == Algorithm::ps256 || algorithm == Algorithm::ps384 || algorithm == Algorithm::ps512;
}

Result<MdContext> context_for(const Jwk& key, Algorithm algorithm, SignatureDirection direction) {
  const auto& material = key.material();
  const EVP_MD_CTX* prepared = material.contexts.find(algorithm, direction);
  if (prepared == nullptr) {
    auto made = set_up(material, algorithm, direction);
    if (!made) return fail(std::move(made).error());
    prepared = material.contexts.keep(algorithm, direction, std::move(*made));
  }
  MdContext context(EVP_MD_CTX_new());
  if (!context || EVP_MD_CTX_copy_ex(context.get(), prepared) != 1) {
    return fail(openssl_error("copying a signature context"));
  }
  return context;
}

Result<MdContext> set_up(const KeyMaterial& key, Algorithm algorithm, SignatureDirection direction) {
  MdContext context(EVP_MD_CTX_new());
  if (!context) return fail(Errc::internal, "out of memory");
  EVP_PKEY_CTX* parameters = nullptr;
  auto* init = direction == SignatureDirection::sign ? &EVP_DigestSignInit_ex : &EVP_DigestVerifyInit_ex;
  if (init(context.get(), &parameters, digest_name(algorithm), nullptr, nullptr, key.key.get(), nullptr) !=
      1) {
    return fail(openssl_error("setting up a signature"));
  }
  if (is_pss(algorithm) && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
                            EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return fail(openssl_error("setting up a PSS signature"));
  }
  return context;
}

Result<std::string> make_mac(const Jwk& key, Algorithm algorithm, std::string_view input) {
  const auto secret = key.material().octets.reveal();
  const MacContext context(
      EVP_MAC_CTX_new(const_cast<EVP_MAC*>(hmac_algorithm())));  // NOLINT: takes a reference
  std::string digest = digest_name(algorithm);
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                   OSSL_PARAM_construct_end()};
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  if (!context || EVP_MAC_init(context.get(), octets_of(secret), secret.size(), parameters) != 1 ||
      EVP_MAC_update(context.get(), octets_of(input), input.size()) != 1 ||
      EVP_MAC_final(context.get(), octets_of(mac.data()), &size, mac.size()) != 1) {
    return fail(openssl_error("computing a MAC"));
  }
  mac.resize(size);
  return mac;
}

Result<std::string> raw_from_der(std::string_view der, std::size_t width) {
  const unsigned char* position = octets_of(der);
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(der.size())));
  std::string raw(2 * width, '\0');
  const int size = static_cast<int>(width);
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), octets_of(raw.data()), size) != size ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), octets_of(raw.data()) + width, size) != size) {
    return fail(openssl_error("reading an ECDSA signature"));
  }
  return raw;
}

Result<std::string> der_from_raw(std::string_view raw) {
  const EcdsaSignature signature(ECDSA_SIG_new());
  const int size = static_cast<int>(raw.size() / 2);
  BigNumber r(BN_bin2bn(octets_of(raw), size, nullptr));
  BigNumber s(BN_bin2bn(octets_of(raw) + size, size, nullptr));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    return fail(openssl_error("writing an ECDSA signature"));
  }
  (void)r.release();  // set0 took both over
  (void)s.release();
  unsigned char* out = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &out);
  if (length <= 0) return fail(openssl_error("writing an ECDSA signature"));
  std::string der(static_cast<std::size_t>(length), '\0');
  std::copy(out, out + length, octets_of(der.data()));
  OPENSSL_free(out);
  return der;
}

Error unfit(Algorithm algorithm) {
  return Error{Errc::refused, "the key may not be used with " + std::string(algorithm_name(algorithm))};
}

}  // namespace

}  // namespace oidcop::jose
