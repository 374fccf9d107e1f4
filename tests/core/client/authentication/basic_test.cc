#include "client/authentication/client_secret_basic.h"

#include "base/base64url.h"

#include <gtest/gtest.h>

namespace oidcop::client {
namespace {

Result<BasicCredential, ProtocolError> parsed(std::string_view credential) {
  return parse_basic("Basic " + base64_encode(credential));
}

TEST(BasicCredential, IsDecodedAsTheSpecificationWants) {
  const auto credential = parsed("s6BhdRkqt3:7Fjfp0ZBr1KtDRbnfVdmIw");  // RFC 6749, 2.3.1
  ASSERT_TRUE(credential);
  ASSERT_EQ(credential->candidates.size(), 1U) << "both readings are the same";
  EXPECT_EQ(credential->candidates[0].client_id, "s6BhdRkqt3");
  EXPECT_EQ(credential->candidates[0].secret.reveal(), "7Fjfp0ZBr1KtDRbnfVdmIw");
}

TEST(BasicCredential, HasTwoReadingsWhereTheyDiffer) {
  const auto credential = parsed("my+client:a%3Ab");
  ASSERT_TRUE(credential);
  ASSERT_EQ(credential->candidates.size(), 2U);
  EXPECT_EQ(credential->candidates[0].reading, BasicReading::form_decoded);
  EXPECT_EQ(credential->candidates[0].client_id, "my client");
  EXPECT_EQ(credential->candidates[0].secret.reveal(), "a:b");
  EXPECT_EQ(credential->candidates[1].reading, BasicReading::raw);
  EXPECT_EQ(credential->candidates[1].client_id, "my+client");
  EXPECT_EQ(credential->candidates[1].secret.reveal(), "a%3Ab");
}

TEST(BasicCredential, HasTheRawReadingAloneWhenItCannotBeEncoded) {
  const auto credential = parsed("rp:100%");
  ASSERT_TRUE(credential);
  ASSERT_EQ(credential->candidates.size(), 1U);
  EXPECT_EQ(credential->candidates[0].reading, BasicReading::raw);
  EXPECT_EQ(credential->candidates[0].secret.reveal(), "100%");
}

// reference defect B07: a ":" inside the secret made Basic fail.
TEST(BasicCredential, SplitsAtTheFirstColonOnly) {
  const auto credential = parsed("rp:se:cr:et");
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->candidates[0].client_id, "rp");
  EXPECT_EQ(credential->candidates[0].secret.reveal(), "se:cr:et");
}

TEST(BasicCredential, ComparesTheSchemeWithoutCase) {
  EXPECT_TRUE(parse_basic("basic " + base64_encode("a:b")));
  EXPECT_TRUE(parse_basic("BASIC  " + base64_encode("a:b")));
  EXPECT_TRUE(is_basic("bAsIc x"));
  for (const auto* other : {"Bearer x", "Basic", "Basic ", "Basicx y", "", "DPoP x"})
    EXPECT_FALSE(is_basic(other)) << other;
}

TEST(BasicCredential, IsRefusedWith401WhenItIsNone) {
  for (const auto& bad :
       {std::string("Bearer abc"), std::string("Basic !!!"), "Basic " + base64_encode("no colon"),
        "Basic " + base64_encode("a:b") + ", Basic " + base64_encode("c:d"), std::string("Basic ")}) {
    const auto credential = parse_basic(bad);
    ASSERT_FALSE(credential) << bad;
    EXPECT_EQ(credential.error().code, "invalid_client");
    EXPECT_EQ(credential.error().http_status, 401);
    EXPECT_TRUE(credential.error().www_authenticate.starts_with("Basic"));
  }
}

}  // namespace
}  // namespace oidcop::client
