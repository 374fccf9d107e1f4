#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace oidcop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string why(std::string_view text, const JsonLimits& limits = {}) {
  const auto value = parse_json(text, limits);
  EXPECT_FALSE(value) << text;
  if (value) return "";
  EXPECT_EQ(value.error().code, Errc::malformed);
  return value.error().detail;
}

TEST(ParseJson, BuildsEveryKindOfValue) {
  const auto value =
      parse_json(R"( {"a":[1,-2,2.5,true,false,null,"x",[],{}],"b":{"c":{"d":"e"}},"":0} )").value();
  EXPECT_EQ(value.dump(), R"({"":0,"a":[1,-2,2.5,true,false,null,"x",[],{}],"b":{"c":{"d":"e"}}})");
  EXPECT_TRUE(value == Json::parse(value.dump()));
}

TEST(ParseJson, AcceptsAScalarAlone) {
  EXPECT_EQ(parse_json("7").value(), 7);
  EXPECT_EQ(parse_json("\"x\"").value(), "x");
  EXPECT_TRUE(parse_json("null").value().is_null());
}

TEST(ParseJson, KeepsPlacesApartInNestedArrays) {
  const auto value = parse_json(R"([[1,[2,3]],{"a":[{"b":4},{"b":5}]},6])").value();
  EXPECT_EQ(value.dump(), R"([[1,[2,3]],{"a":[{"b":4},{"b":5}]},6])");
}

TEST(ParseJson, DecodesEscapes) {
  EXPECT_EQ(parse_json(R"("\u00e4\n\"\\\/\ud83d\ude00")").value(), "\xC3\xA4\n\"\\/\xF0\x9F\x98\x80");
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const char* text :
       {"",         " ",         "{",     "}",     "[",         "[1,]",      "{\"a\":1,}", "{a:1}",
        "{'a':1}",  "01",        "+1",    ".5",    "1.",        "1e",        "0x10",       "NaN",
        "Infinity", "-Infinity", "nul",   "True",  "undefined", "\"\t\"",    "\"\\x41\"",  "\"open",
        "{\"a\"}",  "{\"a\" 1}", "[1 2]", "{1:2}", "-",         "\"\\u12\"", "[,1]"}) {
    EXPECT_THAT(why(text), HasSubstr("syntax error")) << text;
  }
}

TEST(ParseJson, RefusesTrailingData) {
  for (const char* text : {"{}{}", "{} x", "1 2", "[]]", "{},", "null,null"}) why(text);
  why(std::string_view("{}\0", 3));
  why(std::string_view("{}\0{", 4));
  why(std::string_view("[1\0]", 4));
  EXPECT_TRUE(parse_json("{} \n\t\r"));
}

TEST(ParseJson, RefusesDuplicateMembersAtEveryDepth) {
  EXPECT_THAT(why(R"({"a":1,"a":1})"), HasSubstr("a member that occurs twice"));
  EXPECT_THAT(why(R"({"x":[{"a":1,"b":2,"a":3}]})"), HasSubstr("twice"));
  EXPECT_THAT(why(R"({"a":1,"\u0061":1})"), HasSubstr("twice")) << "escapes do not hide the repetition";
  EXPECT_TRUE(parse_json(R"({"a":{"a":{"a":1}},"A":1})"));
}

TEST(ParseJson, BoundsTheDepth) {
  const JsonLimits limits{.depth = 3};
  EXPECT_TRUE(parse_json("[[[1]]]", limits));
  EXPECT_TRUE(parse_json(R"({"a":{"b":[1]}})", limits));
  EXPECT_THAT(why("[[[[1]]]]", limits), HasSubstr("too deep"));
  EXPECT_THAT(why(R"({"a":{"b":{"c":{}}}})", limits), HasSubstr("too deep"));
  EXPECT_TRUE(parse_json("[[[]],[[]],[[]]]", limits)) << "closing gives the depth back";
  EXPECT_THAT(why(std::string(100000, '[')), HasSubstr("too deep"));
  EXPECT_TRUE(parse_json(std::string(16, '[') + std::string(16, ']')));
  why(std::string(17, '[') + std::string(17, ']'));
}

