#include "logout_scene.h"

#include <gmock/gmock.h>

#include <ostream>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(EndSession, AsksThenEndsTheSessionAndSendsThePersonBackWithTheState) {
  LogoutScene scene;
  const auto page = scene.leave(scene.full());
  ASSERT_TRUE(asks(page)) << page.body;
  EXPECT_THAT(page.body, HasSubstr("Wiki"));
  EXPECT_THAT(page.body, HasSubstr("alice"));
  EXPECT_TRUE(scene.is_signed_in()) << "asking ends nothing";
  EXPECT_TRUE(asks(scene.leave(scene.full())));
  const auto answer = scene.confirm();
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(location(answer), kBye + "?state=s1");
  EXPECT_FALSE(scene.is_signed_in());
  EXPECT_FALSE(scene.token_works()) << "what hung on the session is revoked";
  EXPECT_THAT(scene.op.log(), HasSubstr("session.ended"));
}

TEST(EndSession, TakesAPostOfTheSameSite) {
  LogoutScene scene;
  EXPECT_TRUE(asks(scene.browser.post("/session", scene.full())));
  EXPECT_EQ(location(scene.confirm()), kBye + "?state=s1");
}

TEST(EndSession, TurnsAPostOfAnotherSiteIntoAStepOfItsOwn) {
  LogoutScene scene;
  scene.browser.headers = {{"sec-fetch-site", "cross-site"}};
  const auto answer = scene.browser.post("/session", scene.full());
  EXPECT_EQ(answer.status, 303);
  EXPECT_THAT(location(answer), ::testing::StartsWith("https://op.example.org/session?"));
  EXPECT_EQ(location_parameters(answer)["id_token_hint"], scene.id_token);
  EXPECT_EQ(location_parameters(answer)["state"], "s1");
  EXPECT_FALSE(answer.header("Set-Cookie"));
  scene.browser.headers.clear();
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(EndSession, RefusesAForeignPostThatIsTooLargeForAUrl) {
  LogoutScene scene;
  scene.browser.headers = {{"sec-fetch-site", "cross-site"}};
  const auto answer = scene.browser.post("/session", with(scene.full(), {{"state", std::string(9000, 's')}}));
  EXPECT_EQ(answer.status, 400);
  EXPECT_FALSE(answer.header("Location"));
}

TEST(EndSession, StaysSignedInWhenThePersonDeclines) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  const auto answer = scene.cancel();
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.header("Location"));
  EXPECT_FALSE(answer.header("Set-Cookie"));
  EXPECT_TRUE(scene.is_signed_in());
  EXPECT_TRUE(scene.token_works());
}

TEST(EndSession, WithoutParametersAsksAndSaysWhenItIsDone) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave({})));
  const auto answer = scene.confirm();
  EXPECT_TRUE(says_done(answer)) << answer.body;
  EXPECT_FALSE(scene.is_signed_in());
}

TEST(EndSession, IgnoresAStateThatHasNowhereToGo) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave({{"state", "s1"}, {"id_token_hint", scene.id_token}})));
  EXPECT_TRUE(says_done(scene.confirm()));
}

TEST(EndSession, GoesBackWithoutAStateWhenNoneWasSent) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(with(scene.full(), {{"state", ""}}))));
  EXPECT_EQ(location(scene.confirm()), kBye);
}

TEST(EndSession, AddsTheStateToAQueryThatWasRegistered) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(with(scene.full(), {{"post_logout_redirect_uri", kBye + "?a=b"}}))));
  EXPECT_EQ(location(scene.confirm()), kBye + "?a=b&state=s1");
}

TEST(EndSession, TakesClientIdInPlaceOfAHint) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(with(scene.full(), {{"id_token_hint", ""}, {"client_id", "wiki"}}))));
  EXPECT_EQ(location(scene.confirm()), kBye + "?state=s1");
}

TEST(EndSession, TakesAClientIdThatAgreesWithTheHint) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(with(scene.full(), {{"client_id", "wiki"}}))));
  EXPECT_EQ(location(scene.confirm()), kBye + "?state=s1");
}

