#include "registration_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Registered = RegistrationScene;

const Fields kFaulty{{"scope", "openid email"}, {"prompt", "none login"}};

http::Response faulty(Registered& scene, const Json& client, const Fields& changes = kFaulty) {
  return scene.browser.get("/authorization", with(Registered::request_of(client), changes));
}

void vet(Registered& scene, const Json& client) {
  auto kept = **scene.op.store().find_client(model::ClientId(Registered::text(client, "client_id")));
  kept.vetted = true;
  ASSERT_TRUE(scene.op.store().put_client(kept, store::IfExists::replace));
}

// RFC 9700, 4.11.2: else anybody could send people anywhere by a link that begins with the issuer.
TEST(UnvettedClient, IsNoPlaceToBeSentToUnasked) {
  Registered scene;
  const auto client = scene.enrolled();
  for (const auto& changes : {kFaulty, Fields{{"prompt", "none"}}, Fields{{"code_challenge", ""}},
                              Fields{{"prompt", "none"}, {"response_mode", "fragment"}}}) {
    const auto page = faulty(scene, client, changes);
    EXPECT_EQ(page.status, 400);
    EXPECT_FALSE(page.header("Location"));
    EXPECT_THAT(std::string(page.header("Content-Type").value_or("")), HasSubstr("text/html"));
    EXPECT_THAT(page.body, HasSubstr("id=\"way-back\" href=\"https://app.example.net/cb"));
    EXPECT_THAT(page.body, HasSubstr("app.example.net"));
    EXPECT_THAT(page.body, HasSubstr("nobody here has checked it"));
    EXPECT_THAT(page.body, HasSubstr("iss=https")) << "what a redirect would have said";
    EXPECT_THAT(page.body, HasSubstr("error="));
  }
}

TEST(UnvettedClient, GetsNoFormPostOfAnErrorEither) {
  Registered scene;
  const auto client = scene.enrolled();
  const auto page = faulty(scene, client, {{"prompt", "none"}, {"response_mode", "form_post"}});
  EXPECT_EQ(page.status, 400);
  EXPECT_THAT(page.body, Not(HasSubstr("<form")));
  EXPECT_THAT(page.body, Not(HasSubstr("href=\"https://app.example.net")));
  EXPECT_THAT(page.body, HasSubstr("login_required"));
}

TEST(UnvettedClient, IsLikeOthersOnceItIsVettedOrCameWithAToken) {
  Registered scene;
  const auto client = scene.enrolled();
  vet(scene, client);
  EXPECT_EQ(location_parameters(faulty(scene, client))["error"], "invalid_request");
  const auto trusted = scene.enrolled(Json::object(), scene.initial_token());
  EXPECT_EQ(location_parameters(faulty(scene, trusted))["error"], "invalid_request");
}

TEST(UnvettedClient, IsRedirectedToWhereThatIsConfigured) {
  Registered scene(R"({"policy": "open", "redirect_errors": true})");
  EXPECT_EQ(location_parameters(faulty(scene, scene.enrolled()))["error"], "invalid_request");
}

TEST(UnvettedClient, HearsThatAPersonRefused) {
  Registered scene;
  const auto client = scene.enrolled();
  scene.browser.get("/authorization", Registered::request_of(client));
  const auto answer = scene.browser.submit({{"decision", "cancel"}});
  EXPECT_EQ(location_parameters(answer)["error"], "access_denied") << answer.body;
}

TEST(UnvettedClient, IsShownAsOneThatNobodyChecked) {
  Registered scene;
  const auto client = scene.enrolled({{"logo_uri", "https://app.example.net/logo.png"}});
  const auto page = scene.browser.get("/authorization", Registered::request_of(client));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("nobody here has checked it"));
  EXPECT_THAT(page.body, Not(HasSubstr("logo.png")));
  vet(scene, client);
  const auto vetted = scene.browser.get("/authorization", Registered::request_of(client));
  EXPECT_THAT(vetted.body, Not(HasSubstr("nobody here has checked it")));
  EXPECT_THAT(vetted.body, HasSubstr("logo.png"));
}

TEST(UnvettedClient, IsNoPlaceToBeSentToBySigningNobodyOut) {
  Registered scene;
  const auto client = scene.enrolled({{"post_logout_redirect_uris", {"https://app.example.net/bye"}}});
  const Fields request{{"client_id", Registered::text(client, "client_id")},
                       {"post_logout_redirect_uri", "https://app.example.net/bye"}};
  const auto nobody = scene.browser.get("/session", request);
  EXPECT_EQ(nobody.status, 200);
  EXPECT_FALSE(nobody.header("Location"));
  EXPECT_THAT(nobody.body, Not(HasSubstr("https://app.example.net/bye")));
  scene.browser.sign_in(Registered::request_of(client));
  scene.browser.get("/session", request);
  const auto answered = scene.browser.submit({{"decision", "logout"}});
  EXPECT_EQ(answered.header("Location"), "https://app.example.net/bye") << answered.body;
  vet(scene, client);
  EXPECT_EQ(scene.browser.get("/session", request).header("Location"), "https://app.example.net/bye");
}

TEST(UnvettedClient, LeavesWhenNobodySignsInToIt) {
  Registered scene(R"({"policy": "open", "unused_lifetime": "2h"})");
  const auto unused = scene.enrolled();
  const auto used = scene.enrolled();
  ASSERT_EQ(scene.sign_in_to(used).status, 200);
  scene.op.clock.tick(std::chrono::hours(2));
  ASSERT_TRUE(scene.op.store().sweep(scene.op.clock.now(), 1000));
  EXPECT_EQ(scene.read(unused).status, 401);
  EXPECT_EQ(scene.read(used).status, 200);
}

}  // namespace
}  // namespace oidcop::testing
