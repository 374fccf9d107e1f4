#include "jose/jwe_header.h"

#include "base/base64url.h"
#include "base/json.h"
#include "jose/critical.h"
#include "jose/json_object.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxHeader = 16U << 10U;
constexpr std::size_t kMaxDepth = 8;

/// What RFC 7515, 7516, 7518 and their algorithms define: "crit" must not name it (RFC 7516, 4.1.13).
constexpr std::array<std::string_view, 20> kRegistered = {
    "alg", "enc", "zip",  "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256",
    "typ", "cty", "crit", "epk", "apu", "apv", "iv",  "tag", "p2s", "p2c"};

/// Those of them that say how the message was made.
constexpr std::array<std::string_view, 14> kOwn = {"alg", "enc", "zip", "kid", "typ", "cty", "crit",
                                                   "epk", "apu", "apv", "iv",  "tag", "p2s", "p2c"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<void> join(Json& joined, const Json* part) {
  if (part == nullptr) return {};
  if (!part->is_object()) return fail(Errc::malformed, "a header of the JWE is not a JSON object");
  for (const auto& [name, value] : part->items()) {
    if (joined.contains(name)) {
      return fail(Errc::malformed, "two headers of the JWE have a parameter of the same name");
    }
    joined[name] = value;
  }
  return {};
}

Result<void> check_critical(const HeaderParts& parts, const Json& joined,
                            const std::vector<std::string>& understood) {
  if (!joined.contains("crit")) return {};
  if (parts.integrity_protected == nullptr || !parts.integrity_protected->contains("crit")) {
    return fail(Errc::malformed, "\"crit\" of the JWE is not in the protected header");
  }
  const auto names = read_critical(joined, kRegistered, understood);
  return names ? Result<void>() : Result<void>(fail(names.error()));
}

Result<std::string> required_text(const Json& header, std::string_view name) {
  auto text = json_text(header, name);
  if (!text) return fail(std::move(text).error());
  if (!*text) return fail(Errc::malformed, "the header of the JWE lacks \"" + std::string(name) + "\"");
  return std::move(**text);
}

Error not_allowed(std::string_view name) {
  return {Errc::refused, "the algorithm " + std::string(name) + " is not allowed here"};
}

Result<JweAlgorithms> read_algorithms(const Json& header, const JwePolicy& policy) {
  const auto alg = required_text(header, "alg");
  if (!alg) return fail(alg.error());
  const auto management = parse_key_management(*alg);
  if (!management) return fail(management.error());
  if (!policy.algorithms.contains(*management)) return fail(not_allowed(*alg));
  const auto enc = required_text(header, "enc");
  if (!enc) return fail(enc.error());
  const auto encryption = parse_content_encryption(*enc);
  if (!encryption) return fail(encryption.error());
  if (!policy.encryptions.contains(*encryption)) return fail(not_allowed(*enc));
  return JweAlgorithms{*management, *encryption};
}

}  // namespace

Result<Json> decode_protected_header(std::string_view encoded) {
  if (encoded.size() > 2 * kMaxHeader) return fail(Errc::malformed, "the header of the JWE is too large");
  const auto text = base64url_decode(encoded);
  if (!text) return fail(Errc::malformed, "the header of the JWE is not base64url");
  return parse_object(*text, "the header of the JWE", {.octets = kMaxHeader, .depth = kMaxDepth});
}

Result<RecipientHeader> read_recipient_header(const HeaderParts& parts, const JwePolicy& policy) {
  Json joined = Json::object();
  for (const auto* part : {parts.integrity_protected, parts.unprotected, parts.of_recipient}) {
    if (auto done = join(joined, part); !done) return fail(std::move(done).error());
  }
  for (const auto* name : {"kid", "typ", "cty"}) {
    if (auto member = json_text(joined, name); !member) return fail(std::move(member).error());
  }
  // Decompressing lets a short message become a long one, and its length tells about the plaintext.
  if (joined.contains("zip")) return fail(Errc::refused, "compressed content (\"zip\") is not accepted here");
  if (auto done = check_critical(parts, joined, policy.understood_crit); !done) {
    return fail(std::move(done).error());
  }
  const auto algorithms = read_algorithms(joined, policy);
  if (!algorithms) return fail(algorithms.error());
  auto parameters = read_key_parameters(joined, algorithms->management, policy.iterations);
  if (!parameters) return fail(std::move(parameters).error());
  return RecipientHeader{*algorithms, std::move(*parameters), Message(std::move(joined))};
}

bool is_own_parameter(std::string_view name) {
  return contains(kOwn, name);
}

}  // namespace oidcop::jose
