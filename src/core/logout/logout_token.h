#pragma once

#include "model/client.h"
#include "model/logout_notice.h"
#include "token/client_jwt.h"

#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>

namespace oidcop::logout {

/// Makes logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.4): JWTs that live for two minutes, signed
/// as the client's ID Tokens are, and encrypted where these are. One for a client whose ID Tokens are
/// unsigned is signed with the default algorithm, since a logout token never goes without. Thread-safe;
/// references outlive it.
class LogoutTokens {
 public:
  struct Parts {
    std::string issuer;
    jose::Algorithm default_algorithm = jose::Algorithm::rs256;
    const token::ClientJwts& jwts;
    Random& random;
  };
  explicit LogoutTokens(Parts parts) : parts_(std::move(parts)) {}

  /// Errors: as token::ClientJwts::make.
  Result<std::string> make(const model::Client& client, const model::LogoutNotice& notice,
                           TimePoint now) const;

 private:
  Parts parts_;
};

}  // namespace oidcop::logout
