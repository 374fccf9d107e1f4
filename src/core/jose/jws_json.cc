#include "jose/jws_json.h"

#include "base/base64url.h"
#include "base/json.h"
#include "jose/json_object.h"
#include "jose/jws_header.h"
#include "jose/signature.h"

#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxSignatures = 8;

/// One signature as it came, its form checked. Whether its extensions are understood is a question of that
/// signature alone (RFC 7515, 5.2).
struct Entry {
  std::string protected_text;
  std::string signature_text;
  Message protected_header;
  Message unprotected_header;
  Message joined;
  Result<PayloadEncoding> encoding = PayloadEncoding::base64url;
};

struct Payload {
  std::string octets;
  std::string text;  ///< as it is signed
};

Result<std::vector<Entry>> read_entries(const Json& jws, const JwsPolicy& policy);
Result<Entry> read_entry(const Json& entry, const JwsPolicy& policy);
Result<PayloadEncoding> common_encoding(const std::vector<Entry>& entries);
Result<Payload> read_payload(const Json& jws, PayloadEncoding encoding,
                             std::optional<std::string_view> detached);
Result<VerifiedSignature> verify_entry(const Entry& entry, const Payload& payload, const JwkSet& keys,
                                       const JwsPolicy& policy);
Result<Json> sign_entry(std::string_view payload, const JwsSigner& signer);
Result<void> put_payload(Json& jws, std::string_view payload, PayloadEncoding encoding, PayloadPlace place);

}  // namespace

Result<std::string> sign_general(std::string_view payload, const std::vector<JwsSigner>& signers,
                                 PayloadPlace place) {
  if (signers.empty() || signers.size() > kMaxSignatures) {
    return fail(Errc::refused, "a JWS has 1 to 8 signatures");
  }
  const auto encoding = signers.front().header.encoding;
  auto signatures = Json::array();
  for (const auto& signer : signers) {
    if (signer.header.encoding != encoding) {
      return fail(Errc::refused, "all signatures of a JWS encode the payload alike");
    }
    auto entry = sign_entry(payload, signer);
    if (!entry) return fail(std::move(entry).error());
    signatures.push_back(std::move(*entry));
  }
  auto jws = Json::object();
  if (auto put = put_payload(jws, payload, encoding, place); !put) return fail(std::move(put).error());
  jws["signatures"] = std::move(signatures);
  return dump_json(jws);
}

Result<std::string> sign_flattened(std::string_view payload, const JwsSigner& signer, PayloadPlace place) {
  auto jws = sign_entry(payload, signer);
  if (!jws) return fail(std::move(jws).error());
  auto put = put_payload(*jws, payload, signer.header.encoding, place);
  if (!put) return fail(std::move(put).error());
  return dump_json(*jws);
}

Result<VerifiedJsonJws> verify_json(std::string_view text, const JwkSet& keys, const JwsPolicy& policy,
                                    SignatureRule rule, std::optional<std::string_view> detached) {
  if (text.size() > policy.max_octets) return fail(Errc::refused, "the JWS is too large");
  const auto jws = parse_object(text, "the JWS", {.octets = policy.max_octets});
  if (!jws) return fail(jws.error());
  const auto entries = read_entries(*jws, policy);
  if (!entries) return fail(entries.error());
  const auto encoding = common_encoding(*entries);
  if (!encoding) return fail(encoding.error());
  auto payload = read_payload(*jws, *encoding, detached);
  if (!payload) return fail(std::move(payload).error());
  VerifiedJsonJws verified;
  std::optional<Error> failure;
  for (const auto& entry : *entries) {
    auto signature = verify_entry(entry, *payload, keys, policy);
    if (signature) {
      signature->position = static_cast<std::size_t>(&entry - entries->data());
      verified.signatures.push_back(std::move(*signature));
    } else if (!failure) {
      failure = std::move(signature).error();
    }
  }
  if (failure && (rule == SignatureRule::all || verified.signatures.empty()))
    return fail(std::move(*failure));
  verified.payload = std::move(payload->octets);
  return verified;
}

