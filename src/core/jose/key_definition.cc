#include "jose/key_definition.h"

#include "base/alternatives.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::int64_t kDefaultRsaBits = 2048;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

Error bad(const std::string& member, const std::string& wanted) {
  return Error{Errc::refused, "\"" + member + "\" of the key definition must be " + wanted};
}

Result<void> check_members(const Json& entry);
Result<void> read_use(const Json& entry, KeyDefinition& definition);
Result<void> read_rsa(const Json& entry, KeyDefinition& definition);
Result<void> read_curve(const Json& entry, KeyDefinition& definition);
Result<void> read_algorithm(const Json& entry, KeyDefinition& definition);
std::vector<std::string_view> fitting_algorithms(const KeyDefinition& definition);

}  // namespace

Result<KeyDefinition> KeyDefinition::parse(const Json& entry) {
  if (!entry.is_object()) return fail(Errc::malformed, "the key definition is not a JSON object");
  if (auto known = check_members(entry); !known) return fail(std::move(known).error());
  auto type = json_text(entry, "type");
  if (!type) return fail(std::move(type).error());
  const auto name = upper(type->value_or(""));
  KeyDefinition definition;
  if (name == "RSA") {
    definition.type = KeyType::rsa;
  } else if (name == "EC") {
    definition.type = KeyType::ec;
  } else if (name == "OKP") {
    definition.type = KeyType::okp;
  } else {
    return fail(bad("type", "RSA, EC or OKP"));
  }
  auto details =
      definition.type == KeyType::rsa ? read_rsa(entry, definition) : read_curve(entry, definition);
  if (!details) return fail(std::move(details).error());
  if (auto use = read_use(entry, definition); !use) return fail(std::move(use).error());
  if (auto algorithm = read_algorithm(entry, definition); !algorithm)
    return fail(std::move(algorithm).error());
  return definition;
}

bool KeyDefinition::describes(const Jwk& key) const {
  if ((key.labels().use == "enc") != encrypts) return false;
  const auto& named = key.labels().alg;  // a key that names no algorithm signs with any of its type
  return key.type() == type && key.curve() == curve && (named.empty() || named == alg) &&
         (type != KeyType::rsa || key.bits() >= bits);
}

std::string_view KeyDefinition::use() const {
  return encrypts ? "enc" : "sig";
}

std::string KeyDefinition::text() const {
  std::string text(key_type_name(type));
  text += ' ';
  text += type == KeyType::rsa ? std::to_string(bits) : std::string(curve_name(curve));
  if (!alg.empty()) text += ' ' + alg;
  if (encrypts) text += " enc";
  return text;
}

Result<std::vector<KeyDefinition>> parse_key_definitions(const Json& list) {
  if (!list.is_array() || list.empty())
    return fail(Errc::malformed, "the key definitions are not a list of objects");
  std::vector<KeyDefinition> definitions;
  for (const auto& entry : list) {
    auto definition = KeyDefinition::parse(entry);
    if (!definition) return fail(std::move(definition).error());
    if (std::find(definitions.begin(), definitions.end(), *definition) != definitions.end()) {
      return fail(Errc::refused, "the key definition " + definition->text() + " occurs twice");
    }
    definitions.push_back(std::move(*definition));
  }
  return definitions;
}

std::vector<KeyDefinition> default_key_definitions() {
  return {{KeyType::rsa, Curve::none, static_cast<int>(kDefaultRsaBits), "RS256"},
          {KeyType::ec, Curve::p256, 0, "ES256"}};
}

Result<Jwk> generate(const KeyDefinition& definition) {
  KeyLabels labels{.kid = {}, .alg = definition.alg, .use = std::string(definition.use()), .key_ops = {}};
  switch (definition.type) {
    case KeyType::rsa:
      return generate_rsa(definition.bits, std::move(labels));
    case KeyType::ec:
      return generate_ec(definition.curve, std::move(labels));
    case KeyType::okp:
      return generate_okp(definition.curve, std::move(labels));
    case KeyType::oct:
      break;
  }
  return fail(Errc::refused, "a provider does not sign with symmetric keys of its own");
}

