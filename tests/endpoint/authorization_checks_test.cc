#include "base/digest.h"
#include "endpoint/scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

void expect_page(const http::Response& response, const std::string& error) {
  EXPECT_EQ(response.status, 400);
  EXPECT_FALSE(response.header("Location"));
  EXPECT_THAT(response.body, HasSubstr("id=\"op-error\""));
  EXPECT_THAT(response.body, HasSubstr(error));
}

// --- before the way back is proven ------------------------------------------------------------------------

TEST(AuthorizationChecks, ADisabledClientIsNotThere) {
  Scene scene;
  scene.change_client([](model::Client& client) { client.enabled = false; });
  expect_page(scene.ask({}), "invalid_client");
}

TEST(AuthorizationChecks, OneOfSeveralRedirectUrisIsNeverChosenForTheClient) {
  Scene scene;
  scene.change_client([](model::Client& client) {
    client.redirect_uris = {"https://wiki.example.com/cb", "https://wiki.example.com/other"};
  });
  expect_page(scene.ask({{"redirect_uri", ""}, {"scope", "profile"}}), "redirect_uri");
}

// reference defect B53: nobody could see what did not match.
TEST(AuthorizationChecks, TheLogSaysWhatWasSentAndWhatIsRegistered) {
  Scene scene;
  expect_page(scene.ask({{"redirect_uri", "https://wiki.example.com/cb/"}}), "redirect_uri");
  EXPECT_THAT(scene.op.log(), HasSubstr("sent: https://wiki.example.com/cb/; "));
  EXPECT_THAT(scene.op.log(), HasSubstr("registered: https://wiki.example.com/cb\""));
}

TEST(AuthorizationChecks, ARefusalOnAPageNamesTheClient) {
  Scene scene;
  const auto page = scene.ask({{"redirect_uri", "https://attacker.example/"}});
  EXPECT_THAT(page.body, HasSubstr("Example Wiki"));
}

// --- what the client may ask for --------------------------------------------------------------------------

// reference defect B23: what a client had registered was not looked at.
TEST(AuthorizationChecks, AClientUsesWhatItRegistered) {
  Scene scene;
  scene.change_client([](model::Client& client) { client.response_types = {"none"}; });
  EXPECT_EQ(scene.answer({})["error"], "unauthorized_client");
  scene.change_client([](model::Client& client) {
    client.response_types = {"code"};
    client.grant_types = {"refresh_token"};
  });
  EXPECT_EQ(scene.answer({})["error"], "unauthorized_client");
}

// reference defect B25: PKCE could be left out.
TEST(AuthorizationChecks, PkceCannotBeWaivedForAPublicClient) {
  Scene scene;
  scene.change_client([](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::none;
    client.pkce_essential = false;
  });
  const Fields without_pkce{{"code_challenge", ""}, {"code_challenge_method", ""}};
  EXPECT_EQ(scene.answer(without_pkce)["error"], "invalid_request");
}

TEST(AuthorizationChecks, AChallengeMethodAloneIsHalfARequest) {
  Scene scene;
  scene.change_client([](model::Client& client) { client.pkce_essential = false; });
  EXPECT_EQ(scene.answer({{"code_challenge", ""}})["error"], "invalid_request");
}

TEST(AuthorizationChecks, UnknownScopesAreRefusedWhereConfigured) {
  Scene scene(with_settings(R"({"capabilities": {"deny_unknown_scopes": true}})"));
  EXPECT_EQ(scene.answer({{"scope", "openid unheard_of"}})["error"], "invalid_scope");
}

TEST(AuthorizationChecks, WithoutAScopeThatIsLeftThereIsNothingToGrant) {
  Scene scene;
  EXPECT_EQ(scene.answer({{"scope", "unheard_of"}, {"redirect_uri", "https://wiki.example.com/cb"}})["error"],
            "invalid_scope");
}

// --- who is asked for, and how they signed in -------------------------------------------------------------

// reference defect B35: default_max_age was never used.
TEST(AuthorizationChecks, TheClientsOwnMaxAgeCountsUntilTheRequestSaysAnother) {
  Scene scene;
  scene.change_client([](model::Client& client) { client.default_max_age = Seconds(100); });
  scene.browser.sign_in(wiki_request());
  scene.op.clock.tick(Seconds(200));
  EXPECT_EQ(scene.silent_error(), "login_required");
  EXPECT_EQ(scene.silent_error({{"max_age", "300"}}), "");
}

