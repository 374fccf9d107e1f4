#include "base/base64url.h"
#include "base/digest.h"
#include "endpoint/scene.h"
#include "jose/jwt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

Message claims_of(const std::string& jwt) {
  return jose::peek_unverified_claims(jwt).value_or(Message());
}

std::string half_sha256(const std::string& text) {
  return base64url_encode(sha256(text).octets().substr(0, 16));
}

/// A client that may use every response type.
struct Front : Scene {
  explicit Front(TestOp::Options options = {}) : Scene(std::move(options)) {
    change_client([](model::Client& client) {
      client.response_types = {
          "code", "id_token", "id_token token", "code id_token", "code token", "code id_token token", "none"};
      client.grant_types = {"authorization_code", "implicit", "refresh_token"};
    });
  }
  http::Response login(const Fields& changes) { return browser.sign_in(with(wiki_request(), changes)); }
  std::map<std::string, std::string> parameters(const Fields& changes) {
    return location_parameters(login(changes));
  }
};

struct Carried {
  const char* response_type;
  bool code, id_token, access_token;
};
class ResponseTypes : public ::testing::TestWithParam<Carried> {};

// OpenID Connect Core 1.0, 3.1.2.5, 3.2.2.5 and 3.3.2.5.
TEST_P(ResponseTypes, CarryWhatTheyNameAndNothingElse) {
  Front scene;
  const auto response = scene.login({{"response_type", GetParam().response_type}});
  ASSERT_EQ(response.status, 303) << response.body << scene.op.log();
  auto answer = location_parameters(response);
  EXPECT_EQ(answer.count("code"), GetParam().code ? 1 : 0);
  EXPECT_EQ(answer.count("id_token"), GetParam().id_token ? 1 : 0);
  EXPECT_EQ(answer.count("access_token"), GetParam().access_token ? 1 : 0);
  EXPECT_EQ(answer.count("error"), 0U);
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  EXPECT_EQ(answer["iss"], scene.op.issuer());
  const bool tokens = GetParam().id_token || GetParam().access_token;
  EXPECT_THAT(*response.header("Location"), HasSubstr(tokens ? "/cb#" : "/cb?"));
  EXPECT_EQ(answer["token_type"], GetParam().access_token ? "Bearer" : "");
  EXPECT_EQ(answer["expires_in"], GetParam().access_token ? "3600" : "");
}

TEST_P(ResponseTypes, SayInTheIdTokenWhatElseWasInTheResponse) {
  Front scene;
  auto answer = scene.parameters({{"response_type", GetParam().response_type}});
  ASSERT_EQ(answer.count("id_token"), GetParam().id_token ? 1U : 0U);
  if (!GetParam().id_token) return;
  const auto claims = claims_of(answer["id_token"]);
  EXPECT_EQ(claims.text("nonce"), "n-0S6_WzA2Mj");
  EXPECT_EQ(claims.text("aud"), "wiki");
  EXPECT_EQ(claims.text("s_hash"), half_sha256("af0ifjsldkj"));
  EXPECT_EQ(claims.has("at_hash"), GetParam().access_token);
  EXPECT_EQ(claims.has("c_hash"), GetParam().code);
  if (GetParam().access_token) {
    EXPECT_EQ(claims.text("at_hash"), half_sha256(answer["access_token"]));
  }
  if (GetParam().code) {
    EXPECT_EQ(claims.text("c_hash"), half_sha256(answer["code"]));
  }
}

TEST_P(ResponseTypes, WorkAtUserinfoAndAtTheTokenEndpoint) {
  Front scene;
  auto answer = scene.parameters({{"response_type", GetParam().response_type}});
  if (GetParam().access_token) {
    const auto claims = get_userinfo(scene.op, answer["access_token"]);
    EXPECT_EQ(claims.status, 200) << claims.body;
    EXPECT_EQ(member(claims, "email"), "alice@example.org");
  }
  if (GetParam().code) {
    const auto tokens = exchange_code(scene.op, answer["code"]);
    ASSERT_EQ(tokens.status, 200) << tokens.body;
    if (GetParam().id_token) {  // 3.3.3.6: about the same person at the same provider
      const auto first = claims_of(answer["id_token"]);
      const auto second = claims_of(member(tokens, "id_token"));
      EXPECT_EQ(first.text("sub"), second.text("sub"));
      EXPECT_EQ(first.text("iss"), second.text("iss"));
      EXPECT_EQ(second.text("nonce"), "n-0S6_WzA2Mj");
    }
  }
}

