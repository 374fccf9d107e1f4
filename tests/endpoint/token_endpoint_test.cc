#include "base/json.h"
#include "jose/jwk.h"
#include "jose/jwt.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const model::ClientId kWiki("wiki");
const Fields kOffline =
    with(wiki_request(), {{"scope", "openid email offline_access"}, {"prompt", "consent"}});

std::vector<std::pair<std::string, std::string>> headers_of(const http::Response& response) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& header : response.headers) headers.emplace_back(header.name, header.value);
  return headers;
}

class Token : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  std::string code(const Fields& request = wiki_request()) {
    return location_parameters(browser_.sign_in(request))["code"];
  }
  std::string wiki_header() { return basic("wiki", op_.secret_of(kWiki)); }
  http::Response buy_offline() {
    auto tokens = exchange_code(op_, code(kOffline));
    EXPECT_EQ(tokens.status, 200) << tokens.body << op_.log();
    EXPECT_NE(member(tokens, "refresh_token"), "") << tokens.body;
    return tokens;
  }
  http::Response refresh(const std::string& token, const Fields& changes = {}) {
    const Fields form{{"grant_type", "refresh_token"}, {"refresh_token", token}};
    return post_token(op_, with(form, changes), wiki_header());
  }
  int told(const http::Response& tokens) { return get_userinfo(op_, member(tokens, "access_token")).status; }
  void add_other_client() {
    op_.add_client([](model::Client& client) {
      client.id = model::ClientId("other");
      client.redirect_uris = {"https://other.example.com/cb"};
    });
  }
  std::string other_header() { return basic("other", op_.secret_of(model::ClientId("other"))); }

  TestOp op_;
  TestBrowser browser_{op_};
};

/// The error form of RFC 6749, 5.2.
void expect_error(const http::Response& response, int status, const std::string& error) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_EQ(member(response, "error"), error);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_EQ(response.header("WWW-Authenticate").has_value(), status == 401);
  EXPECT_EQ(member(response, "access_token"), "");
}

// reference defect B10: a failed authentication was a 400 without a challenge.
TEST_F(Token, AWrongSecretIsA401WithAChallenge) {
  const auto refused = post_token(op_, {{"grant_type", "authorization_code"}, {"code", "x"}},
                                  basic("wiki", std::string(43, 'x')));
  expect_error(refused, 401, "invalid_client");
  EXPECT_THAT(std::string(refused.header("WWW-Authenticate").value_or("")), StartsWith("Basic"));
}

TEST_F(Token, AnUnknownClientLooksLikeAWrongSecret) {
  const Fields form{{"grant_type", "authorization_code"}, {"code", "x"}};
  const auto wrong = post_token(op_, form, basic("wiki", std::string(43, 'x')));
  const auto unknown = post_token(op_, form, basic("nobody", std::string(43, 'x')));
  EXPECT_EQ(wrong.status, unknown.status);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(headers_of(wrong), headers_of(unknown));
}

// reference defect B01: a confidential client could come in without its secret, or with a wrong one.
TEST_F(Token, AConfidentialClientDoesNotComeInByItsNameAlone) {
  expect_error(
      post_token(op_, {{"grant_type", "authorization_code"}, {"client_id", "wiki"}, {"code", code()}}), 401,
      "invalid_client");
  expect_error(
      post_token(op_, {{"grant_type", "authorization_code"}, {"client_id", "wiki"}, {"code", code()}},
                 basic("wiki", std::string(43, 'x'))),
      401, "invalid_client");
}

TEST_F(Token, TwoWaysToAuthenticateAreOneTooMany) {
  const auto refused = post_token(
      op_, {{"grant_type", "authorization_code"}, {"code", code()}, {"client_secret", op_.secret_of(kWiki)}},
      wiki_header());
  expect_error(refused, 400, "invalid_request");
}

TEST_F(Token, IsPostOnly) {
  const auto refused = op_.handle(a_request("GET", "/token", "grant_type=authorization_code"));
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "POST");
  EXPECT_EQ(refused.header("Cache-Control"), "no-store");
}

TEST_F(Token, AnswersAreNeverCached) {
  const auto tokens = exchange_code(op_, code());
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_EQ(tokens.header("Cache-Control"), "no-store");
  EXPECT_EQ(tokens.header("Pragma"), "no-cache");
  EXPECT_EQ(tokens.header("Content-Type"), "application/json");
}