TEST(AuthorizationChecks, AnAuthenticationDoesNotCountLongerThanItsMethodAllows) {
  Scene scene(with_settings(R"({"authentication": {"password": {"expires_in": "10m"}}})"));
  scene.browser.sign_in(wiki_request());
  scene.op.clock.tick(Seconds(599));
  EXPECT_EQ(scene.silent_error(), "");
  scene.op.clock.tick(Seconds(1));
  EXPECT_EQ(scene.silent_error(), "login_required");
}

TEST(AuthorizationChecks, ASessionInUseLivesOn) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  scene.op.clock.tick(Seconds(5 * 3600));
  EXPECT_EQ(scene.silent_error(), "");
  scene.op.clock.tick(Seconds(5 * 3600));
  EXPECT_EQ(scene.silent_error(), "");
  scene.op.clock.tick(Seconds(8 * 3600));
  EXPECT_EQ(scene.silent_error(), "login_required");
}

TEST(AuthorizationChecks, ASubjectInTheClaimsParameterIsAnsweredForThatPersonOnly) {
  Scene scene;
  const auto tokens = scene.buy();
  const auto subject = member(get_userinfo(scene.op, member(tokens, "access_token")), "sub");
  const auto claims = [](const std::string& sub) {
    return Fields{{"claims", R"({"id_token": {"sub": {"value": ")" + sub + "\"}}}"}};
  };
  EXPECT_EQ(scene.silent_error(claims(subject)), "");
  EXPECT_EQ(scene.silent_error(claims("somebody-else")), "login_required");
  auto conflict = claims("somebody-else");
  conflict.emplace_back("id_token_hint", member(tokens, "id_token"));
  EXPECT_EQ(scene.silent_error(conflict), "invalid_request");
}

TEST(AuthorizationChecks, AHintSignedWithTheClientsSecretCounts) {
  Scene scene;
  scene.op.add_client(
      [](model::Client& client) { client.id_token_signed_response_alg = jose::Algorithm::hs256; });
  const auto hint = member(scene.buy(), "id_token");
  ASSERT_NE(hint, "");
  EXPECT_EQ(scene.silent_error({{"id_token_hint", hint}}), "");
  EXPECT_EQ(scene.silent_error({{"id_token_hint", hint.substr(0, hint.size() - 4) + "AAAA"}}),
            "invalid_request");
}

TEST(AuthorizationChecks, TheHintIsNotKept) {
  Scene scene;
  const auto hint = member(scene.buy(), "id_token");
  auto redirect = location_parameters(scene.browser.get(
      "/authorization", with(wiki_request(), {{"prompt", "none"}, {"id_token_hint", hint}})));
  ASSERT_NE(redirect["code"], "");
  const auto presented = scene.op.store().find_token(sha256(redirect["code"])).value();
  EXPECT_FALSE(presented.grant.authorization_request.has("id_token_hint"));
  EXPECT_EQ(presented.grant.authorization_request.text("nonce"), "n-0S6_WzA2Mj");
}

TEST(AuthorizationChecks, ALoginHintForSomebodyElseAsksButNeverFailsASilentRequest) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  EXPECT_THAT(scene.ask({{"login_hint", "bob"}}).body, HasSubstr("login-form"));
  EXPECT_NE(scene.answer({{"login_hint", "alice"}})["code"], "");
  EXPECT_EQ(scene.silent_error({{"login_hint", "bob"}}), "");
}

// reference defect B32: essential classes were not enforced.
TEST(AuthorizationChecks, AnEssentialAcrIsReachedOrRefusedEvenForWhoIsSignedIn) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  const auto essential = [](const std::string& acr) {
    return Fields{{"claims", R"({"id_token": {"acr": {"essential": true, "value": ")" + acr + "\"}}}"}};
  };
  EXPECT_EQ(scene.answer(essential("urn:nobody"))["error"], "unmet_authentication_requirements");
  EXPECT_EQ(scene.silent_error(essential("urn:nobody")), "unmet_authentication_requirements");
  EXPECT_EQ(
      scene.silent_error(essential("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport")), "");
}

// --- consent ----------------------------------------------------------------------------------------------

// reference defect B14: nobody was asked.
TEST(AuthorizationChecks, PromptConsentAsksAgain) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  EXPECT_NE(scene.answer({})["code"], "");
  EXPECT_THAT(scene.ask({{"prompt", "consent"}}).body, HasSubstr("consent-allow"));
}

TEST(AuthorizationChecks, SingleClaimsBeyondTheScopesNeedConsentAndOthersDoNot) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  EXPECT_EQ(scene.silent_error({{"claims", R"({"userinfo": {"email": null}})"}}), "");
  EXPECT_EQ(scene.silent_error({{"claims", R"({"userinfo": {"phone_number": null}})"}}), "consent_required");
}

