#include "jose/jws.h"

#include "base/base64url.h"
#include "base/json.h"
#include "jose/signature.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

/// A compact JWS in its parts; views into the text it was split from.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signing_input;
};

Result<Parts> split(std::string_view compact, std::size_t max_octets);
Result<Message> read_header(std::string_view encoded);
Result<void> check_critical(const Message& header, const std::vector<std::string>& understood);
Result<std::string> encode_header(const JwsHeader& header, Algorithm algorithm, const std::string& kid);
Result<std::string> find_key(const Parts& parts, std::string_view signature, const JwkSet& keys,
                             Algorithm algorithm, std::string_view kid);

}  // namespace

Result<std::string> sign_compact(std::string_view payload, const Jwk& key, Algorithm algorithm,
                                 const JwsHeader& header) {
  if (algorithm == Algorithm::none) return fail(Errc::refused, "\"none\" signs nothing");
  auto compact = encode_header(header, algorithm, key.kid());
  if (!compact) return compact;
  *compact += '.';
  *compact += base64url_encode(payload);
  auto signature = make_signature(key, algorithm, *compact);
  if (!signature) return signature;
  *compact += '.';
  *compact += base64url_encode(*signature);
  return compact;
}

Result<std::string> make_unsecured(std::string_view payload, const JwsHeader& header) {
  auto compact = encode_header(header, Algorithm::none, {});
  if (!compact) return compact;
  *compact += '.';
  *compact += base64url_encode(payload);
  *compact += '.';
  return compact;
}

Result<VerifiedJws> verify_compact(std::string_view compact, const JwkSet& keys, const JwsPolicy& policy) {
  const auto parts = split(compact, policy.max_octets);
  if (!parts) return fail(parts.error());
  auto header = read_header(parts->header);
  if (!header) return fail(std::move(header).error());
  const auto algorithm = parse_algorithm(header->text("alg").value_or(""));
  if (!algorithm) return fail(algorithm.error());
  if (!policy.algorithms.contains(*algorithm)) {
    return fail(Errc::refused,
                "the algorithm " + std::string(algorithm_name(*algorithm)) + " is not allowed here");
  }
  if (auto understood = check_critical(*header, policy.understood_crit); !understood) {
    return fail(std::move(understood).error());
  }
  auto payload = base64url_decode(parts->payload);
  if (!payload) return fail(Errc::malformed, "the payload of the JWS is not base64url");
  auto signature = base64url_decode(parts->signature);
  if (!signature) return fail(Errc::malformed, "the signature of the JWS is not base64url");
  std::string kid;
  if (*algorithm == Algorithm::none) {
    if (!signature->empty()) return fail(Errc::malformed, "an unsecured JWS has an empty signature");
  } else {
    auto found = find_key(*parts, *signature, keys, *algorithm, header->text("kid").value_or(""));
    if (!found) return fail(std::move(found).error());
    kid = std::move(*found);
  }
  return VerifiedJws{*algorithm, std::move(*header), std::move(*payload), std::move(kid)};
}

Result<VerifiedJws> verify_compact(std::string_view compact, const Jwk& key, const JwsPolicy& policy) {
  return verify_compact(compact, JwkSet({key}), policy);
}

Result<Message> peek_unverified_header(std::string_view compact, std::size_t max_octets) {
  const auto parts = split(compact, max_octets);
  if (!parts) return fail(parts.error());
  return read_header(parts->header);
}

Result<Message> peek_unverified_claims(std::string_view compact, std::size_t max_octets) {
  const auto parts = split(compact, max_octets);
  if (!parts) return fail(parts.error());
  const auto payload = base64url_decode(parts->payload);
  if (!payload) return fail(Errc::malformed, "the payload of the JWS is not base64url");
  auto claims = parse_json(*payload, {.octets = max_octets});
  if (!claims || !claims->is_object()) return fail(Errc::malformed, "the payload is not a JSON object");
  return Message(std::move(*claims));
}

namespace {

Result<Parts> split(std::string_view compact, std::size_t max_octets) {
  if (compact.size() > max_octets) return fail(Errc::refused, "the JWS is too large");
  const auto first = compact.find('.');
  const auto second = first == std::string_view::npos ? first : compact.find('.', first + 1);
  if (second == std::string_view::npos || compact.find('.', second + 1) != std::string_view::npos) {
    return fail(Errc::malformed, "a compact JWS has three parts");
  }
  return Parts{compact.substr(0, first), compact.substr(first + 1, second - first - 1),
               compact.substr(second + 1), compact.substr(0, second)};
}

Result<Message> read_header(std::string_view encoded) {
  constexpr std::size_t kMaxHeader = 16U << 10U;
  const auto text = base64url_decode(encoded);
  if (!text) return fail(Errc::malformed, "the header of the JWS is not base64url");
  auto json = parse_json(*text, {.octets = kMaxHeader, .depth = 8});
  if (!json || !json->is_object()) return fail(Errc::malformed, "the header of the JWS is not a JSON object");
  for (const auto* name : {"alg", "kid", "typ", "cty"}) {
    if (auto member = json_text(*json, name); !member) return fail(std::move(member).error());
  }
  if (json_member(*json, "alg") == nullptr)
    return fail(Errc::malformed, "the header of the JWS lacks \"alg\"");
  return Message(std::move(*json));
}

/// RFC 7515, 4.1.11.
Result<void> check_critical(const Message& header, const std::vector<std::string>& understood) {
  constexpr std::array<std::string_view, 11> kRegistered = {"alg", "jku", "jwk",      "kid", "x5u", "x5c",
                                                            "x5t", "typ", "x5t#S256", "cty", "crit"};
  if (!header.has("crit")) return {};
  const auto names = json_texts(header.json(), "crit");
  if (!names || (*names)->empty()) return fail(Errc::malformed, "\"crit\" is not a list of names");
  for (auto name = (*names)->begin(); name != (*names)->end(); ++name) {
    if (std::find(kRegistered.begin(), kRegistered.end(), *name) != kRegistered.end() ||
        std::find((*names)->begin(), name, *name) != name || !header.has(*name)) {
      return fail(Errc::malformed, "\"crit\" names a member that it must not name");
    }
    if (std::find(understood.begin(), understood.end(), *name) == understood.end()) {
      return fail(Errc::refused, "\"crit\" names an extension that is not understood here");
    }
  }
  return {};
}

Result<std::string> encode_header(const JwsHeader& header, Algorithm algorithm, const std::string& kid) {
  for (const auto* name : {"alg", "kid", "typ", "cty", "crit", "b64"}) {
    if (header.extra.has(name)) {
      return fail(Errc::refused, std::string("\"") + name + "\" is not an extra header parameter");
    }
  }
  Json json = header.extra.json();
  json["alg"] = std::string(algorithm_name(algorithm));
  if (!kid.empty()) json["kid"] = kid;
  if (!header.typ.empty()) json["typ"] = header.typ;
  if (!header.cty.empty()) json["cty"] = header.cty;
  return base64url_encode(dump_json(json));
}

/// The kid of the key that verifies.
Result<std::string> find_key(const Parts& parts, std::string_view signature, const JwkSet& keys,
                             Algorithm algorithm, std::string_view kid) {
  const auto candidates = keys.candidates(algorithm, kid);
  if (candidates.empty()) return fail(Errc::not_found, "no key fits the header of the JWS");
  for (const auto& key : candidates) {
    if (check_signature(key, algorithm, parts.signing_input, signature)) return key.kid();
  }
  return fail(Errc::bad_signature, "the signature of the JWS does not match");
}

}  // namespace

}  // namespace oidcop::jose