TEST(ParseJson, BoundsTheSize) {
  const JsonLimits limits{.octets = 5};
  EXPECT_TRUE(parse_json("[1,2]", limits));
  EXPECT_THAT(why("[1,22]", limits), HasSubstr("larger than 5 octets"));
}

TEST(ParseJson, KeepsNumbersOutThatDoNotFit) {
  EXPECT_THAT(why("1e400"), HasSubstr("too large"));
  EXPECT_THAT(why("[-1e999]"), HasSubstr("too large"));
  EXPECT_THAT(why("18446744073709551616"), HasSubstr("too large"));
  EXPECT_THAT(why("-9223372036854775809"), HasSubstr("too large"));
  EXPECT_EQ(parse_json("18446744073709551615").value(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(parse_json("1e300"));
}

TEST(ParseJson, RefusesTextThatIsNotUtf8) {
  for (const char* text : {"\"\xFF\"", "\"\xC3\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "{\"\xFF\":1}",
                           "\"\\ud800\"", "\"\\udc00\\ud800\""}) {
    why(text);
  }
}

TEST(ParseJson, AllowsCommentsOnlyWhereAsked) {
  constexpr std::string_view kText = "// head\n{ /* inside */ \"a\": 1 // behind\n}\n/* end */";
  why(kText);
  const JsonLimits limits{.comments = JsonComments::allowed};
  EXPECT_EQ(parse_json(kText, limits).value().dump(), R"({"a":1})");
  EXPECT_THAT(why("{\"a\":1, /* x */ \"a\":2}", limits), HasSubstr("twice"));
  why("{} /* open", limits);
}

TEST(ParseJson, ErrorsTellTheLineAndColumnButNoContent) {
  EXPECT_THAT(why("{\n  \"canary\": canary\n}"), HasSubstr("line 2, column 13"));
  EXPECT_THAT(why("{\n  \"canary\": canary\n}"), Not(HasSubstr("canary")));
  EXPECT_THAT(why("{\"canary\":1,\n\"canary\":2}"), HasSubstr("line 2"));
  EXPECT_THAT(why("{\"canary\":1,\n\"canary\":2}"), Not(HasSubstr("canary")));
  EXPECT_THAT(why(""), HasSubstr("line 1"));
}

TEST(DumpJson, WritesBadUtf8AsReplacementCharacters) {
  EXPECT_EQ(dump_json(Json{{"a", "x\xFFy"}}), "{\"a\":\"x\xEF\xBF\xBDy\"}");
  EXPECT_EQ(dump_json(Json{{"\xC3", 1}}), "{\"\xEF\xBF\xBD\":1}");
  EXPECT_EQ(dump_json_pretty(Json{{"a", {1, "\xFF"}}}),
            "{\n  \"a\": [\n    1,\n    \"\xEF\xBF\xBD\"\n  ]\n}");
}

TEST(DumpJson, KeepsGoodUtf8AndEscapesControls) {
  EXPECT_EQ(dump_json(Json("\xC3\xA4\n\x01\"\\")), "\"\xC3\xA4\\n\\u0001\\\"\\\\\"");
}

TEST(DumpJson, WritesWhatTheLibraryWrites) {
  const auto of_the_library = [](const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  std::string every_octet;
  for (int octet = 0; octet < 256; ++octet) {
    const std::string one(1, static_cast<char>(octet));
    every_octet += one;
    EXPECT_EQ(dump_json(Json{{one, one}}), of_the_library(Json{{one, one}})) << octet;
  }
  for (const auto& value :
       {Json(), Json(true), Json(-1), Json(18446744073709551615U), Json(0.1), Json(1e300), Json(""),
        Json("plain ~"), Json(every_octet), Json::array(), Json::object(),
        Json{{"a", Json::array()}, {"b", Json::object()}},
        Json{{"", {1, 2.5, "x", nullptr, {{"y", {{"z", false}}}}}}, {"\xC3\xA4", {{}, {{}}}}},
        Json(std::vector<Json>{"one"}), Json(Json::value_t::discarded)}) {
    EXPECT_EQ(dump_json(value), of_the_library(value));
  }
}

TEST(JsonText, TellsAbsentFromWrong) {
  const Json object = {{"text", "x"}, {"number", 1}, {"null", nullptr}};
  EXPECT_EQ(json_text(object, "text").value(), "x");
  EXPECT_EQ(json_text(object, "absent").value(), std::nullopt);
  EXPECT_THAT(json_text(object, "number").error().detail, HasSubstr("\"number\" is not a string"));
  EXPECT_EQ(json_text(object, "null").error().code, Errc::malformed);
}

TEST(JsonInteger, ReadsWholeNumbersInEverySpelling) {
  const auto read = [](const char* number) {
    return json_integer(parse_json("{\"n\":" + std::string(number) + "}").value(), "n");
  };
  EXPECT_EQ(read("0").value(), 0);
  EXPECT_EQ(read("-0").value(), 0);
  EXPECT_EQ(read("300").value(), 300);
  EXPECT_EQ(read("300.0").value(), 300);
  EXPECT_EQ(read("3e2").value(), 300);
  EXPECT_EQ(read("9007199254740992").value(), 9007199254740992);
  for (const char* number :
       {"-1", "1.5", "-0.5", "1e300", "-1e300", "1e16", "9007199254740993", "9007199254740993.0",
        "18446744073709551615", "\"1\"", "true", "null", "[1]", "{}", "1e-300"}) {
    EXPECT_EQ(read(number).error().code, Errc::malformed) << number;
  }
  EXPECT_EQ(json_integer(Json::object(), "n").value(), std::nullopt);
  EXPECT_FALSE(json_integer(Json{{"n", std::numeric_limits<double>::quiet_NaN()}}, "n"));
  EXPECT_FALSE(json_integer(Json{{"n", std::numeric_limits<double>::infinity()}}, "n"));
}

TEST(JsonAsInteger, CutsAFractionOff) {  // NumericDate, RFC 7519, 2
  const auto read = [](const char* number) { return json_as_integer(parse_json(number).value()); };
  EXPECT_EQ(read("1700000000.9").value(), 1700000000);
  EXPECT_EQ(read("0.5").value(), 0);
  EXPECT_EQ(read("1.7e9").value(), 1700000000);
  EXPECT_EQ(read("9007199254740992").value(), 9007199254740992);
  for (const char* number : {"-1", "-1.5", "1e300", "-1e300", "9007199254740993", "\"1\"", "null", "[]"}) {
    EXPECT_EQ(read(number).error().code, Errc::malformed) << number;
  }
  EXPECT_FALSE(json_as_integer(Json(std::numeric_limits<double>::quiet_NaN())));
  EXPECT_FALSE(json_as_integer(Json(std::numeric_limits<double>::infinity())));
}

TEST(JsonBool, TakesTruthOnly) {
  const Json object = {{"t", true}, {"f", false}, {"n", 1}, {"s", "true"}};
  EXPECT_EQ(json_bool(object, "t").value(), true);
  EXPECT_EQ(json_bool(object, "f").value(), false);
  EXPECT_EQ(json_bool(object, "absent").value(), std::nullopt);
  EXPECT_FALSE(json_bool(object, "n"));
  EXPECT_FALSE(json_bool(object, "s"));
}

TEST(JsonTexts, TakesAnArrayOfStringsOnly) {
  const Json object = {{"a", {"x", "y"}}, {"mixed", {"x", 1}}, {"s", "x"}, {"empty", Json::array()}};
  EXPECT_THAT(*json_texts(object, "a").value(), ElementsAre("x", "y"));
  EXPECT_TRUE(json_texts(object, "empty").value()->empty());
  EXPECT_EQ(json_texts(object, "absent").value(), std::nullopt);
  EXPECT_FALSE(json_texts(object, "mixed"));
  EXPECT_FALSE(json_texts(object, "s"));
}

TEST(JsonMember, IsNullForAnythingButAnObject) {
  EXPECT_EQ(json_member(Json::array({1}), "a"), nullptr);
  EXPECT_EQ(json_member(Json("a"), "a"), nullptr);
  EXPECT_EQ(json_member(Json(), "a"), nullptr);
  EXPECT_EQ(*json_member(Json{{"a", nullptr}}, "a"), Json());
}

}  // namespace
}  // namespace oidcop
