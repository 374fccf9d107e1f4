#pragma once

#include "cli/command.h"

namespace oidcop::cli {

// The commands below `oidcop keys` that have a file of their own.
void setup_keys_pem(CLI::App& keys, const Globals& globals, Chosen& chosen);

}  // namespace oidcop::cli
