#include "store/sqlite/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace oidcop::store::sqlite {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

Error failure(const fs::path& path, const char* what, int number) {
  const auto reason = std::error_code(number, std::generic_category()).message();
  return {number == EEXIST ? Errc::conflict : Errc::unavailable, path.string() + ": " + what + ": " + reason};
}

Result<void> sync(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(failure(path, "cannot be opened", errno));
  const int done = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  if (done != 0) return fail(failure(path, "cannot be written to the disk", number));
  return {};
}

/// So that a service can use what an administrator's command made.
bool give_to_owner_of_folder(int descriptor, const fs::path& path) {
  struct stat folder {};
  if (::geteuid() != 0 || ::stat(folder_of(path).c_str(), &folder) != 0 || folder.st_uid == 0) return true;
  return ::fchown(descriptor, folder.st_uid, folder.st_gid) == 0;
}

}  // namespace

Result<void> create_private_file(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(failure(path, "cannot be made", errno));
  const bool done = ::fchmod(descriptor, 0600) == 0 && give_to_owner_of_folder(descriptor, path);
  const int number = errno;
  ::close(descriptor);
  if (!done) return fail(failure(path, "cannot be made private", number));
  return {};
}

Result<void> sync_file(const fs::path& path) {
  return sync(path, O_NOFOLLOW);
}

Result<void> sync_folder_of(const fs::path& path) {
  return sync(folder_of(path), O_DIRECTORY);
}

bool is_network_file_system(std::int64_t type) {
  constexpr std::array<std::int64_t, 18> kNetwork{
      0x6969,      // NFS
      0x517b,      // SMB
      0xff534d42,  // CIFS
      0xfe534d42,  // SMB 2
      0x5346414f,  // AFS
      0x6b414653,  // kAFS
      0x01021997,  // 9P
      0x00c36400,  // Ceph
      0x73757245,  // Coda
      0x564c,      // NCP
      0x0bd00bd0,  // Lustre
      0x47504653,  // GPFS
      0x01161970,  // GFS2
      0x7461636f,  // OCFS2
      0x19830326,  // BeeGFS
      0x786f4256,  // VirtualBox shared folders
      0xbacbacbc,  // VMware shared folders
      0x65735546,  // FUSE: sshfs, GlusterFS, object stores
  };
  const auto low = static_cast<std::int64_t>(static_cast<std::uint32_t>(type));  // signed on some machines
  return std::find(kNetwork.begin(), kNetwork.end(), low) != kNetwork.end();
}

Result<void> check_is_local(const fs::path& path) {
  struct statfs status {};
  const auto folder = folder_of(path);
  if (::statfs(folder.c_str(), &status) != 0) return fail(failure(folder, "cannot be examined", errno));
  if (!is_network_file_system(status.f_type)) return {};
  return fail(Errc::refused, path.string() +
                                 ": is on a network or FUSE file system, where databases lose their " +
                                 "locks; put it on a local disk");
}

}  // namespace oidcop::store::sqlite