namespace {

Result<std::vector<Entry>> read_entries(const Json& jws, const JwsPolicy& policy) {
  std::vector<Entry> entries;
  const auto add = [&](const Json& object) -> Result<void> {
    auto entry = read_entry(object, policy);
    if (!entry) return fail(std::move(entry).error());
    entries.push_back(std::move(*entry));
    return {};
  };
  const Json* list = json_member(jws, "signatures");
  if (list == nullptr) {
    if (auto added = add(jws); !added) return fail(std::move(added).error());
    return entries;
  }
  for (const auto* name : {"signature", "protected", "header"}) {
    if (json_member(jws, name) != nullptr) {
      return fail(Errc::malformed, "the JWS mixes the general and the flattened syntax");
    }
  }
  if (!list->is_array() || list->empty()) return fail(Errc::malformed, "the JWS has no signatures");
  if (list->size() > kMaxSignatures) return fail(Errc::refused, "the JWS has more than 8 signatures");
  for (const auto& object : *list) {
    if (auto added = add(object); !added) return fail(std::move(added).error());
  }
  return entries;
}

Result<Entry> read_entry(const Json& object, const JwsPolicy& policy) {
  if (!object.is_object()) return fail(Errc::malformed, "a signature of the JWS is not a JSON object");
  auto signature = json_text(object, "signature");
  if (!signature || !*signature) return fail(Errc::malformed, "the JWS lacks \"signature\"");
  auto protected_text = json_text(object, "protected");
  if (!protected_text) return fail(std::move(protected_text).error());
  Entry entry;
  entry.signature_text = std::move(**signature);
  if (*protected_text) {
    auto header = read_protected_header(**protected_text);
    if (!header) return fail(std::move(header).error());
    entry.protected_text = std::move(**protected_text);
    entry.protected_header = std::move(*header);
  }
  auto joined = entry.protected_header.json();
  if (const Json* unprotected = json_member(object, "header"); unprotected != nullptr) {
    if (!unprotected->is_object()) return fail(Errc::malformed, "\"header\" of the JWS is not a JSON object");
    if (auto typed = check_header_types(*unprotected); !typed) return fail(std::move(typed).error());
    for (const auto& [name, value] : unprotected->items()) {
      // RFC 7515, 4.1.11 and 7.2.1; RFC 7797, 3.
      if (name == "crit" || name == "b64") {
        return fail(Errc::malformed, "\"" + name + "\" of the JWS is not protected");
      }
      if (joined.contains(name)) return fail(Errc::malformed, "the headers of the JWS share a member");
      joined[name] = value;
    }
    entry.unprotected_header = Message(*unprotected);
  }
  entry.joined = Message(std::move(joined));
  entry.encoding = check_critical(entry.protected_header, policy);
  return entry;
}

/// How those signatures encode the payload that can be verified here: all alike (RFC 7797, 3). The error of
/// the first when there is none.
Result<PayloadEncoding> common_encoding(const std::vector<Entry>& entries) {
  auto common = entries.front().encoding;
  for (const auto& entry : entries) {
    if (!entry.encoding) continue;
    if (common && *common != *entry.encoding) {
      return fail(Errc::malformed, "the signatures of the JWS encode the payload differently");
    }
    common = entry.encoding;
  }
  return common;
}

Result<Payload> read_payload(const Json& jws, PayloadEncoding encoding,
                             std::optional<std::string_view> detached) {
  auto included = json_text(jws, "payload");
  if (!included) return fail(std::move(included).error());
  if (detached) {
    if (*included) return fail(Errc::malformed, "the JWS holds a payload, which is not detached");
    return Payload{std::string(*detached), encode_payload(*detached, encoding)};
  }
  if (!*included) return fail(Errc::malformed, "the JWS lacks \"payload\"");
  if (encoding == PayloadEncoding::unencoded) return Payload{**included, **included};
  auto octets = base64url_decode(**included);
  if (!octets) return fail(Errc::malformed, "the payload of the JWS is not base64url");
  return Payload{std::move(*octets), std::move(**included)};
}

Result<VerifiedSignature> verify_entry(const Entry& entry, const Payload& payload, const JwkSet& keys,
                                       const JwsPolicy& policy) {
  if (!entry.encoding) return fail(entry.encoding.error());
  if (policy.algorithm_place == AlgorithmPlace::protected_header && !entry.protected_header.has("alg")) {
    return fail(Errc::refused, "\"alg\" of the JWS is not protected");
  }
  const auto algorithm = allowed_algorithm(entry.joined, policy);
  if (!algorithm) return fail(algorithm.error());
  if (*algorithm == Algorithm::none) {
    return fail(Errc::refused, "the JSON serialisation of a JWS is never unsecured");
  }
  const Signature signature{entry.protected_text, payload.text, entry.signature_text};
  auto kid = find_key(signature, entry.joined, *algorithm, keys, policy);
  if (!kid) return fail(std::move(kid).error());
  return VerifiedSignature{0, *algorithm, entry.protected_header, entry.unprotected_header, std::move(*kid)};
}

Result<Json> sign_entry(std::string_view payload, const JwsSigner& signer) {
  auto protected_text = encode_header(signer.header, signer.algorithm, signer.key.kid());
  if (!protected_text) return fail(std::move(protected_text).error());
  const auto input = signing_input(*protected_text, encode_payload(payload, signer.header.encoding));
  auto signature = make_signature(signer.key, signer.algorithm, input);
  if (!signature) return fail(std::move(signature).error());
  auto entry = Json::object();
  if (!signer.unprotected.json().empty()) {
    const auto header = read_protected_header(*protected_text);
    for (const auto& [name, value] : signer.unprotected.json().items()) {
      if (name == "alg" || name == "crit" || name == "b64" || !header || header->has(name)) {
        return fail(Errc::refused, "\"" + name + "\" is not a parameter to leave unprotected");
      }
    }
    entry["header"] = signer.unprotected.json();
  }
  entry["protected"] = std::move(*protected_text);
  entry["signature"] = base64url_encode(*signature);
  return entry;
}

Result<void> put_payload(Json& jws, std::string_view payload, PayloadEncoding encoding, PayloadPlace place) {
  if (place == PayloadPlace::detached) return {};
  const Json encoded = encode_payload(payload, encoding);
  jws["payload"] = encoded;
  if (encoding == PayloadEncoding::base64url) return {};
  // What is not UTF-8 would not come back as it went (RFC 7797, 5.3).
  const auto again = parse_json(dump_json(encoded), {.octets = 2 * payload.size() * 6 + 16});
  if (!again || *again != encoded) return fail(Errc::refused, "the unencoded payload is not UTF-8 text");
  return {};
}

}  // namespace

}  // namespace oidcop::jose
