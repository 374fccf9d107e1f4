#include "endpoint/authorization/request_object.h"

#include "base/json.h"
#include "client/request_protection.h"
#include "jose/jwe.h"
#include "jose/jwt.h"
#include "jose/nested_jwt.h"
#include "model/response_type.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

constexpr std::size_t kLongestObject = 32U << 10U;
constexpr Seconds kLeeway{10};                        // for a client's clock that is ahead or behind
constexpr const char* kType = "oauth-authz-req+jwt";  // RFC 9101, 10.8

/// Claims of the JWT that are no parameters of the request (RFC 7519, 4.1).
constexpr std::array<const char*, 7> kJwtMembers{"iss", "aud", "exp", "nbf", "iat", "jti", "sub"};
/// Parameters that are more than text: an object, a number, or a list, as their specifications write them in
/// JSON.
constexpr std::array<std::string_view, 2> kObjects{"claims", "registration"};
constexpr std::array<std::string_view, 1> kNumbers{"max_age"};
constexpr std::array<std::string_view, 1> kLists{"resource"};

ProtocolError invalid_object(std::string description, std::string detail = {}) {
  ProtocolError error = invalid_request(std::move(description), "request");
  error.code = "invalid_request_object";
  error.detail = std::move(detail);
  return error;
}

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The signed or unsigned JWT within, when the object is encrypted.
Result<std::string, ProtocolError> opened(std::string_view object, const RequestObjectParts& parts) {
  if (!jose::looks_encrypted(object)) return std::string(object);
  jose::JwePolicy policy;
  policy.algorithms = jose::asymmetric_key_management();
  policy.encryptions = jose::ContentEncryptionSet::all();
  auto plain = jose::decrypt_compact(object, parts.decryption_keys, policy, parts.random);
  if (!plain) {
    if (plain.error().code == Errc::unavailable) return fail(from_error(plain.error()));
    return fail(invalid_object("The request object cannot be decrypted.", plain.error().detail));
  }
  std::string jwt(plain->plaintext.reveal());
  if (jose::looks_encrypted(jwt)) return fail(invalid_object("The request object is encrypted twice."));
  return jwt;
}

/// HS* keys are the client's secret; it is readable for a client that registered such an algorithm.
Result<jose::JwkSet, ProtocolError> keys_of(const model::Client& client, jose::Algorithm algorithm,
                                            const RequestObjectParts& parts, TimePoint now) {
  jose::JwkSet keys;
  if (!jose::is_symmetric(algorithm)) {
    auto published = parts.keys.keys(client, now);
    if (published) return std::move(*published);
    return fail(invalid_object("The client's keys are not to be had.", published.error().detail));
  }
  auto secrets = parts.secrets.plain_secrets(client, now);
  if (!secrets) return fail(from_error(secrets.error()));
  for (const auto& secret : *secrets) {
    if (auto key = jose::Jwk::from_octets(secret)) keys.add(std::move(*key));
  }
  return keys;
}

jose::JwtPolicy claims_policy(const RequestObjectParts& parts) {
  jose::JwtPolicy policy;
  policy.audiences = {parts.issuer};
  policy.types = {"", "JWT", kType};
  policy.required = {};
  policy.leeway = kLeeway;
  return policy;
}

/// `iss` and `aud` are recommended, so that they may be absent (Core, 6.1), and binding where they are there.
Verdict check_claims(const Message& header, const Message& claims, const model::Client& client,
                     const RequestObjectParts& parts, TimePoint now) {
  auto policy = claims_policy(parts);
  if (!claims.has("aud")) policy.audiences.clear();
  if (claims.has("iss")) policy.issuer = client.id.text();
  auto valid = jose::check_type(header, policy);
  if (valid) valid = jose::validate_claims(claims, policy, now);
  if (!valid) {
    return fail(invalid_object("The request object's \"" + valid.error().claim + "\" is not right.",
                               std::string(jose::claim_fault_name(valid.error().fault))));
  }
  if (claims.text("sub") == client.id.text()) {
    return fail(invalid_object("The request object has the client as \"sub\"."));  // RFC 9101, 10.8
  }
  return {};
}

/// RFC 9101, 6.2 and 10.5: which algorithm is the registration's to say.
Result<jose::Algorithm, ProtocolError> algorithm_of(std::string_view jwt, const model::Client& client,
                                                    const RequestObjectParts& parts) {
  const auto header = jose::peek_unverified_header(jwt, kLongestObject);
  if (!header) return fail(invalid_object("The request object is not a JWT.", header.error().detail));
  const auto algorithm = jose::parse_algorithm(header->text("alg").value_or(""));
  const auto registered = client::request_protection(client).signing;
  const bool fits =
      algorithm && (registered ? *registered == *algorithm
                               : !jose::is_symmetric(*algorithm) && *algorithm != jose::Algorithm::none);
  if (!fits || !parts.algorithms.contains(*algorithm)) {
    return fail(invalid_object("The request object is not signed as the client registered it."));
  }
  return *algorithm;
}

struct Verified {
  Message header, claims;
};