TEST(AuthorizationChecks, ALaterConsentDoesNotForgetAnEarlierOne) {
  Scene scene;
  scene.browser.sign_in(with(wiki_request(), {{"scope", "openid email"}}));
  scene.browser.sign_in(with(wiki_request(), {{"scope", "openid phone"}}));
  EXPECT_EQ(scene.silent_error({{"scope", "openid email"}}), "");
  EXPECT_EQ(scene.silent_error({{"scope", "openid phone"}}), "");
}

TEST(AuthorizationChecks, AConsentLastsAsLongAsTheClientsRecordSays) {
  Scene scene;
  scene.change_client([](model::Client& client) { client.consent_lifetime = Seconds(60); });
  scene.browser.sign_in(wiki_request());
  scene.op.clock.tick(Seconds(59));
  EXPECT_EQ(scene.silent_error(), "");
  scene.op.clock.tick(Seconds(1));
  EXPECT_EQ(scene.silent_error(), "consent_required");
}

// --- the claims parameter ---------------------------------------------------------------------------------

TEST(AuthorizationChecks, ClaimsOfAnotherShapeAreRefused) {
  Scene scene;
  for (const auto* claims : {"[]", R"({"userinfo": []})", R"({"id_token": {"acr": {"value": 5}}})",
                             R"({"id_token": {"acr": {"value": "a", "values": ["b"]}}})"}) {
    EXPECT_EQ(scene.answer({{"claims", claims}})["error"], "invalid_request") << claims;
  }
}

TEST(AuthorizationChecks, WithoutSupportForItTheClaimsParameterHasNoEffectAnywhere) {
  Scene scene(with_settings(R"({"capabilities": {"claims_parameter_supported": false}})"));
  const auto tokens = scene.buy(
      {{"scope", "openid"},
       {"claims",
        R"({"userinfo": {"email": null}, "id_token": {"acr": {"essential": true, "value": "urn:nobody"}}})"}});
  ASSERT_EQ(tokens.status, 200) << tokens.body << scene.op.log();
  EXPECT_EQ(member(get_userinfo(scene.op, member(tokens, "access_token")), "email"), "");
  EXPECT_EQ(scene.buy({{"claims", "not JSON"}}).status, 200);
}

// --- how the answer travels -------------------------------------------------------------------------------

TEST(AuthorizationChecks, ACodeInTheFragmentWhenAskedTo) {
  Scene scene;
  const auto redirect = scene.browser.sign_in(with(wiki_request(), {{"response_mode", "fragment"}}));
  EXPECT_THAT(std::string(redirect.header("Location").value_or("")),
              HasSubstr("https://wiki.example.com/cb#"));
  auto answer = location_parameters(redirect);
  EXPECT_NE(answer["code"], "");
  EXPECT_EQ(answer["iss"], scene.op.issuer());
}

TEST(AuthorizationChecks, ARefusalSaysWhyToTheClientsDeveloper) {
  Scene scene;
  EXPECT_THAT(scene.answer({{"max_age", "soon"}})["error_description"], HasSubstr("max_age"));
}

TEST(AuthorizationChecks, APostFromAnotherSiteThatIsTooLongForAUrlIsRefused) {
  Scene scene;
  scene.browser.headers = {{"sec-fetch-site", "cross-site"}};
  const auto post = [&](std::size_t octets) {
    return scene.browser.post("/authorization",
                              with(wiki_request(), {{"login_hint", std::string(octets, 'a')}}));
  };
  EXPECT_THAT(std::string(post(7000).header("Location").value_or("")), HasSubstr(scene.op.issuer()));
  const auto refused = post(8000);
  EXPECT_THAT(std::string(refused.header("Location").value_or("")),
              HasSubstr("https://wiki.example.com/cb?"));
  EXPECT_EQ(location_parameters(refused)["error"], "invalid_request");
}

TEST(AuthorizationChecks, ARequestTooLargeToBeKeptIsTheClientsMistake) {
  Scene scene;
  auto request = wiki_request();
  request.emplace_back("a", std::string(9000, 'a'));
  request.emplace_back("b", std::string(9000, 'b'));
  EXPECT_EQ(location_parameters(scene.browser.get("/authorization", request))["error"], "invalid_request");
}

TEST(AuthorizationChecks, MayNameSeveralResources) {  // RFC 8707, 2
  Scene scene(with_settings(R"({"resources": {"https://a.example": {}, "https://b.example": {}}})"));
  auto request = wiki_request();
  request.emplace_back("resource", "https://a.example");
  request.emplace_back("resource", "https://b.example");
  EXPECT_EQ(scene.browser.get("/authorization", request).status, 200);
}

}  // namespace
}  // namespace oidcop::testing