// reference defects B28 and B56: these were exceptions, or all one and the same error.
TEST_F(Token, NamesTheErrorThatItIs) {
  expect_error(post_token(op_, {}, wiki_header()), 400, "invalid_request");
  expect_error(post_token(op_, {{"grant_type", "password"}}, wiki_header()), 400, "unsupported_grant_type");
  expect_error(post_token(op_, {{"grant_type", "authorization_code"}}, wiki_header()), 400,
               "invalid_request");
  expect_error(post_token(op_, {{"grant_type", "refresh_token"}}, wiki_header()), 400, "invalid_request");
  expect_error(exchange_code(op_, "no-such-code"), 400, "invalid_grant");
  expect_error(refresh("no-such-token"), 400, "invalid_grant");
}

// reference defect B23: the registered grant types were not looked at.
TEST_F(Token, AGrantTypeThatIsNotRegisteredIsNotTheClients) {
  const auto tokens = buy_offline();
  auto wiki = *op_.store().find_client(kWiki).value();
  wiki.grant_types = {"authorization_code"};
  ASSERT_TRUE(op_.store().put_client(wiki, store::IfExists::replace));
  expect_error(refresh(member(tokens, "refresh_token")), 400, "unauthorized_client");
}

// reference defect B38: compared after a decoding of its own.
TEST_F(Token, TheRedirectUriIsTheSameToTheLetterAndAWrongOneBurnsNothing) {
  const auto value = code();
  expect_error(exchange_code(op_, value, {{"redirect_uri", ""}}), 400, "invalid_request");
  expect_error(exchange_code(op_, value, {{"redirect_uri", "https://wiki.example.com/c%62"}}), 400,
               "invalid_grant");
  EXPECT_EQ(exchange_code(op_, value).status, 200);
}

TEST_F(Token, ABadVerifierBurnsNothing) {
  const auto value = code();
  expect_error(exchange_code(op_, value, {{"code_verifier", ""}}), 400, "invalid_grant");
  expect_error(exchange_code(op_, value, {{"code_verifier", std::string(43, 'a')}}), 400, "invalid_grant");
  expect_error(exchange_code(op_, value, {{"code_verifier", "short"}}), 400, "invalid_grant");
  EXPECT_EQ(exchange_code(op_, value).status, 200);
}

TEST_F(Token, AnotherClientBurnsNothing) {
  add_other_client();
  const auto value = code();
  const Fields form{{"grant_type", "authorization_code"},
                    {"code", value},
                    {"redirect_uri", "https://wiki.example.com/cb"},
                    {"code_verifier", kVerifier}};
  const auto foreign = post_token(op_, form, other_header());
  expect_error(foreign, 400, "invalid_grant");
  EXPECT_EQ(foreign.body, post_token(op_, with(form, {{"code", "no-such-code"}}), other_header()).body);
  const auto tokens = exchange_code(op_, value);
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  expect_error(post_token(op_, form, other_header()), 400, "invalid_grant");
  EXPECT_EQ(told(tokens), 200) << "a stranger's replay takes nothing away";
}

TEST_F(Token, AVerifierWithoutAChallengeIsRefused) {
  op_.add_client([](model::Client& client) { client.pkce_essential = false; });
  const auto value = code(with(wiki_request(), {{"code_challenge", ""}, {"code_challenge_method", ""}}));
  ASSERT_NE(value, "") << op_.log();
  expect_error(exchange_code(op_, value), 400, "invalid_grant");
  EXPECT_EQ(exchange_code(op_, value, {{"code_verifier", ""}}).status, 200);
}

// reference defects B03 and B29: a replay left what had been bought alive.
TEST_F(Token, AReplayRevokesAllThatTheCodeBought) {
  const auto value = code(kOffline);
  const auto tokens = exchange_code(op_, value);
  ASSERT_EQ(told(tokens), 200);
  expect_error(exchange_code(op_, value), 400, "invalid_grant");
  EXPECT_EQ(told(tokens), 401);
  expect_error(refresh(member(tokens, "refresh_token")), 400, "invalid_grant");
  EXPECT_THAT(op_.log(), HasSubstr("code.replayed"));
}

