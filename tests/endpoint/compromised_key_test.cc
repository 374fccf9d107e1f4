#include "jose/jws.h"
#include "jose/key_file.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string kid_of(const std::string& jwt) {
  return jose::peek_unverified_header(jwt).value().text("kid").value_or("");
}

/// A running provider that signs access tokens and ID Tokens with RS256, and its key file as `oidcop keys`
/// changes it.
class CompromisedKey : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  http::Response buy() {
    const auto request = with(wiki_request(), {{"scope", "openid offline_access"}, {"prompt", "consent"}});
    return exchange_code(op_, location_parameters(browser_.sign_in(request))["code"]);
  }
  void end_key(const std::string& kid) {
    const auto ended = keys_.update(
        [&](const jose::SigningKeys& keys) { return jose::end_compromised(keys, kid, op_.clock.now()); });
    ASSERT_TRUE(ended) << ended.error().detail;
    op_.provider().tick();
  }
  std::string jwks() { return op_.handle(a_request("GET", "/jwks.json")).body; }
  /// The error that a silent request with this hint gets; empty when it gets a code.
  std::string silent_error(const std::string& hint) {
    return location_parameters(browser_.get(
        "/authorization",
        with(wiki_request(), {{"scope", "openid"}, {"prompt", "none"}, {"id_token_hint", hint}})))["error"];
  }

  TestOp op_{{.settings = R"({"token_handler_args": {"token": {"format": "jwt"}}})"}};
  TestBrowser browser_{op_};
  jose::KeyFile keys_{op_.folder() / "jwks.json"};
};

TEST_F(CompromisedKey, LeavesThePublishedSetAtOnceAndAnotherSigns) {
  const auto bad = kid_of(member(buy(), "id_token"));
  ASSERT_THAT(jwks(), HasSubstr(bad));
  end_key(bad);
  EXPECT_THAT(jwks(), Not(HasSubstr(bad)));
  const auto tokens = buy();
  for (const char* name : {"id_token", "access_token"}) {
    const auto kid = kid_of(member(tokens, name));
    EXPECT_NE(kid, bad) << name;
    EXPECT_THAT(jwks(), HasSubstr(kid)) << name;
  }
  EXPECT_EQ(get_userinfo(op_, member(tokens, "access_token")).status, 200);
}

TEST_F(CompromisedKey, TakesTheAccessTokensItSignedWithIt) {
  const auto tokens = buy();
  const auto token = member(tokens, "access_token");
  ASSERT_EQ(get_userinfo(op_, token).status, 200) << op_.log();
  end_key(kid_of(token));
  const auto refused = get_userinfo(op_, token);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(member(refused, "error"), "invalid_token");
  // What was not signed stands: the client gets a good one without asking the person again.
  const auto renewed =
      post_token(op_, {{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}},
                 basic("wiki", op_.secret_of(model::ClientId("wiki"))));
  EXPECT_EQ(get_userinfo(op_, member(renewed, "access_token")).status, 200) << renewed.body;
}

TEST_F(CompromisedKey, TakesTheHintsItSignedWithIt) {
  const auto hint = member(buy(), "id_token");
  ASSERT_EQ(silent_error(hint), "");
  end_key(kid_of(hint));
  EXPECT_EQ(silent_error(hint), "invalid_request");
  EXPECT_EQ(silent_error(member(buy(), "id_token")), "");
}

TEST_F(CompromisedKey, LeavesWhatOtherKeysSigned) {
  const auto token = member(buy(), "access_token");
  const auto keys = keys_.load();
  for (const auto& managed : keys->keys()) {
    if (managed.key.kid() != kid_of(token)) end_key(managed.key.kid());
  }
  EXPECT_EQ(get_userinfo(op_, token).status, 200);
}

TEST_F(CompromisedKey, AReplacedKeyThatIsNoneTakesNothingWithIt) {
  const auto token = member(buy(), "access_token");
  ASSERT_TRUE(keys_.update([&](const jose::SigningKeys& keys) {
    return jose::rotate(keys, {.now = op_.clock.now(), .force = jose::RotationForce::now});
  }));
  op_.provider().tick();
  EXPECT_NE(kid_of(member(buy(), "access_token")), kid_of(token));
  EXPECT_EQ(get_userinfo(op_, token).status, 200);
}

TEST(CompromisedKeyAndHandles, OpaqueTokensAreNotSignedAndStay) {
  TestOp op;
  op.add_user();
  op.add_client();
  TestBrowser browser(op);
  const auto tokens = exchange_code(op, location_parameters(browser.sign_in(wiki_request()))["code"]);
  const auto ended = jose::KeyFile(op.folder() / "jwks.json").update([&](const jose::SigningKeys& keys) {
    return jose::end_compromised(keys, kid_of(member(tokens, "id_token")), op.clock.now());
  });
  ASSERT_TRUE(ended);
  op.provider().tick();
  EXPECT_EQ(get_userinfo(op, member(tokens, "access_token")).status, 200);
}

}  // namespace
}  // namespace oidcop::testing
