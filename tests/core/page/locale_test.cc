#include "page/locale.h"

#include "core/page/page_samples.h"
#include "page/locale_negotiation.h"

#include <gmock/gmock.h>

namespace oidcop::page {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kTags = {"de", "de-CH", "en", "fr", "pt-BR", "zh-Hant"};

std::string negotiate(const std::vector<std::string>& ui_locales, std::string_view accept_language) {
  return negotiate_locale(kTags, "en", ui_locales, accept_language);
}

TEST(NegotiateLocale, TakesTheFirstUiLocaleThatIsThere) {
  EXPECT_EQ(negotiate({"it", "fr", "de"}, "de"), "fr");
  EXPECT_EQ(negotiate({"FR-ca"}, ""), "fr") << "shortened from the end, in any case";
  EXPECT_EQ(negotiate({"de-CH-1996"}, ""), "de-CH");
}

TEST(NegotiateLocale, TakesTheBrowsersLanguageWhenNoUiLocaleFits) {
  EXPECT_EQ(negotiate({"it"}, "es;q=0.9, de;q=0.8, fr;q=0.85"), "fr");
  EXPECT_EQ(negotiate({}, "de-AT, en;q=0.5"), "de");
  EXPECT_EQ(negotiate({}, "*, fr;q=0.1"), "fr") << "a star decides nothing in a lookup";
}

TEST(NegotiateLocale, DoesNotGuessARegion) {
  EXPECT_EQ(negotiate({"pt"}, ""), "en") << "a range is shortened, never extended (RFC 4647, 3.4)";
  EXPECT_EQ(negotiate({"pt-br"}, ""), "pt-BR");
}

TEST(NegotiateLocale, DropsSingleLettersWithWhatTheyIntroduce) {
  EXPECT_EQ(negotiate({"zh-Hant-x-private"}, ""), "zh-Hant");
  EXPECT_EQ(negotiate({"fr-x"}, ""), "fr");
}

TEST(NegotiateLocale, NeverTakesWhatTheBrowserRulesOut) {
  EXPECT_EQ(negotiate({}, "de-CH, de;q=0, fr;q=0.1"), "de-CH");
  EXPECT_EQ(negotiate({}, "de-AT, de;q=0, fr;q=0.1"), "fr");
  EXPECT_EQ(negotiate({}, "fr;q=0.000"), "en");
}

TEST(NegotiateLocale, SkipsWhatCannotBeRead) {
  EXPECT_EQ(negotiate({"../../etc/passwd", "", "-", "de_DE", "fr"}, ""), "fr");
  EXPECT_EQ(negotiate({}, "fr;q=2, de;q=0.4"), "de");
  EXPECT_EQ(negotiate({}, "fr;level=1, de;q=0.4"), "de");
  EXPECT_EQ(negotiate({}, ",,;;q=,\xFF, fr"), "fr");
}

TEST(NegotiateLocale, OnlyEverAnswersWithALanguageThatIsThere) {
  for (const auto* range : {"../en", "en/../../x", "e n", "xx", "abcdefghijk", "de-"}) {
    EXPECT_EQ(negotiate({range}, range), "en") << range;
  }
}

TEST(NegotiateLocale, LooksAtABoundedNumberOfRanges) {
  std::vector<std::string> many(1000, "xx");
  many.push_back("de");
  EXPECT_EQ(negotiate(many, ""), "en");
}

TEST(ParseText, SplitsWordsFromPlaces) {
  const auto text = parse_text("Sign in to {client}.");
  ASSERT_TRUE(text);
  ASSERT_EQ(text->size(), 3U);
  EXPECT_EQ((*text)[0].words, "Sign in to ");
  EXPECT_EQ((*text)[1].placeholder, "client");
  EXPECT_EQ((*text)[2].words, ".");
}

TEST(ParseText, RefusesBracesThatNameNothing) {
  for (const auto* broken : {"{", "}", "a {client", "a } b", "{}", "{Client}", "{a b}"}) {
    EXPECT_FALSE(parse_text(broken)) << broken;
  }
}

TEST(Locales, ShippedOnesAreComplete) {
  const auto pages = Pages::load(shipped_pages());
  ASSERT_TRUE(pages) << pages.error().detail;
  EXPECT_THAT((*pages)->languages(), ElementsAre("de", "en", "es", "fr"));
  EXPECT_THAT((*pages)->warnings(), IsEmpty());
}

TEST(Locales, AreChosenForARequest) {
  const auto pages = Pages::load(shipped_pages());
  ASSERT_TRUE(pages) << pages.error().detail;
  EXPECT_EQ((*pages)->locale({"fr-CA", "de"}, "es").tag(), "fr");
  EXPECT_EQ((*pages)->locale({}, "it, es;q=0.5").tag(), "es");
  EXPECT_EQ((*pages)->locale({"../en"}, "").tag(), "en");
}

TEST(Locales, DefaultIsTheConfiguredOne) {
  auto options = shipped_pages();
  options.default_locale = "de";
  const auto pages = Pages::load(options);
  ASSERT_TRUE(pages) << pages.error().detail;
  EXPECT_EQ((*pages)->locale({"ja"}, "").tag(), "de");
  options.default_locale = "ja";
  EXPECT_EQ(Pages::load(options).error().code, Errc::not_found);
}

}  // namespace
}  // namespace oidcop::page