TEST(EndSession, SendsNobodyAwayWhenNothingSaysWhoseTheTargetIs) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave({{"post_logout_redirect_uri", kBye}, {"state", "s1"}})));
  const auto answer = scene.confirm();
  EXPECT_TRUE(says_done(answer));
  EXPECT_FALSE(answer.header("Location"));
}

TEST(EndSession, TakesAHintThatExpiredLongAgo) {
  LogoutScene scene;
  scene.op.clock.tick(std::chrono::hours(2));
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  EXPECT_EQ(location(scene.confirm()), kBye + "?state=s1");
}

TEST(EndSession, IsTheEndOfTheWayWhereNobodyIsSignedIn) {
  LogoutScene scene;
  scene.browser.cookies.clear();
  EXPECT_EQ(location(scene.leave(scene.full())), kBye + "?state=s1");
  EXPECT_TRUE(says_done(scene.leave({})));
}

TEST(EndSession, ForgetsTheCookieOfASessionThatIsOver) {
  LogoutScene scene;
  scene.op.clock.tick(std::chrono::hours(25));
  const auto answer = scene.leave({});
  EXPECT_TRUE(says_done(answer));
  EXPECT_THAT(std::string(answer.header("Set-Cookie").value_or("")), HasSubstr("Max-Age=0"));
}

TEST(EndSession, NeedsNoQuestionForAHintOfThisSessionWhereItIsSoConfigured) {
  LogoutScene scene(unproven_only());
  EXPECT_EQ(location(scene.leave(scene.full())), kBye + "?state=s1");
  EXPECT_FALSE(scene.is_signed_in());
}

TEST(EndSession, AsksWithoutAHintWhateverIsConfigured) {
  LogoutScene scene(unproven_only());
  EXPECT_TRUE(asks(scene.leave({})));
  EXPECT_TRUE(asks(scene.leave({{"client_id", "wiki"}, {"post_logout_redirect_uri", kBye}})));
  EXPECT_TRUE(scene.is_signed_in());
}

/// The specification: a hint that does not belong to the session and its person MUST lead to the question.
TEST(EndSession, AsksForAHintOfAnotherPersonOrAnEarlierSessionWhateverIsConfigured) {
  LogoutScene scene(unproven_only());
  scene.change_client([](model::Client& wiki) {
    wiki.metadata.set("backchannel_logout_uri", "https://wiki.example.com/bc");
  });
  const auto with_sid = member(scene.buy(), "id_token");
  scene.op.add_user([](model::User& user) {
    user.id = model::UserId("user-bob");
    user.username = "bob";
  });
  scene.browser.cookies.clear();
  ASSERT_NE(location_parameters(scene.browser.sign_in(wiki_request(), "bob"))["code"], "");
  EXPECT_TRUE(asks(scene.leave(scene.full()))) << "the hint is Alice's";
  scene.browser.cookies.clear();
  ASSERT_NE(location_parameters(scene.browser.sign_in(wiki_request()))["code"], "");
  EXPECT_TRUE(asks(scene.leave(with(scene.full(), {{"id_token_hint", with_sid}}))))
      << "the hint's sid is of her session before";
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(EndSession, LetsAnOfflineGrantLiveOn) {
  LogoutScene scene;
  scene.change_client([](model::Client& wiki) {
    wiki.grant_types = {"authorization_code", "refresh_token"};
  });
  const auto tokens = scene.buy({{"scope", "openid offline_access"}, {"prompt", "consent"}});
  ASSERT_NE(member(tokens, "refresh_token"), "");
  ASSERT_TRUE(asks(scene.leave({})));
  ASSERT_TRUE(says_done(scene.confirm()));
  EXPECT_EQ(scene.refresh(tokens).status, 200);
  EXPECT_FALSE(scene.token_works()) << "the other grant does not";
}

TEST(EndSession, EndsNothingWhenTheStoreFails) {
  auto options = unproven_only();
  options.watched_store = true;
  LogoutScene scene(std::move(options));
  scene.op.watched().fail_call(4);  // after client, session and client sessions have been read
  const auto answer = scene.leave(scene.full());
  EXPECT_EQ(answer.status, 503);
  EXPECT_FALSE(answer.header("Location"));
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(EndSession, IsInTheMetadataAndCanBeOff) {
  TestOp on;
  const auto metadata = on.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "end_session_endpoint"), "https://op.example.org/session");
  TestOp off(
      with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}}})"));
  EXPECT_EQ(member(off.handle(a_request("GET", "/.well-known/openid-configuration")), "end_session_endpoint"),
            "");
  EXPECT_EQ(off.handle(a_request("GET", "/session")).status, 404);
  EXPECT_EQ(off.handle(a_request("POST", "/session/logout")).status, 404);
}