TEST_F(Token, ALateReplayRevokesEvenAfterTheSweep) {
  const auto value = code(kOffline);
  const auto tokens = exchange_code(op_, value);
  op_.clock.tick(Seconds(1800));
  ASSERT_TRUE(op_.store().sweep(op_.clock.now(), 500));
  ASSERT_EQ(told(tokens), 200);
  expect_error(exchange_code(op_, value), 400, "invalid_grant");
  EXPECT_EQ(told(tokens), 401);
  expect_error(refresh(member(tokens, "refresh_token")), 400, "invalid_grant");
}

TEST_F(Token, ACodeEndsAfterAMinute) {
  const auto in_time = code();
  op_.clock.tick(Seconds(59));
  EXPECT_EQ(exchange_code(op_, in_time).status, 200);
  const auto late = code();
  op_.clock.tick(Seconds(60));
  expect_error(exchange_code(op_, late), 400, "invalid_grant");
}

TEST_F(Token, ARefreshTokenIsReplacedWhenUsed) {
  const auto first = buy_offline();
  const auto second = refresh(member(first, "refresh_token"));
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_NE(member(second, "refresh_token"), "");
  EXPECT_NE(member(second, "refresh_token"), member(first, "refresh_token"));
  EXPECT_EQ(refresh(member(second, "refresh_token")).status, 200);
  EXPECT_EQ(told(second), 200);
}

TEST_F(Token, ALostReplyMayBeAskedForTwiceMore) {
  const auto first = member(buy_offline(), "refresh_token");
  EXPECT_EQ(refresh(first).status, 200);
  op_.clock.tick(Seconds(9));
  EXPECT_EQ(refresh(first).status, 200);
  EXPECT_EQ(refresh(first).status, 200);
  expect_error(refresh(first), 400, "invalid_grant");
}

// reference defect B29: the reuse of a refresh token did not revoke its family.
TEST_F(Token, ReuseBeyondTheGraceRevokesTheFamily) {
  const auto first = buy_offline();
  const auto second = refresh(member(first, "refresh_token"));
  ASSERT_EQ(told(second), 200);
  op_.clock.tick(Seconds(11));
  expect_error(refresh(member(first, "refresh_token")), 400, "invalid_grant");
  EXPECT_EQ(told(first), 401);
  EXPECT_EQ(told(second), 401);
  expect_error(refresh(member(second, "refresh_token")), 400, "invalid_grant");
  EXPECT_THAT(op_.log(), HasSubstr("refresh_token.reused"));
}

TEST_F(Token, WithoutGraceTheSecondUseIsATheft) {
  auto wiki = *op_.store().find_client(kWiki).value();
  wiki.refresh_grace = Seconds(0);
  ASSERT_TRUE(op_.store().put_client(wiki, store::IfExists::replace));
  const auto first = buy_offline();
  const auto second = refresh(member(first, "refresh_token"));
  expect_error(refresh(member(first, "refresh_token")), 400, "invalid_grant");
  EXPECT_EQ(told(second), 401);
}

TEST_F(Token, AClientMayKeepItsRefreshToken) {
  auto wiki = *op_.store().find_client(kWiki).value();
  wiki.rotate_refresh_tokens = false;
  ASSERT_TRUE(op_.store().put_client(wiki, store::IfExists::replace));
  const auto first = member(buy_offline(), "refresh_token");
  const auto second = refresh(first);
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(member(second, "refresh_token"), "");
  op_.clock.tick(Seconds(3600));
  EXPECT_EQ(refresh(first).status, 200);
}

// reference defects B40 and B42: a narrowing changed the answer's text only, or changed it for everybody.
TEST_F(Token, ANarrowerScopeIsOfTheAccessTokenAlone) {
  const auto first = member(buy_offline(), "refresh_token");
  const auto narrow = refresh(first, {{"scope", "openid offline_access"}});
  ASSERT_EQ(narrow.status, 200) << narrow.body;
  EXPECT_EQ(member(narrow, "scope"), "openid offline_access");
  EXPECT_EQ(member(get_userinfo(op_, member(narrow, "access_token")), "email"), "");
  // RFC 6749, 6: the new refresh token has the scope of the one that was presented.
  const auto again = refresh(member(narrow, "refresh_token"));
  EXPECT_EQ(member(again, "scope"), "openid email offline_access");
  EXPECT_EQ(member(get_userinfo(op_, member(again, "access_token")), "email"), "alice@example.org");
}

