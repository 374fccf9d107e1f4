#pragma once

#include "model/user.h"
#include "store/client_store.h"

#include <oidcop/result.h>

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
  /// Removes the user and everything that hangs on them. Errors: not_found; unavailable.
  virtual Result<void> delete_user(const model::UserId& id) = 0;
};

}  // namespace oidcop::store
