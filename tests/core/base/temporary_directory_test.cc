#include "support/temporary_directory.h"

#include <gtest/gtest.h>

#include <chrono>

namespace oidcop::testing {
namespace {

namespace fs = std::filesystem;

/// A folder with something in it, so many hours old.
fs::path folder(const fs::path& where, const char* name, int hours) {
  const auto path = where / name;
  fs::create_directories(path / "deep");
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(hours));
  return path;
}

TEST(TemporaryDirectory, IsGoneWithItsContent) {
  fs::path path;
  {
    const TemporaryDirectory directory;
    path = directory.path();
    fs::create_directories(directory / "a/b");
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryDirectory, RemovesWhatAKilledTestLeft) {
  const TemporaryDirectory where;
  const auto left = folder(where.path(), "oidcop-test-left", 25);
  const auto young = folder(where.path(), "oidcop-test-young", 1);
  const auto other = folder(where.path(), "oidcop-shell-other", 25);
  const auto in_use = folder(where.path(), "oidcop-test-used", 25);
  const Descriptor user(::open(in_use.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(user.get(), LOCK_SH), 0);
  fs::create_directory_symlink(other, where / "oidcop-test-link");
  TemporaryDirectory::remove_abandoned(where.path());
  EXPECT_FALSE(fs::exists(left));
  for (const auto& path : {young, other, in_use}) EXPECT_TRUE(fs::exists(path / "deep")) << path;
}

}  // namespace
}  // namespace oidcop::testing
