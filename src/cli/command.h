#pragma once

#include "base/json.h"

#include <oidcop/result.h>

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace oidcop::cli {

/// Exit codes, documented in oidcop(1).
enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2 };

/// Options that every command takes.
struct Globals {
  std::filesystem::path config;  ///< oidcop.json
  bool json = false;             ///< machine-readable output
};

/// Where a command reads and writes. Nothing in a command touches std::cout or std::cin by itself.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool json = false;
};

/// What the parsed command line asks for; main runs it.
struct Chosen {
  std::function<Result<void>(Streams&)> run;
};

/// Each adds its commands below the program; `globals` and `chosen` outlive the parse.
void setup_init(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_keys(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_discovery(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_client(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_user(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_token(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_jwe(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_jws(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_jwt(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_config(CLI::App& app, const Globals& globals, Chosen& chosen);
void setup_maintain(CLI::App& app, const Globals& globals, Chosen& chosen);

}  // namespace oidcop::cli
