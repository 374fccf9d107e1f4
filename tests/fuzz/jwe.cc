// JWE: nothing decrypts but what was encrypted, and damage of any kind gives one answer.

#include "jose/jwe.h"

#include "base/base64url.h"
#include "base/system_random.h"
#include "fuzz/input.h"
#include "fuzz/jose_data.h"
#include "fuzz/property.h"
#include "jose/jwe_content.h"
#include "jose/jwe_json.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <vector>

namespace oidcop::fuzz {
namespace {

using jose::ContentEncryption;

SystemRandom system_random;

jose::JwePolicy policy() {
  return {.algorithms = jose::KeyManagementSet::all(),
          .encryptions = jose::ContentEncryptionSet::all(),
          .understood_crit = {"urn:example:known"},
          .iterations = {1000, 1100}};
}

using CompactParts = std::array<std::string, 5>;

CompactParts split(std::string_view compact) {
  CompactParts parts;
  for (auto& part : parts) {
    part = compact.substr(0, compact.find('.'));
    compact.remove_prefix(std::min(part.size() + 1, compact.size()));
  }
  return parts;
}

std::string join(const CompactParts& parts) {
  return parts[0] + '.' + parts[1] + '.' + parts[2] + '.' + parts[3] + '.' + parts[4];
}

/// What the tag vouches for, and the tag.
std::string sealed_part(std::string_view message) {
  const auto json = parse_json(message);
  if (!json) {
    const auto [header, encrypted_key, iv, ciphertext, tag] = split(message);
    return header + '.' + iv + '.' + ciphertext + '.' + tag;
  }
  const auto member = [&](const char* name) { return json_text(*json, name)->value_or(""); };
  const auto aad = json->contains("aad") ? '.' + member("aad") : "";
  return member("protected") + aad + '.' + member("iv") + '.' + member("ciphertext") + '.' + member("tag");
}

bool is_genuine(std::string_view message) {
  static const std::set<std::string> sealed = [] {
    std::set<std::string> known;
    for (const auto& genuine : genuine_messages("jwe")) known.insert(sealed_part(genuine));
    return known;
  }();
  return sealed.contains(sealed_part(message));
}

void check_compact(std::string_view text) {
  const auto decrypted = jose::decrypt_compact(text, own_keys(), policy(), system_random);
  if (!decrypted) return;
  require(is_genuine(text), "a compact message that decrypts was encrypted");
  require(jose::peek_encryption_header(text) == decrypted->header, "the header is what was looked at before");
}

void check_json(std::string_view text) {
  const auto decrypted = jose::decrypt_json(text, own_keys(), policy(), system_random);
  if (!decrypted) return;
  require(is_genuine(text), "a JSON message that decrypts was encrypted");
  for (const auto& name : decrypted->integrity_protected.names()) {
    require(*decrypted->header.find(name) == *decrypted->integrity_protected.find(name),
            "nothing stands in the place of a protected parameter");
  }
}

struct Sealing {
  const jose::Jwk* key;
  jose::JweAlgorithms algorithms;
};

Sealing choose_sealing(Input& input) {
  const auto& keys = own_keys().keys();
  std::vector<Sealing> possible;
  const auto encryption = jose::ContentEncryptionSet::all().list()[input.choice(6)];
  const auto management = jose::KeyManagementSet::all().list()[input.choice(18)];
  for (const auto& key : keys) {
    if (jose::can_decrypt(key, {management, encryption}))
      possible.push_back({&key, {management, encryption}});
  }
  return possible[input.choice(possible.size())];
}

/// Nothing about the key shows: not which part is wrong, nor how (RFC 7516, 11.5).
void check_damage(Input& input, const CompactParts& good, const jose::JweAlgorithms& algorithms) {
  enum Part : std::size_t { kEncryptedKey = 1, kIv, kCiphertext, kTag };
  const auto part = kEncryptedKey + input.choice(4);
  const auto kind = input.choice(3);
  const auto position = input.choice(256) * 256 + input.choice(256);
  const auto bit = static_cast<char>(1U << input.choice(8));
  auto octets = *base64url_decode(good[part]);
  const bool is_empty = octets.empty();
  if (is_empty && kind != 2) return;
  if (kind == 0) {
    auto& octet = octets[position % octets.size()];
    octet = static_cast<char>(octet ^ bit);
  }
  if (kind == 1) octets.pop_back();
  if (kind == 2) octets.push_back(bit);
  auto parts = good;
  parts[part] = base64url_encode(octets);
  const auto opened = jose::decrypt_compact(join(parts), own_keys(), policy(), system_random);
  require(!opened, "a damaged message does not decrypt");
  const bool is_cbc = algorithms.encryption <= ContentEncryption::a256cbc_hs512;
  const bool shows = kind != 0 && (part == kIv || part == kTag || (part == kCiphertext && is_cbc) ||
                                   (part == kEncryptedKey && is_empty));
  require(opened.error().code == (shows ? Errc::malformed : Errc::bad_signature),
          "a wrong length is told, and nothing else is");
  require(shows || opened.error().detail == "the JWE does not decrypt", "all failures look alike");
}

void check_encrypted(Input input) {
  const auto [key, algorithms] = choose_sealing(input);
  jose::JweHeader header;
  header.key = {.apu = std::string(input.line()), .apv = std::string(input.line()), .p2c = 1000};
  auto damage = Input(input);
  (void)input.line();
  const auto text = jose::encrypt_compact(input.rest(), *key, algorithms, system_random, header);
  const bool too_long = header.key.apu.size() > 1024 || header.key.apv.size() > 1024;
  if (too_long && jose::is_key_agreement(algorithms.management)) {
    require(!text, "nothing is written that is not read");
    return;
  }
  require(text.has_value(), "a key encrypts with each of its algorithms");
  const auto decrypted = jose::decrypt_compact(*text, own_keys(), policy(), system_random);
  require(decrypted && decrypted->plaintext.reveal() == input.rest() && decrypted->kid == key->kid(),
          "what was encrypted is decrypted");
  check_damage(damage, split(*text), algorithms);
}

bool is_in_order(const Json& header) {
  for (const auto* name : {"kid", "typ", "cty"}) {
    if (header.contains(name) && !header[name].is_string()) return false;
  }
  if (header.contains("zip")) return false;
  if (header.contains("crit") &&
      (header["crit"] != Json::array({"urn:example:known"}) || !header.contains("urn:example:known"))) {
    return false;
  }
  if (header.contains("kid") && header["kid"] != "" && header["kid"] != "oct32") return false;
  return header.contains("alg") && header["alg"] == "dir" && header.contains("enc") &&
         header["enc"] == "A256GCM";
}

/// Any header over content that is right.
void check_header(Input input) {
  const auto* key = own_keys().find("oct32");
  const auto header_text = input.line();
  const auto header = bare_object(header_text, {.depth = 8});
  const auto associated = base64url_encode(header_text);
  const Secret cek(*base64url_decode(**json_text(*key->private_json(), "k")));
  const auto content =
      jose::seal_content({input.rest(), associated}, ContentEncryption::a256gcm, cek, system_random);
  require(content.has_value(), "any octets can be sealed");
  const auto text =
      join({associated, "", base64url_encode(content->iv), base64url_encode(content->sealed.ciphertext),
            base64url_encode(content->sealed.tag)});
  const auto decrypted = jose::decrypt_compact(text, own_keys(), policy(), system_random);
  const bool expected = header && is_in_order(*header);
  require(decrypted.has_value() == expected, "a sealed message decrypts just when its header is in order");
  if (!decrypted) return;
  require(decrypted->header.json() == *header && decrypted->plaintext.reveal() == input.rest(),
          "what was sealed is what is told");
}

/// Any header and encrypted key over content that nobody encrypted.
void check_forged(Input input) {
  const auto header = base64url_encode(input.line());
  const auto encrypted_key = base64url_encode(input.rest());
  for (const auto& [iv, tag] : {std::pair(12, 16), std::pair(16, 16), std::pair(16, 24), std::pair(16, 32)}) {
    const auto octets = [](int count) {
      return base64url_encode(std::string(static_cast<std::size_t>(count), 'x'));
    };
    const auto text = join({header, encrypted_key, octets(iv), octets(32), octets(tag)});
    require(!jose::decrypt_compact(text, own_keys(), policy(), system_random), "nobody encrypted this");
  }
}

/// Whatever is encrypted for several recipients decrypts for each of them.
void check_made(Input input) {
  const auto first = choose_sealing(input), second = choose_sealing(input);
  const auto syntax = static_cast<jose::JweSyntax>(input.choice(2));
  jose::JweJsonOrder order{.encryption = first.algorithms.encryption};
  for (const auto& [key, algorithms] : {first, second}) {
    order.recipients.push_back({*key, algorithms.management, {.p2c = 1000}, {}});
  }
  if (syntax == jose::JweSyntax::flattened) order.recipients.pop_back();
  if (auto unprotected = parse_json(input.line())) order.unprotected = Message(*unprotected);
  if (auto header = parse_json(input.line())) order.integrity_protected = Message(*header);
  order.aad = input.line();
  const auto text = jose::encrypt_json(input.rest(), order, syntax, system_random);
  if (!text) return;  // a recipient that must be alone, a key of another length, a parameter that is ours
  for (const auto& recipient : order.recipients) {
    const auto opened = jose::decrypt_json(*text, jose::JwkSet({recipient.key}), policy(), system_random);
    require(!opened || (opened->plaintext.reveal() == input.rest() && opened->aad == order.aad),
            "what was encrypted is decrypted, with what was authenticated beside it");
    const bool is_plain = order.unprotected.empty() && order.integrity_protected.empty();
    require(opened.has_value() || !is_plain, "each recipient decrypts");
  }
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop::fuzz;  // NOLINT: a function without a namespace of its own
  Input input(data, size);
  const auto mode = input.choice(6);
  if (mode == 0) check_compact(input.rest());
  if (mode == 1) check_json(input.rest());
  if (mode == 2) check_encrypted(input);
  if (mode == 3) check_header(input);
  if (mode == 4) check_forged(input);
  if (mode == 5) check_made(input);
  require(ERR_peek_error() == 0, "no error of OpenSSL is left behind for the next caller");
  return 0;
}
