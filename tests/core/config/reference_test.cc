#include "config/reference.h"

#include "config/field_table.h"
#include "config/initial_text.h"
#include "config_files.h"

#include <gmock/gmock.h>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>

namespace oidcop::config {
namespace {

using ::testing::HasSubstr;
using InitialText = ConfigFiles;
using Examples = ConfigFiles;

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Compares a file of the source tree with what it is made from; OIDCOP_UPDATE_GENERATED=1 writes it instead.
void expect_generated(const std::string& name, const std::string& text) {
  const auto file = std::filesystem::path(OIDCOP_SOURCE_DIR) / name;
  if (std::getenv("OIDCOP_UPDATE_GENERATED") != nullptr) std::ofstream(file) << text;
  EXPECT_EQ(content_of(file), text) << name
                                    << " is out of date; run this test with OIDCOP_UPDATE_GENERATED=1";
}

TEST(ConfigReference, TheManualIsMadeFromTheTable) {
  expect_generated("doc/configuration.md", config_reference_markdown());
}

TEST(ConfigReference, TheSchemaIsMadeFromTheTable) {
  expect_generated("share/examples/oidcop.schema.json", dump_json_pretty(config_schema_json()) + "\n");
}

TEST(ConfigReference, TheManualNamesEveryRow) {
  const auto manual = config_reference_markdown();
  for (const auto& row : field_table())
    EXPECT_THAT(manual, HasSubstr("`" + pattern_text(row) + "`")) << row.path;
}

TEST(ConfigReference, TheManualTellsDefaultsUnitsAndRanges) {
  const auto manual = config_reference_markdown();
  EXPECT_THAT(manual, HasSubstr("- **`issuer`**: https URL; required.\n"));
  EXPECT_THAT(manual, HasSubstr("- **`authz.refresh.grace`**: duration, 0s to 5m; default: `\"10s\"`.\n"));
  EXPECT_THAT(manual,
              HasSubstr("- **`responder.limits.body`**: whole number (octets), 4096 to 16777216; default: "
                        "`65536`.\n"));
  EXPECT_THAT(manual, HasSubstr("- **`endpoint.token.path`**: text; default: `\"token\"`.\n"));
  EXPECT_THAT(manual, HasSubstr("- **`keys.public_path`**: path; default: no copy is written.\n"));
  EXPECT_THAT(manual, HasSubstr("Another name for `endpoint.jwks.path`.\n"));
}

TEST(ConfigReference, TheSchemaKnowsEveryRowAndNothingElse) {
  const auto schema = config_schema_json();
  EXPECT_EQ(schema.at("required"), Json::array({"issuer"}));
  for (const auto& row : field_table()) {
    const auto* at = &schema;
    bool found = true;
    for (const auto& segment : segments_of(row)) {
      EXPECT_TRUE(at->at("type") != "object" || at->contains("additionalProperties")) << row.path;
      if (segment == "[]") {
        at = &at->at("items");
      } else if (segment == "*") {
        at = &at->at("additionalProperties");
      } else {
        found = at->contains("properties") && at->at("properties").contains(segment);
        if (!found) break;
        at = &at->at("properties").at(segment);
      }
    }
    EXPECT_EQ(found, row.type != FieldType::unavailable) << row.path;
  }
}

TEST(ConfigReference, DefaultsInTheSchemaFitTheTable) {
  const auto schema = config_schema_json();
  EXPECT_EQ(schema["properties"]["authz"]["properties"]["refresh"]["properties"]["grace"]["default"], "10s");
  EXPECT_EQ(schema["properties"]["log"]["properties"]["format"]["enum"], Json({"logfmt", "json"}));
}

TEST(ConfigReference, DefaultKeysInTheManualAreThoseOfTheProgram) {
  const auto* row = field_at({"keys", "key_defs"});
  ASSERT_NE(row, nullptr);
  const auto defaults = default_of(*row);
  const Config config(*Url::parse("https://op.example.org"));
  ASSERT_EQ(defaults.size(), config.keys.key_defs.size());
  EXPECT_EQ(defaults[0]["bits"], config.keys.key_defs[0].bits);
  EXPECT_EQ(defaults[1]["crv"], config.keys.key_defs[1].crv);
}

TEST_F(InitialText, LoadsWithoutAProblem) {
  const InitialSettings settings{*Url::parse("https://op.example.org"), {}, {}, {}, {}};
  const auto loaded = load(default_config_text(settings));
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.issuer.text(), "https://op.example.org");
  EXPECT_EQ(warnings_of(loaded), "");
}

TEST_F(InitialText, SaysWhatItIsTold) {
  const auto text = default_config_text({*Url::parse("https://op.example.org"), "Say \"hello\"\n",
                                         "/var/lib/op.db", "/usr/local/share/op", "unix:/run/op.sock"});
  EXPECT_EQ(problems_in(text), "ui.op_name: is not one line of text, not empty\n")
      << "values are escaped: " << text;
  const auto loaded =
      load(default_config_text({*Url::parse("https://op.example.org"), "Say \"hello\"", "/var/lib/op.db",
                                "/usr/local/share/op", "unix:/run/op.sock"}));
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.ui.op_name, "Say \"hello\"");
  EXPECT_EQ(loaded->config.database.path, "/var/lib/op.db");
  EXPECT_EQ(loaded->config.data_dir, "/usr/local/share/op");
  EXPECT_EQ(loaded->config.responder.listen, "unix:/run/op.sock");
}

TEST_F(Examples, LoadWithoutAProblem) {
  for (const auto& entry : std::filesystem::directory_iterator(OIDCOP_SOURCE_DIR "/share/examples")) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.find("schema") != std::string::npos) continue;
    const auto loaded = load(content_of(entry.path()));
    EXPECT_TRUE(loaded) << name << "\n" << to_text(loaded.error());
    EXPECT_EQ(warnings_of(loaded), "") << name;
  }
}

}  // namespace
}  // namespace oidcop::config