TEST(EndSession, IsWhereTheConfigurationSays) {
  TestOp op(with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
                                           "end_session": {"path": "bye/now"}}})"));
  EXPECT_TRUE(says_done(op.handle(a_request("GET", "/bye/now"))));
}

TEST(EndSession, TakesNoOtherMethod) {
  TestOp op;
  for (const auto* method : {"PUT", "DELETE", "HEAD"}) {
    const auto answer = op.handle(a_request(method, "/session"));
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.header("Allow"), "GET, POST");
  }
}

TEST(EndSession, SpeaksTheRequestedLanguage) {
  LogoutScene scene;
  EXPECT_THAT(scene.leave({{"ui_locales", "de"}}).body, HasSubstr("Angemeldet bleiben"));
}

/// Requests that are refused on a page that names error and parameter; the person stays signed in, and is
/// sent nowhere.
struct Bad {
  std::string name;
  Fields change;
  std::string error, parameter;
};
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.name;
}

std::string altered(std::string token) {
  auto& octet = token[token.rfind('.') - 5];
  octet = octet == 'A' ? 'B' : 'A';
  return token;
}

class EndSessionRefuses : public ::testing::TestWithParam<Bad> {};
TEST_P(EndSessionRefuses, WithAPageThatNamesErrorAndParameter) {
  LogoutScene scene;
  scene.op.add_client([](model::Client& other) { other.id = model::ClientId("other"); });
  scene.op.add_client([](model::Client& other) {
    other.id = model::ClientId("gone");
    other.enabled = false;
  });
  auto change = GetParam().change;
  for (auto& [name, value] : change) {
    if (value == "ALTERED") value = altered(scene.id_token);
    if (value == "ACCESS") value = scene.access_token;
  }
  const auto answer = scene.leave(with(scene.full(), change));
  EXPECT_EQ(answer.status, 400);
  EXPECT_FALSE(answer.header("Location"));
  EXPECT_THAT(answer.body, HasSubstr("id=\"op-error\""));
  EXPECT_THAT(answer.body, HasSubstr("<code>" + GetParam().error + "</code>"));
  EXPECT_THAT(answer.body, HasSubstr("<code>" + GetParam().parameter + "</code>"));
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_TRUE(scene.is_signed_in());
  EXPECT_TRUE(scene.token_works());
}
INSTANTIATE_TEST_SUITE_P(
    Table, EndSessionRefuses,
    ::testing::Values(
        Bad{"modified hint", {{"id_token_hint", "ALTERED"}}, "invalid_request", "id_token_hint"},
        Bad{"garbage hint", {{"id_token_hint", "no JWT"}}, "invalid_request", "id_token_hint"},
        Bad{"access token as hint", {{"id_token_hint", "ACCESS"}}, "invalid_request", "id_token_hint"},
        Bad{"unsigned hint",
            {{"id_token_hint", "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ3aWtpIiwic3ViIjoiYSJ9."}},
            "invalid_request",
            "id_token_hint"},
        Bad{"hint of a client that is not there",
            {{"id_token_hint", "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJub2JvZHkifQ.AA"}},
            "invalid_request",
            "id_token_hint"},
        Bad{"hint of another client", {{"client_id", "other"}}, "invalid_request", "id_token_hint"},
        Bad{"unknown client",
            {{"client_id", "nobody"}, {"id_token_hint", ""}},
            "invalid_client",
            "client_id"},
        Bad{"disabled client", {{"client_id", "gone"}, {"id_token_hint", ""}}, "invalid_client", "client_id"},
        Bad{"other target",
            {{"post_logout_redirect_uri", "https://evil.example/"}},
            "invalid_request",
            "post_logout_redirect_uri"},
        Bad{"target with a query added",
            {{"post_logout_redirect_uri", kBye + "?foo=bar"}},
            "invalid_request",
            "post_logout_redirect_uri"},
        Bad{"target in other letters",
            {{"post_logout_redirect_uri", "https://wiki.example.com/BYE"}},
            "invalid_request",
            "post_logout_redirect_uri"},
        Bad{"redirect_uri as target",
            {{"post_logout_redirect_uri", "https://wiki.example.com/cb"}},
            "invalid_request",
            "post_logout_redirect_uri"},
        Bad{"no URL as target",
            {{"post_logout_redirect_uri", "javascript:alert(1)"}},
            "invalid_request",
            "post_logout_redirect_uri"}));

