#pragma once

#include "model/user.h"
#include "store/client_store.h"

#include <oidcop/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::store {

/// The people who can log in.
class UserStore {
 public:
  virtual ~UserStore() = default;
  /// Errors: not_found; unavailable.
  virtual Result<model::User> find_user(const model::UserId& id) = 0;
  virtual Result<model::User> find_user_by_name(std::string_view username) = 0;
  virtual Result<std::vector<model::User>> list_users() = 0;
  /// Replacing goes by the id and leaves what hangs on the user alone; what a disabled user holds is inactive
  /// by that (see model::state_of). Errors: conflict (user name, id or kept subject taken), unavailable.
  virtual Result<void> put_user(const model::User& user, IfExists if_exists) = 0;
  /// Sets the password, ends every session of the user and revokes all that hangs on them, offline grants
  /// included: whoever knew the old password may have made them. Errors: not_found; unavailable.
  virtual Result<void> set_password(const model::UserId& id, const std::string& hash, TimePoint now) = 0;
  /// Puts another hash of the same password in the place of `verified`: nothing else changes, sessions stay.
  /// Errors: conflict (the user has another hash by now, or is gone); unavailable.
  virtual Result<void> replace_password_hash(const model::UserId& id, const std::string& verified,
                                             const std::string& next) = 0;
  /// The hash of somebody, always the same one for a key as long as users stay as they are. Keys that are
  /// spread like user ids (base64url, 22 characters) spread over the users, so that each kind of hash comes
  /// as often as it is there. Reads a bounded number of users. Errors: not_found (nobody near has a
  /// password); unavailable.
  virtual Result<std::string> borrow_password_hash(std::string_view key) = 0;
  /// Removes the user and everything that hangs on them. Errors: not_found; unavailable.
  virtual Result<void> delete_user(const model::UserId& id) = 0;
};

}  // namespace oidcop::store
