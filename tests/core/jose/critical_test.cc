#include "jose/critical.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::jose {
namespace {

using Names = std::vector<std::string>;

Result<Names> read(const char* header) {
  static constexpr std::array<std::string_view, 2> kRegistered = {"alg", "crit"};
  return read_critical(*parse_json(header), kRegistered, {"x", "y", "alg"});
}

TEST(Critical, NamesWhatIsThereAndUnderstood) {
  EXPECT_EQ(read(R"({"alg":"HS256"})").value(), Names());
  EXPECT_EQ(read(R"({"crit":["x"],"x":1})").value(), Names{"x"});
  EXPECT_EQ(read(R"({"crit":["y","x"],"x":null,"y":{}})").value(), (Names{"y", "x"}));
}

TEST(Critical, WhatIsNotUnderstoodIsRefused) {
  EXPECT_EQ(read(R"({"crit":["z"],"z":1})").error().code, Errc::refused);
  EXPECT_EQ(read(R"({"crit":["x","X"],"x":1,"X":1})").error().code, Errc::refused);
}

// RFC 7515, 4.1.11: not empty, nothing twice, nothing that is not there, nothing of the specification's own.
TEST(Critical, WhatItMustNotNameIsMalformed) {
  for (const auto* header :
       {R"({"crit":[]})", R"({"crit":null})", R"({"crit":"x","x":1})", R"({"crit":[1],"1":1})",
        R"({"crit":["x"]})", R"({"crit":["x","x"],"x":1})", R"({"crit":["alg"],"alg":"HS256"})",
        R"({"crit":["crit"]})", R"({"crit":{"x":1},"x":1})", R"({"crit":true})"}) {
    const auto names = read(header);
    ASSERT_FALSE(names) << header;
    EXPECT_EQ(names.error().code, Errc::malformed) << header;
  }
}

}  // namespace
}  // namespace oidcop::jose