/// A parameter that comes twice is refused wherever it is (RFC 6749, 3.1); wrong octets are, too.
class EndSessionDecoding : public ::testing::TestWithParam<std::string> {};
TEST_P(EndSessionDecoding, RefusesARepeatedTooLongOrMiscodedParameter) {
  LogoutScene scene;
  const auto& name = GetParam();
  auto twice = scene.full();
  twice.emplace_back(name, "x");
  twice.emplace_back(name, "y");
  const auto repeated = scene.leave(twice);
  EXPECT_EQ(repeated.status, 400);
  EXPECT_THAT(repeated.body, HasSubstr("<code>" + name + "</code>"));
  EXPECT_EQ(scene.leave({{name, std::string(40000, 'x')}}).status, 400);
  for (const auto* octets : {"%FF%FE", "%", "%00"}) {
    auto request = a_request("GET", "/session", name + "=" + octets);
    EXPECT_EQ(scene.op.handle(request).status, 400) << octets;
  }
  EXPECT_TRUE(scene.is_signed_in());
}
INSTANTIATE_TEST_SUITE_P(Table, EndSessionDecoding,
                         ::testing::Values("id_token_hint", "client_id", "post_logout_redirect_uri", "state",
                                           "logout_hint", "ui_locales"));

TEST(EndSession, TakesAnEmptyParameterForNone) {
  LogoutScene scene;
  for (const auto* name : {"id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"}) {
    auto request = a_request("GET", "/session", std::string(name) + "=");
    EXPECT_TRUE(says_done(scene.op.handle(request))) << name;
  }
}

TEST(EndSession, RefusesABodyThatIsNoForm) {
  LogoutScene scene;
  auto request = a_request("POST", "/session");
  request.content_type = "application/json";
  request.body = "{}";
  EXPECT_EQ(scene.op.handle(request).status, 400);
}

// The confirmation page (security.md, 5, 6 and 21).

TEST(LogoutPage, EndsNothingForAnotherBrowserNorWithoutItsCookies) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  const auto seal = scene.browser.seal();
  LogoutScene other;
  TestBrowser stranger(scene.op);
  stranger.sign_in(wiki_request());
  const auto answer = stranger.post("/session/logout", {{"seal", seal}, {"decision", "logout"}});
  EXPECT_EQ(location(answer), "https://op.example.org/session") << "the question, asked of that browser";
  TestBrowser naked(scene.op);
  EXPECT_EQ(location(naked.post("/session/logout", {{"seal", seal}, {"decision", "logout"}})),
            "https://op.example.org/session");
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(LogoutPage, EndsNothingForAPostOfAnotherSiteOrInAFrame) {
  const std::vector<http::Header> bad[] = {
      {{"sec-fetch-site", "cross-site"}},
      {{"sec-fetch-site", "same-site"}},
      {{"origin", "https://evil.example"}},
      {{"sec-fetch-site", "same-origin"}, {"sec-fetch-dest", "iframe"}},
  };
  for (const auto& headers : bad) {
    LogoutScene scene;
    ASSERT_TRUE(asks(scene.leave(scene.full())));
    scene.browser.headers = headers;
    EXPECT_EQ(location(scene.confirm()), "https://op.example.org/session");
    scene.browser.headers.clear();
    EXPECT_TRUE(scene.is_signed_in());
  }
}

