#include "base/folder.h"

#include "support/temporary_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace oidcop {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FolderTest : public ::testing::Test {
 protected:
  fs::path make(const char* name, mode_t mode = 0700) const {
    const auto path = folder_.path() / name;
    fs::create_directories(path);
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }
  testing::TemporaryDirectory folder_;
};

class UnsafeFolder : public FolderTest {};
class LiesBelow : public FolderTest {};

TEST_F(UnsafeFolder, IsNoneThatOthersCannotWriteTo) {
  EXPECT_EQ(why_folder_unsafe(make("private") / "keys.json"), std::nullopt);
  EXPECT_EQ(why_folder_unsafe(make("open", 0755) / "keys.json"), std::nullopt);
}

TEST_F(UnsafeFolder, IsOneThatEverybodyCanWriteTo) {
  const auto open = make("open", 0777);
  EXPECT_THAT(why_folder_unsafe(open / "keys.json").value_or(""), HasSubstr("chmod o-w " + open.string()));
}

TEST_F(UnsafeFolder, IsOneBelowAnotherThatEverybodyCanWriteTo) {
  const auto inner = make("open/inner");
  const auto open = make("open", 0777);
  EXPECT_THAT(why_folder_unsafe(inner / "keys.json").value_or(""), HasSubstr("chmod o-w " + open.string()));
}

TEST_F(UnsafeFolder, ASharedFolderIsNoPlaceForFilesButForFolders) {  // like /tmp
  const auto inner = make("shared/inner");
  const auto shared = make("shared", 01777);
  EXPECT_EQ(why_folder_unsafe(inner / "keys.json"), std::nullopt);
  EXPECT_THAT(why_folder_unsafe(shared / "keys.json").value_or(""), HasSubstr("a folder of its own"));
}

TEST_F(UnsafeFolder, IsSeenThroughALink) {
  fs::create_directory_symlink(make("open", 0777), folder_.path() / "link");
  EXPECT_TRUE(why_folder_unsafe(folder_.path() / "link" / "keys.json"));
}

TEST_F(UnsafeFolder, CannotBeToldOfOneThatIsNotThere) {
  EXPECT_EQ(why_folder_unsafe(folder_.path() / "absent" / "keys.json"), std::nullopt);
}

TEST_F(LiesBelow, KnowsFoldersByTheirNamesAndNotByTheirBeginnings) {
  const auto www = make("www");
  EXPECT_TRUE(lies_below(www / "oidcop.db", www));
  EXPECT_TRUE(lies_below(www / "oidcop.db", www.string() + "/"));
  EXPECT_TRUE(lies_below(make("www/state/deep") / "oidcop.db", www));
  EXPECT_TRUE(lies_below(www / "oidcop.db", "/"));
  EXPECT_FALSE(lies_below(make("www-private") / "oidcop.db", www));
  EXPECT_FALSE(lies_below(folder_.path() / "oidcop.db", www));
  EXPECT_FALSE(lies_below(www / "oidcop.db", folder_.path() / "absent"));
}

TEST_F(LiesBelow, FollowsLinksOnBothSides) {
  const auto www = make("www");
  fs::create_directory_symlink(www, folder_.path() / "site");
  EXPECT_TRUE(lies_below(www / "oidcop.db", folder_.path() / "site"));
  EXPECT_TRUE(lies_below(folder_.path() / "site" / "oidcop.db", www));
  EXPECT_TRUE(lies_below(www / ".." / "www" / "oidcop.db", www));
}

}  // namespace
}  // namespace oidcop
