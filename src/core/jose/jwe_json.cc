#include "jose/jwe_json.h"

#include "base/base64url.h"
#include "base/json.h"
#include "jose/json_object.h"
#include "jose/jwe_content.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxDepth = 12;

/// A recipient as it stands in the message, and its header as far as it can be used here.
struct ReadRecipient {
  Result<RecipientHeader> header;  ///< or why this recipient is left aside
  std::string encrypted_key;
};

/// A message that was read, nothing decrypted yet.
struct ReadMessage {
  JweContent content;
  std::optional<Json> integrity_protected;
  std::string aad;
  std::vector<ReadRecipient> recipients;
};

Result<ReadMessage> read_message(std::string_view text, const JwePolicy& policy);
Result<void> read_recipients(const Json& json, const JwePolicy& policy, ReadMessage& message);
Result<void> check_recipients(const ReadMessage& message);
Result<std::string> octets_member(const Json& json, std::string_view name);
Result<DecryptedJsonJwe> open_recipient(ReadMessage& message, ReadRecipient& recipient, const JwkSet& keys,
                                        WorkBudget& budget, Random& random);

/// Of the failures for several recipients one is told: what was tried and did not open says more than what
/// was left aside.
enum FailureWeight : std::uint8_t { kLeftAside, kNoKey, kNotOpened, kFinal };
FailureWeight weight_of(const Error& error);

Result<void> check_order(const JweJsonOrder& order, JweSyntax syntax);
Result<std::vector<EstablishedKey>> establish_keys(const JweJsonOrder& order, Random& random);
Json recipient_header(const JweRecipient& recipient, const EstablishedKey& established);

}  // namespace

Result<std::string> encrypt_json(std::string_view plaintext, const JweJsonOrder& order, JweSyntax syntax,
                                 Random& random) {
  if (auto checked = check_order(order, syntax); !checked) return fail(std::move(checked).error());
  const auto established = establish_keys(order, random);
  if (!established) return fail(established.error());
  const bool single = order.recipients.size() == 1;
  Json integrity_protected = order.integrity_protected.json();
  integrity_protected["enc"] = std::string(algorithm_name(order.encryption));
  auto recipients = Json::array();
  for (std::size_t i = 0; i < order.recipients.size(); ++i) {
    const auto& recipient = order.recipients[i];
    Json header = recipient.header.json();
    (single ? integrity_protected : header).update(recipient_header(recipient, (*established)[i]));
    Json entry = Json::object();
    if (!header.empty()) entry["header"] = std::move(header);
    const auto& encrypted_key = (*established)[i].encrypted_key;
    if (!encrypted_key.empty()) entry["encrypted_key"] = base64url_encode(encrypted_key);
    recipients.push_back(std::move(entry));
  }
  Json json = Json::object();
  auto associated = base64url_encode(dump_json(integrity_protected));
  json["protected"] = associated;
  if (!order.aad.empty()) {
    json["aad"] = base64url_encode(order.aad);
    associated += '.' + base64url_encode(order.aad);
  }
  const auto content =
      seal_content({plaintext, associated}, order.encryption, established->front().cek, random);
  if (!content) return fail(content.error());
  json["iv"] = base64url_encode(content->iv);
  json["ciphertext"] = base64url_encode(content->sealed.ciphertext);
  json["tag"] = base64url_encode(content->sealed.tag);
  if (!order.unprotected.empty()) json["unprotected"] = order.unprotected.json();
  if (syntax == JweSyntax::general) {
    json["recipients"] = std::move(recipients);
  } else {
    json.update(recipients.front());
  }
  return dump_json(json);
}

Result<DecryptedJsonJwe> decrypt_json(std::string_view text, const JwkSet& keys, const JwePolicy& policy,
                                      Random& random) {
  auto message = read_message(text, policy);
  if (!message) return fail(std::move(message).error());
  std::optional<Error> failure;
  WorkBudget budget(policy.iterations);
  for (auto& recipient : message->recipients) {
    auto opened = open_recipient(*message, recipient, keys, budget, random);
    if (opened) return opened;
    const auto weight = weight_of(opened.error());
    if (weight == kFinal) return opened;
    if (!failure || weight > weight_of(*failure)) failure = std::move(opened).error();
  }
  return fail(budget.explain(std::move(*failure)));
}

