#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace oidcop {

/// Why a private file should not be where it is: every user of the machine may write to its folder, or may
/// put another in place of a folder above it. Says which, and how to mend it; nothing when all is well, or
/// when the folder cannot be looked at.
std::optional<std::string> why_folder_unsafe(const std::filesystem::path& file);

/// Whether a file lies in a folder or below it, with all links followed; false when the folder is not there.
/// The file need not exist, its own folder must.
bool lies_below(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace oidcop
