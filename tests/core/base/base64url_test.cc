#include "base/base64url.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <utility>

namespace oidcop {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// RFC 4648, section 10.
constexpr std::array<Pair, 7> kVectors = {{{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}}};

TEST(Base64, EncodesAndDecodesTheVectorsOfTheRfc) {
  for (const auto& [octets, text] : kVectors) {
    EXPECT_EQ(base64_encode(octets), text);
    EXPECT_EQ(base64_decode(text).value(), octets);
  }
}

TEST(Base64Url, LeavesThePaddingOut) {
  for (const auto& [octets, text] : kVectors) {
    const auto unpadded = text.substr(0, text.find('='));
    EXPECT_EQ(base64url_encode(octets), unpadded);
    EXPECT_EQ(base64url_decode(unpadded).value(), octets);
  }
}

TEST(Base64Url, EncodesTheExampleOfRfc7515AppendixC) {
  const std::string octets = {3, '\xEC', '\xFF', '\xE0', '\xC1'};
  EXPECT_EQ(base64url_encode(octets), "A-z_4ME");
  EXPECT_EQ(base64url_decode("A-z_4ME").value(), octets);
}

TEST(Base64Url, EachAlphabetRefusesTheOther) {
  EXPECT_EQ(base64_encode("\xFB\xFF\xFE"), "+//+");
  EXPECT_EQ(base64url_encode("\xFB\xFF\xFE"), "-__-");
  EXPECT_EQ(base64_decode("-__-").error().code, Errc::malformed);
  EXPECT_EQ(base64url_decode("+//+").error().code, Errc::malformed);
}

TEST(Base64Url, RefusesWhatTheAlphabetLacks) {
  for (const std::string_view text : {"Zg==", "Zm8=", "Zm9v ", " Zm9v", "Zm\n9v", "Zm9!", "Zm9v\t", "Z=9v",
                                      "Zm9\x80", "====", "=", "Zm9vYg==", "Zm\xC3\xA4"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
  EXPECT_FALSE(base64url_decode(std::string_view("Zm\0v", 4)));
}

TEST(Base64Url, RefusesImpossibleLengths) {
  EXPECT_FALSE(base64url_decode("Z"));
  EXPECT_FALSE(base64url_decode("Zm9vY"));
}

TEST(Base64Url, RefusesEveryEndingButTheCanonicalOne) {
  // One octet leaves four bits unused in the second digit, two octets leave two bits in the third.
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (std::size_t digit = 0; digit < 64; ++digit) {
    const std::string two = std::string("Z") + kAlphabet[digit];
    const std::string three = std::string("Zm") + kAlphabet[digit];
    EXPECT_EQ(base64url_decode(two).has_value(), digit % 16 == 0) << two;
    EXPECT_EQ(base64url_decode(three).has_value(), digit % 4 == 0) << three;
    EXPECT_EQ(base64url_decode("Zm9v" + two).has_value(), digit % 16 == 0) << two;
  }
}

TEST(Base64, RefusesMissingMisplacedOrExcessPadding) {
  for (const std::string_view text : {"Zg", "Zg=", "Zm8", "Zg===", "Z===", "====", "Zg==Zg==", "Zm9v====",
                                      "=Zg=", "Zh==", "Zm9=", "Zm9v=", "Zg==\n", "Zg= ="}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Base64Url, BringsBackWhateverWasEncoded) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string octets(size, '\0');
    for (char& c : octets) c = static_cast<char>(random());
    const auto text = base64url_encode(octets);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_EQ(base64url_decode(text).value(), octets);
    EXPECT_EQ(base64_decode(base64_encode(octets)).value(), octets);
  }
}

}  // namespace
}  // namespace oidcop
