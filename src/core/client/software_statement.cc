#include "client/software_statement.h"

#include "base/json.h"
#include "jose/jwt.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace oidcop::client {
namespace {

constexpr std::string_view kMember = "software_statement";
constexpr Seconds kLeeway{60};

/// Of the JWT and not of the client (RFC 7519, 4.1), and what a statement cannot hold itself.
constexpr std::array<std::string_view, 8> kNotMetadata{"iss", "sub", "aud", "exp",
                                                       "nbf", "iat", "jti", kMember};

ProtocolError invalid(std::string reason, std::string detail = {}) {
  ProtocolError error;
  error.code = "invalid_software_statement";
  error.parameter = kMember;
  error.description = std::string(kMember) + ": " + std::move(reason);
  error.detail = std::move(detail);
  return error;
}

ProtocolError unapproved() {
  ProtocolError error;
  error.code = "unapproved_software_statement";
  error.parameter = kMember;
  error.description = std::string(kMember) + ": is by nobody whose statements count here.";
  return error;
}

Result<Message, ProtocolError> verified(const std::string& statement, const SoftwareStatements& statements,
                                        jose::ExpiryRule expiry, TimePoint now) {
  const auto unverified = jose::peek_unverified_claims(statement);
  if (!unverified) return fail(invalid("is no JWT.", unverified.error().detail));
  const auto issuer = unverified->text("iss");
  if (!issuer) return fail(invalid("does not say who made it (iss)."));
  const auto keys = statements.issuers.find(*issuer);
  if (keys == statements.issuers.end()) return fail(unapproved());
  jose::JwsPolicy signature;
  signature.algorithms = jose::AlgorithmSet::asymmetric();
  jose::JwtPolicy claims;
  claims.issuer = *issuer;
  claims.required = {"iss"};
  claims.expiry = expiry;
  claims.leeway = kLeeway;
  auto jwt = jose::verify_jwt(statement, keys->second, signature, claims, now);
  if (!jwt) return fail(invalid("has no good signature, or its time is over.", jwt.error().detail));
  return std::move(jwt->claims);
}

}  // namespace

Result<Message, ProtocolError> with_statement(Message metadata, const SoftwareStatements& statements,
                                              const std::string& known, TimePoint now) {
  const auto* member = metadata.find(kMember);
  if (member != nullptr && (member->is_null() || statements.issuers.empty())) {
    metadata.remove(kMember);
    member = nullptr;
  }
  if (member == nullptr) {
    if (!statements.required) return metadata;
    return fail(invalid("is required here."));
  }
  if (!member->is_string()) return fail(invalid("must be a string."));
  const auto statement = member->get<std::string>();
  const auto expiry =
      !known.empty() && statement == known ? jose::ExpiryRule::ignored : jose::ExpiryRule::enforced;
  auto claims = verified(statement, statements, expiry, now);
  if (!claims) return claims;
  for (const auto name : kNotMetadata) claims->remove(name);
  for (const auto& name : claims->names()) metadata.set(name, *claims->find(name));
  return metadata;
}

}  // namespace oidcop::client
