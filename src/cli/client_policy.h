#pragma once

#include "model/client.h"

#include <oidcop/result.h>

#include <string>

namespace CLI {
class App;
}

namespace oidcop::cli {

/// What an administrator decides about a client beyond its registration, as options of a command. Those that
/// are not given change nothing.
struct ClientPolicyOptions {
  std::string consent, access_token_format;
  bool id_token_claims = false;

  void add_to(CLI::App& command);
  /// Errors: malformed, naming the option.
  Result<void> apply(model::Client& client) const;
};

/// The names under which the shell shows what was decided.
std::string consent_name(const model::Client& client);
std::string access_token_format_name(const model::Client& client);

}  // namespace oidcop::cli
