#include "provider/private_files.h"

#include "config/environment.h"
#include "support/temporary_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace oidcop::provider {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

/// A configuration whose files lie in conf/, private/ and state/, as `oidcop init` puts them.
class PrivateFiles : public ::testing::Test {
 protected:
  PrivateFiles() {
    for (const char* name : {"conf", "conf/private", "conf/state"}) fs::create_directory(top / name);
    put("conf/shared.txt", "sixteen-characters-long");
  }
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(top / name) << text;
    ASSERT_EQ(::chmod((top / name).c_str(), 0600), 0);
  }
  config::LoadedConfig load(const std::string& members = {}) const {
    put("conf/oidcop.json", R"({"issuer": "https://op.example.org")" + members + "}");
    return config::load_config(top / "conf/oidcop.json",
                               config::FixedEnvironment(std::map<std::string, std::string>()))
        .value();
  }

  const testing::TemporaryDirectory folder;
  const fs::path top = folder.path();
};

TEST_F(PrivateFiles, AreKeysSecretsAndDatabase) {
  EXPECT_THAT(private_files(load()),
              UnorderedElementsAre(top / "conf/private/jwks.json", top / "conf/private/secrets.json",
                                   top / "conf/state/oidcop.db"));
}

TEST_F(PrivateFiles, AreConfigurationsWithASecretInThemToo) {
  const auto files = private_files(load(R"(, "responder": {"shared_secret": "sixteen-characters-long"})"));
  EXPECT_THAT(files, ::testing::Contains(top / "conf/oidcop.json"));
}

TEST_F(PrivateFiles, AreTheFilesThatSecretsComeFromToo) {
  const auto files = private_files(load(R"(, "responder": {"shared_secret": {"file": "shared.txt"}})"));
  EXPECT_THAT(files, ::testing::Contains(top / "conf/shared.txt"));
  EXPECT_THAT(files, ::testing::Not(::testing::Contains(top / "conf/oidcop.json")));
}

TEST_F(PrivateFiles, FoldersOpenToEverybodyAreNamedWithTheirFiles) {
  EXPECT_TRUE(unsafe_folders(load()).empty());
  ASSERT_EQ(::chmod((top / "conf/state").c_str(), 0777), 0);
  EXPECT_THAT(config::to_text(unsafe_folders(load())),
              HasSubstr((top / "conf/state/oidcop.db").string() + ": "));
  ASSERT_EQ(::chmod((top / "conf/state").c_str(), 0700), 0);
  ASSERT_EQ(::chmod((top / "conf").c_str(), 0777), 0);
  EXPECT_THAT(config::to_text(unsafe_folders(load())), HasSubstr((top / "conf/oidcop.json").string() + ": "))
      << "who can replace the configuration needs no secret";
}

TEST_F(PrivateFiles, AreExposedBelowADocumentRoot) {
  const Exposure exposure(private_files(load()));
  for (const auto& root : {top, top / "conf", top / "conf/state", top / "conf/../conf"}) {
    EXPECT_THAT(exposure.below(root.string()).value_or(""), HasSubstr("document root " + root.string()));
  }
  EXPECT_THAT(exposure.below((top / "conf/state").string()).value_or(""), HasSubstr("oidcop.db: lies below"));
  EXPECT_TRUE(exposure.below((top / "conf/state").string())) << "the second answer comes from memory";
}

TEST_F(PrivateFiles, AreNotExposedBesideIt) {
  fs::create_directory(top / "con");
  const Exposure exposure(private_files(load()));
  for (const auto& root :
       {std::string(), (top / "con").string(), (top / "absent").string(), std::string("htdocs")}) {
    EXPECT_EQ(exposure.below(root), std::nullopt) << root;
  }
}

}  // namespace
}  // namespace oidcop::provider
