// oidcop user add | list | passwd

#include "base/file.h"
#include "base/system_random.h"
#include "base/visible_text.h"
#include "cli/output.h"
#include "cli/password_input.h"
#include "cli/site.h"
#include "cli/user_record.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

Error is_there_already(const UserOptions& options) {
  return {Errc::conflict, "user " + options.username + ": is there already"};
}

Result<void> add_user(const Globals& globals, const UserOptions& options, Streams& streams) {
  if (auto good = check_new_name(options); !good) return good;
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  if ((*store)->find_user_by_name(options.username)) return fail(is_there_already(options));
  auto password = read_password(
      streams, options.password_stdin ? PasswordSource::standard_input : PasswordSource::terminal);
  if (!password) return fail(std::move(password).error());
  auto user = new_user(**site, options, *password);
  if (!user) return fail(std::move(user).error());
  auto put = (*store)->put_user(*user, store::IfExists::refuse);
  if (!put && put.error().code == Errc::conflict) {
    return fail(is_there_already(options));
  }
  if (!put) return put;
  if (streams.json) {
    print_json(streams, {{"username", user->username}, {"claims", user->claims.json()}});
  } else {
    streams.out << "Added user " << visible_text(user->username) << ".\n";
  }
  return deliver(streams, "the user was added");
}

Result<void> list_users(const Globals& globals, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto users = (*store)->list_users();
  if (!users) return fail(std::move(users).error());
  if (streams.json) {
    Json list = Json::array();
    for (const auto& user : *users) {
      list.push_back({{"username", user.username},
                      {"enabled", user.enabled},
                      {"groups", user.groups},
                      {"claims", user.claims.json()},
                      {"created_at", to_unix(user.created_at)}});
    }
    print_json(streams, list);
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& user : *users) {
    rows.push_back({user.username, user.claims.text("name").value_or("-"),
                    user.claims.text("email").value_or("-"), user.enabled ? "enabled" : "disabled"});
  }
  print_table(streams, {"USERNAME", "NAME", "EMAIL", "STATE"}, rows, "There are no users.");
  return {};
}

Result<void> set_password(const Globals& globals, const UserOptions& options, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto user = (*store)->find_user_by_name(options.username);
  if (!user && user.error().code == Errc::not_found) {
    return fail(Errc::not_found, "user " + options.username + ": there is none (`oidcop user list`)");
  }
  if (!user) return fail(std::move(user).error());
  auto password = read_password(
      streams, options.password_stdin ? PasswordSource::standard_input : PasswordSource::terminal);
  if (!password) return fail(std::move(password).error());
  auto hash = (*site)->hasher().hash(*password, (*site)->random());
  if (!hash) return fail(std::move(hash).error());
  if (auto set = (*store)->set_password(user->id, *hash, (*site)->now()); !set) return set;
  if (streams.json) {
    print_json(streams, {{"username", options.username}});
  } else {
    streams.out << "Changed the password of " << visible_text(options.username)
                << " and ended all sessions.\n";
  }
  return deliver(streams, "the password was changed");
}

}  // namespace

void setup_user(CLI::App& app, const Globals& globals, Chosen& chosen) {
  CLI::App* user = app.add_subcommand("user", "People who can log in: add, list, passwd");
  user->require_subcommand(1);

  auto add_options = std::make_shared<UserOptions>();
  CLI::App* add = user->add_subcommand("add", "Add a user; asks for the password");
  add->add_option("username", add_options->username, "Name to log in with")->required();
  add_user_options(*add, *add_options);
  add->callback([&globals, &chosen, add_options] {
    chosen.run = [&globals, add_options](Streams& streams) {
      return add_user(globals, *add_options, streams);
    };
  });

  user->add_subcommand("list", "List all users")->callback([&globals, &chosen] {
    chosen.run = [&globals](Streams& streams) { return list_users(globals, streams); };
  });

  auto passwd_options = std::make_shared<UserOptions>();
  CLI::App* passwd = user->add_subcommand("passwd", "Set a user's password; ends all their sessions");
  passwd->add_option("username", passwd_options->username, "The user")->required();
  passwd->add_flag("--password-stdin", passwd_options->password_stdin,
                   "Read the password from standard input");
  passwd->callback([&globals, &chosen, passwd_options] {
    chosen.run = [&globals, passwd_options](Streams& streams) {
      return set_password(globals, *passwd_options, streams);
    };
  });
}

}  // namespace oidcop::cli
