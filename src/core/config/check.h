#pragma once

#include "config/sources.h"

namespace oidcop::config {

/// Checks one file against the table: unknown keys, wrong types, values out of range. Reports all of them, up
/// to a bound that keeps a hostile file from filling the screen.
void check_source(const Source& source, ConfigProblems& problems);

/// After this many problems of one file the rest is not looked at.
inline constexpr std::size_t kMostProblems = 100;

}  // namespace oidcop::config