// OpenID Connect Core 1.0, 3.2.2.1 and 3.3.2.11.
TEST_P(ResponseTypes, NeedANonceForAnIdToken) {
  Front scene;
  auto answer = scene.parameters({{"response_type", GetParam().response_type}, {"nonce", ""}});
  EXPECT_EQ(answer["error"], GetParam().id_token ? "invalid_request" : "");
  if (GetParam().id_token) {
    EXPECT_THAT(answer["error_description"], HasSubstr("nonce"));
  }
}

// OAuth 2.0 Multiple Response Type Encoding Practices 1.0, 3.
TEST_P(ResponseTypes, KeepTokensOutOfTheQuery) {
  Front scene;
  const auto response =
      scene.login({{"response_type", GetParam().response_type}, {"response_mode", "query"}});
  const bool tokens = GetParam().id_token || GetParam().access_token;
  EXPECT_EQ(location_parameters(response)["error"], tokens ? "invalid_request" : "");
  EXPECT_THAT(*response.header("Location"), HasSubstr(tokens ? "/cb#" : "/cb?"));
}

TEST_P(ResponseTypes, AreForClientsThatRegisteredThem) {
  Scene scene;
  const bool is_code = std::string(GetParam().response_type) == "code";
  if (is_code) scene.change_client([](model::Client& client) { client.response_types = {"code id_token"}; });
  auto answer = scene.answer({{"response_type", GetParam().response_type}});
  EXPECT_EQ(answer["error"], "unauthorized_client");
}

INSTANTIATE_TEST_SUITE_P(All, ResponseTypes,
                         ::testing::Values(Carried{"code", true, false, false},
                                           Carried{"id_token", false, true, false},
                                           Carried{"id_token token", false, true, true},
                                           Carried{"code id_token", true, true, false},
                                           Carried{"code token", true, false, true},
                                           Carried{"code id_token token", true, true, true},
                                           Carried{"token id_token code", true, true, true},
                                           Carried{"none", false, false, false}));

// --- what is not there ------------------------------------------------------------------------------------

TEST(ResponseType, AnAccessTokenAloneIsNotSupported) {
  Front scene;
  scene.change_client([](model::Client& client) { client.response_types.emplace_back("token"); });
  const auto response = scene.ask({{"response_type", "token"}});
  EXPECT_EQ(location_parameters(response)["error"], "unsupported_response_type");
  EXPECT_THAT(*response.header("Location"), HasSubstr("/cb#"));
}

TEST(ResponseType, OthersAreRefusedWithTheErrorOfTheirOwn) {
  Front scene;
  for (const auto* type : {"magic", "code code", "code none", "CODE"}) {
    EXPECT_EQ(scene.answer({{"response_type", type}})["error"], "unsupported_response_type") << type;
  }
  EXPECT_EQ(scene.answer({{"response_type", ""}})["error"], "invalid_request");
}

TEST(ResponseType, TokensInTheFrontChannelNeedTheirGrantType) {
  Front scene;
  scene.change_client([](model::Client& client) { client.grant_types = {"authorization_code"}; });
  EXPECT_EQ(scene.answer({{"response_type", "code id_token"}})["error"], "unauthorized_client");
  EXPECT_EQ(scene.answer({{"response_type", "code"}}).count("error"), 0U);
  scene.change_client([](model::Client& client) { client.grant_types = {"implicit"}; });
  EXPECT_EQ(scene.answer({{"response_type", "code id_token"}})["error"], "unauthorized_client");
  EXPECT_EQ(scene.answer({{"response_type", "id_token"}}).count("error"), 0U);
}

// OpenID Connect Core 1.0, 2: none MUST NOT be used unless the response type returns no ID Token from here.
TEST(ResponseType, AnUnsignedIdTokenNeverTravelsThroughTheBrowser) {
  Front scene;
  scene.change_client(
      [](model::Client& client) { client.id_token_signed_response_alg = jose::Algorithm::none; });
  for (const auto* type : {"id_token", "id_token token", "code id_token", "code id_token token"}) {
    EXPECT_EQ(scene.answer({{"response_type", type}})["error"], "unauthorized_client") << type;
  }
}

TEST(ResponseType, CapabilitiesAndProfileDecideWhatIsOn) {
  Front narrow(with_settings(R"({"capabilities": {"response_types_supported": ["code", "code id_token"]}})"));
  EXPECT_EQ(narrow.answer({{"response_type", "id_token"}})["error"], "unsupported_response_type");
  EXPECT_EQ(narrow.answer({{"response_type", "id_token code"}}).count("error"), 0U);
  Front strict(with_settings(R"({"profile": "oauth21", "add_on": {"pkce": {"essential": true}}})"));
  EXPECT_EQ(strict.answer({{"response_type", "id_token token"}})["error"], "unsupported_response_type");
  EXPECT_EQ(strict.answer({{"response_type", "id_token"}}).count("error"), 0U);
}

