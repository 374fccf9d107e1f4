// JWS: nothing verifies that the owner of the keys did not sign, and what he signed does if its header is in
// order.

#include "base/base64url.h"
#include "fuzz/input.h"
#include "fuzz/jose_data.h"
#include "fuzz/property.h"
#include "jose/jws_json.h"
#include "jose/signature.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace oidcop::fuzz {
namespace {

using jose::Algorithm;

jose::JwsPolicy policy() {
  auto algorithms = jose::AlgorithmSet::asymmetric();
  for (const auto algorithm : jose::AlgorithmSet::symmetric().list()) algorithms.insert(algorithm);
  return {.algorithms = algorithms,
          .understood_crit = {"urn:example:known"},
          .unencoded = jose::UnencodedPayload::allowed};
}

/// A compact message without its signature.
std::string signed_part(std::string_view compact) {
  return std::string(compact.substr(0, compact.rfind('.')));
}

bool is_genuine(const std::string& input) {
  static const std::set<std::string> inputs = [] {
    std::set<std::string> known;
    for (const auto& message : genuine_messages("jws")) {
      const auto json = parse_json(message);
      if (!json) known.insert(signed_part(message));
      if (!json) continue;
      const auto payload = **json_text(*json, "payload");
      const auto* list = json_member(*json, "signatures");
      for (const auto& entry : list == nullptr ? Json::array({*json}) : *list) {
        known.insert(**json_text(entry, "protected") + '.' + payload);
      }
    }
    return known;
  }();
  return inputs.contains(input);
}

void check_compact(std::string_view text) {
  const auto verified = jose::verify_compact(text, own_keys(), policy());
  if (!verified) return;
  require(is_genuine(signed_part(text)), "a compact message that verifies was signed");
  require(jose::peek_unverified_header(text) == verified->header, "the header is what was looked at before");
}

void check_json(std::string_view text) {
  const auto any = jose::verify_json(text, own_keys(), policy(), jose::SignatureRule::any);
  const auto all = jose::verify_json(text, own_keys(), policy(), jose::SignatureRule::all);
  if (!any) {
    require(!all, "where no signature verifies not all of them do");
    return;
  }
  const auto json = *parse_json(text);
  const auto* list = json_member(json, "signatures");
  const auto count = list == nullptr ? 1 : list->size();
  require(all.has_value() == (any->signatures.size() == count), "all signatures verify when each one does");
  for (const auto& signature : any->signatures) {
    const auto& entry = list == nullptr ? json : (*list)[signature.position];
    require(is_genuine(**json_text(entry, "protected") + '.' + **json_text(json, "payload")),
            "a signature that verifies was made");
  }
}

void check_detached_json(std::string_view text, std::string_view payload) {
  const auto verified = jose::verify_json(text, own_keys(), policy(), jose::SignatureRule::any, payload);
  if (!verified) return;
  const auto json = *parse_json(text);
  const auto* list = json_member(json, "signatures");
  for (const auto& signature : verified->signatures) {
    const auto& entry = list == nullptr ? json : (*list)[signature.position];
    const bool is_encoded = signature.protected_header.json().value("b64", true);
    require(is_genuine(**json_text(entry, "protected") + '.' +
                       (is_encoded ? base64url_encode(payload) : std::string(payload))),
            "a detached payload that verifies was signed");
  }
}

void check_detached(Input input) {
  const auto compact = input.line();
  const auto payload = input.rest();
  check_detached_json(compact, payload);
  const auto verified = jose::verify_compact_detached(compact, payload, own_keys(), policy());
  if (!verified) return;
  const auto header = compact.substr(0, compact.find('.'));
  const bool is_encoded = !verified->header.has("b64") || *verified->header.find("b64") != false;
  require(
      is_genuine(std::string(header) + '.' + (is_encoded ? base64url_encode(payload) : std::string(payload))),
      "a detached payload that verifies was signed");
  require(verified->payload == payload, "a detached payload is what was given");
}

/// Parts of different messages make none.
void check_splice(Input input) {
  const auto messages = genuine_messages("jws");
  const auto parts_of = [&](std::size_t at) {
    const auto& text = messages[at];
    const auto first = text.find('.');
    return std::array{text.substr(0, first), text.substr(first + 1, text.rfind('.') - first - 1),
                      text.substr(text.rfind('.') + 1)};
  };
  const auto header = input.choice(16), payload = input.choice(16), signature = input.choice(16);
  const auto text = parts_of(header)[0] + '.' + parts_of(payload)[1] + '.' + parts_of(signature)[2];
  const auto verified = jose::verify_compact(text, own_keys(), policy());
  require(verified.has_value() == (header == payload && payload == signature), "parts belong together");
}

/// RFC 7515, 4.1.11, and RFC 7797, once more and from the other end.
bool is_critical_in_order(const Json& header) {
  const bool is_encoded = !header.contains("b64") || header["b64"] == true;
  if (!header.contains("crit")) return is_encoded && (!header.contains("b64") || header["b64"].is_boolean());
  const auto& list = header["crit"];
  if (!list.is_array() || list.empty()) return false;
  std::set<Json> names(list.begin(), list.end());
  if (names.size() != list.size()) return false;
  for (const auto& name : names) {
    if (name != "b64" && name != "urn:example:known") return false;
    if (!header.contains(name.get_ref<const std::string&>())) return false;
  }
  return !header.contains("b64") || header["b64"] == true ||
         (header["b64"] == false && names.contains("b64"));
}

bool is_in_order(const Json& header, const jose::Jwk& key, Algorithm algorithm) {
  for (const auto* name : {"kid", "typ", "cty"}) {
    if (header.contains(name) && !header[name].is_string()) return false;
  }
  if (!header.contains("alg") || !header["alg"].is_string()) return false;
  const auto named = jose::parse_algorithm(header["alg"].get_ref<const std::string&>());
  if (!named || jose::on_curve(*named, key.curve()) != jose::on_curve(algorithm, key.curve())) return false;
  if (header.contains("kid") && header["kid"] != "" && header["kid"] != key.kid()) return false;
  return is_critical_in_order(header);
}

/// Any header and payload under a signature that is right.
void check_signed(Input input) {
  const auto& key = own_keys().keys()[input.choice(own_keys().keys().size())];
  const auto algorithms = key.signing_algorithms();
  if (algorithms.empty()) return;
  const auto algorithm = algorithms[input.choice(algorithms.size())];
  const auto header_text = input.line();
  const auto payload = base64url_encode(input.rest());
  const auto signed_text = base64url_encode(header_text) + '.' + payload;
  const auto signature = jose::make_signature(key, algorithm, signed_text);
  require(signature.has_value(), "a key signs with each of its algorithms");
  const auto verified =
      jose::verify_compact(signed_text + '.' + base64url_encode(*signature), own_keys(), policy());
  const auto header = bare_object(header_text, {.depth = 8});
  const bool expected = header && is_in_order(*header, key, algorithm);
  require(verified.has_value() == expected, "a signed message verifies just when its header is in order");
  if (!verified) return;
  const bool is_encoded = !header->contains("b64") || (*header)["b64"] == true;
  require(verified->header.json() == *header && verified->kid == key.kid() &&
              verified->payload == (is_encoded ? input.rest() : payload),
          "what was signed is what is told");
}

/// Whatever is signed verifies, in every serialisation.
void check_made(Input input) {
  const auto& key = own_keys().keys()[input.choice(own_keys().keys().size())];
  const auto algorithms = key.signing_algorithms();
  if (algorithms.empty()) return;
  jose::JwsSigner signer{key, algorithms[input.choice(algorithms.size())]};
  signer.header.encoding = static_cast<jose::PayloadEncoding>(input.choice(2));
  signer.header.typ = input.line();
  signer.header.cty = input.line();
  if (auto extra = parse_json(input.line())) signer.header.extra = Message(*extra);
  if (auto unprotected = parse_json(input.line())) signer.unprotected = Message(*unprotected);
  const auto payload = input.rest();
  const jose::JwkSet keys({key});
  const auto is_payload = [payload](const auto& verified) {
    return verified && verified->payload == payload;
  };
  if (const auto compact = jose::sign_compact(payload, key, signer.algorithm, signer.header)) {
    const auto again = jose::verify_compact(*compact, key, policy());
    require(!again || is_payload(again), "a message has the payload that was signed");
  }
  if (const auto detached = jose::sign_compact_detached(payload, key, signer.algorithm, signer.header)) {
    const auto again = jose::verify_compact_detached(*detached, payload, keys, policy());
    require(!again || is_payload(again), "a detached payload is the one that was signed");
    require(!jose::verify_compact_detached(*detached, std::string(payload) + 'x', keys, policy()),
            "another payload is not");
  }
  for (const auto& json :
       {jose::sign_flattened(payload, signer), jose::sign_general(payload, {signer, signer})}) {
    if (!json) continue;
    const auto again = jose::verify_json(*json, keys, policy(), jose::SignatureRule::all);
    require(
        !again || (is_payload(again) && again->signatures.front().unprotected_header == signer.unprotected),
        "a JSON message has the payload that was signed");
  }
  if (!signer.header.extra.empty() || !signer.unprotected.empty()) return;  // may be anything, e.g. too deep
  const auto plain = jose::sign_flattened(payload, signer, jose::PayloadPlace::detached);
  require(plain && is_payload(jose::verify_json(*plain, keys, policy(), jose::SignatureRule::all, payload)),
          "what is signed without further parameters verifies");
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop::fuzz;  // NOLINT: a function without a namespace of its own
  Input input(data, size);
  const auto mode = input.choice(6);
  if (mode == 0) check_compact(input.rest());
  if (mode == 1) check_json(input.rest());
  if (mode == 2) check_detached(input);
  if (mode == 3) check_splice(input);
  if (mode == 4) check_signed(input);
  if (mode == 5) check_made(input);
  require(ERR_peek_error() == 0, "no error of OpenSSL is left behind for the next caller");
  return 0;
}