namespace {

Result<ReadMessage> read_message(std::string_view text, const JwePolicy& policy) {
  if (text.size() > policy.max_octets) return fail(Errc::refused, "the JWE is too large");
  const auto json = parse_object(text, "the JWE", {.octets = policy.max_octets, .depth = kMaxDepth});
  if (!json) return fail(json.error());
  ReadMessage message;
  const auto integrity_protected = json_text(*json, "protected");
  if (!integrity_protected) return fail(integrity_protected.error());
  if (*integrity_protected) {
    auto decoded = decode_protected_header(**integrity_protected);
    if (!decoded) return fail(std::move(decoded).error());
    message.integrity_protected = std::move(*decoded);
    message.content.associated = **integrity_protected;
  }
  if (json_member(*json, "ciphertext") == nullptr) {
    return fail(Errc::malformed, "the JWE lacks \"ciphertext\"");
  }
  const std::pair<std::string_view, std::string*> members[] = {
      {"iv", &message.content.iv},
      {"ciphertext", &message.content.sealed.ciphertext},
      {"tag", &message.content.sealed.tag},
      {"aad", &message.aad}};
  for (const auto& [name, into] : members) {
    auto octets = octets_member(*json, name);
    if (!octets) return fail(std::move(octets).error());
    *into = std::move(*octets);
  }
  if (const auto aad = json_text(*json, "aad"); aad && *aad) {
    if (message.aad.empty()) return fail(Errc::malformed, "\"aad\" of the JWE is empty");
    message.content.associated += '.' + **aad;
  }
  if (auto read = read_recipients(*json, policy, message); !read) return fail(std::move(read).error());
  if (auto checked = check_recipients(message); !checked) return fail(std::move(checked).error());
  return message;
}

/// One recipient; `json` is the message itself in the flattened form, else an entry of "recipients".
Result<void> read_recipient(const Json& json, const HeaderParts& shared, const JwePolicy& policy,
                            ReadMessage& message) {
  if (!json.is_object()) return fail(Errc::malformed, "a recipient of the JWE is not a JSON object");
  HeaderParts parts = shared;
  parts.of_recipient = json_member(json, "header");
  auto header = read_recipient_header(parts, policy);
  auto encrypted_key = octets_member(json, "encrypted_key");
  // What is wrong here, or not allowed, may be for somebody else (RFC 7516, 5.2: for each recipient anew).
  if (!encrypted_key) header = fail(encrypted_key.error());
  message.recipients.push_back({std::move(header), std::move(encrypted_key).value_or("")});
  return {};
}

Result<void> read_recipients(const Json& json, const JwePolicy& policy, ReadMessage& message) {
  const HeaderParts shared{message.integrity_protected ? &*message.integrity_protected : nullptr,
                           json_member(json, "unprotected"), nullptr};
  const Json* list = json_member(json, "recipients");
  if (list == nullptr) return read_recipient(json, shared, policy, message);
  if (json_member(json, "header") != nullptr || json_member(json, "encrypted_key") != nullptr) {
    return fail(Errc::malformed, "the JWE is both flattened and general");
  }
  if (!list->is_array() || list->empty())
    return fail(Errc::malformed, "\"recipients\" of the JWE is not a list");
  if (list->size() > policy.max_recipients) return fail(Errc::refused, "the JWE has too many recipients");
  for (const auto& entry : *list) {
    if (auto read = read_recipient(entry, shared, policy, message); !read) return read;
  }
  return {};
}

/// What must be the same, or alone (RFC 7516, 4.1.2 and 7.2.1; 5.1, steps 3 and 6).
Result<void> check_recipients(const ReadMessage& message) {
  std::optional<ContentEncryption> encryption;
  for (const auto& recipient : message.recipients) {
    if (!recipient.header) continue;
    const auto& algorithms = recipient.header->algorithms;
    if (encryption && *encryption != algorithms.encryption) {
      return fail(Errc::malformed, "the recipients of the JWE have different \"enc\" values");
    }
    encryption = algorithms.encryption;
    if (message.recipients.size() > 1 && has_no_encrypted_key(algorithms.management)) {
      return fail(Errc::malformed, std::string(algorithm_name(algorithms.management)) +
                                       " is for a single recipient, and the JWE has several");
    }
  }
  return {};
}

/// A base64url member; empty when it is absent.
Result<std::string> octets_member(const Json& json, std::string_view name) {
  const auto text = json_text(json, name);
  if (!text) return fail(text.error());
  auto octets = base64url_decode(text->value_or(""));
  if (!octets) return fail(Errc::malformed, "\"" + std::string(name) + "\" of the JWE is not base64url");
  return octets;
}

Result<DecryptedJsonJwe> open_recipient(ReadMessage& message, ReadRecipient& recipient, const JwkSet& keys,
                                        WorkBudget& budget, Random& random) {
  if (!recipient.header) return fail(recipient.header.error());
  JweRecipientPart part{std::move(*recipient.header), std::move(recipient.encrypted_key)};
  auto opened = open_content(message.content, part, keys, budget, random);
  if (!opened) return fail(std::move(opened).error());
  return DecryptedJsonJwe{part.header.algorithms,
                          std::move(part.header.joined),
                          Message(message.integrity_protected.value_or(Json::object())),
                          std::move(opened->plaintext),
                          message.aad,
                          std::move(opened->kid)};
}

FailureWeight weight_of(const Error& error) {
  switch (error.code) {
    case Errc::malformed:
    case Errc::refused:
      return kLeftAside;
    case Errc::not_found:
      return kNoKey;
    case Errc::bad_signature:
      return kNotOpened;
    default:
      return kFinal;
  }
}

Result<void> check_order(const JweJsonOrder& order, JweSyntax syntax) {
  if (order.recipients.empty()) return fail(Errc::refused, "a JWE has at least one recipient");
  if (syntax == JweSyntax::flattened && order.recipients.size() > 1) {
    return fail(Errc::refused, "a flattened JWE has one recipient");
  }
  const auto check_part = [](const Message& part, const Message& other) -> Result<void> {
    for (const auto& name : part.names()) {
      if (name != "typ" && name != "cty" && is_own_parameter(name)) {
        return fail(Errc::refused, "\"" + name + "\" is not a further header parameter");
      }
      if (other.has(name)) return fail(Errc::refused, "\"" + name + "\" would stand in two headers");
    }
    return {};
  };
  if (auto done = check_part(order.integrity_protected, order.unprotected); !done) return done;
  for (const auto& recipient : order.recipients) {
    if (auto done = check_part(recipient.header, order.integrity_protected); !done) return done;
    if (auto done = check_part(order.unprotected, recipient.header); !done) return done;
  }
  return {};
}

Result<std::vector<EstablishedKey>> establish_keys(const JweJsonOrder& order, Random& random) {
  std::vector<EstablishedKey> established;
  for (const auto& recipient : order.recipients) {
    const JweAlgorithms algorithms{recipient.management, order.encryption};
    if (order.recipients.size() > 1 && has_no_encrypted_key(recipient.management)) {
      return fail(Errc::refused,
                  std::string(algorithm_name(recipient.management)) + " is for a single recipient");
    }
    auto key = established.empty()
                   ? establish_key(recipient.key, algorithms, recipient.choices, random)
                   : share_key(established.front().cek, recipient.key, algorithms, recipient.choices, random);
    if (!key) return fail(std::move(key).error());
    established.push_back(std::move(*key));
  }
  return established;
}

Json recipient_header(const JweRecipient& recipient, const EstablishedKey& established) {
  Json header = write_key_parameters(established.parameters, recipient.management);
  header["alg"] = std::string(algorithm_name(recipient.management));
  if (!recipient.key.kid().empty()) header["kid"] = recipient.key.kid();
  return header;
}

}  // namespace

}  // namespace oidcop::jose
