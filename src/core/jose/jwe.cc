#include "jose/jwe.h"

#include "base/base64url.h"
#include "base/json.h"
#include "jose/jwe_content.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

enum Part : std::size_t { kHeader, kEncryptedKey, kIv, kCiphertext, kTag, kParts };

/// A compact JWE in its parts; views into the text it was split from.
using Parts = std::array<std::string_view, kParts>;

Result<Parts> split(std::string_view compact, std::size_t max_octets) {
  if (compact.size() > max_octets) return fail(Errc::refused, "the JWE is too large");
  if (!looks_encrypted(compact)) return fail(Errc::malformed, "a compact JWE has five parts");
  Parts parts;
  for (auto& part : parts) {
    const auto dot = std::min(compact.find('.'), compact.size());
    part = compact.substr(0, dot);
    compact.remove_prefix(std::min(dot + 1, compact.size()));
  }
  return parts;
}

Result<JweContent> decode_content(const Parts& parts, std::string& encrypted_key) {
  JweContent content;
  content.associated = parts[kHeader];
  const std::pair<Part, std::string*> targets[] = {{kEncryptedKey, &encrypted_key},
                                                   {kIv, &content.iv},
                                                   {kCiphertext, &content.sealed.ciphertext},
                                                   {kTag, &content.sealed.tag}};
  for (const auto& [part, target] : targets) {
    auto octets = base64url_decode(parts[part]);
    if (!octets) return fail(Errc::malformed, "a part of the JWE is not base64url");
    *target = std::move(*octets);
  }
  return content;
}

Result<std::string> encode_header(const JweHeader& header, const JweAlgorithms& algorithms, const Jwk& key,
                                  const KeyParameters& parameters) {
  for (const auto& name : header.extra.names()) {
    if (is_own_parameter(name))
      return fail(Errc::refused, "\"" + name + "\" is not an extra header parameter");
  }
  Json json = header.extra.json();
  json.update(write_key_parameters(parameters, algorithms.management));
  json["alg"] = std::string(algorithm_name(algorithms.management));
  json["enc"] = std::string(algorithm_name(algorithms.encryption));
  if (!key.kid().empty()) json["kid"] = key.kid();
  if (!header.typ.empty()) json["typ"] = header.typ;
  if (!header.cty.empty()) json["cty"] = header.cty;
  return base64url_encode(dump_json(json));
}

}  // namespace

Result<std::string> encrypt_compact(std::string_view plaintext, const Jwk& key,
                                    const JweAlgorithms& algorithms, Random& random,
                                    const JweHeader& header) {
  const auto established = establish_key(key, algorithms, header.key, random);
  if (!established) return fail(established.error());
  const auto encoded = encode_header(header, algorithms, key, established->parameters);
  if (!encoded) return encoded;
  const auto content = seal_content({plaintext, *encoded}, algorithms.encryption, established->cek, random);
  if (!content) return fail(content.error());
  return *encoded + '.' + base64url_encode(established->encrypted_key) + '.' + base64url_encode(content->iv) +
         '.' + base64url_encode(content->sealed.ciphertext) + '.' + base64url_encode(content->sealed.tag);
}

Result<DecryptedJwe> decrypt_compact(std::string_view compact, const JwkSet& keys, const JwePolicy& policy,
                                     Random& random) {
  const auto parts = split(compact, policy.max_octets);
  if (!parts) return fail(parts.error());
  const auto header = decode_protected_header((*parts)[kHeader]);
  if (!header) return fail(header.error());
  auto read = read_recipient_header({.integrity_protected = &*header}, policy);
  if (!read) return fail(std::move(read).error());
  JweRecipientPart recipient{std::move(*read), {}};
  const auto content = decode_content(*parts, recipient.encrypted_key);
  if (!content) return fail(content.error());
  WorkBudget budget(policy.iterations);
  auto opened = open_content(*content, recipient, keys, budget, random);
  if (!opened) return fail(budget.explain(std::move(opened).error()));
  return DecryptedJwe{recipient.header.algorithms, std::move(recipient.header.joined),
                      std::move(opened->plaintext), std::move(opened->kid)};
}

Result<Message> peek_encryption_header(std::string_view compact, std::size_t max_octets) {
  const auto parts = split(compact, max_octets);
  if (!parts) return fail(parts.error());
  auto header = decode_protected_header((*parts)[kHeader]);
  if (!header) return fail(std::move(header).error());
  return Message(std::move(*header));
}

bool looks_encrypted(std::string_view compact) {
  return std::count(compact.begin(), compact.end(), '.') == kParts - 1;
}

}  // namespace oidcop::jose