TEST(ResponseType, AnIdTokenNeedsTheScopeOpenid) {
  Front scene;
  EXPECT_EQ(scene.answer({{"response_type", "id_token"}, {"scope", "profile"}})["error"], "invalid_scope");
}

// --- what goes where --------------------------------------------------------------------------------------

// OpenID Connect Core 1.0, 5.4.
TEST(ResponseType, WithoutAnAccessTokenTheClaimsOfScopesAreInTheIdToken) {
  Front scene;
  const auto alone = claims_of(scene.parameters({{"response_type", "id_token"}})["id_token"]);
  EXPECT_EQ(alone.text("email"), "alice@example.org");
  EXPECT_EQ(alone.text("name"), "Alice Liddell");
  const auto beside = claims_of(scene.parameters({{"response_type", "id_token token"}})["id_token"]);
  EXPECT_FALSE(beside.has("email"));
}

// OpenID Connect Core 1.0, 11.
TEST(ResponseType, OfflineAccessIsIgnoredWithoutACode) {
  Front scene;
  auto answer = scene.parameters(
      {{"response_type", "id_token token"}, {"scope", "openid email offline_access"}, {"prompt", "consent"}});
  EXPECT_EQ(answer["scope"], "openid email");
  EXPECT_FALSE(scene.op.store().find_token(sha256(answer["access_token"]))->grant.offline);
}

TEST(ResponseType, PkceProtectsCodesAndNothingElse) {
  Front scene;
  const Fields without_pkce{{"code_challenge", ""}, {"code_challenge_method", ""}};
  EXPECT_EQ(scene.answer(with(without_pkce, {{"response_type", "id_token"}})).count("error"), 0U);
  EXPECT_EQ(scene.answer(with(without_pkce, {{"response_type", "code id_token"}}))["error"],
            "invalid_request");
}

TEST(ResponseType, TokensOfTheFrontChannelAreKeptLikeOthers) {
  Front scene;
  auto answer = scene.parameters({{"response_type", "code token"}});
  const auto kept = scene.op.store().find_token(sha256(answer["access_token"]));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->token.based_on, sha256(answer["code"]));
  ASSERT_TRUE(scene.op.store().revoke_token(sha256(answer["access_token"]), scene.op.clock.now()));
  EXPECT_EQ(get_userinfo(scene.op, answer["access_token"]).status, 401);
}

// RFC 6749, 4.1.2: what a code bought falls with its second use, and what came along with it, too.
TEST(ResponseType, AReplayedCodeTakesTheAccessTokenThatCameWithItAlong) {
  Front scene;
  auto answer = scene.parameters({{"response_type", "code token"}});
  ASSERT_EQ(exchange_code(scene.op, answer["code"]).status, 200);
  EXPECT_EQ(get_userinfo(scene.op, answer["access_token"]).status, 200);
  EXPECT_EQ(exchange_code(scene.op, answer["code"]).status, 400);
  EXPECT_EQ(get_userinfo(scene.op, answer["access_token"]).status, 401);
}

TEST(ResponseType, TheSidInTheFrontChannelIsTheOneOfTheTokenEndpoint) {
  Front scene;
  scene.change_client([](model::Client& client) {
    client.metadata.set("backchannel_logout_uri", "https://wiki.example.com/out");
  });
  const auto first = claims_of(scene.parameters({{"response_type", "id_token"}})["id_token"]).text("sid");
  auto second = scene.parameters({{"response_type", "code id_token"}});
  EXPECT_TRUE(first);
  EXPECT_EQ(claims_of(second["id_token"]).text("sid"), first);
  const auto tokens = exchange_code(scene.op, second["code"]);
  EXPECT_EQ(claims_of(member(tokens, "id_token")).text("sid"), first);
}

TEST(ResponseType, AClientSessionThatBeginsMeanwhileIsFoundAndTold) {
  TestOp::Options options;
  options.watched_store = true;
  Front scene(options);
  scene.change_client([](model::Client& client) {
    client.metadata.set("backchannel_logout_uri", "https://wiki.example.com/out");
    client.consent = model::ConsentMode::implicit;
  });
  scene.browser.sign_in(with(wiki_request(), {{"response_type", "none"}, {"client_id", "wiki"}}));
  auto answer = scene.answer({{"response_type", "id_token"}});
  const auto sid = claims_of(answer["id_token"]).text("sid");
  EXPECT_TRUE(sid);
  EXPECT_EQ(claims_of(scene.answer({{"response_type", "id_token"}})["id_token"]).text("sid"), sid);
}

}  // namespace
}  // namespace oidcop::testing
