#include "endpoint/anonymous_quota.h"

#include "base/network_prefix.h"

namespace oidcop::endpoint {
namespace {

constexpr int kMostPerMinute = 60;
constexpr Seconds kMinute{60};

}  // namespace

Verdict AnonymousQuota::check(const RequestScope& scope) const {
  if (!scope.client->is_public()) return {};
  const auto key =
      pepper_.digest(purpose_, {scope.client->id.text(), network_prefix(scope.http.remote_address)});
  auto refused_until = throttle_.reserve_attempt({{key, kMostPerMinute, kMinute}}, scope.now);
  if (!refused_until) return fail(from_error(refused_until.error()));
  if (!*refused_until) return {};
  ProtocolError error;
  error.code = "temporarily_unavailable";
  error.description = "Too many requests of this client came from here; try again later.";
  error.http_status = 429;
  error.retry_after = static_cast<int>((**refused_until - scope.now).count());
  return fail(std::move(error));
}

}  // namespace oidcop::endpoint
