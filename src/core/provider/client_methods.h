#pragma once

#include "config/config.h"

#include <oidcop/hooks.h>
#include <oidcop/result.h>

#include <string>
#include <vector>

/// The client authentication methods that the configuration wants, held against those that hooks provide.
/// Only a program that serves requests can tell: the shell has no hooks, and works with such a configuration.
namespace oidcop::provider {

/// Errors: refused, a line for each method that an endpoint accepts and no hook provides there, naming the
/// nearest that is.
Result<void> check_client_methods(const config::Config& config, const Hooks& hooks);

/// A hook that is never asked, because the configuration lists none of its methods.
struct IdleHook {
  std::string endpoint, owner, reason;
};
std::vector<IdleHook> idle_client_hooks(const config::Config& config, const Hooks& hooks);

}  // namespace oidcop::provider
