#include "jose/jws.h"

#include "base/base64url.h"
#include "base/json.h"
#include "jose/json_object.h"
#include "jose/jws_header.h"
#include "jose/signature.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

/// A compact JWS in its parts; views into the text it was split from.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
};

Result<Parts> split(std::string_view compact, std::size_t max_octets);
bool fits_compact(std::string_view unencoded);
Result<std::string> decode_payload(std::string_view text, PayloadEncoding encoding);
Result<VerifiedJws> verify_parts(const Parts& parts, const std::string_view* detached, const JwkSet& keys,
                                 const JwsPolicy& policy);

}  // namespace

Result<std::string> sign_compact(std::string_view payload, const Jwk& key, Algorithm algorithm,
                                 const JwsHeader& header) {
  if (header.encoding == PayloadEncoding::unencoded && !fits_compact(payload)) {
    return fail(Errc::refused, "the unencoded payload has a character that a compact JWS cannot hold");
  }
  auto protected_text = encode_header(header, algorithm, key.kid());
  if (!protected_text) return protected_text;
  auto compact = signing_input(*protected_text, encode_payload(payload, header.encoding));
  auto signature = make_signature(key, algorithm, compact);
  if (!signature) return signature;
  compact += '.';
  compact += base64url_encode(*signature);
  return compact;
}

Result<std::string> sign_compact_detached(std::string_view payload, const Jwk& key, Algorithm algorithm,
                                          const JwsHeader& header) {
  auto protected_text = encode_header(header, algorithm, key.kid());
  if (!protected_text) return protected_text;
  const auto input = signing_input(*protected_text, encode_payload(payload, header.encoding));
  auto signature = make_signature(key, algorithm, input);
  if (!signature) return signature;
  return *protected_text + ".." + base64url_encode(*signature);
}

Result<std::string> make_unsecured(std::string_view payload, const JwsHeader& header) {
  if (header.encoding == PayloadEncoding::unencoded) {
    return fail(Errc::refused, "an unsecured JWS has an encoded payload");
  }
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
  return verify_parts(*parts, nullptr, keys, policy);
}

Result<VerifiedJws> verify_compact(std::string_view compact, const Jwk& key, const JwsPolicy& policy) {
  return verify_compact(compact, JwkSet({key}), policy);
}

Result<VerifiedJws> verify_compact_detached(std::string_view compact, std::string_view payload,
                                            const JwkSet& keys, const JwsPolicy& policy) {
  const auto parts = split(compact, policy.max_octets);
  if (!parts) return fail(parts.error());
  if (!parts->payload.empty()) return fail(Errc::malformed, "the JWS holds a payload, which is not detached");
  return verify_parts(*parts, &payload, keys, policy);
}

Result<Message> peek_unverified_header(std::string_view compact, std::size_t max_octets) {
  const auto parts = split(compact, max_octets);
  if (!parts) return fail(parts.error());
  auto header = read_protected_header(parts->header);
  if (header && !header->has("alg")) return fail(Errc::malformed, "the header of the JWS lacks \"alg\"");
  return header;
}

Result<Message> peek_unverified_claims(std::string_view compact, std::size_t max_octets) {
  const auto parts = split(compact, max_octets);
  if (!parts) return fail(parts.error());
  const auto payload = base64url_decode(parts->payload);
  if (!payload) return fail(Errc::malformed, "the payload of the JWS is not base64url");
  auto claims = parse_object(*payload, "the payload", {.octets = max_octets});
  if (!claims) return fail(std::move(claims).error());
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
               compact.substr(second + 1)};
}

/// RFC 7797, 5.2: printable characters but the period, which separates the parts.
bool fits_compact(std::string_view unencoded) {
  return std::all_of(unencoded.begin(), unencoded.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '.'; });
}

Result<std::string> decode_payload(std::string_view text, PayloadEncoding encoding) {
  if (encoding == PayloadEncoding::unencoded) {
    if (fits_compact(text)) return std::string(text);
    return fail(Errc::malformed, "the unencoded payload has a character that a compact JWS cannot hold");
  }
  auto payload = base64url_decode(text);
  if (!payload) return fail(Errc::malformed, "the payload of the JWS is not base64url");
  return payload;
}

/// \param detached  null: the payload is in the parts
Result<VerifiedJws> verify_parts(const Parts& parts, const std::string_view* detached, const JwkSet& keys,
                                 const JwsPolicy& policy) {
  auto header = read_protected_header(parts.header);
  if (!header) return fail(std::move(header).error());
  const auto algorithm = allowed_algorithm(*header, policy);
  if (!algorithm) return fail(algorithm.error());
  const auto encoding = check_critical(*header, policy);
  if (!encoding) return fail(encoding.error());
  auto payload = detached == nullptr ? decode_payload(parts.payload, *encoding) : std::string(*detached);
  if (!payload) return fail(std::move(payload).error());
  if (*algorithm == Algorithm::none) {
    if (!parts.signature.empty()) return fail(Errc::malformed, "an unsecured JWS has an empty signature");
    return VerifiedJws{*algorithm, std::move(*header), std::move(*payload), {}};
  }
  const auto payload_text = detached == nullptr ? std::string() : encode_payload(*detached, *encoding);
  const Signature signature{parts.header, detached == nullptr ? parts.payload : payload_text,
                            parts.signature};
  auto kid = find_key(signature, *header, *algorithm, keys, policy);
  if (!kid) return fail(std::move(kid).error());
  return VerifiedJws{*algorithm, std::move(*header), std::move(*payload), std::move(*kid)};
}

}  // namespace

}  // namespace oidcop::jose
