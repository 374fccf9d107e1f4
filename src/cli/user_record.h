#pragma once

#include "cli/command.h"
#include "cli/site.h"
#include "model/user.h"

#include <filesystem>
#include <string>
#include <vector>

namespace oidcop::cli {

/// What the shell says of a user. Claims have the names and types of OpenID Connect Core 1.0, 5.1.
struct UserOptions {
  std::string username, name, email, phone_number, subject;
  bool email_verified = false, phone_number_verified = false, password_stdin = false;
  std::vector<std::string> claims;  ///< NAME=VALUE; the value is JSON where it parses as such, else text
  std::vector<std::string> groups;
  std::filesystem::path claims_file;
};

void add_user_options(CLI::App& command, UserOptions& options);

/// Whether somebody may have this name from now on. Errors: malformed.
Result<void> check_new_name(const UserOptions& options);

/// A new user's record, password hashed. Errors: malformed (the name, a claim, the file), refused (the
/// password).
Result<model::User> new_user(Site& site, const UserOptions& options, const Secret& password);

}  // namespace oidcop::cli
