#include "jose/jwt.h"

#include "base/json.h"
#include "jose/json_object.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

using ClaimVerdict = Result<void, ClaimError>;

/// A NumericDate, which may have a fraction. Each comparison takes the end of its second that refuses sooner.
struct Instant {
  std::int64_t earliest;
  std::int64_t latest;
};

/// The registered claims in their types (RFC 7519, 4.1); absent ones are empty.
struct RegisteredClaims {
  std::optional<std::string> issuer;
  std::optional<std::string> subject;
  std::vector<std::string> audience;
  bool audience_is_list = false;
  std::optional<Instant> expires, not_before, issued;
};

tl::unexpected<ClaimError> fault(ClaimFault fault, std::string_view claim) {
  return fail(ClaimError{fault, std::string(claim)});
}

Result<RegisteredClaims, ClaimError> read_registered(const Message& claims);
ClaimVerdict check_required(const Message& claims, const JwtPolicy& policy);
ClaimVerdict check_parties(const RegisteredClaims& claims, const JwtPolicy& policy);
ClaimVerdict check_times(const RegisteredClaims& claims, const JwtPolicy& policy, std::int64_t now);
bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

std::string_view claim_fault_name(ClaimFault fault) {
  switch (fault) {
    case ClaimFault::wrong_type:
      return "wrong type";
    case ClaimFault::missing:
      return "missing";
    case ClaimFault::malformed:
      return "malformed";
    case ClaimFault::wrong_issuer:
      return "wrong issuer";
    case ClaimFault::wrong_audience:
      return "wrong audience";
    case ClaimFault::wrong_subject:
      return "wrong subject";
    case ClaimFault::expired:
      return "expired";
    case ClaimFault::not_yet_valid:
      return "not yet valid";
    case ClaimFault::issued_in_future:
      return "issued in the future";
    case ClaimFault::too_old:
      return "too old";
    case ClaimFault::lifetime_too_long:
      return "lifetime too long";
  }
  return {};
}

Result<void, ClaimError> check_type(const Message& header, const JwtPolicy& policy) {
  if (policy.types.empty()) return {};
  const auto normal = [](std::string type) {
    constexpr std::string_view kPrefix = "application/";
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    // Of the prefix alone nothing would be left, which stands for an absent "typ".
    if (type.starts_with(kPrefix) && type.size() > kPrefix.size()) type.erase(0, kPrefix.size());
    return type;
  };
  // A "typ" that is present but empty is not the same as none.
  if (header.has("typ") && header.text("typ").value_or("").empty())
    return fault(ClaimFault::wrong_type, "typ");
  const auto type = normal(header.text("typ").value_or(""));
  const bool accepted = std::any_of(policy.types.begin(), policy.types.end(),
                                    [&](const std::string& known) { return normal(known) == type; });
  if (!accepted) return fault(ClaimFault::wrong_type, "typ");
  return {};
}

Result<void, ClaimError> validate_claims(const Message& claims, const JwtPolicy& policy, TimePoint now) {
  const auto registered = read_registered(claims);
  if (!registered) return fail(registered.error());
  if (auto verdict = check_required(claims, policy); !verdict) return verdict;
  if (auto verdict = check_parties(*registered, policy); !verdict) return verdict;
  return check_times(*registered, policy, now.time_since_epoch().count());
}

Result<VerifiedJwt> verify_jwt_signature(std::string_view compact, const JwkSet& keys,
                                         const JwsPolicy& signature) {
  auto jws = verify_compact(compact, keys, signature);
  if (!jws) return fail(std::move(jws).error());
  auto claims = parse_object(jws->payload, "the payload of the JWT", {.octets = signature.max_octets});
  if (!claims) return fail(std::move(claims).error());
  return VerifiedJwt{jws->algorithm, std::move(jws->header), Message(std::move(*claims)),
                     std::move(jws->kid)};
}

Result<VerifiedJwt> verify_jwt(std::string_view compact, const JwkSet& keys, const JwsPolicy& signature,
                               const JwtPolicy& policy, TimePoint now) {
  auto jwt = verify_jwt_signature(compact, keys, signature);
  if (!jwt) return jwt;
  auto verdict = check_type(jwt->header, policy);
  if (verdict) verdict = validate_claims(jwt->claims, policy, now);
  if (verdict) return jwt;
  const auto& error = verdict.error();
  const auto code = error.fault == ClaimFault::expired ? Errc::expired : Errc::refused;
  return fail(code, error.claim + ": " + std::string(claim_fault_name(error.fault)));
}

Result<std::string> sign_jwt(const Message& claims, const Jwk& key, Algorithm algorithm,
                             const JwsHeader& header) {
  return sign_compact(dump_json(claims.json()), key, algorithm, header);
}

