#pragma once

#include <oidcop/result.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::cli {

/// Whom the web server runs the provider as, looked up on this machine.
struct Owner {
  std::string user;  ///< as it was named
  uid_t uid = 0;
  gid_t gid = 0;

  /// Reads USER[:GROUP], names or numbers; without GROUP it is the user's own. Errors: not_found; refused
  /// when we are not root, who alone can give files away.
  static Result<Owner> parse(std::string_view text);
};

/// Gives a database and its folder to the owner, who makes further files there. A folder that is theirs
/// already may hold anything: links are not followed, a file with a second name is refused. Errors: refused,
/// also when the folder holds anything but the database; unavailable.
Result<void> give_database(const Owner& owner, const std::filesystem::path& database);

/// Lets the owner read a file of keys and not change it: it is root's, with the owner's group and mode 0640.
/// Whoever takes over the web server's user can then not replace the keys.
/// Errors: refused, unavailable.
Result<void> let_read_key_file(const Owner& owner, const std::filesystem::path& path);

/// Lets the owner read one file or folder: when not everybody may, it gets the owner's group, who then may.
/// Errors: refused, unavailable.
Result<void> let_read(const Owner& owner, const std::filesystem::path& path);

/// Tries, as the owner, whether the files can be read: a folder above them may be closed. Errors: refused,
/// naming the first that cannot; unavailable.
Result<void> check_readable(const Owner& owner, const std::vector<std::filesystem::path>& files);

/// Makes a folder, and those above it that are missing, which everybody can enter and read and only its owner
/// can write to (0755); leaves one that is there as it is. Errors: unavailable.
Result<void> make_open_folder(const std::filesystem::path& path);

/// Makes a folder that only its owner can enter, unless it is there; missing ones above it are open. Errors:
/// unavailable.
Result<void> make_private_folder(const std::filesystem::path& path);

}  // namespace oidcop::cli