TEST_F(Token, ALostReplyOfANarrowerScopeIsNotWidened) {
  const auto first = member(buy_offline(), "refresh_token");
  ASSERT_EQ(refresh(first, {{"scope", "openid offline_access"}}).status, 200);
  const auto sibling = refresh(first);
  EXPECT_EQ(member(sibling, "scope"), "openid offline_access");
  EXPECT_EQ(member(get_userinfo(op_, member(sibling, "access_token")), "email"), "");
  expect_error(refresh(first, {{"scope", "email"}}), 400, "invalid_scope");
  EXPECT_EQ(member(refresh(member(sibling, "refresh_token")), "scope"), "openid email offline_access");
}

TEST(TokenRace, OfTwoRefreshesAtOnceTheWiderOneIsCutToTheNarrowerOneBefore) {
  TestOp* op = nullptr;
  Fields rival;  // what another tab sends between our request's look at the token and its use
  TestOp::Options options;
  const auto let_it_in = [&](Message&, const HookContext&) -> Verdict {
    const auto form = std::exchange(rival, {});
    if (form.empty()) return {};
    EXPECT_EQ(post_token(*op, form, basic("wiki", op->secret_of(kWiki))).status, 200);
    return {};
  };
  ASSERT_TRUE(options.hooks.add_post_parse_request("token", "rival", let_it_in));
  TestOp the_op(std::move(options));
  op = &the_op;
  op->add_user();
  op->add_client();
  TestBrowser browser(*op);
  const auto bought = exchange_code(*op, location_parameters(browser.sign_in(kOffline))["code"]);
  const Fields wide{{"grant_type", "refresh_token"}, {"refresh_token", member(bought, "refresh_token")}};
  rival = with(wide, {{"scope", "openid"}});
  const auto tokens = post_token(*op, wide, basic("wiki", op->secret_of(kWiki)));
  ASSERT_EQ(tokens.status, 200) << tokens.body << op->log();
  EXPECT_EQ(member(tokens, "scope"), "openid");
  EXPECT_EQ(member(get_userinfo(*op, member(tokens, "access_token")), "email"), "");
}

// The store would have known it, but was not asked about a token that had expired.
TEST_F(Token, AReuseRevokesTheFamilyAlsoAfterTheTokensOwnEnd) {
  const auto first = buy_offline();
  op_.clock.tick(Seconds(29 * 86400));
  const auto second = refresh(member(first, "refresh_token"));
  ASSERT_EQ(second.status, 200) << second.body;
  op_.clock.tick(Seconds(2 * 86400));
  expect_error(refresh(member(first, "refresh_token")), 400, "invalid_grant");
  expect_error(refresh(member(second, "refresh_token")), 400, "invalid_grant");
  EXPECT_THAT(op_.log(), HasSubstr("refresh_token.reused"));
}

TEST_F(Token, AWiderScopeIsRefusedAndBurnsNothing) {
  const auto first = member(buy_offline(), "refresh_token");
  expect_error(refresh(first, {{"scope", "openid phone"}}), 400, "invalid_scope");
  EXPECT_EQ(refresh(first).status, 200);
}

TEST_F(Token, ARefreshTokenThatLiesIdleExpires) {
  const auto first = member(buy_offline(), "refresh_token");
  op_.clock.tick(Seconds(30 * 86400));
  expect_error(refresh(first), 400, "invalid_grant");
}

TEST_F(Token, ARefreshTokenOfAnotherClientIsUnknown) {
  add_other_client();
  const auto first = member(buy_offline(), "refresh_token");
  expect_error(post_token(op_, {{"grant_type", "refresh_token"}, {"refresh_token", first}}, other_header()),
               400, "invalid_grant");
  EXPECT_EQ(refresh(first).status, 200);
}

TEST_F(Token, ACodeIsNoRefreshTokenAndTheOtherWayRound) {
  expect_error(refresh(code()), 400, "invalid_grant");
  expect_error(exchange_code(op_, member(buy_offline(), "refresh_token")), 400, "invalid_grant");
}