namespace {

Result<RegisteredClaims, ClaimError> read_registered(const Message& claims) {
  RegisteredClaims read;
  const auto text = [&claims](const char* name, std::optional<std::string>* into) -> ClaimVerdict {
    const Json* value = claims.find(name);
    if (value == nullptr) return {};
    if (!value->is_string() || value->get_ref<const std::string&>().empty())
      return fault(ClaimFault::malformed, name);
    if (into != nullptr) *into = value->get_ref<const std::string&>();
    return {};
  };
  const auto time = [&claims](const char* name, std::optional<Instant>& into) -> ClaimVerdict {
    const Json* value = claims.find(name);
    if (value == nullptr) return {};
    auto seconds = json_as_integer(*value);
    if (!seconds) return fault(ClaimFault::malformed, name);
    into = Instant{*seconds, *seconds + (*value == *seconds ? 0 : 1)};
    return {};
  };
  for (auto verdict : {text("iss", &read.issuer), text("sub", &read.subject), text("jti", nullptr),
                       time("exp", read.expires), time("nbf", read.not_before), time("iat", read.issued)}) {
    if (!verdict) return fail(verdict.error());
  }
  const Json* audience = claims.find("aud");
  if (audience == nullptr) return read;
  if (audience->is_string()) {
    read.audience.push_back(audience->get_ref<const std::string&>());
    return read;
  }
  auto list = json_texts(claims.json(), "aud");
  if (!list || (*list)->empty()) return fault(ClaimFault::malformed, "aud");
  read.audience = std::move(**list);
  read.audience_is_list = true;
  return read;
}

ClaimVerdict check_required(const Message& claims, const JwtPolicy& policy) {
  for (const auto& name : policy.required) {
    if (!claims.has(name)) return fault(ClaimFault::missing, name);
  }
  if ((policy.max_lifetime || policy.max_age) && !claims.has("iat")) return fault(ClaimFault::missing, "iat");
  if ((policy.max_lifetime || policy.max_ahead) && !claims.has("exp"))
    return fault(ClaimFault::missing, "exp");
  return {};
}

ClaimVerdict check_parties(const RegisteredClaims& claims, const JwtPolicy& policy) {
  if (!policy.issuer.empty()) {
    if (!claims.issuer) return fault(ClaimFault::missing, "iss");
    if (*claims.issuer != policy.issuer) return fault(ClaimFault::wrong_issuer, "iss");
  }
  if (!policy.subject.empty()) {
    if (!claims.subject) return fault(ClaimFault::missing, "sub");
    if (*claims.subject != policy.subject) return fault(ClaimFault::wrong_subject, "sub");
  }
  if (policy.audiences.empty()) return {};
  if (claims.audience.empty()) return fault(ClaimFault::missing, "aud");
  const auto accepted = [&policy](const std::string& value) { return contains(policy.audiences, value); };
  const auto& audience = claims.audience;
  bool fits = false;
  switch (policy.audience_rule) {
    case AudienceRule::any_member:
      fits = std::any_of(audience.begin(), audience.end(), accepted);
      break;
    case AudienceRule::every_member:
      fits = std::all_of(audience.begin(), audience.end(), accepted);
      break;
    case AudienceRule::single_string:
      fits = !claims.audience_is_list && accepted(audience.front());
      break;
  }
  if (!fits) return fault(ClaimFault::wrong_audience, "aud");
  return {};
}

// All numbers are at most 2^53, so that no sum here can overflow.
ClaimVerdict check_times(const RegisteredClaims& claims, const JwtPolicy& policy, std::int64_t now) {
  const auto leeway = policy.leeway.count();
  if (claims.expires && policy.expiry == ExpiryRule::enforced && now >= claims.expires->earliest + leeway) {
    return fault(ClaimFault::expired, "exp");
  }
  if (claims.not_before && now + leeway < claims.not_before->latest)
    return fault(ClaimFault::not_yet_valid, "nbf");
  if (claims.issued && now + leeway < claims.issued->latest)
    return fault(ClaimFault::issued_in_future, "iat");
  if (policy.max_age && now > claims.issued->earliest + policy.max_age->count() + leeway) {
    return fault(ClaimFault::too_old, "iat");
  }
  if (policy.max_ahead && claims.expires->latest > now + policy.max_ahead->count() + leeway) {
    return fault(ClaimFault::lifetime_too_long, "exp");
  }
  if (policy.max_lifetime &&
      claims.expires->latest > claims.issued->earliest + policy.max_lifetime->count()) {
    return fault(ClaimFault::lifetime_too_long, "exp");
  }
  return {};
}

}  // namespace

}  // namespace oidcop::jose
