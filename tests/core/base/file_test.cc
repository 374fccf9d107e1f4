#include "base/file.h"

#include "support/temporary_directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

namespace oidcop {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FileTest : public ::testing::Test {
 protected:
  ~FileTest() override {
    std::error_code ignored;
    fs::permissions(folder_, fs::perms::owner_all, ignored);
  }
  fs::path make(const char* name, std::string_view content, unsigned mode = 0600) const {
    auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    ::chmod(path.c_str(), mode);
    return path;
  }
  static std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static struct stat status(const fs::path& path) {
    struct stat result {};
    ::lstat(path.c_str(), &result);
    return result;
  }
  static unsigned mode(const fs::path& path) { return status(path).st_mode & 07777U; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  const testing::TemporaryDirectory directory_;
  const fs::path folder_ = directory_.path();
};

class ReadFile : public FileTest {};
class ReadPrivateFile : public FileTest {};
class WriteFileAtomically : public FileTest {};
class FileLockTest : public FileTest {};

TEST_F(ReadFile, ReadsEveryOctet) {
  const std::string octets("a\0b\n\xFF", 5);
  EXPECT_EQ(read_file(make("f", octets)).value(), octets);
  EXPECT_EQ(read_file(make("empty", "")).value(), "");
  const std::string large(300000, 'x');
  EXPECT_EQ(read_file(make("large", large)).value(), large);
}

TEST_F(ReadFile, RefusesAFileOverTheLimit) {
  const auto path = make("f", "12345");
  EXPECT_EQ(read_file(path, 5).value(), "12345");
  EXPECT_EQ(read_file(path, 4).error().code, Errc::refused);
  EXPECT_EQ(read_file("/dev/zero", 100000).error().code, Errc::refused);
}

TEST_F(ReadFile, TellsAnAbsentFileFromAnUnreadableOne) {
  EXPECT_EQ(read_file(folder_ / "absent").error().code, Errc::not_found);
  EXPECT_EQ(read_file(folder_).error().code, Errc::unavailable);
  EXPECT_THAT(read_file(folder_ / "absent").error().detail,
              HasSubstr("absent: cannot be opened: No such file"));
}

TEST_F(ReadPrivateFile, ReadsWhatOnlyItsOwnerMayRead) {
  EXPECT_EQ(read_private_file(make("a", "secret", 0600)).value().reveal(), "secret");
  EXPECT_EQ(read_private_file(make("b", "secret", 0400)).value().reveal(), "secret");
  EXPECT_EQ(read_private_file(make("c", "", 0600)).value().reveal(), "");
}

TEST_F(ReadPrivateFile, RefusesPermissionsForOthersAndTellsTheRemedy) {
  for (const unsigned bits : {0604U, 0602U, 0601U, 0660U, 0620U, 0610U, 0644U, 0777U, 0650U}) {
    const auto result = read_private_file(make("f", "secret", bits));
    ASSERT_FALSE(result) << std::oct << bits;
    EXPECT_EQ(result.error().code, Errc::refused);
    EXPECT_THAT(result.error().detail, HasSubstr("chmod 600 '" + (folder_ / "f").string() + "'"));
  }
}

TEST_F(ReadPrivateFile, LetsTheGroupReadOnlyWhatRootOwns) {
  const auto path = make("f", "secret", 0640);
  if (::geteuid() == 0) {
    EXPECT_TRUE(read_private_file(path));
    ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
    const auto foreign = read_private_file(path);
    EXPECT_EQ(foreign.error().code, Errc::refused);
    EXPECT_THAT(foreign.error().detail, HasSubstr("chown 0:0 '" + path.string() + "' && chmod 640 "));
  } else {
    EXPECT_EQ(read_private_file(path).error().code, Errc::refused);
  }
}

TEST_F(ReadPrivateFile, FollowsNoLink) {
  const auto target = make("target", "secret");
  fs::create_symlink(target, folder_ / "link");
  EXPECT_EQ(read_private_file(folder_ / "link").error().code, Errc::refused);
  fs::create_hard_link(target, folder_ / "second");
  EXPECT_EQ(read_private_file(target).error().code, Errc::refused);
  fs::remove(folder_ / "second");
  EXPECT_TRUE(read_private_file(target));
}

TEST_F(ReadPrivateFile, RefusesWhatIsNoRegularFile) {
  EXPECT_EQ(read_private_file(folder_).error().code, Errc::refused);
  const auto fifo = folder_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(read_private_file(fifo).error().code, Errc::refused) << "and does not wait for a writer";
}

TEST_F(ReadPrivateFile, KnowsAbsenceAndTheLimit) {
  EXPECT_EQ(read_private_file(folder_ / "absent").error().code, Errc::not_found);
  const auto path = make("f", "12345");
  EXPECT_TRUE(read_private_file(path, 5));
  EXPECT_EQ(read_private_file(path, 4).error().code, Errc::refused);
}

TEST_F(ReadPrivateFile, QuotesTheNameForTheShell) {
  const auto result = read_private_file(make("it's $HOME", "x", 0644));
  EXPECT_THAT(result.error().detail, HasSubstr("it'\\''s $HOME'"));
}

TEST_F(WriteFileAtomically, MakesANewFileWithTheModeAsked) {
  const auto before = ::umask(0077);
  EXPECT_TRUE(write_file_atomically(folder_ / "published", "p", FileMode::published));
  EXPECT_TRUE(write_file_atomically(folder_ / "secret", "s", FileMode::secret));
  ::umask(before);
  EXPECT_EQ(mode(folder_ / "published"), 0644U);
  EXPECT_EQ(mode(folder_ / "secret"), 0600U);
  EXPECT_EQ(content(folder_ / "secret"), "s");
  EXPECT_EQ(files(), 2U) << "no temporary file stays";
}

TEST_F(WriteFileAtomically, KeepsOwnerGroupAndModeOfTheOldFile) {
  const auto path = make("f", "old", 0640);
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path.c_str(), 12345, 23456), 0);
  }
  ::chmod(path.c_str(), 0640);
  const auto before = status(path);
  ASSERT_TRUE(write_file_atomically(path, "new", FileMode::secret));
  const auto after = status(path);
  EXPECT_EQ(content(path), "new");
  EXPECT_NE(before.st_ino, after.st_ino) << "readers of the old file keep it whole";
  EXPECT_EQ(before.st_uid, after.st_uid);
  EXPECT_EQ(before.st_gid, after.st_gid);
  EXPECT_EQ(mode(path), 0640U);
}

