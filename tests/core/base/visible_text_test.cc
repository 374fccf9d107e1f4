#include "base/visible_text.h"

#include "base/json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

namespace oidcop {
namespace {

TEST(VisibleText, LeavesWhatCanBeSeen) {
  for (const char* text : {"", "alice", "J\u00FCrgen \u5F20\u4F1F \U0001F600", "a \\ \"quoted\" path"}) {
    EXPECT_EQ(visible_text(text), text);
  }
}

TEST(VisibleText, EscapesWhatDrivesATerminalOrTurnsTheWritingDirection) {
  EXPECT_EQ(visible_text("a\x1B[2Jb"), "a\\u001b[2Jb");
  EXPECT_EQ(visible_text("a\u009B2Jb"), "a\\u009b2Jb");
  EXPECT_EQ(visible_text("a\u202Eb\u2066c"), "a\\u202eb\\u2066c");
  EXPECT_EQ(visible_text("a\r\n\tb\x7F"), "a\\r\\n\\tb\\u007f");
  EXPECT_EQ(visible_text("a\U000E0041"), "a\\udb40\\udc41");
}

TEST(VisibleText, ShowsOctetsThatAreNotUtf8AsTheReplacementCharacter) {
  EXPECT_EQ(visible_text("a\x9B"
                         "2J"),
            "a\\ufffd2J");  // a C1 control in Latin-1, which some terminals obey
}

TEST(VisibleText, KeepsLinesWhenAskedTo) {
  EXPECT_EQ(visible_lines("one\ntwo\r\x1B[1m"), "one\ntwo\\r\\u001b[1m");
}

TEST(VisibleText, ChangesNoValueOfAJsonDocument) {
  const Json document = {{"a\u202E", {"\x1B[2J", "\u009B", "\x7F", "\U000E0041", "plain \u00FC", "\n"}}};
  const auto text = visible_lines(dump_json_pretty(document));
  EXPECT_EQ(text.find("\u202E"), std::string::npos);
  EXPECT_EQ(text.find("\u009B"), std::string::npos);
  EXPECT_EQ(text.find('\x7F'), std::string::npos);
  EXPECT_EQ(parse_json(text).value(), document);
}

}  // namespace
}  // namespace oidcop
