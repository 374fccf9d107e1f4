#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <filesystem>

namespace oidcop::store::sqlite {

/// Makes an empty file of mode 0600 whatever the umask says; what the database puts beside it takes over its
/// mode. Made by root, it is given to the owner of its folder. Errors: conflict (it is there); unavailable.
Result<void> create_private_file(const std::filesystem::path& path);

/// Makes content, or a new name, survive a power cut. Never called on a file that the database has open:
/// closing any descriptor of it would drop the process's locks. Errors: unavailable.
Result<void> sync_file(const std::filesystem::path& path);
Result<void> sync_folder_of(const std::filesystem::path& path);

/// A write-ahead log needs memory that all its users share, so they must be on one machine.
/// Errors: refused when the file is on a network file system; unavailable.
Result<void> check_is_local(const std::filesystem::path& path);

/// Whether statfs(2) names a file system that another machine can write, too. FUSE is taken for one.
bool is_network_file_system(std::int64_t type);

}  // namespace oidcop::store::sqlite