TEST_F(WriteFileAtomically, ReplacesNoLinkAndNoFolder) {
  const auto target = make("target", "old");
  fs::create_symlink(target, folder_ / "link");
  EXPECT_EQ(write_file_atomically(folder_ / "link", "new", FileMode::secret).error().code, Errc::refused);
  EXPECT_EQ(content(target), "old");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  fs::create_directory(folder_ / "sub");
  EXPECT_EQ(write_file_atomically(folder_ / "sub", "new", FileMode::secret).error().code, Errc::refused);
  EXPECT_EQ(files(), 3U) << "no temporary file stays";
}

TEST_F(WriteFileAtomically, LeavesTheOldFileWhenItFails) {
  const auto path = make("f", "old");
  // The child may write 4 octets to a file, as on a full disk.
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const struct rlimit limit { 4, 4 };
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto result = write_file_atomically(path, "much longer", FileMode::secret);
    ::_exit(!result && result.error().code == Errc::unavailable ? 0 : 1);
  }
  int outcome = 0;
  ::waitpid(child, &outcome, 0);
  EXPECT_EQ(outcome, 0);
  EXPECT_EQ(content(path), "old");
  EXPECT_EQ(files(), 1U) << "no temporary file stays";
}

TEST_F(WriteFileAtomically, NeedsTheFolder) {
  EXPECT_EQ(write_file_atomically(folder_ / "no" / "f", "x", FileMode::secret).error().code, Errc::not_found);
}

TEST_F(WriteFileAtomically, TakesAPathWithoutFolder) {
  const auto before = fs::current_path();
  fs::current_path(folder_);
  EXPECT_TRUE(write_file_atomically("bare", "x", FileMode::secret));
  fs::current_path(before);
  EXPECT_EQ(content(folder_ / "bare"), "x");
}

TEST_F(WriteFileAtomically, ReadersSeeTheOldOrTheNewButNothingBetween) {
  const auto path = folder_ / "f";
  const std::string a(5000, 'a'), b(5000, 'b');
  ASSERT_TRUE(write_file_atomically(path, a, FileMode::secret));
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::thread reader([&] {
    while (!done) {
      const auto seen = read_file(path);
      if (!seen || (*seen != a && *seen != b)) ++torn;
    }
  });
  for (int i = 0; i < 40; ++i) {
    EXPECT_TRUE(write_file_atomically(path, i % 2 == 0 ? b : a, FileMode::secret));
  }
  done = true;
  reader.join();
  EXPECT_EQ(torn, 0);
}

bool is_locked(const fs::path& path) {
  const int descriptor = ::open((path.string() + ".lock").c_str(), O_RDWR);
  const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0;
  ::close(descriptor);
  return locked;
}

TEST_F(FileLockTest, HoldsUntilItEnds) {
  const auto path = folder_ / "f";
  {
    auto first = FileLock::acquire(path);
    ASSERT_TRUE(first);
    EXPECT_TRUE(is_locked(path));
    const FileLock moved(std::move(*first));
    EXPECT_TRUE(is_locked(path));
  }
  EXPECT_FALSE(is_locked(path));
  EXPECT_TRUE(FileLock::acquire(path)) << "can be taken again";
}

TEST_F(FileLockTest, AssignmentReleasesTheOldLock) {
  auto first = FileLock::acquire(folder_ / "a");
  auto second = FileLock::acquire(folder_ / "b");
  ASSERT_TRUE(first && second);
  *first = std::move(*second);
  EXPECT_FALSE(is_locked(folder_ / "a"));
  EXPECT_TRUE(is_locked(folder_ / "b"));
}

TEST_F(FileLockTest, KeepsOthersWaiting) {
  const auto path = folder_ / "f";
  std::atomic<int> shared = 0;  // read and written in two steps, which only the lock keeps together
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const auto lock = FileLock::acquire(path);
        if (!lock) continue;
        const int seen = shared;
        std::this_thread::yield();
        shared = seen + 1;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(shared, 100);
}

TEST_F(FileLockTest, FollowsNoLink) {
  const auto target = make("target", "");
  fs::create_symlink(target, folder_ / "f.lock");
  EXPECT_EQ(FileLock::acquire(folder_ / "f").error().code, Errc::unavailable);
}

}  // namespace
}  // namespace oidcop
