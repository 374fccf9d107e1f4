#include "http/credentials.h"

#include "http/header_syntax.h"

#include <gtest/gtest.h>

namespace oidcop::http {
namespace {

TEST(SingleCredential, IsOneSchemeWithOneToken) {
  for (const auto* good : {"Basic YTpi", "Basic YTpi==", "Bearer a.b-c_d~e+f/g", "DPoP abc",
                           "Negotiate  YII=", R"(Digest username="d, e", realm="x\"y", nc=00000001)",
                           "Digest a=b", "Digest a = b ,c=d"}) {
    EXPECT_TRUE(is_single_credential(good)) << good;
  }
}

TEST(SingleCredential, IsNeverTwoJoinedLines) {
  for (const auto* bad :
       {"Basic YTpi, Bearer x", "Basic YTpi,Bearer x", "Bearer x, Basic", "Digest a=b, Basic YTpi",
        "Basic YTpi=, Digest a=b", "Basic a=b, Bearer c", "Bearer a b"}) {
    EXPECT_FALSE(is_single_credential(bad)) << bad;
  }
}

TEST(SingleCredential, IsNotBrokenOrEmpty) {
  for (const auto* bad : {"", " ", "Basic", "Basic ", " Basic x", "Basic =", "Ba,sic x", "Digest a=\"b",
                          "Digest a=b,", "Digest =b", "Bearer \xc3\xa4", "Basic\tx"}) {
    EXPECT_FALSE(is_single_credential(bad)) << bad;
  }
}

TEST(HeaderSyntax, KnowsTokensAndValues) {
  EXPECT_TRUE(is_token("X-a_1.~"));
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_token("a b"));
  EXPECT_FALSE(is_token("\xc3\xa4"));
  EXPECT_TRUE(is_header_value("a\tb \xc3\xa4"));
  EXPECT_FALSE(is_header_value("a\rb"));
  EXPECT_FALSE(is_header_value("a\x7f"));
  EXPECT_TRUE(equals_ignoring_case("BaSic", "bAsiC"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

}  // namespace
}  // namespace oidcop::http
