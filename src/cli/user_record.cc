#include "cli/user_record.h"

#include "base/file.h"
#include "base/system_random.h"
#include "model/username.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

/// "locale=de" is text; "age=42", "address={…}" and "admin=true" are what they look like.
Result<void> add_claim(Message& claims, const std::string& assignment) {
  const auto equals = assignment.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return fail(Errc::malformed, "--claim: takes NAME=VALUE, not \"" + assignment + "\"");
  }
  const std::string name = assignment.substr(0, equals);
  const std::string value = assignment.substr(equals + 1);
  auto parsed = parse_json(value);
  if (parsed) {
    claims.set(name, std::move(*parsed));
  } else {
    claims.set(name, value);
  }
  return {};
}

Result<Message> claims_of(const UserOptions& options) {
  Message claims;
  if (!options.claims_file.empty()) {
    auto text = read_file(options.claims_file);
    if (!text) return fail(std::move(text).error());
    auto parsed = parse_json(*text);
    if (!parsed) return fail(Errc::malformed, options.claims_file.string() + ": " + parsed.error().detail);
    if (!parsed->is_object())
      return fail(Errc::malformed, options.claims_file.string() + ": not a JSON object");
    claims = Message(std::move(*parsed));
  }
  if (!options.name.empty()) claims.set("name", options.name);
  if (!options.email.empty()) claims.set("email", options.email);
  if (options.email_verified) claims.set_bool("email_verified", true);
  if (!options.phone_number.empty()) claims.set("phone_number", options.phone_number);
  if (options.phone_number_verified) claims.set_bool("phone_number_verified", true);
  for (const auto& assignment : options.claims) {
    if (auto added = add_claim(claims, assignment); !added) return fail(std::move(added).error());
  }
  return claims;
}

}  // namespace

void add_user_options(CLI::App& command, UserOptions& options) {
  command.add_option("--name", options.name, "Full name (claim name)");
  command.add_option("--email", options.email, "E-mail address (claim email)");
  command.add_flag("--email-verified", options.email_verified, "The address was verified");
  command.add_option("--phone-number", options.phone_number, "Telephone number (claim phone_number)");
  command.add_flag("--phone-number-verified", options.phone_number_verified, "The number was verified");
  command
      .add_option("--claim", options.claims, "NAME=VALUE, any claim; JSON values keep their type (repeat)")
      ->allow_extra_args(false);
  command.add_option("--claims", options.claims_file, "File with a JSON object of claims");
  command.add_option("--group", options.groups, "Group (repeat)")->allow_extra_args(false);
  command.add_option("--subject", options.subject,
                     "Public subject identifier to keep from an earlier provider");
  command.add_flag("--password-stdin", options.password_stdin, "Read the password from standard input");
}

Result<void> check_new_name(const UserOptions& options) {
  auto good = model::check_username(options.username);
  if (!good) good.error().detail.insert(0, "user name: ");
  return good;
}

Result<model::User> new_user(Site& site, const UserOptions& options, const Secret& password) {
  if (auto good = check_new_name(options); !good) return fail(std::move(good).error());
  auto claims = claims_of(options);
  if (!claims) return fail(std::move(claims).error());
  auto id = random_id(site.random());
  if (!id) return fail(std::move(id).error());
  auto hash = site.hasher().hash(password, site.random());
  if (!hash) return fail(std::move(hash).error());
  model::User user;
  user.id = model::UserId(std::move(*id));
  user.username = options.username;
  user.subject = options.subject;
  user.password_hash = std::move(*hash);
  user.groups = options.groups;
  user.claims = std::move(*claims);
  user.created_at = user.updated_at = site.now();
  return user;
}

}  // namespace oidcop::cli
