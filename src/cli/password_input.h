#pragma once

#include "base/secret.h"
#include "cli/command.h"

#include <oidcop/result.h>

namespace oidcop::cli {

/// Where a password comes from. Never from the command line, where every user of the machine could read it.
enum class PasswordSource : std::uint8_t {
  terminal,        ///< asked for twice, not shown
  standard_input,  ///< the first line
};

/// Errors: malformed (empty, or the two did not match), unavailable (no terminal to ask at).
Result<Secret> read_password(Streams& streams, PasswordSource source);

}  // namespace oidcop::cli
