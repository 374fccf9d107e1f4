#include "jose/jws.h"
#include "logout_scene.h"

#include <gmock/gmock.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kShopCallback = "https://shop.example.com:8443/cb";

/// Wiki and shop both want to be told in frames; shop with iss and sid.
struct FrontChannelScene : LogoutScene {
  explicit FrontChannelScene(TestOp::Options options = {}) : LogoutScene(std::move(options)) {
    change_client([](model::Client& wiki) {
      wiki.metadata.set("frontchannel_logout_uri", "https://wiki.example.com/fc?from=op");
    });
    op.add_client([](model::Client& shop) {
      shop.id = model::ClientId("shop");
      shop.redirect_uris = {kShopCallback};
      shop.metadata.set("frontchannel_logout_uri", "https://shop.example.com:8443/fc?a=1");
      shop.metadata.set_bool("frontchannel_logout_session_required", true);
    });
  }
  /// Alice goes to shop, too; the sid of its ID Token.
  std::string visit_shop() {
    op.clock.tick(Seconds(1));  // frames are in the order of the visits
    auto answer = location_parameters(
        browser.sign_in(with(wiki_request(), {{"client_id", "shop"}, {"redirect_uri", kShopCallback}})));
    const auto tokens = post_token(op,
                                   {{"grant_type", "authorization_code"},
                                    {"code", answer["code"]},
                                    {"redirect_uri", kShopCallback},
                                    {"code_verifier", kVerifier}},
                                   basic("shop", op.secret_of(model::ClientId("shop"))));
    const auto claims = jose::peek_unverified_claims(member(tokens, "id_token"));
    return claims ? claims->text("sid").value_or("") : "";
  }
};

std::string policy_of(const http::Response& page) {
  return std::string(page.header("Content-Security-Policy").value_or(""));
}

TEST(FrontChannel, FramesEveryClientOfTheSessionAndGoesOnByItself) {
  FrontChannelScene scene;
  const auto sid = scene.visit_shop();
  ASSERT_NE(sid, "");
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  const auto page = scene.confirm();
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body, HasSubstr("src=\"https://wiki.example.com/fc?from=op\""));
  EXPECT_THAT(page.body,
              HasSubstr("src=\"https://shop.example.com:8443/fc?a=1&amp;iss=https%3A%2F%2Fop.example."
                        "org&amp;sid=" +
                        sid + "\""));
  EXPECT_THAT(page.body, HasSubstr("id=\"logout-continue\""));
  EXPECT_THAT(page.body, HasSubstr("href=\"" + kBye + "?state=s1\""));
  EXPECT_THAT(page.body, HasSubstr("<script src=\"/static/logout.js?v="));
  EXPECT_FALSE(page.header("Location"));
  EXPECT_FALSE(scene.is_signed_in());
}

TEST(FrontChannel, AllowsFramesOfTheseOriginsAndNoOther) {
  FrontChannelScene scene;
  scene.visit_shop();
  scene.leave(scene.full());
  const auto page = scene.confirm();
  EXPECT_THAT(policy_of(page),
              HasSubstr("; frame-src https://wiki.example.com https://shop.example.com:8443;"));
  EXPECT_THAT(policy_of(page), HasSubstr("; script-src 'self';"));
  EXPECT_THAT(policy_of(page), HasSubstr("frame-ancestors 'none'"));
}

TEST(FrontChannel, SaysItIsDoneWhereThereIsNowhereToGo) {
  FrontChannelScene scene;
  scene.leave({});
  const auto page = scene.confirm();
  EXPECT_TRUE(says_done(page)) << page.body;
  EXPECT_THAT(page.body, Not(HasSubstr("logout-continue")));
  EXPECT_THAT(page.body, HasSubstr("<iframe"));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
}

TEST(FrontChannel, TellsNobodyBeforeThePersonAgreed) {
  FrontChannelScene scene;
  EXPECT_THAT(scene.leave(scene.full()).body, Not(HasSubstr("<iframe")));
  EXPECT_THAT(scene.cancel().body, Not(HasSubstr("<iframe")));
}

TEST(FrontChannel, LeavesOutClientsThatThePersonWasNotAtOrThatAreDisabled) {
  FrontChannelScene scene;
  scene.leave(scene.full());
  EXPECT_THAT(scene.confirm().body, Not(HasSubstr("shop.example.com"))) << "never visited";

  FrontChannelScene other;
  other.visit_shop();
  auto shop = *other.op.store().find_client(model::ClientId("shop")).value();
  shop.enabled = false;
  ASSERT_TRUE(other.op.store().put_client(shop, store::IfExists::replace));
  other.leave(other.full());
  EXPECT_THAT(other.confirm().body, Not(HasSubstr("shop.example.com")));
}

TEST(FrontChannel, TellsNobodyTwice) {
  FrontChannelScene scene;
  scene.leave(scene.full());
  ASSERT_THAT(scene.confirm().body, HasSubstr("<iframe"));
  EXPECT_EQ(location(scene.leave(scene.full())), kBye + "?state=s1") << "the session is over already";
}

TEST(FrontChannel, CanBeOff) {
  FrontChannelScene scene(with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {},
      "token": {}, "userinfo": {}, "end_session": {"frontchannel_logout_supported": false}}})"));
  scene.leave(scene.full());
  EXPECT_EQ(location(scene.confirm()), kBye + "?state=s1");
  EXPECT_EQ(member(scene.op.handle(a_request("GET", "/.well-known/openid-configuration")),
                   "frontchannel_logout_supported"),
            "");
}

TEST(FrontChannel, IsInTheMetadata) {
  TestOp op;
  const auto metadata = op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "frontchannel_logout_supported"), "true");
  EXPECT_EQ(member(metadata, "frontchannel_logout_session_supported"), "true");
}

TEST(FrontChannel, EndsNothingWhenTheClientsCannotBeRead) {
  auto options = unproven_only();
  options.watched_store = true;
  LogoutScene scene(std::move(options));
  scene.op.watched().fail_call(5);  // the second list of client sessions
  scene.leave(scene.full());
  EXPECT_TRUE(scene.is_signed_in());
}

}  // namespace
}  // namespace oidcop::testing