TEST_F(Token, APublicClientNeedsItsNameAndItsVerifier) {
  op_.add_client(
      [](model::Client& client) { client.token_endpoint_auth_method = model::ClientAuthMethod::none; });
  const auto value = code();
  const Fields form{{"grant_type", "authorization_code"},
                    {"client_id", "wiki"},
                    {"code", value},
                    {"redirect_uri", "https://wiki.example.com/cb"},
                    {"code_verifier", kVerifier}};
  expect_error(post_token(op_, with(form, {{"code_verifier", ""}})), 400, "invalid_grant");
  expect_error(post_token(op_, with(form, {{"client_id", ""}})), 401, "invalid_client");
  EXPECT_EQ(post_token(op_, form).status, 200);
}

class Assertion : public Token {
 protected:
  std::string sign(const jose::Jwk& key, jose::Algorithm algorithm, const std::string& jti,
                   const std::string& audience = "https://op.example.org", int lifetime = 60) {
    const auto now = op_.clock.now().time_since_epoch().count();
    const Json claims{
        {"iss", "wiki"}, {"sub", "wiki"}, {"aud", audience}, {"exp", now + lifetime}, {"jti", jti}};
    return jose::sign_jwt(Message(claims), key, algorithm).value();
  }
  http::Response exchange(const std::string& code, const std::string& assertion) {
    return post_token(op_,
                      {{"grant_type", "authorization_code"},
                       {"code", code},
                       {"redirect_uri", "https://wiki.example.com/cb"},
                       {"code_verifier", kVerifier},
                       {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                       {"client_assertion", assertion}});
  }
  void expect_taken_once(const jose::Jwk& key, jose::Algorithm algorithm) {
    const auto assertion = sign(key, algorithm, "once");
    const auto tokens = exchange(code(), assertion);
    ASSERT_EQ(tokens.status, 200) << tokens.body << op_.log();
    const auto next = code();
    expect_error(exchange(next, assertion), 401, "invalid_client");
    EXPECT_EQ(exchange(next, sign(key, algorithm, "twice")).status, 200) << "the replay burnt no code";
  }
  void expect_refusals(const jose::Jwk& key, jose::Algorithm algorithm) {
    const auto value = code();
    expect_error(exchange(value, sign(key, algorithm, "a", "https://elsewhere.example.org")), 401,
                 "invalid_client");
    expect_error(exchange(value, sign(key, algorithm, "b", op_.issuer(), -60)), 401, "invalid_client");
    expect_error(exchange(value, "not.a.jwt"), 401, "invalid_client");
    EXPECT_EQ(exchange(value, sign(key, algorithm, "c")).status, 200);
  }
};

TEST_F(Assertion, OfTheClientsSecretIsTakenOnce) {
  op_.add_client([](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::client_secret_jwt;
  });
  const auto key = jose::Jwk::from_octets(Secret(op_.secret_of(kWiki))).value();
  expect_taken_once(key, jose::Algorithm::hs256);
  expect_refusals(key, jose::Algorithm::hs256);
}

TEST_F(Assertion, OfTheClientsKeyIsTakenOnce) {
  const auto key = jose::generate_ec(jose::Curve::p256, {}).value();
  op_.add_client([&](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::private_key_jwt;
    client.jwks = dump_json(Json{{"keys", Json::array({key.public_json().value()})}});
  });
  expect_taken_once(key, jose::Algorithm::es256);
  expect_refusals(key, jose::Algorithm::es256);
  const auto stranger = jose::generate_ec(jose::Curve::p256, {}).value();
  expect_error(exchange(code(), sign(stranger, jose::Algorithm::es256, "d")), 401, "invalid_client");
}

TEST_F(Assertion, ThatCameWithARefusedRequestIsUsedAllTheSame) {
  const auto key = jose::generate_ec(jose::Curve::p256, {}).value();
  op_.add_client([&](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::private_key_jwt;
    client.jwks = dump_json(Json{{"keys", Json::array({key.public_json().value()})}});
  });
  const auto assertion = sign(key, jose::Algorithm::es256, "once");
  expect_error(exchange("no-such-code", assertion), 400, "invalid_grant");
  expect_error(exchange(code(), assertion), 401, "invalid_client");
}

}  // namespace
}  // namespace oidcop::testing
