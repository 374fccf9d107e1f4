#pragma once

#include <oidcop/result.h>

#include <filesystem>
#include <string>
#include <vector>

namespace oidcop::cli {

/// Gives files and folders to the user that the web server runs the provider as; folders with all that is in
/// them. Links are not followed. Errors: not_found (no such user), refused (we may not), unavailable.
Result<void> give_to(const std::string& user, const std::vector<std::filesystem::path>& paths);

/// Makes a folder that only its owner can enter, unless it is there. Errors: unavailable.
Result<void> make_private_folder(const std::filesystem::path& path);

}  // namespace oidcop::cli
