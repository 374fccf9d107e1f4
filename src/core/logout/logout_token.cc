#include "logout/logout_token.h"

#include "base/json.h"
#include "base/system_clock.h"
#include "base/system_random.h"

#include <nlohmann/json.hpp>

namespace oidcop::logout {
namespace {

constexpr Seconds kLifetime{120};
constexpr std::string_view kType = "logout+jwt";  // so that it is taken for nothing else
constexpr const char* kEvent = "http://schemas.openid.net/event/backchannel-logout";

}  // namespace

Result<std::string> LogoutTokens::make(const model::Client& client, const model::LogoutNotice& notice,
                                       TimePoint now) const {
  auto jti = random_handle(parts_.random);
  if (!jti) return fail(std::move(jti).error());
  Message claims;  // no nonce: that is what tells it from an ID Token
  claims.set("iss", parts_.issuer);
  claims.set("sub", notice.subject);
  claims.set("aud", client.id.text());
  claims.set_number("iat", to_unix(now));
  claims.set_number("exp", to_unix(now + kLifetime));
  claims.set("jti", *jti);
  claims.set("events", Json{{kEvent, Json::object()}});
  claims.set("sid", notice.sid);

  auto protection = client::response_protection(client, "id_token");
  const auto registered = client.id_token_signed_response_alg;
  const bool has_one = registered && *registered != jose::Algorithm::none;
  protection.signing = has_one ? *registered : parts_.default_algorithm;
  return parts_.jwts.make(claims, {client, protection, kType, now});
}

}  // namespace oidcop::logout