Result<Verified, ProtocolError> verified(std::string_view jwt, jose::Algorithm algorithm,
                                         const model::Client& client, const RequestObjectParts& parts,
                                         TimePoint now) {
  if (algorithm == jose::Algorithm::none) {
    auto header = jose::peek_unverified_header(jwt, kLongestObject);
    auto claims = jose::peek_unverified_claims(jwt, kLongestObject);
    if (!header || !claims || header->has("crit") || jwt.back() != '.')
      return fail(invalid_object("The request object is not a JWT."));
    return Verified{std::move(*header), std::move(*claims)};
  }
  auto keys = keys_of(client, algorithm, parts, now);
  if (!keys) return fail(std::move(keys).error());
  jose::JwsPolicy policy;
  policy.algorithms = {algorithm};
  policy.max_octets = kLongestObject;
  auto jws = jose::verify_jwt_signature(jwt, *keys, policy);
  const bool is_about_keys =
      !jws && (jws.error().code == Errc::bad_signature || jws.error().code == Errc::not_found);
  if (is_about_keys && !jose::is_symmetric(algorithm)) {  // the client may have rotated its keys
    const auto newer = parts.keys.newer_keys(client, now);
    if (!newer) return fail(from_error(newer.error()));
    if (*newer) jws = jose::verify_jwt_signature(jwt, **newer, policy);
  }
  if (!jws) {
    return fail(invalid_object("The request object's signature does not verify with the client's keys.",
                               jws.error().detail));
  }
  return Verified{std::move(jws->header), std::move(jws->claims)};
}

/// A member as its parameter may be written in JSON; what is empty counts as absent (RFC 6749, 3.1).
Verdict take_parameter(const std::string& name, const Json& value, Message& request) {
  if (value.is_string()) {
    if (!value.get_ref<const std::string&>().empty()) request.set(name, value);
    return {};
  }
  const bool fits = (has(kObjects, name) && value.is_object()) ||
                    (has(kNumbers, name) && value.is_number_integer()) ||
                    (has(kLists, name) && value.is_array());
  if (fits) {
    request.set(name, value);
    return {};
  }
  // A parameter that nobody here knows may be written as its own specification says.
  constexpr std::array<std::string_view, 22> kTexts{"client_id",
                                                    "response_type",
                                                    "redirect_uri",
                                                    "scope",
                                                    "state",
                                                    "response_mode",
                                                    "nonce",
                                                    "display",
                                                    "prompt",
                                                    "max_age",
                                                    "ui_locales",
                                                    "claims_locales",
                                                    "id_token_hint",
                                                    "login_hint",
                                                    "acr_values",
                                                    "claims",
                                                    "resource",
                                                    "code_challenge",
                                                    "code_challenge_method",
                                                    "registration",
                                                    "request",
                                                    "request_uri"};
  if (!has(kTexts, name)) return {};
  return fail(invalid_object("The request object's \"" + name + "\" has the wrong type."));
}

}  // namespace

Result<ReadRequestObject, ProtocolError> read_request_object(std::string_view object,
                                                             const model::Client& client,
                                                             const RequestObjectParts& parts, TimePoint now) {
  if (object.size() > kLongestObject) return fail(invalid_object("The request object is too large."));
  const auto jwt = opened(object, parts);
  if (!jwt) return fail(jwt.error());
  const auto algorithm = algorithm_of(*jwt, client, parts);
  if (!algorithm) return fail(algorithm.error());
  const auto content = verified(*jwt, *algorithm, client, parts, now);
  if (!content) return fail(content.error());
  if (auto valid = check_claims(content->header, content->claims, client, parts, now); !valid)
    return fail(std::move(valid).error());

  ReadRequestObject read;
  read.is_signed = *algorithm != jose::Algorithm::none;
  for (const auto& name : content->claims.names()) {
    if (std::find(kJwtMembers.begin(), kJwtMembers.end(), name) != kJwtMembers.end()) continue;
    if (auto taken = take_parameter(name, *content->claims.find(name), read.request); !taken)
      return fail(std::move(taken).error());
  }
  for (const char* nested : {"request", "request_uri"}) {  // RFC 9101, 4
    if (read.request.has(nested))
      return fail(invalid_object("A request object must not refer to another one."));
  }
  return read;
}

Result<Message, ProtocolError> merged_request(const Message& outer, const Message& object,
                                              const model::Client& client, RequestMerge merge) {
  const auto id = object.text("client_id");
  if (id ? *id != client.id.text() : merge == RequestMerge::object_only) {
    return fail(invalid_object("The request object's client_id is not that of the request."));
  }
  const auto within = object.text("response_type");
  const auto beside = outer.text("response_type");
  if (within && beside && merge == RequestMerge::supplemented &&
      model::ResponseType::parse(*within) != model::ResponseType::parse(*beside)) {
    return fail(invalid_object("The request object's response_type is not that of the request."));
  }
  Message merged = merge == RequestMerge::supplemented ? outer : Message();
  for (const auto& name : object.names()) merged.set(name, *object.find(name));
  merged.set("client_id", client.id.text());
  merged.remove("request");
  merged.remove("request_uri");
  return merged;
}

}  // namespace oidcop::endpoint
