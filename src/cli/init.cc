// oidcop init

#include "base/file.h"
#include "base/visible_text.h"
#include "cli/output.h"
#include "cli/ownership.h"
#include "cli/password_input.h"
#include "cli/site.h"
#include "cli/user_record.h"
#include "config/initial_text.h"
#include "provider/policies.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

namespace oidcop::cli {
namespace {

struct InitOptions {
  std::string issuer, op_name, data_dir, listen;
  std::optional<std::string> owner;
  bool wants_user = false;
  UserOptions user;
};

/// What was done, for people and for --json.
struct Report {
  std::vector<std::pair<std::string, std::string>> lines;  // what, "made" or "kept"
  void note(const std::string& what, bool made) {
    lines.emplace_back(what, made ? "made" : "was there, kept");
  }
};

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// What the options say of a configuration that is not there yet.
Result<config::InitialSettings> initial_settings(const InitOptions& options) {
  if (options.issuer.empty()) {
    return fail(Errc::malformed,
                "--issuer: is missing; it is the https URL that relying parties will know the provider by");
  }
  auto issuer = Url::parse(options.issuer);
  if (!issuer) return fail(Errc::malformed, "--issuer: " + issuer.error().detail);
  config::InitialSettings settings{std::move(*issuer), {}, {}, {}, {}};
  if (!options.op_name.empty()) settings.op_name = options.op_name;
  if (!options.data_dir.empty()) settings.data_dir = options.data_dir;
  if (!options.listen.empty()) settings.listen = options.listen;
  return settings;
}

/// A second run with another issuer would be a second provider: that is never what was meant.
Result<void> check_issuer(const Globals& globals, const Site& site, const InitOptions& options) {
  if (options.issuer.empty() || site.config().issuer.text() == options.issuer) return {};
  return fail(Errc::conflict, globals.config.string() + ": is there already, for the issuer " +
                                  site.config().issuer.text() + ", which never changes");
}

/// The provider of an earlier run, or nothing.
Result<std::unique_ptr<Site>> open_present(const Globals& globals, const InitOptions& options) {
  if (!is_there(globals.config)) return std::unique_ptr<Site>();
  auto site = Site::open(globals);
  if (!site) return site;
  if (auto same = check_issuer(globals, **site, options); !same) return fail(std::move(same).error());
  return site;
}

Result<std::unique_ptr<Site>> make_config(const Globals& globals, const config::InitialSettings& settings) {
  // The provider's user, too, must get to the configuration; what is private lies in folders of its own.
  if (auto made = make_open_folder(globals.config.parent_path()); !made) return fail(std::move(made).error());
  auto written =
      write_file_atomically(globals.config, config::default_config_text(settings), FileMode::published);
  if (!written) return fail(std::move(written).error());
  return Site::open(globals);
}

Result<bool> is_user(Site& site, const std::string& username) {
  if (!is_there(site.config().database.path)) return false;
  auto store = site.store();
  if (!store) return fail(std::move(store).error());
  auto found = (*store)->find_user_by_name(username);
  if (!found && found.error().code != Errc::not_found) return fail(std::move(found).error());
  return found.has_value();
}

/// The password of the user who is to be made: asked for before anything is made, because it is the person
/// who gives up most easily. Nothing when nobody is to be made.
Result<std::optional<Secret>> ask_password(Site* present, const InitOptions& options, Streams& streams) {
  if (!options.wants_user) return std::nullopt;
  if (auto good = check_new_name(options.user); !good) return fail(std::move(good).error());
  auto there = present != nullptr ? is_user(*present, options.user.username) : false;
  if (!there) return fail(std::move(there).error());
  if (*there) return std::nullopt;
  auto password = read_password(
      streams, options.user.password_stdin ? PasswordSource::standard_input : PasswordSource::terminal);
  if (!password) return fail(std::move(password).error());
  return std::move(*password);
}

/// Somebody else provides the files (keys.read_only): they must be there, and stay as they are.
Result<void> find_keys(Site& site, Report& report) {
  const auto& keys = site.config().keys;
  for (const auto& path : {keys.private_path, keys.secrets_path}) {
    if (!is_there(path)) {
      return fail(Errc::not_found,
                  path.string() + ": is missing, and keys.read_only keeps us from making it");
    }
    report.note(path.string(), false);
  }
  if (auto loaded = site.keys(); !loaded) return fail(std::move(loaded).error());
  if (auto loaded = site.secrets(); !loaded) return fail(std::move(loaded).error());
  return {};
}

Result<void> make_keys(Site& site, Report& report) {
  const auto& keys = site.config().keys;
  if (keys.read_only) return find_keys(site, report);
  for (const auto& path : {keys.private_path, keys.secrets_path}) {
    if (auto made = make_private_folder(path.parent_path()); !made) return made;
  }
  report.note(keys.private_path.string(), !is_there(keys.private_path));
  auto created = site.key_file().create(provider::key_definitions(keys), site.now());
  if (!created) return fail(std::move(created).error());
  report.note(keys.secrets_path.string(), !is_there(keys.secrets_path));
  auto secrets = jose::create_service_secrets(keys.secrets_path, site.random(), site.now());
  if (!secrets) return fail(std::move(secrets).error());
  if (!keys.public_path) return {};
  report.note(keys.public_path->string(), !is_there(*keys.public_path));
  return site.publish_keys();
}

Result<void> make_database(Site& site, Report& report) {
  const auto& path = site.config().database.path;
  if (auto made = make_private_folder(path.parent_path()); !made) return made;
  report.note(path.string(), !is_there(path));
  auto store = site.store();
  if (!store) return fail(std::move(store).error());
  return {};
}

Result<void> make_user(Site& site, const InitOptions& options, const std::optional<model::User>& user,
                       Report& report) {
  if (!options.wants_user) return {};
  report.note("user " + options.user.username, user.has_value());
  if (!user) return {};
  auto store = site.store();
  if (!store) return fail(std::move(store).error());
  return (*store)->put_user(*user, store::IfExists::refuse);
}

/// The responder's user reads configuration and private files, and owns the state. Of folders only those
/// below the configuration's are opened: others are not ours to change, and check_readable names them.
Result<void> set_ownership(const Globals& globals, const Site& site, const Owner& owner) {
  const auto& config = site.config();
  auto readable = site.config_files();
  for (const auto& file : site.config_files()) {
    if (auto shared = let_read(owner, file); !shared) return shared;
  }
  for (const auto& path : {config.keys.private_path, config.keys.secrets_path}) {
    readable.push_back(path);
    if (config.keys.read_only) continue;
    if (auto shared = let_read_key_file(owner, path); !shared) return shared;
  }
  const auto home = std::filesystem::absolute(globals.config).lexically_normal().parent_path();
  for (const auto& file : readable) {
    const auto folder = file.parent_path();
    const auto [end, rest] = std::mismatch(home.begin(), home.end(), folder.begin(), folder.end());
    if (end != home.end() || rest == folder.end()) continue;
    if (auto shared = let_read(owner, folder); !shared) return shared;
  }
  if (auto given = give_database(owner, config.database.path); !given) return given;
  readable.push_back(config.database.path);
  return check_readable(owner, readable);
}

void print_report(const Report& report, const Site& site, Streams& streams) {
  if (streams.json) {
    Json steps = Json::array();
    for (const auto& [what, done] : report.lines) steps.push_back({{"what", what}, {"done", done}});
    print_json(streams, {{"issuer", site.config().issuer.text()}, {"steps", steps}});
    return;
  }
  for (const auto& [what, done] : report.lines) streams.out << visible_text(what) << ": " << done << '\n';
  streams.out
      << "\nThe provider is " << site.config().issuer.text()
      << "\nNext: `oidcop client register --name NAME --redirect-uri URI`, then let the web server run "
         "oidcop.fcgi.\n";
}

/// What init works with once nothing that a person can mistype is left to go wrong.
struct Prepared {
  std::unique_ptr<Site> site;
  std::optional<model::User> user;
};

Result<Prepared> with_user(std::unique_ptr<Site> site, const InitOptions& options,
                           const std::optional<Secret>& password) {
  Prepared prepared{std::move(site), std::nullopt};
  if (!password) return prepared;
  auto user = new_user(*prepared.site, options.user, *password);
  if (!user) return fail(std::move(user).error());
  prepared.user = std::move(*user);
  return prepared;
}

Result<Prepared> prepare(const Globals& globals, const InitOptions& options, Report& report,
                         Streams& streams) {
  auto present = open_present(globals, options);
  if (!present) return fail(std::move(present).error());
  std::optional<config::InitialSettings> settings;
  if (!*present) {
    auto wanted = initial_settings(options);
    if (!wanted) return fail(std::move(wanted).error());
    settings = std::move(*wanted);
  }
  auto password = ask_password(present->get(), options, streams);
  if (!password) return fail(std::move(password).error());

  report.note(globals.config.string(), settings.has_value());
  if (!settings) return with_user(std::move(*present), options, *password);
  auto site = make_config(globals, *settings);
  auto prepared = site ? with_user(std::move(*site), options, *password)
                       : Result<Prepared>(fail(std::move(site).error()));
  std::error_code ignored;  // one that is no good is not left for the next run to trip over
  if (!prepared) std::filesystem::remove(globals.config, ignored);
  return prepared;
}

Result<void> init(const Globals& globals, const InitOptions& options, Streams& streams) {
  std::optional<Owner> owner;
  if (options.owner) {  // before anything is made
    auto parsed = Owner::parse(*options.owner);
    if (!parsed) return fail(std::move(parsed).error());
    owner = std::move(*parsed);
  }
  Report report;
  auto prepared = prepare(globals, options, report, streams);
  if (!prepared) return fail(std::move(prepared).error());
  Site& site = *prepared->site;
  if (auto made = make_keys(site, report); !made) return made;
  if (auto made = make_database(site, report); !made) return made;
  if (auto made = make_user(site, options, prepared->user, report); !made) return made;
  if (owner) {
    if (auto set = set_ownership(globals, site, *owner); !set) return set;
  }
  print_report(report, site, streams);
  return deliver(streams, "what was made stays");
}

}  // namespace

void setup_init(CLI::App& app, const Globals& globals, Chosen& chosen) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command =
      app.add_subcommand("init", "Make configuration, keys, database and first user; keeps what is there");
  command->add_option("--issuer", options->issuer, "The provider's https URL");
  command->add_option("--op-name", options->op_name, "Name that people see");
  command->add_option("--owner", options->owner,
                      "USER[:GROUP] that the web server runs oidcop.fcgi as, e.g. www-data");
  command->add_option("--data-dir", options->data_dir, "Where templates, static files and translations are");
  command->add_option("--listen", options->listen, "Socket of oidcop.fcgi: unix:PATH or HOST:PORT");
  const auto* user =
      command->add_option("--user", options->user.username, "First user; asks for the password");
  add_user_options(*command, options->user);
  command->callback([&globals, &chosen, options, user] {
    options->wants_user = !user->empty();
    chosen.run = [&globals, options](Streams& streams) { return init(globals, *options, streams); };
  });
}

}  // namespace oidcop::cli
