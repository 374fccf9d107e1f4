#include "base/form.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace oidcop {
namespace {

TEST(DecodeForm, KeepsOrderAndRepetitions) {
  EXPECT_EQ(decode_form("b=2&a=1&b=3").value(), (FormFields{{"b", "2"}, {"a", "1"}, {"b", "3"}}));
}

TEST(DecodeForm, DecodesPlusAndEscapesInNamesAndValues) {
  EXPECT_EQ(decode_form("a+b%3D=c+d%26%2b").value(), (FormFields{{"a b=", "c d&+"}}));
}

TEST(DecodeForm, SplitsAtTheFirstEqualsSign) {
  EXPECT_EQ(decode_form("a=b=c").value(), (FormFields{{"a", "b=c"}}));
  EXPECT_EQ(decode_form("a&b=&=c").value(), (FormFields{{"a", ""}, {"b", ""}, {"", "c"}}));
}

TEST(DecodeForm, SkipsEmptyPieces) {
  EXPECT_EQ(decode_form("&&a=1&&").value(), (FormFields{{"a", "1"}}));
  EXPECT_TRUE(decode_form("").value().empty());
}

TEST(DecodeForm, ASemicolonSeparatesNothing) {
  EXPECT_EQ(decode_form("a=1;b=2").value(), (FormFields{{"a", "1;b=2"}}));
}

TEST(DecodeForm, DecodesOnceOnly) {
  EXPECT_EQ(decode_form("a=%2541").value()[0].second, "%41");
}

TEST(DecodeForm, RefusesBadEscapes) {
  for (const char* text : {"a=%", "a=%4", "a=%4g", "a=%g4", "%=1", "a=%u0041", "a=%+1"}) {
    EXPECT_EQ(decode_form(text).error().code, Errc::malformed) << text;
  }
}

TEST(DecodeForm, RefusesNulHoweverWritten) {
  EXPECT_FALSE(decode_form("a=b%00c"));
  EXPECT_FALSE(decode_form("a%00=b"));
  EXPECT_FALSE(decode_form(std::string_view("a=b\0c", 5)));
}

TEST(DecodeForm, RefusesWhatIsNotUtf8) {
  EXPECT_TRUE(decode_form("a=%C3%A4\xC3\xA4"));
  EXPECT_FALSE(decode_form("a=%C3"));
  EXPECT_FALSE(decode_form("a=\xFF"));
  EXPECT_FALSE(decode_form("%C0%AF=a"));
}

TEST(DecodeForm, KeepsToItsLimits) {
  const FormLimits limits{.fields = 2, .name_octets = 3, .value_octets = 4};
  EXPECT_TRUE(decode_form("abc=1234&d=%41%41%41%41", limits));
  EXPECT_FALSE(decode_form("a=1&b=2&c=3", limits));
  EXPECT_FALSE(decode_form("abcd=1", limits));
  EXPECT_FALSE(decode_form("a=12345", limits));
}

TEST(DecodeForm, NamesTheFieldOnlyWhereThatIsSafe) {
  EXPECT_NE(decode_form("redirect_uri=%").error().detail.find("redirect_uri"), std::string::npos);
  EXPECT_EQ(decode_form("%0Aevil=%").error().detail.find("evil"), std::string::npos);
  EXPECT_NE(decode_form("ok=1&%0Aevil=%").error().detail.find("number 2"), std::string::npos);
  EXPECT_EQ(decode_form("a=canary%").error().detail.find("canary"), std::string::npos);
}

TEST(EncodeForm, LeavesOnlyHarmlessCharactersPlain) {
  EXPECT_EQ(form_encode("AZaz09-._* ~+&=%/\xC3\xA4\n"), "AZaz09-._*+%7E%2B%26%3D%25%2F%C3%A4%0A");
  EXPECT_EQ(encode_form({{"a b", "c&d"}, {"", ""}, {"e", "f"}}), "a+b=c%26d&=&e=f");
}

TEST(EncodeForm, ComesBackAsItWas) {
  const FormFields fields = {
      {"st&te", "a=b&c+d %41"}, {"x", ""}, {"\xE2\x82\xAC", "\n\r\t\x7F"}, {"x", "again"}};
  EXPECT_EQ(decode_form(encode_form(fields)).value(), fields);
}

// RFC 6749, Appendix B.
TEST(FormDecode, DecodesOneValue) {
  EXPECT_EQ(form_encode(" %&+\xC2\xA3\xE2\x82\xAC"), "+%25%26%2B%C2%A3%E2%82%AC");
  EXPECT_EQ(form_decode("+%25%26%2B%C2%A3%E2%82%AC").value(), " %&+\xC2\xA3\xE2\x82\xAC");
  EXPECT_FALSE(form_decode("%zz"));
  EXPECT_FALSE(form_decode("%00"));
  EXPECT_FALSE(form_decode("%FF"));
}

TEST(Utf8, AcceptsEveryLengthAndTheBorders) {
  for (const char* text : {"", "ascii", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
    EXPECT_TRUE(is_valid_utf8("1234567" + std::string(text) + "12345678")) << text;
  }
}

TEST(Utf8, RefusesOverlongSurrogateTruncatedAndStrayOctets) {
  for (const char* text : {"\x80",
                           "\xBF",
                           "\xC0\x80",
                           "\xC1\xBF",
                           "\xC2",
                           "\xC2\x41",
                           "\xE0\x9F\xBF",
                           "\xE0\x80\x80",
                           "\xED\xA0\x80",
                           "\xED\xBF\xBF",
                           "\xE2\x82",
                           "\xE2\x82\x41",
                           "\xE2\x41\x80",
                           "\xF0\x8F\xBF\xBF",
                           "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80",
                           "\xF0\x90\x80",
                           "\xF0\x90\x80\x41",
                           "\xFE",
                           "\xFF"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << text;
    EXPECT_FALSE(is_valid_utf8("1234567" + std::string(text) + "12345678")) << text;
  }
}

}  // namespace
}  // namespace oidcop
