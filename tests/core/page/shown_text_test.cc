#include "page/shown_text.h"

#include <gtest/gtest.h>

namespace oidcop::page {
namespace {

TEST(ShownText, KeepsWhatPeopleWrite) {
  EXPECT_EQ(shown_text("Ærøskøbing 東京 …"), "Ærøskøbing 東京 …");
  EXPECT_EQ(shown_text("می\u200Cخواهم"), "می\u200Cخواهم")
      << "the zero width non-joiner belongs to Persian spelling";
}

TEST(ShownText, IsAtMost64CharactersLong) {
  EXPECT_EQ(shown_text(std::string(64, 'a')), std::string(64, 'a'));
  EXPECT_EQ(shown_text(std::string(65, 'a')), std::string(63, 'a') + "…");
  std::string wide;
  for (int i = 0; i < 70; ++i) wide += "ß";
  EXPECT_EQ(shown_text(wide).size(), 63 * 2 + 3U) << "characters count, not octets, and none is torn apart";
}

TEST(ShownText, RemovesControlAndBidiCharacters) {
  EXPECT_EQ(shown_text(std::string("a\0b\x1b[31mc\x7f", 10)), "ab[31mc");
  for (const std::string hidden :
       {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\u200E",
        "\u200F", "\u061C", "\u200B", "\uFEFF", "\u00AD", "\u0085", "\U000E0041"}) {
    EXPECT_EQ(shown_text("x" + hidden + "y"), "xy");
  }
}

TEST(ShownText, MakesLineBreaksBlanks) {
  EXPECT_EQ(shown_text("a\nb\tc\u2028d"), "a b c d");
}

TEST(ShownText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(shown_text("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(shown_text("\xC0\xAF"), "\uFFFD\uFFFD") << "an overlong slash";
  EXPECT_EQ(shown_text("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(shown_text("\xE2\x82"), "\uFFFD\uFFFD") << "cut short";
  EXPECT_EQ(shown_text("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD") << "beyond Unicode";
}

TEST(PrefillText, IsTheValueItselfOrNothing) {
  EXPECT_EQ(prefill_text("diana@example.com"), "diana@example.com");
  EXPECT_EQ(prefill_text("diana\u202E"), "");
  EXPECT_EQ(prefill_text("di\nana"), "");
  EXPECT_EQ(prefill_text(std::string(65, 'a')), "");
}

TEST(InitialOf, IsOneWholeCharacter) {
  EXPECT_EQ(initial_of("harbour"), "H");
  EXPECT_EQ(initial_of("Øre"), "Ø");
  EXPECT_EQ(initial_of("東京"), "東");
  EXPECT_EQ(initial_of(""), "");
}

TEST(EscapeHtml, EscapesAllFiveCharacters) {
  EXPECT_EQ(escape_html("a&<>\"'b"), "a&amp;&lt;&gt;&quot;&#39;b");
}

}  // namespace
}  // namespace oidcop::page
