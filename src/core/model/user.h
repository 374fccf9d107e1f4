#pragma once

#include "base/secret.h"
#include "model/id.h"

#include <oidcop/message.h>
#include <oidcop/time.h>

#include <string>
#include <vector>

namespace oidcop::model {

/// Someone who can log in.
struct User {
  UserId id;
  std::string username;       ///< as typed at login; unique
  std::string subject;        ///< public subject identifier to keep from an earlier provider; empty: derived
  std::string password_hash;  ///< crypt(3); empty: no password login
  bool enabled = true;
  std::vector<std::string> groups;
  Message claims;  ///< standard and own claims (OpenID Connect Core 1.0, 5.1), typed as they are released
  TimePoint created_at{};
  TimePoint updated_at{};
};

}  // namespace oidcop::model
