#include "jose/jws_header.h"

#include "base/base64url.h"
#include "base/json.h"
#include "jose/critical.h"
#include "jose/json_object.h"
#include "jose/key_fit.h"
#include "jose/signature.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxHeader = 16U << 10U;

/// RFC 7797, 6: an unencoded payload must not be taken for an encoded one by those who do not know "b64".
Result<PayloadEncoding> read_encoding(const Message& header, bool is_critical, const JwsPolicy& policy) {
  const auto encoded = json_bool(header.json(), "b64");
  if (!encoded) return fail(Errc::malformed, "\"b64\" is not true or false");
  if (encoded->value_or(true)) return PayloadEncoding::base64url;
  if (!is_critical) return fail(Errc::malformed, "\"b64\" is false, and \"crit\" does not name it");
  if (policy.unencoded == UnencodedPayload::refused) {
    return fail(Errc::refused, "an unencoded payload is not allowed here");
  }
  return PayloadEncoding::unencoded;
}

/// Why a key is none that may have made the signature; empty: it may.
std::string why_not(const Jwk& key, Algorithm algorithm, const JwsPolicy& policy) {
  if (key.can_verify(algorithm) && !policy.algorithms.allows(algorithm, key.curve())) {
    return "on the curve " + std::string(curve_name(key.curve())) + ", which is not allowed here";
  }
  return why_not_verify(key, algorithm);
}

/// How many keys of the set could have been tried.
std::size_t count_fitting(const JwkSet& keys, std::string_view kid, Algorithm algorithm,
                          const JwsPolicy& policy) {
  const auto fits = [&](const Jwk& key) {
    return (kid.empty() || key.kid().empty() || key.kid() == kid) && why_not(key, algorithm, policy).empty();
  };
  return static_cast<std::size_t>(std::count_if(keys.keys().begin(), keys.keys().end(), fits));
}

}  // namespace

Result<void> check_header_types(const Json& header) {
  for (const auto* name : {"alg", "kid", "typ", "cty"}) {
    if (auto member = json_text(header, name); !member) return fail(std::move(member).error());
  }
  return {};
}

Result<Message> read_protected_header(std::string_view encoded) {
  const auto text = base64url_decode(encoded);
  if (!text) return fail(Errc::malformed, "the header of the JWS is not base64url");
  auto json = parse_object(*text, "the header of the JWS", {.octets = kMaxHeader, .depth = 8});
  if (!json) return fail(std::move(json).error());
  if (auto typed = check_header_types(*json); !typed) return fail(std::move(typed).error());
  return Message(std::move(*json));
}

Result<PayloadEncoding> check_critical(const Message& protected_header, const JwsPolicy& policy) {
  constexpr std::array<std::string_view, 11> kRegistered = {"alg", "jku", "jwk",      "kid", "x5u", "x5c",
                                                            "x5t", "typ", "x5t#S256", "cty", "crit"};
  auto understood = policy.understood_crit;
  if (policy.unencoded == UnencodedPayload::allowed) understood.emplace_back("b64");
  const auto names = read_critical(protected_header.json(), kRegistered, understood);
  if (!names) return fail(names.error());
  const bool names_b64 = std::find(names->begin(), names->end(), "b64") != names->end();
  return read_encoding(protected_header, names_b64, policy);
}

Result<Algorithm> allowed_algorithm(const Message& header, const JwsPolicy& policy) {
  const auto name = header.text("alg");
  if (!name) return fail(Errc::malformed, "the header of the JWS lacks \"alg\"");
  const auto algorithm = parse_algorithm(*name);
  if (algorithm && !policy.algorithms.allows(*algorithm)) {
    return fail(Errc::refused,
                "the algorithm " + std::string(algorithm_name(*algorithm)) + " is not allowed here");
  }
  return algorithm;
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
  if (header.encoding == PayloadEncoding::unencoded) {
    json["b64"] = false;
    json["crit"] = Json::array({"b64"});
  }
  return base64url_encode(dump_json(json));
}

Result<std::string> find_key(const Signature& signature, const Message& header, Algorithm algorithm,
                             const JwkSet& keys, const JwsPolicy& policy) {
  const auto octets = base64url_decode(signature.signature_text);
  if (!octets) return fail(Errc::malformed, "the signature of the JWS is not base64url");
  const auto kid = header.text("kid").value_or("");
  const auto candidates = keys.candidates(algorithm, kid, policy.algorithms);
  if (candidates.empty()) {
    return fail(
        no_key_fits("JWS", keys, kid, [&](const Jwk& key) { return why_not(key, algorithm, policy); }));
  }
  const auto input = signing_input(signature.protected_text, signature.payload_text);
  for (const auto& key : candidates) {
    if (check_signature(key, algorithm, input, *octets)) return key.kid();
  }
  std::string detail = "the signature of the JWS does not match";
  if (const auto fitting = count_fitting(keys, kid, algorithm, policy); fitting > candidates.size()) {
    detail += " (tried: " + std::to_string(candidates.size()) + " of " + std::to_string(fitting) +
              " keys that fit)";
  }
  return fail(Errc::bad_signature, std::move(detail));
}

std::string encode_payload(std::string_view payload, PayloadEncoding encoding) {
  return encoding == PayloadEncoding::unencoded ? std::string(payload) : base64url_encode(payload);
}

std::string signing_input(std::string_view protected_text, std::string_view payload_text) {
  std::string input;
  input.reserve(protected_text.size() + 1 + payload_text.size());
  return input.append(protected_text).append(1, '.').append(payload_text);
}

}  // namespace oidcop::jose
