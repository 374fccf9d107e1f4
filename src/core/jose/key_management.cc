#include "jose/key_management.h"

#include "base/system_random.h"
#include "jose/key_agreement.h"
#include "jose/key_encryption.h"
#include "jose/key_material.h"

#include <algorithm>
#include <vector>

namespace oidcop::jose {

namespace {

constexpr std::size_t kSaltOctets = 16;

enum class Side : std::uint8_t { sender, recipient };

bool material_fits(const Jwk& key, const JweAlgorithms& algorithms);
std::vector<KeyOperation> operations_of(KeyManagement algorithm, Side side);
bool labels_permit(const Jwk& key, const JweAlgorithms& algorithms, Side side);
std::size_t agreed_octets(const JweAlgorithms& algorithms);
Result<Secret> agree(const Secret& shared, const JweAlgorithms& algorithms, const KeyParameters& parameters);
Result<Secret> key_encryption_key(const Jwk& key, const JweAlgorithms& algorithms,
                                  const KeyParameters& parameters);
Result<OpenedOctets> open_encrypted_key(const Jwk& key, const JweAlgorithms& algorithms,
                                        const ReceivedKey& received);
Result<EstablishedKey> agree_as_sender(const Jwk& key, const JweAlgorithms& algorithms,
                                       const KeyChoices& choices);
Result<EstablishedKey> key_encryption_key_of_sender(const Jwk& key, const JweAlgorithms& algorithms,
                                                    const KeyChoices& choices, Random& random);
Result<EstablishedKey> wrap_with_gcm(const Secret& kek, EstablishedKey established, Random& random);
Result<Secret> draw(Random& random, std::size_t octets);
Secret choose(bool first, const Secret& a, const Secret& b);

}  // namespace

bool can_encrypt(const Jwk& key, const JweAlgorithms& algorithms) {
  return material_fits(key, algorithms) && labels_permit(key, algorithms, Side::sender);
}

bool can_decrypt(const Jwk& key, const JweAlgorithms& algorithms) {
  return key.is_private() && material_fits(key, algorithms) &&
         labels_permit(key, algorithms, Side::recipient);
}

Result<EstablishedKey> establish_key(const Jwk& key, const JweAlgorithms& algorithms,
                                     const KeyChoices& choices, Random& random) {
  if (!has_no_encrypted_key(algorithms.management)) {
    const auto cek = draw(random, cek_octets(algorithms.encryption));
    if (!cek) return fail(cek.error());
    return share_key(*cek, key, algorithms, choices, random);
  }
  if (!can_encrypt(key, algorithms)) return fail(unfit_key(algorithms));
  if (algorithms.management == KeyManagement::dir) return EstablishedKey{key.material().octets, {}, {}};
  return agree_as_sender(key, algorithms, choices);
}

Result<EstablishedKey> share_key(const Secret& cek, const Jwk& key, const JweAlgorithms& algorithms,
                                 const KeyChoices& choices, Random& random) {
  const auto algorithm = algorithms.management;
  if (has_no_encrypted_key(algorithm)) {
    return fail(Errc::refused, std::string(algorithm_name(algorithm)) + " is for a single recipient");
  }
  if (!can_encrypt(key, algorithms)) return fail(unfit_key(algorithms));
  if (is_password_based(algorithm) && choices.p2c < IterationBounds{}.least) {
    return fail(Errc::refused, "too few iterations (p2c) for a password");
  }
  EstablishedKey established{cek, {}, {}};
  if (is_rsa(algorithm)) {
    auto encrypted = rsa_encrypt_key(key, algorithm, cek);
    if (!encrypted) return fail(std::move(encrypted).error());
    established.encrypted_key = std::move(*encrypted);
    return established;
  }
  auto kek = key_encryption_key_of_sender(key, algorithms, choices, random);
  if (!kek) return kek;
  established.parameters = std::move(kek->parameters);
  if (is_gcm_key_wrap(algorithm)) return wrap_with_gcm(kek->cek, std::move(established), random);
  auto wrapped = aes_wrap(kek->cek, cek);
  if (!wrapped) return fail(std::move(wrapped).error());
  established.encrypted_key = std::move(*wrapped);
  return established;
}

Result<Secret> recover_key(const Jwk& key, const JweAlgorithms& algorithms, const ReceivedKey& received,
                           Random& random) {
  if (has_no_encrypted_key(algorithms.management)) {
    if (!received.encrypted_key.empty()) {
      return fail(Errc::malformed, "the JWE has an encrypted key, which its algorithm does not use");
    }
    if (algorithms.management == KeyManagement::dir) return key.material().octets;
    return key_encryption_key(key, algorithms, received.parameters);
  }
  const auto substitute = draw(random, cek_octets(algorithms.encryption));
  if (!substitute) return substitute;
  const auto opened = open_encrypted_key(key, algorithms, received);
  if (!opened) return fail(opened.error());
  return choose(opened->genuine, opened->octets, *substitute);
}

namespace {

bool material_fits(const Jwk& key, const JweAlgorithms& algorithms) {
  const auto algorithm = algorithms.management;
  if (is_rsa(algorithm)) return key.type() == KeyType::rsa;
  if (is_key_agreement(algorithm)) return is_agreement_curve(key.curve());
  if (key.type() != KeyType::oct) return false;
  if (is_password_based(algorithm)) return true;
  const auto exact =
      algorithm == KeyManagement::dir ? cek_octets(algorithms.encryption) : wrapping_octets(algorithm);
  return key.material().octets.size() == exact;
}

/// RFC 7517, 4.3 has operations for keys that encrypt keys and others for keys that encrypt content; for
/// RSA-OAEP and AES-GCM both are seen, since Web Crypto knows keys of either.
std::vector<KeyOperation> operations_of(KeyManagement algorithm, Side side) {
  const bool sends = side == Side::sender;
  const auto wrap = sends ? KeyOperation::wrap_key : KeyOperation::unwrap_key;
  const auto crypt = sends ? KeyOperation::encrypt : KeyOperation::decrypt;
  if (algorithm == KeyManagement::dir) return {crypt};
  if (is_key_agreement(algorithm)) return {KeyOperation::derive_key, KeyOperation::derive_bits};
  if (is_password_based(algorithm)) return {KeyOperation::derive_key, KeyOperation::derive_bits, wrap};
  if (is_rsa(algorithm) || is_gcm_key_wrap(algorithm)) return {wrap, crypt};
  return {wrap};
}

bool labels_permit(const Jwk& key, const JweAlgorithms& algorithms, Side side) {
  const auto operations = operations_of(algorithms.management, side);
  return std::any_of(operations.begin(), operations.end(), [&](KeyOperation operation) {
    return key.permits(algorithm_name(algorithms.management), operation) ||
           (algorithms.management == KeyManagement::dir &&
            key.permits(algorithm_name(algorithms.encryption), operation));
  });
}

std::size_t agreed_octets(const JweAlgorithms& algorithms) {
  return algorithms.management == KeyManagement::ecdh_es ? cek_octets(algorithms.encryption)
                                                         : wrapping_octets(algorithms.management);
}

/// RFC 7518, 4.6.2: alone, the key is bound to "enc"; with a key wrap, to "alg".
Result<Secret> agree(const Secret& shared, const JweAlgorithms& algorithms, const KeyParameters& parameters) {
  const auto name = algorithms.management == KeyManagement::ecdh_es ? algorithm_name(algorithms.encryption)
                                                                    : algorithm_name(algorithms.management);
  return concat_kdf(shared, {name, parameters.apu, parameters.apv, agreed_octets(algorithms)});
}

/// The symmetric key of the recipient's side; for ECDH-ES alone it is the content encryption key itself.
Result<Secret> key_encryption_key(const Jwk& key, const JweAlgorithms& algorithms,
                                  const KeyParameters& parameters) {
  if (is_password_based(algorithms.management)) {
    return password_key(key.material().octets, algorithms.management, parameters);
  }
  if (!is_key_agreement(algorithms.management)) return key.material().octets;
  if (!parameters.epk) return fail(Errc::internal, "an agreement without an ephemeral key");
  const auto shared = shared_secret(key, *parameters.epk);
  if (!shared) return shared;
  return agree(*shared, algorithms, parameters);
}

Result<EstablishedKey> agree_as_sender(const Jwk& key, const JweAlgorithms& algorithms,
                                       const KeyChoices& choices) {
  if (std::max(choices.apu.size(), choices.apv.size()) > kMaxPartyOctets) {
    return fail(Errc::refused, "apu or apv has more than 1024 octets, which is more than decryption takes");
  }
  const auto ephemeral = generate_ephemeral(key.curve());
  if (!ephemeral) return fail(ephemeral.error());
  auto epk = ephemeral->public_key();
  if (!epk) return fail(std::move(epk).error());
  EstablishedKey established;
  established.parameters.epk = std::move(*epk);
  established.parameters.apu = choices.apu;
  established.parameters.apv = choices.apv;
  const auto shared = shared_secret(*ephemeral, key);
  if (!shared) return fail(shared.error());
  auto agreed = agree(*shared, algorithms, established.parameters);
  if (!agreed) return fail(std::move(agreed).error());
  established.cek = std::move(*agreed);
  return established;
}

/// The key that wraps, in the place of the content encryption key, and what the recipient needs to derive it.
Result<EstablishedKey> key_encryption_key_of_sender(const Jwk& key, const JweAlgorithms& algorithms,
                                                    const KeyChoices& choices, Random& random) {
  if (is_key_agreement(algorithms.management)) return agree_as_sender(key, algorithms, choices);
  EstablishedKey kek;
  if (is_password_based(algorithms.management)) {
    auto salt = random_octets(random, kSaltOctets);
    if (!salt) return fail(std::move(salt).error());
    kek.parameters.p2s = std::move(*salt);
    kek.parameters.p2c = choices.p2c;
  }
  auto made = key_encryption_key(key, algorithms, kek.parameters);
  if (!made) return fail(std::move(made).error());
  kek.cek = std::move(*made);
  return kek;
}

Result<EstablishedKey> wrap_with_gcm(const Secret& kek, EstablishedKey established, Random& random) {
  auto nonce = random_octets(random, kGcmNonceOctets);
  if (!nonce) return fail(std::move(nonce).error());
  auto sealed = aes_gcm_seal(kek, {*nonce, {}}, established.cek.reveal());
  if (!sealed) return fail(std::move(sealed).error());
  established.parameters.iv = std::move(*nonce);
  established.parameters.tag = std::move(sealed->tag);
  established.encrypted_key = std::move(sealed->ciphertext);
  return established;
}

Result<OpenedOctets> open_encrypted_key(const Jwk& key, const JweAlgorithms& algorithms,
                                        const ReceivedKey& received) {
  const auto algorithm = algorithms.management;
  const auto size = cek_octets(algorithms.encryption);
  if (is_rsa(algorithm)) return rsa_decrypt_key(key, algorithm, received.encrypted_key, size);
  const auto kek = key_encryption_key(key, algorithms, received.parameters);
  if (!kek) return fail(kek.error());
  // A wrong length is work, too, and ends as all the rest.
  const auto expected = is_gcm_key_wrap(algorithm) ? size : size + kWrapExtraOctets;
  const bool fits = received.encrypted_key.size() == expected;
  std::string encrypted(received.encrypted_key);
  encrypted.resize(expected);
  auto opened = is_gcm_key_wrap(algorithm)
                    ? aes_gcm_unwrap(*kek, {received.parameters.iv, {}}, encrypted, received.parameters.tag)
                    : aes_unwrap(*kek, encrypted);
  if (opened) {
    opened->genuine = (static_cast<unsigned>(opened->genuine) & static_cast<unsigned>(fits)) != 0;
  }
  return opened;
}

Result<Secret> draw(Random& random, std::size_t octets) {
  auto drawn = random_octets(random, octets);
  if (!drawn) return fail(std::move(drawn).error());
  return Secret(std::move(*drawn));
}

/// a or b, both of one length, without a branch on which.
Secret choose(bool first, const Secret& a, const Secret& b) {
  const auto mask = static_cast<unsigned char>(0U - static_cast<unsigned>(first));
  std::string chosen(b.size(), '\0');
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto one = static_cast<unsigned char>(a.reveal()[i]);
    const auto other = static_cast<unsigned char>(b.reveal()[i]);
    chosen[i] = static_cast<char>((one & mask) | (other & static_cast<unsigned char>(~mask)));
  }
  return Secret(std::move(chosen));
}

}  // namespace

}  // namespace oidcop::jose
