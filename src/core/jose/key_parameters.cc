#include "jose/key_parameters.h"

#include "base/base64url.h"
#include "jose/aes.h"
#include "jose/key_agreement.h"

#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMinSaltOctets = 8;  // RFC 7518, 4.8.1.1
constexpr std::size_t kMaxSaltOctets = 1024;

/// How long a member may be, decoded.
struct Length {
  std::size_t least;
  std::size_t most;
};

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

/// A base64url member; nothing when it is absent.
Result<std::optional<std::string>> octets_member(const Json& header, std::string_view name, Length length) {
  const auto text = json_text(header, name);
  if (!text) return fail(text.error());
  if (!*text) return std::optional<std::string>();
  auto octets = base64url_decode(**text);
  if (!octets) return fail(Errc::malformed, quoted(name) + " in the header of the JWE is not base64url");
  if (octets->size() < length.least || octets->size() > length.most) {
    return fail(Errc::malformed, quoted(name) + " in the header of the JWE has the wrong length");
  }
  return std::optional<std::string>(std::move(*octets));
}

Error lacks(std::string_view name) {
  return {Errc::malformed, "the header of the JWE lacks " + quoted(name)};
}

Result<void> read_required(const Json& header, std::string_view name, Length length, std::string& into) {
  auto octets = octets_member(header, name, length);
  if (!octets) return fail(std::move(octets).error());
  if (!*octets) return fail(lacks(name));
  into = std::move(**octets);
  return {};
}

Result<void> read_party(const Json& header, std::string_view name, std::string& into) {
  auto octets = octets_member(header, name, {0, kMaxPartyOctets});
  if (!octets) return fail(std::move(octets).error());
  if (*octets) into = std::move(**octets);
  return {};
}

Result<KeyParameters> read_agreement(const Json& header) {
  const Json* member = json_member(header, "epk");
  if (member == nullptr) return fail(lacks("epk"));
  // RFC 7518, 4.6.1.1: only the members that are the public key count. Web Crypto exports others with it.
  auto point = *member;
  if (point.is_object()) {
    for (const auto* label : {"use", "key_ops", "alg"}) point.erase(label);
  }
  auto epk = Jwk::parse(point);
  if (!epk) return fail(epk.error().code, "\"epk\" in the header of the JWE: " + epk.error().detail);
  if (!is_agreement_curve(epk->curve())) {
    return fail(Errc::refused, "\"epk\" in the header of the JWE is on no curve that agrees keys");
  }
  if (epk->is_private()) return fail(Errc::malformed, "\"epk\" in the header of the JWE is a private key");
  KeyParameters parameters;
  parameters.epk = std::move(*epk);
  if (auto read = read_party(header, "apu", parameters.apu); !read) return fail(std::move(read).error());
  if (auto read = read_party(header, "apv", parameters.apv); !read) return fail(std::move(read).error());
  return parameters;
}

Result<KeyParameters> read_gcm(const Json& header) {
  KeyParameters parameters;
  auto read = read_required(header, "iv", {kGcmNonceOctets, kGcmNonceOctets}, parameters.iv);
  if (read) read = read_required(header, "tag", {kGcmTagOctets, kGcmTagOctets}, parameters.tag);
  if (!read) return fail(std::move(read).error());
  return parameters;
}

Result<KeyParameters> read_password(const Json& header, const IterationBounds& bounds) {
  KeyParameters parameters;
  auto salt = read_required(header, "p2s", {kMinSaltOctets, kMaxSaltOctets}, parameters.p2s);
  if (!salt) return fail(std::move(salt).error());
  const auto count = json_integer(header, "p2c");
  if (!count) return fail(count.error());
  if (!*count) return fail(lacks("p2c"));
  if (**count < bounds.least || **count > bounds.most) {
    return fail(Errc::refused, "\"p2c\" in the header of the JWE is out of the bounds that are set here");
  }
  parameters.p2c = static_cast<std::uint32_t>(**count);
  return parameters;
}

}  // namespace

Result<KeyParameters> read_key_parameters(const Json& header, KeyManagement algorithm,
                                          const IterationBounds& bounds) {
  if (is_key_agreement(algorithm)) return read_agreement(header);
  if (is_gcm_key_wrap(algorithm)) return read_gcm(header);
  if (is_password_based(algorithm)) return read_password(header, bounds);
  return KeyParameters{};
}

Json write_key_parameters(const KeyParameters& parameters, KeyManagement algorithm) {
  Json header = Json::object();
  if (is_key_agreement(algorithm) && parameters.epk) {
    if (auto epk = parameters.epk->public_json()) header["epk"] = std::move(*epk);
    if (!parameters.apu.empty()) header["apu"] = base64url_encode(parameters.apu);
    if (!parameters.apv.empty()) header["apv"] = base64url_encode(parameters.apv);
  } else if (is_gcm_key_wrap(algorithm)) {
    header["iv"] = base64url_encode(parameters.iv);
    header["tag"] = base64url_encode(parameters.tag);
  } else if (is_password_based(algorithm)) {
    header["p2s"] = base64url_encode(parameters.p2s);
    header["p2c"] = parameters.p2c;
  }
  return header;
}

}  // namespace oidcop::jose
