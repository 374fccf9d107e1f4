#pragma once

#include <oidcop/result.h>

#include <filesystem>
#include <string>

namespace oidcop::cli {

/// Gives a folder, with all that is in it, to the user that the web server runs the provider as. Links are
/// not followed. Errors: not_found (no such user), refused (we may not), unavailable.
Result<void> give_to(const std::string& user, const std::filesystem::path& folder);

/// Lets that user read a folder's files and not change them: they stay root's, with the user's group and mode
/// 0640. Whoever takes over the web server's user can then not replace the keys. Errors: as above.
Result<void> let_read(const std::string& user, const std::filesystem::path& folder);

/// Makes a folder, and those above it that are missing, which everybody can enter and read and only its owner
/// can write to (0755); leaves one that is there as it is. Errors: unavailable.
Result<void> make_open_folder(const std::filesystem::path& path);

/// Makes a folder that only its owner can enter, unless it is there; missing ones above it are open. Errors:
/// unavailable.
Result<void> make_private_folder(const std::filesystem::path& path);

}  // namespace oidcop::cli
