#pragma once

#include <oidcop/result.h>

#include <cstddef>
#include <string_view>

namespace oidcop::model {

/// Octets. A longer name is nobody's: it is neither kept nor looked up.
inline constexpr std::size_t kLongestUsername = 256;

/// Whether somebody can have this name to log in with: not empty, at most kLongestUsername octets of UTF-8,
/// no character that cannot be seen or turns the writing direction, no space at an end. Two names that look
/// alike to an administrator are then not told apart by what nobody sees. Thread-safe: pure function.
/// Errors: malformed, saying what is wrong without the name.
Result<void> check_username(std::string_view name);

}  // namespace oidcop::model
