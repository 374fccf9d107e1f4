// oidcop: the provider from the shell.

#include "base/process.h"
#include "base/visible_text.h"
#include "cli/command.h"
#include "cli/output.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using namespace oidcop;

/// "oidcop: what: why"; each line of a longer reason under the same heading. What is foreign in it must not
/// drive the terminal.
void print_error(const Error& error) {
  const std::string_view detail = error.detail;
  std::cerr << "oidcop: " << visible_lines(detail.substr(0, detail.find_last_not_of('\n') + 1)) << '\n';
}

std::filesystem::path default_config() {
  const char* configured = std::getenv("OIDCOP_CONFIG");  // NOLINT(concurrency-mt-unsafe): before any thread
  return configured != nullptr && *configured != '\0' ? configured : OIDCOP_DEFAULT_CONFIG;
}

/// A value that is empty is a shell variable that was never set. Taken for "not given" it would switch off a
/// check that somebody asked for.
void refuse_empty_values(CLI::App& app) {
  for (auto* option : app.get_options()) {
    if (!option->get_positional() && option->get_type_size() != 0) {
      option->check(
          [](const std::string& value) { return std::string(value.empty() ? "the value is empty" : ""); },
          "");
    }
  }
  for (auto* command : app.get_subcommands([](CLI::App*) { return true; })) refuse_empty_values(*command);
}

int run(int argc, char** argv) {
  CLI::App app("oidcop - an OpenID Connect Provider for people who run web servers", "oidcop");
  app.set_version_flag("--version", std::string("oidcop ") + OIDCOP_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return "oidcop: " + visible_text(error.what()) + " (see oidcop --help)\n";
  });
  app.fallthrough();  // global options are understood after the command, too

  cli::Globals globals;
  globals.config = default_config();
  cli::Chosen chosen;
  app.add_option("--config", globals.config, "Configuration file; else OIDCOP_CONFIG")->capture_default_str();
  app.add_flag("--json", globals.json, "Machine-readable output");
  cli::setup_init(app, globals, chosen);
  cli::setup_config(app, globals, chosen);
  cli::setup_keys(app, globals, chosen);
  cli::setup_discovery(app, globals, chosen);
  cli::setup_client(app, globals, chosen);
  cli::setup_user(app, globals, chosen);
  cli::setup_token(app, globals, chosen);
  cli::setup_jws(app, globals, chosen);
  cli::setup_jwt(app, globals, chosen);
  cli::setup_jwe(app, globals, chosen);
  cli::setup_maintain(app, globals, chosen);
  refuse_empty_values(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cli::kDone : cli::kUsage;
  }
  cli::Streams streams{std::cin, std::cout, std::cerr, globals.json};
  if (auto done = chosen.run(streams); !done) {
    print_error(done.error());
    return cli::kFailed;
  }
  if (auto delivered = cli::deliver(streams, ""); !delivered) {
    print_error(delivered.error());
    return cli::kFailed;
  }
  return cli::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  program::harden_process();
  std::ios::sync_with_stdio(false);  // else a failure to read standard input looks like its end
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    print_error({Errc::internal, error.what()});
    return cli::kFailed;
  }
}
