#pragma once

#include "config/load.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace oidcop::config {

/// A folder with an oidcop.json and what else a test puts there.
class ConfigFiles : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& content, mode_t mode = 0600) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << content;
    ASSERT_EQ(chmod((folder_ / name).c_str(), mode), 0);
  }

  /// Loads oidcop.json as it lies there.
  Result<LoadedConfig, ConfigProblems> load() {
    return load_config(folder_ / "oidcop.json", FixedEnvironment(variables_));
  }
  /// Loads oidcop.json with this content.
  Result<LoadedConfig, ConfigProblems> load(const std::string& text) {
    put("oidcop.json", text);
    return load();
  }
  /// Loads a file that has an issuer and these members besides.
  Result<LoadedConfig, ConfigProblems> load_with(const std::string& members) {
    return load(R"({"issuer": "https://op.example.org", )" + members + "}");
  }

  /// What is wrong with a file that has these members, one line each, without the file's name.
  std::string problems_with(const std::string& members) { return problems_of(load_with(members)); }
  std::string problems_in(const std::string& text) { return problems_of(load(text)); }

  std::string problems_of(const Result<LoadedConfig, ConfigProblems>& loaded) const {
    return loaded ? "none" : without_folder(to_text(loaded.error()));
  }
  std::string warnings_of(const Result<LoadedConfig, ConfigProblems>& loaded) const {
    return loaded ? without_folder(to_text(loaded->warnings)) : "does not load: " + to_text(loaded.error());
  }
  std::string without_folder(std::string text) const {
    const auto prefix = folder_.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
      text.erase(at, prefix.size());
    const std::string name = "oidcop.json: ";
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
      text.erase(at, name.size());
    return text;
  }

  const oidcop::testing::TemporaryDirectory directory_;
  const std::filesystem::path folder_ = directory_.path();
  std::map<std::string, std::string> variables_;
};

}  // namespace oidcop::config
