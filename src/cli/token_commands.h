#pragma once

#include "cli/command.h"

namespace oidcop::cli {

void setup_token_mint(CLI::App& parent, const Globals& globals, Chosen& chosen);
void setup_token_inspect(CLI::App& parent, const Globals& globals, Chosen& chosen);

}  // namespace oidcop::cli