TEST(LogoutPage, EndsNothingWithoutASealOrByGet) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  const auto seal = scene.browser.seal();
  EXPECT_EQ(location(scene.browser.post("/session/logout", {{"decision", "logout"}})),
            "https://op.example.org/session");
  EXPECT_EQ(location(scene.browser.get("/session/logout", {{"seal", seal}, {"decision", "logout"}})),
            "https://op.example.org/session");
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(LogoutPage, TakesNoSealOfAnotherStep) {
  LogoutScene scene;
  scene.ask({{"prompt", "login"}});
  const auto login_seal = scene.browser.seal();
  EXPECT_EQ(location(scene.browser.post("/session/logout", {{"seal", login_seal}, {"decision", "logout"}})),
            "https://op.example.org/session");
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  const auto seal = scene.browser.seal();
  const auto answer = scene.browser.post(
      "/authorization/login",
      {{"seal", seal}, {"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(LogoutPage, AsksAgainWhenItIsTooOld) {
  LogoutScene scene(with_settings(R"({"session_params": {"interaction_lifetime": 3600}})"));
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  scene.op.clock.tick(Seconds(3601));
  EXPECT_TRUE(asks(scene.confirm()));
  EXPECT_EQ(location(scene.confirm()), kBye + "?state=s1") << "the page that was made anew counts";
}

TEST(LogoutPage, AsksAgainWhenSomebodyElseOrAnotherSessionIsThereByNow) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  const auto seal = scene.browser.seal();
  ASSERT_NE(location_parameters(scene.browser.sign_in(with(wiki_request(), {{"prompt", "login"}})))["code"],
            "");
  const auto again = scene.browser.post("/session/logout", {{"seal", seal}, {"decision", "logout"}});
  EXPECT_TRUE(asks(again));
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(LogoutPage, AsksAgainWhenTheClientWasChangedAndRefusesATargetThatIsGone) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  scene.change_client([](model::Client& wiki) { wiki.name = "Another wiki"; });
  const auto again = scene.confirm();
  ASSERT_TRUE(asks(again));
  EXPECT_THAT(again.body, HasSubstr("Another wiki"));
  scene.change_client([](model::Client& wiki) { wiki.post_logout_redirect_uris.clear(); });
  const auto refused = scene.confirm();
  EXPECT_EQ(refused.status, 400);
  EXPECT_FALSE(refused.header("Location"));
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(LogoutPage, AsksAgainForADecisionThatIsNone) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  EXPECT_TRUE(asks(scene.browser.submit({{"decision", "allow"}})));
  EXPECT_TRUE(asks(scene.browser.submit({})));
  EXPECT_TRUE(scene.is_signed_in());
}

TEST(LogoutPage, CannotBeFramedAndRunsNoScript) {
  LogoutScene scene;
  const auto page = scene.leave(scene.full());
  const std::string policy(page.header("Content-Security-Policy").value_or(""));
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(page.header("X-Frame-Options"), "DENY");
  EXPECT_EQ(page.header("Cache-Control"), "no-store");
}

TEST(LogoutPage, TellsTheLogNoTokens) {
  LogoutScene scene;
  ASSERT_TRUE(asks(scene.leave(scene.full())));
  scene.confirm();
  scene.leave(with(scene.full(), {{"id_token_hint", altered(scene.id_token)}}));
  EXPECT_THAT(scene.op.log(), Not(HasSubstr(scene.id_token.substr(0, 40))));
}

}  // namespace
}  // namespace oidcop::testing
