#pragma once

#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/result.h>

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace oidcop::cli {

/// What an administrator decides about a client beyond its registration, as options of a command. Those that
/// are not given change nothing.
struct ClientPolicyOptions {
  std::string consent, consent_lifetime, access_token_format;
  std::vector<std::string> allow_groups, deny_groups;
  bool id_token_claims = false, no_id_token_claims = false, any_group = false;

  void add_to(CLI::App& command);
  /// Errors: malformed, naming the option.
  Result<void> apply(model::Client& client) const;
};

/// What an administrator decided, for the shell's JSON.
Message policy_of(const model::Client& client);

/// The names under which the shell shows what was decided.
std::string consent_name(const model::Client& client);
std::string access_token_format_name(const model::Client& client);

}  // namespace oidcop::cli
