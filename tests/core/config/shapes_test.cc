#include "config/shapes.h"

#include "config/value.h"

#include <gtest/gtest.h>
#include <array>
#include <regex>
#include <string>
#include <vector>

namespace oidcop::config {
namespace {

const std::array<Shape, 14> kShapes = {kUrlPath, kScope,  kWord,     kWords,  kClaim, kName,    kUser,
                                       kLocale,  kScheme, kResource, kListen, kLine,  kNetwork, kHost};

/// Texts on both sides of every border, and all short ones over the characters that borders are made of.
std::vector<std::string> samples() {
  std::vector<std::string> texts = {"",
                                    "token",
                                    ".well-known/openid-configuration",
                                    "example.org",
                                    "example.org:8443",
                                    "example.org:",
                                    "example.org:123456",
                                    "Example.org",
                                    "-example.org",
                                    ".well-known/",
                                    ".well-known",
                                    "a/.well-known/b",
                                    "/a",
                                    "a/",
                                    "a//b",
                                    "a/../b",
                                    "a/b.c/d~e",
                                    "a?b",
                                    "code id_token",
                                    "code  id_token",
                                    " code",
                                    "code ",
                                    "en",
                                    "de-CH",
                                    "de-CH-1996",
                                    "e",
                                    "de-",
                                    "abcdefghi",
                                    "de-123456789",
                                    "d3-CH",
                                    "email",
                                    "3mail",
                                    "web+x.y-z",
                                    "unix:/run/x",
                                    "unix:",
                                    "unix:9000",
                                    "unix:a\nb",
                                    "localhost:9000",
                                    "localhost:",
                                    "localhost:123456",
                                    ":9000",
                                    "[::1]:9000",
                                    "[]:9000",
                                    "[::g]:9000",
                                    "[::1:9000",
                                    "::1:9000",
                                    "a\tb",
                                    "a\x7f",
                                    "caf\xc3\xa9",
                                    "Say \"hello\"",
                                    "a\\b",
                                    "10.0.0.0/8",
                                    "10.0.0.0/",
                                    "10.0.0.0/1000",
                                    "fd00::/32",
                                    "10.0.0.0/8/8",
                                    "10.0.0.0/x",
                                    std::string(32, 'a'),
                                    std::string(33, 'a')};
  const std::string borders = "a9_-.~/: [\"\\";
  for (const char a : borders) {
    for (const char b : borders) {
      for (const char c : borders) texts.push_back({a, b, c});
      texts.push_back({a, b});
    }
    texts.push_back({a});
  }
  return texts;
}

TEST(Shape, IsTheSameInTheCheckAndInTheSchema) {
  for (const auto& shape : kShapes) {
    const std::regex pattern(shape.pattern.begin(), shape.pattern.end());
    for (const auto& text : samples()) {
      EXPECT_EQ(fits(shape, text), std::regex_search(text, pattern))
          << shape.pattern << " and \"" << text << '"';
    }
  }
}

TEST(Shape, OfNothingFitsEverything) {
  EXPECT_TRUE(fits({}, ""));
  EXPECT_TRUE(fits({}, "anything"));
}

}  // namespace
}  // namespace oidcop::config
