#include "config/check.h"
#include "config/duration.h"
#include "config/effective.h"
#include "config/field_table.h"
#include "config/fill.h"
#include "config/nearest.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace oidcop::config {
namespace {

Config example() {
  return Config(*Url::parse("https://op.example.org"));
}

/// A configuration with these values, filled without looking at contradictions.
Config filled(const Json& tree, ConfigProblems& problems) {
  auto config = example();
  const Source source{"test.json", std::make_shared<const Json>(tree), false};
  check_source(source, problems);
  const FixedEnvironment environment;
  fill(config, merge({source}, problems), {"/folder", environment}, problems);
  return config;
}

/// A name for an entry of the map that begins the path.
std::string some_name(const std::string& map) {
  return map == "resources" ? "https://some.example.org" : "some";
}

void put(Json& tree, const Place& place, const Json& value) {
  auto* at = &tree;
  for (const auto& segment : place) {
    if (segment == "[]") {
      at = &(*at)[0];
    } else {
      at = &(*at)[segment == "*" ? some_name(place.front()) : segment];
    }
  }
  *at = value;
}

/// A value that fits the row and is not its default.
Json other_value(const Field& row, const Json& value) {
  switch (row.type) {
    case FieldType::boolean:
      return value != Json(true);
    case FieldType::integer:
      return value == Json(row.min) ? row.max : row.min;
    case FieldType::duration:
      return value == Json(duration_text(Seconds(static_cast<std::int64_t>(row.min)))) ? row.max : row.min;
    case FieldType::choice:
      return value == Json(row.allowed.front()) ? row.allowed.back() : row.allowed.front();
    case FieldType::text:
      return row.allowed.empty() ? Json(row.path == "responder.listen" ? "unix:other" : "other")
                                 : Json(row.allowed.back());
    case FieldType::texts:
      if (row.path == "httpc_params.allowed_networks") return Json({"10.0.0.0/8"});
      if (row.path == "add_on.grant_types") return Json({"urn:example:other"});
      return row.allowed.empty() ? Json({"other"}) : Json::array({row.allowed.back()});
    case FieldType::choices:
      return Json::array({row.allowed.front()});
    case FieldType::path:
      return "other";
    case FieldType::url:
      return "https://other.example.org";
    case FieldType::secret:
      return "a secret to be masked";
    case FieldType::claims:
      return Json({"other"});
    default:
      return {};
  }
}

/// Rows whose only allowed value is their default: nothing else can be set.
const std::set<std::string> kFixed = {"version", "authentication.*.method",
                                      "add_on.pkce.code_challenge_methods",
                                      "endpoint.registration_api.client_authn_method",
                                      "authz.grant_config.usage_rules.authorization_code.max_usage"};

TEST(FieldTable, EveryRowFillsAMember) {
  for (const auto& row : field_table()) {
    if (row.slot == nullptr || kFixed.count(row.path) != 0) continue;
    auto tree = Json::object();
    const auto segments = segments_of(row);
    // What is around the value, so that only the value itself makes the difference.
    if (row.path.rfind("endpoint.", 0) == 0) tree["endpoint"][segments[1]] = Json::object();
    if (row.path.rfind("authentication.", 0) == 0) tree["authentication"]["some"] = Json::object();
    if (row.path.rfind("resources.", 0) == 0) tree["resources"][some_name("resources")] = Json::object();
    if (row.path.rfind("software_statement_issuers.", 0) == 0) {
      tree["software_statement_issuers"]["some"]["jwks_path"] = "usual";
    }
    if (row.path.rfind("keys.key_defs.", 0) == 0) {
      const bool ec = row.path == "keys.key_defs.[].crv" || row.path == "keys.key_defs.[].type";
      tree["keys"]["key_defs"] = Json::array({{{"type", ec ? "EC" : "RSA"}}});
    }
    ConfigProblems problems;
    auto before_config = filled(tree, problems);
    const auto before = effective_json(before_config);
    auto place = segments;
    std::replace(place.begin(), place.end(), std::string("*"), some_name(place.front()));
    std::replace(place.begin(), place.end(), std::string("[]"), std::string("0"));
    put(tree, segments, other_value(row, read(row, row.slot(before_config, place))));
    const auto after = effective_json(filled(tree, problems));
    EXPECT_EQ(to_text(problems), "") << row.path;
    EXPECT_NE(before, after) << row.path << " changes nothing";
  }
}

/// Where the member is that the row fills.
const void* address_of(const Slot& slot) {
  return std::visit(
      [](const auto& member) -> const void* {
        using Member = std::decay_t<decltype(member)>;
        if constexpr (std::is_same_v<Member, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<Member, Choice>) {
          return member.value;
        } else {
          return member;
        }
      },
      slot);
}

TEST(FieldTable, NoTwoRowsFillTheSameMember) {
  auto tree = Json::object();
  for (const auto& row : field_table()) {
    if (row.path.rfind("endpoint.", 0) == 0 && row.slot != nullptr)
      tree["endpoint"][segments_of(row)[1]] = Json::object();
  }
  tree["authentication"]["some"] = Json::object();
  tree["resources"][some_name("resources")] = Json::object();
  tree["software_statement_issuers"]["some"]["jwks_path"] = "keys";
  tree["keys"]["key_defs"] = Json::array({{{"type", "RSA"}}, {{"type", "EC"}}});
  ConfigProblems problems;
  auto config = filled(tree, problems);
  std::map<const void*, std::string> owners;
  for (const auto& row : field_table()) {
    if (row.slot == nullptr || !row.alias_of.empty()) continue;
    auto place = segments_of(row);
    std::replace(place.begin(), place.end(), std::string("*"), some_name(place.front()));
    const std::string element = row.path == "keys.key_defs.[].crv" ? "1" : "0";  // of the key that has it
    std::replace(place.begin(), place.end(), std::string("[]"), element);
    const auto* member = address_of(row.slot(config, place));
    ASSERT_NE(member, nullptr) << row.path;
    const auto [owner, is_first] = owners.emplace(member, row.path);
    EXPECT_TRUE(is_first) << row.path << " fills what " << owner->second << " fills";
  }
}

TEST(FieldTable, EveryRowSaysWhatItIs) {
  std::set<std::string> paths;
  for (const auto& row : field_table()) {
    EXPECT_FALSE(row.doc.empty()) << row.path;
    EXPECT_TRUE(paths.insert(row.path).second) << row.path << " is there twice";
    if (row.type == FieldType::integer || row.type == FieldType::duration) {
      EXPECT_GT(row.max, 0U) << row.path << " has no range";
    }
    EXPECT_EQ(row.shape.pattern.empty(), row.shape.matches == nullptr) << row.path;
    if (row.type == FieldType::map) {
      EXPECT_FALSE(row.shape.pattern.empty()) << row.path;
    }
  }
  for (const auto& row : field_table()) {
    if (!row.alias_of.empty()) {
      EXPECT_EQ(paths.count(std::string(row.alias_of)), 1U) << row.path;
    }
  }
}

TEST(FieldTable, EveryRowStandsInASectionOfTheTable) {
  for (const auto& row : field_table()) {
    const auto dot = row.path.rfind('.');
    if (dot == std::string::npos) continue;
    const auto parent = row.path.substr(0, dot);
    EXPECT_TRUE(std::any_of(field_table().begin(), field_table().end(), [&](const Field& other) {
      return other.path == parent && other.is_container();
    })) << row.path;
  }
}

TEST(FieldTable, DefaultsPassTheirOwnChecks) {
  ConfigProblems problems;
  const auto config = example();
  const auto dump = effective_json(config);
  const auto again = filled(dump, problems);
  EXPECT_EQ(to_text(problems), "");
  const auto issuer = dump.at("issuer");
  EXPECT_EQ(issuer, "https://op.example.org");
  // Relative paths got the folder; all else is as it was.
  auto paths_aside = [](Json json) {
    json.erase("database");
    json["keys"].erase("private_path");
    json["keys"].erase("secrets_path");
    return json;
  };
  EXPECT_EQ(paths_aside(effective_json(again)), paths_aside(dump));
}

TEST(EffectiveConfiguration, MasksSecrets) {
  ConfigProblems problems;
  const auto config = filled({{"responder", {{"shared_secret", "hunter2hunter2hunter2"}}}}, problems);
  const auto text = effective_json(config).dump();
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_NE(text.find(R"("shared_secret":"********")"), std::string::npos);
}

TEST(Duration, IsWrittenAsShortAsItIsRead) {
  for (const auto* text : {"0s", "1s", "61s", "10m", "90m", "12h", "30d"}) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration) << text;
    EXPECT_EQ(duration_text(*duration), text);
  }
}

TEST(Duration, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "m", "-1", "+1", " 1", "1 m", "1y", "1mm", "1.5h", "0x10", "99999999999999999999", "36526d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Nearest, CountsEditsAndSwapsButNotLetterCase) {
  EXPECT_EQ(edit_distance("issuer", "issuer"), 0U);
  EXPECT_EQ(edit_distance("isseur", "issuer"), 1U) << "a swap is one slip";
  EXPECT_EQ(edit_distance("Cookie-Handler", "cookie_handler"), 0U);
  EXPECT_EQ(edit_distance("token", "tokn"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance(std::string(5000, 'a'), "a"), 5000U);
}

TEST(Nearest, GivesNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest("lag", {"ui", "log"}), "log");
  EXPECT_EQ(nearest("xyz", {"ui", "log"}), "");
  EXPECT_EQ(nearest("", {"ui", "log"}), "");
  EXPECT_EQ(nearest("a", {"b"}), "") << "a name of which nothing is left is not near";
}

}  // namespace
}  // namespace oidcop::config
