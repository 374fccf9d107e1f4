#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <filesystem>

namespace oidcop::store::sqlite {

enum class IfThere : std::uint8_t { refuse, replace };

/// A consistent copy of a database that may be in use, as one file of mode 0600, complete or not there at
/// all. Reads only. Errors: conflict (the target is there and must not); unavailable; internal (damaged).
Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to,
                           IfThere if_there);

}  // namespace oidcop::store::sqlite
