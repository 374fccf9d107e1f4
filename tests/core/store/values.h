#pragma once

#include "base/digest.h"
#include "model/client.h"
#include "model/session.h"
#include "model/user.h"
#include "store/session_store.h"
#include "store/token_store.h"

#include <oidcop/time.h>

#include <string>
#include <vector>

namespace oidcop::testing {

// Values for tests of the store: complete, small, and told apart by a name.

inline constexpr std::int64_t kStart = 1'800'000'000;

/// `after` seconds past the start of every test.
inline TimePoint at(std::int64_t after) {
  return TimePoint(Seconds(kStart + after));
}

model::User a_user(const std::string& name);
model::Client a_client(const std::string& id);
/// Begins at 0, idle end at 1800, end at 36000.
model::UserSession a_session(const std::string& name, const std::string& user);
model::ClientSession a_client_session(const std::string& name, const std::string& client);
/// Scope "openid profile email", begins at 0, ends at 43200.
model::Grant a_grant(const std::string& name);
/// Ends at 60, once.
model::TokenRecord a_code(const std::string& name, const std::string& grant);
/// Ends at 3600.
model::TokenRecord an_access_token(const std::string& name);
/// Ends at 40000; authenticated by client_secret_basic.
model::TokenRecord a_refresh_token(const std::string& name);

/// User session `session`, new client session and grant `grant`, code `code`, for client "app", at 1.
store::Authorize an_authorization(const std::string& session, const std::string& grant,
                                  const std::string& code);
/// Spends the code at 2 for an access token and a refresh token, named like it with "-at" and "-rt".
store::CodeExchange a_code_exchange(const std::string& code);
/// Presents the refresh token at `after` for a new pair named `next` + "-at" and `next` + "-rt"; no grace.
store::RefreshExchange a_refresh(const std::string& token, const std::string& next, std::int64_t after);

}  // namespace oidcop::testing
