// One of many processes that want the same thing at the same moment.
//
//   store_race_worker DATABASE code|refresh NUMBER
//
// Opens the store, writes one octet to descriptor 3 when it is ready and closes it, waits until descriptor 4
// is closed on the other side, presents the code or refresh token, and prints what came of it. Tokens that it
// would get bear its number. Killed at any time, it leaves nothing half done; that is what the test is about.

#include "core/store/values.h"
#include "store/sqlite/sqlite_store.h"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace {

using oidcop::store::ExchangeOutcome;
using oidcop::store::RefreshOutcome;

const char* name_of(ExchangeOutcome outcome) {
  switch (outcome) {
    case ExchangeOutcome::first:
      return "first";
    case ExchangeOutcome::replay:
      return "replay";
    case ExchangeOutcome::not_found:
      return "not_found";
    case ExchangeOutcome::jti_seen:
      return "jti_seen";
  }
  return "?";
}

const char* name_of(RefreshOutcome outcome) {
  switch (outcome) {
    case RefreshOutcome::rotated:
      return "rotated";
    case RefreshOutcome::sibling:
      return "sibling";
    case RefreshOutcome::unrotated:
      return "unrotated";
    case RefreshOutcome::too_wide:
      return "too_wide";
    case RefreshOutcome::reuse:
      return "reuse";
    case RefreshOutcome::not_found:
      return "not_found";
    case RefreshOutcome::jti_seen:
      return "jti_seen";
  }
  return "?";
}

std::string present(oidcop::store::Store& store, const std::string& what, const std::string& number) {
  if (what == "code") {
    auto exchange = oidcop::testing::a_code_exchange("code");
    exchange.tokens = {oidcop::testing::an_access_token(number + "-at"),
                       oidcop::testing::a_refresh_token(number + "-rt")};
    const auto outcome = store.commit(exchange);
    return outcome ? name_of(*outcome) : outcome.error().detail;
  }
  const auto outcome = store.commit(oidcop::testing::a_refresh("refresh", number, 10));
  return outcome ? name_of(*outcome) : outcome.error().detail;
}

void wait_at_the_barrier() {
  char octet = 'r';
  if (::write(3, &octet, 1) != 1) return;
  ::close(3);
  while (::read(4, &octet, 1) > 0) {
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const auto store = oidcop::store::open_sqlite_store(
      {.path = arguments[1], .issuer = "https://op.example", .busy_timeout = std::chrono::seconds(60)});
  if (!store) {
    std::printf("%s\n", store.error().detail.c_str());
    return 1;
  }
  wait_at_the_barrier();
  std::printf("%s\n", present(**store, arguments[2], arguments[3]).c_str());
  return 0;
}
