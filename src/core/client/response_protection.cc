#include "client/response_protection.h"

#include "base/digest.h"
#include "client/metadata.h"
#include "jose/content_encryption.h"
#include "jose/key_fit.h"

#include <algorithm>
#include <array>

namespace oidcop::client {
namespace {

using jose::JweAlgorithms;
using jose::KeyManagement;

constexpr std::array<std::string_view, 3> kKinds{"id_token", "userinfo", "introspection"};
constexpr std::array<KeyManagement, 7> kSymmetric{
    KeyManagement::dir,       KeyManagement::a128kw,    KeyManagement::a192kw,   KeyManagement::a256kw,
    KeyManagement::a128gcmkw, KeyManagement::a192gcmkw, KeyManagement::a256gcmkw};

std::string member_of(std::string_view kind, std::string_view ending) {
  return std::string(kind) + std::string(ending);
}

bool is_symmetric(KeyManagement management) {
  return std::find(kSymmetric.begin(), kSymmetric.end(), management) != kSymmetric.end();
}

std::size_t key_octets(const JweAlgorithms& algorithms) {
  switch (algorithms.management) {
    case KeyManagement::a128kw:
    case KeyManagement::a128gcmkw:
      return 16;
    case KeyManagement::a192kw:
    case KeyManagement::a192gcmkw:
      return 24;
    case KeyManagement::a256kw:
    case KeyManagement::a256gcmkw:
      return 32;
    default:
      return jose::cek_octets(algorithms.encryption);  // dir: the key encrypts the content itself
  }
}

/// OpenID Connect Core 1.0, 10.2: SHA-256 for keys of up to 256 bits, SHA-384 and SHA-512 for longer ones.
Result<jose::Jwk> derived_key(const Secret& client_secret, std::size_t octets) {
  const auto text = client_secret.reveal();
  std::string hash = octets <= 32   ? std::string(sha256(text).octets())
                     : octets <= 48 ? sha384(text)
                                    : sha512(text);
  Secret key(hash.substr(0, octets));
  wipe(hash);
  return jose::Jwk::from_octets(std::move(key));
}

const jose::Jwk* fitting_key(const jose::JwkSet& keys, const JweAlgorithms& algorithms) {
  const jose::Jwk* unmarked = nullptr;
  for (const auto& key : keys.keys()) {
    if (!jose::can_encrypt(key, algorithms)) continue;
    if (key.labels().use == "enc") return &key;
    if (unmarked == nullptr) unmarked = &key;
  }
  return unmarked;
}

Verdict check_has_key(const Message& metadata, const std::string& member, const JweAlgorithms& algorithms,
                      const model::Client& client) {
  if (is_symmetric(algorithms.management)) {
    if (!client.is_public()) return {};
    return fail(invalid_metadata(member, "a public client has no secret to derive this key from."));
  }
  if (metadata.has("jwks_uri")) return {};
  const auto keys = registered_keys(client);
  if (keys && fitting_key(*keys, algorithms) != nullptr) return {};
  return fail(invalid_metadata(member, "the client has no key that fits."));
}

}  // namespace

jose::KeyManagementSet response_key_management() {
  auto set = jose::asymmetric_key_management();
  for (const auto management : kSymmetric) set.insert(management);
  return set;
}

Result<std::optional<JweAlgorithms>, ProtocolError> read_response_encryption(const Message& metadata,
                                                                             std::string_view kind,
                                                                             const ProtectionOffer& offer,
                                                                             const model::Client& client) {
  const auto alg_member = member_of(kind, "_encrypted_response_alg");
  const auto enc_member = member_of(kind, "_encrypted_response_enc");
  const auto alg_name = text_member(metadata, alg_member);
  if (!alg_name) return fail(alg_name.error());
  const auto enc_name = text_member(metadata, enc_member);
  if (!enc_name) return fail(enc_name.error());
  if (!*alg_name) {
    if (!*enc_name) return std::optional<JweAlgorithms>();
    return fail(invalid_metadata(enc_member, "must come with " + alg_member + '.'));
  }
  const auto management = jose::parse_key_management(**alg_name);
  if (!management || !offer.management.contains(*management))
    return fail(invalid_metadata(alg_member, "is not supported by this provider."));
  const auto encryption = jose::parse_content_encryption(enc_name->value_or("A128CBC-HS256"));
  if (!encryption || !offer.encryption.contains(*encryption))
    return fail(invalid_metadata(enc_member, "is not supported by this provider."));
  const JweAlgorithms algorithms{*management, *encryption};
  if (auto has = check_has_key(metadata, alg_member, algorithms, client); !has) return fail(has.error());
  return std::optional(algorithms);
}

Result<ResponseProtection, ProtocolError> read_response_protection(const Message& metadata,
                                                                   std::string_view kind,
                                                                   const ProtectionOffer& offer,
                                                                   const model::Client& client) {
  ResponseProtection protection;
  const auto member = member_of(kind, "_signed_response_alg");
  const auto name = text_member(metadata, member);
  if (!name) return fail(name.error());
  if (*name) {
    const auto algorithm = jose::parse_algorithm(**name);
    if (!algorithm ||
        std::find(offer.signing.begin(), offer.signing.end(), *algorithm) == offer.signing.end()) {
      return fail(invalid_metadata(member, "is not supported by this provider."));
    }
    if (jose::is_symmetric(*algorithm) && client.is_public()) {
      return fail(invalid_metadata(member, "a public client has no secret to check this algorithm with."));
    }
    if (*algorithm != jose::Algorithm::none) protection.signing = *algorithm;
  }
  auto encryption = read_response_encryption(metadata, kind, offer, client);
  if (!encryption) return fail(std::move(encryption).error());
  protection.encryption = *encryption;
  return protection;
}

ResponseProtection response_protection(const model::Client& client, std::string_view kind) {
  ResponseProtection protection;
  const auto& metadata = client.metadata;
  if (const auto name = metadata.text(member_of(kind, "_signed_response_alg"))) {
    const auto algorithm = jose::parse_algorithm(*name);
    if (algorithm && *algorithm != jose::Algorithm::none) protection.signing = *algorithm;
  }
  if (const auto name = metadata.text(member_of(kind, "_encrypted_response_alg"))) {
    const auto management = jose::parse_key_management(*name);
    const auto encryption = jose::parse_content_encryption(
        metadata.text(member_of(kind, "_encrypted_response_enc")).value_or("A128CBC-HS256"));
    if (management && encryption) protection.encryption = {*management, *encryption};
  }
  return protection;
}

bool protects_with_secret(const model::Client& client) {
  const auto id_token = client.id_token_signed_response_alg;
  if (id_token && jose::is_symmetric(*id_token)) return true;
  return std::any_of(kKinds.begin(), kKinds.end(), [&](std::string_view kind) {
    const auto protection = response_protection(client, kind);
    const bool by_signature = protection.signing && jose::is_symmetric(*protection.signing);
    const bool by_encryption = protection.encryption && is_symmetric(protection.encryption->management);
    return by_signature || by_encryption;
  });
}

Result<jose::JwkSet> registered_keys(const model::Client& client) {
  if (client.jwks.empty()) return jose::JwkSet();
  return jose::JwkSet::parse_text(client.jwks);
}

Result<std::string> encrypt_for(const EncryptionKeys& keys, const JweAlgorithms& algorithms,
                                std::string_view content, const jose::JweHeader& header, Random& random) {
  if (is_symmetric(algorithms.management)) {
    if (keys.client_secret == nullptr)
      return fail(Errc::not_found, "the client has no secret to derive the key from");
    auto key = derived_key(*keys.client_secret, key_octets(algorithms));
    if (!key) return fail(std::move(key).error());
    return jose::encrypt_compact(content, *key, algorithms, random, header);
  }
  const auto* key = fitting_key(keys.public_keys, algorithms);
  if (key == nullptr) {
    return fail(jose::no_key_fits("JWE", keys.public_keys, {}, [&](const jose::Jwk& other) {
      return jose::why_not_encrypt(other, algorithms);
    }));
  }
  return jose::encrypt_compact(content, *key, algorithms, random, header);
}

}  // namespace oidcop::client