namespace {

Result<void> check_members(const Json& entry) {
  for (const auto& [name, value] : entry.items()) {
    if (name != "type" && name != "bits" && name != "crv" && name != "use" && name != "alg") {
      return fail(Errc::refused,
                  "\"" + name + "\" is no member of a key definition (type, bits, crv, use, alg)");
    }
  }
  return {};
}

/// X25519 and X448 do nothing else; Ed25519 and Ed448 only sign.
Result<void> read_use(const Json& entry, KeyDefinition& definition) {
  const bool agrees = definition.curve == Curve::x25519 || definition.curve == Curve::x448;
  const bool signs_only = definition.curve == Curve::ed25519 || definition.curve == Curve::ed448 ||
                          definition.curve == Curve::secp256k1;
  auto use = json_texts(entry, "use");
  const auto uses = use && *use ? **use : std::vector<std::string>{agrees ? "enc" : "sig"};
  const bool encrypts = uses == std::vector<std::string>{"enc"};
  const bool known = encrypts || uses == std::vector<std::string>{"sig"};
  if (!use || !known || (encrypts ? signs_only : agrees)) {
    return fail(bad("use", agrees ? "[\"enc\"]" : signs_only ? "[\"sig\"]" : "[\"sig\"] or [\"enc\"]"));
  }
  definition.encrypts = encrypts;
  return {};
}

Result<void> read_rsa(const Json& entry, KeyDefinition& definition) {
  if (json_member(entry, "crv") != nullptr)
    return fail(Errc::refused, "an RSA key definition has no \"crv\"");
  auto bits = json_integer(entry, "bits");
  if (!bits) return fail(std::move(bits).error());
  const auto wanted = bits->value_or(kDefaultRsaBits);
  if (wanted < 2048 || wanted > 8192 || wanted % 8 != 0)
    return fail(bad("bits", "2048 to 8192, in whole octets"));
  definition.bits = static_cast<int>(wanted);
  return {};
}

Result<void> read_curve(const Json& entry, KeyDefinition& definition) {
  definition.bits = 0;
  if (json_member(entry, "bits") != nullptr)
    return fail(Errc::refused, "only an RSA key definition has \"bits\"");
  auto name = json_text(entry, "crv");
  if (!name) return fail(std::move(name).error());
  const auto wanted = upper(name->value_or(definition.type == KeyType::okp ? "Ed25519" : ""));
  const auto curves = definition.type == KeyType::okp
                          ? std::vector<Curve>{Curve::ed25519, Curve::ed448, Curve::x25519, Curve::x448}
                          : std::vector<Curve>{Curve::p256, Curve::p384, Curve::p521, Curve::secp256k1};
  std::vector<std::string_view> names;
  for (auto curve : curves) {
    names.push_back(curve_name(curve));
    if (upper(std::string(names.back())) == wanted) definition.curve = curve;
  }
  if (definition.curve != Curve::none) return {};
  return fail(bad("crv", alternatives(names)));
}

Result<void> read_algorithm(const Json& entry, KeyDefinition& definition) {
  auto name = json_text(entry, "alg");
  if (!name) return fail(std::move(name).error());
  const auto fitting = fitting_algorithms(definition);
  definition.alg = name->value_or(std::string(fitting.size() == 1 ? fitting.front() : ""));
  if (!*name || std::find(fitting.begin(), fitting.end(), definition.alg) != fitting.end()) return {};
  if (fitting.empty()) return fail(Errc::refused, "a key for encryption signs with no \"alg\"");
  return fail(bad("alg", alternatives(fitting)));
}

std::vector<std::string_view> fitting_algorithms(const KeyDefinition& definition) {
  std::vector<std::string_view> names;
  if (definition.encrypts) return names;
  for (const auto algorithm : AlgorithmSet::asymmetric().list()) {
    if (fits_key(algorithm, definition.type, definition.curve)) names.push_back(algorithm_name(algorithm));
  }
  return names;
}

}  // namespace

}  // namespace oidcop::jose
