#include "base/digest.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const model::ClientId kWiki("wiki");
const Fields kOffline =
    with(wiki_request(), {{"scope", "openid email offline_access"}, {"prompt", "consent"}});

std::string challenge(const http::Response& response) {
  return std::string(response.header("WWW-Authenticate").value_or(""));
}

class Userinfo : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  http::Response buy(const Fields& request = wiki_request()) {
    auto tokens = exchange_code(op_, location_parameters(browser_.sign_in(request))["code"]);
    EXPECT_EQ(tokens.status, 200) << tokens.body << op_.log();
    return tokens;
  }
  std::string access_token(const Fields& request = wiki_request()) {
    return member(buy(request), "access_token");
  }
  http::Response refresh(const http::Response& tokens, const Fields& changes = {}) {
    const Fields form{{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}};
    return post_token(op_, with(form, changes), basic("wiki", op_.secret_of(kWiki)));
  }
  http::Response post(const Fields& form, const std::string& authorization = {}) {
    auto request = a_request("POST", "/userinfo");
    request.content_type = "application/x-www-form-urlencoded";
    request.body = encoded(form);
    if (!authorization.empty()) request.headers = {{"authorization", authorization}};
    return op_.handle(std::move(request));
  }
  /// 401 invalid_token (RFC 6750, 3.1).
  void expect_worthless(const std::string& token) {
    const auto refused = get_userinfo(op_, token);
    EXPECT_EQ(refused.status, 401) << refused.body;
    EXPECT_EQ(member(refused, "error"), "invalid_token");
    EXPECT_THAT(challenge(refused), StartsWith("Bearer "));
    EXPECT_THAT(challenge(refused), HasSubstr("error=\"invalid_token\""));
    EXPECT_THAT(challenge(refused), HasSubstr("realm=\"" + op_.issuer() + '"'));
    EXPECT_EQ(refused.header("Cache-Control"), "no-store");
    EXPECT_THAT(refused.body, Not(HasSubstr("alice")));
  }
  /// What a client with such a record is told that alice's sub is.
  std::string subject_at(const std::string& id, const std::string& sector) {
    const auto redirect_uri = "https://" + id + ".example.com/cb";
    op_.add_client([&](model::Client& client) {
      client.id = model::ClientId(id);
      client.redirect_uris = {redirect_uri};
      if (sector.empty()) return;
      client.subject_type = model::SubjectType::pairwise;
      client.sector_identifier = sector;
    });
    auto answer = location_parameters(
        browser_.sign_in(with(wiki_request(), {{"client_id", id}, {"redirect_uri", redirect_uri}})));
    const auto tokens = post_token(op_,
                                   {{"grant_type", "authorization_code"},
                                    {"code", answer["code"]},
                                    {"redirect_uri", redirect_uri},
                                    {"code_verifier", kVerifier}},
                                   basic(id, op_.secret_of(model::ClientId(id))));
    const auto subject = member(get_userinfo(op_, member(tokens, "access_token")), "sub");
    EXPECT_NE(subject, "") << tokens.body << op_.log();
    return subject;
  }

  TestOp op_;
  TestBrowser browser_{op_};
};

TEST_F(Userinfo, TakesTheTokenFromTheHeaderOrTheBody) {
  const auto token = access_token();
  EXPECT_EQ(get_userinfo(op_, token).status, 200);
  EXPECT_EQ(post({}, "Bearer " + token).status, 200);
  EXPECT_EQ(post({}, "bearer " + token).status, 200);
  const auto answer = post({{"access_token", token}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

TEST_F(Userinfo, RefusesATokenSentTwice) {
  const auto token = access_token();
  const auto refused = post({{"access_token", token}}, "Bearer " + token);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(member(refused, "error"), "invalid_request");
  EXPECT_THAT(challenge(refused), HasSubstr("error=\"invalid_request\""));
}

TEST_F(Userinfo, SaysNoMoreThanTheSchemeToWhoBringsNothing) {
  const auto refused = op_.handle(a_request("GET", "/userinfo"));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(challenge(refused), "Bearer");
}

TEST_F(Userinfo, DoesNotTakeATokenFromTheUrl) {  // RFC 9700, 4.3.2
  const auto token = access_token();
  EXPECT_EQ(op_.handle(a_request("GET", "/userinfo", "access_token=" + token)).status, 401);
  auto posted = a_request("POST", "/userinfo", "access_token=" + token);
  posted.content_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(op_.handle(posted).status, 401);
}

TEST_F(Userinfo, DoesNotTakeATokenUnderAnotherScheme) {
  const auto token = access_token();
  for (const auto* scheme : {"Basic", "Digest", "DPoP", "Bearers"}) {
    auto request = a_request("GET", "/userinfo");
    request.headers = {{"authorization", std::string(scheme) + ' ' + token}};
    const auto refused = op_.handle(request);
    EXPECT_EQ(refused.status, 401) << scheme;
    EXPECT_EQ(challenge(refused), "Bearer") << scheme;
  }
}

TEST_F(Userinfo, TakesAnEmptyPostWithoutAContentTypeAndAHead) {
  auto request = a_request("POST", "/userinfo");
  request.headers = {{"authorization", "Bearer " + access_token()}};
  EXPECT_EQ(op_.handle(request).status, 200);
  request.method = "HEAD";
  EXPECT_EQ(op_.handle(request).status, 200);
  request.method = "PUT";
  const auto refused = op_.handle(request);
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "GET, HEAD, POST");
}

TEST_F(Userinfo, RefusesARepeatedToken) {
  const auto token = access_token();
  EXPECT_EQ(post({{"access_token", token}, {"access_token", token}}).status, 400);
}

TEST_F(Userinfo, RefusesWhatIsNoToken) {
  EXPECT_EQ(get_userinfo(op_, "a b").status, 400);
  EXPECT_EQ(get_userinfo(op_, "").status, 400);
}

TEST_F(Userinfo, TokensOfOtherKindsAreNone) {
  expect_worthless("unknown");
  const auto tokens = buy(kOffline);
  expect_worthless(member(tokens, "refresh_token"));
  expect_worthless(member(tokens, "id_token"));
  expect_worthless(location_parameters(browser_.sign_in(wiki_request()))["code"]);
}

// reference defect B47: errors came with status 200.
TEST_F(Userinfo, ATokenEndsWithItsHour) {
  const auto token = access_token();
  op_.clock.tick(Seconds(3599));
  EXPECT_EQ(get_userinfo(op_, token).status, 200);
  op_.clock.tick(Seconds(1));
  expect_worthless(token);
}

// reference defect B47: the token was tied to the login, even when offline_access had been granted.
TEST_F(Userinfo, OfflineAccessOutlivesTheLogin) {
  const auto tokens = buy(kOffline);
  op_.clock.tick(Seconds(3 * 86400));
  const auto later = refresh(tokens);
  ASSERT_EQ(later.status, 200) << later.body;
  EXPECT_EQ(get_userinfo(op_, member(later, "access_token")).status, 200);
}

// reference defect B03: what was revoked above a token left the token active.
TEST_F(Userinfo, ATokenEndsWithItsGrant) {
  const auto token = access_token();
  const auto presented = op_.store().find_token(sha256(token)).value();
  ASSERT_TRUE(op_.store().revoke_grant(presented.grant.id, op_.clock.now()));
  expect_worthless(token);
}

TEST_F(Userinfo, ATokenEndsWithItsSession) {
  const auto token = access_token();
  const auto presented = op_.store().find_token(sha256(token)).value();
  ASSERT_TRUE(op_.store().end_session(presented.client_session.user_session, op_.clock.now()));
  expect_worthless(token);
}

TEST_F(Userinfo, ATokenEndsWithItsUser) {
  const auto token = access_token();
  op_.add_user([](model::User& user) { user.enabled = false; });
  expect_worthless(token);
}

TEST_F(Userinfo, ATokenEndsWithItsClient) {
  const auto token = access_token();
  auto wiki = *op_.store().find_client(kWiki).value();
  wiki.enabled = false;
  ASSERT_TRUE(op_.store().put_client(wiki, store::IfExists::replace));
  expect_worthless(token);
  ASSERT_TRUE(op_.store().delete_client(kWiki));
  expect_worthless(token);
}

// reference defect B40: userinfo did not ask for openid.
TEST_F(Userinfo, ATokenWithoutOpenidIsNotEnough) {
  const auto narrow = refresh(buy(kOffline), {{"scope", "email"}});
  ASSERT_EQ(narrow.status, 200) << narrow.body;
  const auto refused = get_userinfo(op_, member(narrow, "access_token"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(member(refused, "error"), "insufficient_scope");
  EXPECT_THAT(challenge(refused), HasSubstr("scope=\"openid\""));
}

// reference defect B40: what was narrowed was still told.
TEST_F(Userinfo, TellsWhatTheTokenCoversNotWhatTheGrantDoes) {
  const auto tokens = buy(kOffline);
  EXPECT_NE(member(get_userinfo(op_, member(tokens, "access_token")), "email"), "");
  const auto narrow = refresh(tokens, {{"scope", "openid"}});
  EXPECT_EQ(member(get_userinfo(op_, member(narrow, "access_token")), "email"), "");
}

TEST_F(Userinfo, TellsClaimsInTheirOwnTypes) {
  const auto told =
      get_userinfo(op_, access_token(with(wiki_request(), {{"scope", "openid email address phone"}})));
  EXPECT_THAT(told.body, HasSubstr("\"email_verified\":true"));
  EXPECT_THAT(told.body, HasSubstr("\"address\":{"));
  EXPECT_THAT(told.body, HasSubstr("\"phone_number\":\"+44 1865 276150\""));
  EXPECT_THAT(told.body, Not(HasSubstr("given_name")));
  EXPECT_THAT(told.body, Not(HasSubstr("null")));
}

TEST_F(Userinfo, TellsTheSubjectOfTheIdTokenAndKeepsIt) {
  const auto first = member(get_userinfo(op_, access_token()), "sub");
  EXPECT_EQ(member(get_userinfo(op_, access_token()), "sub"), first);
  EXPECT_THAT(first, Not(HasSubstr("alice")));
}

TEST_F(Userinfo, PairwiseSubjectsAreOnePerSector) {
  const auto wiki = member(get_userinfo(op_, access_token()), "sub");
  const auto shop = subject_at("shop", "shop.example.com");
  const auto till = subject_at("till", "shop.example.com");
  const auto news = subject_at("news", "news.example.com");
  EXPECT_EQ(shop, till);
  EXPECT_NE(shop, news);
  EXPECT_NE(shop, wiki);
  EXPECT_EQ(subject_at("blog", ""), wiki) << "public subjects are the same everywhere";
}

TestOp::Options with_cors(const std::string& cors) {
  TestOp::Options options;
  options.settings = R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
                                      "userinfo": {"cors": ")" +
                     cors + R"("}}})";
  return options;
}

TEST(UserinfoCors, IsClosedToScriptsOfOtherSitesWhereConfigured) {
  TestOp op(with_cors("none"));
  EXPECT_FALSE(get_userinfo(op, "unknown").header("Access-Control-Allow-Origin"));
  EXPECT_EQ(op.handle(a_request("OPTIONS", "/userinfo")).status, 405);
}

TEST(UserinfoCors, IsOpenToScriptsWhereConfigured) {
  TestOp op(with_cors("any"));
  const auto preflight = op.handle(a_request("OPTIONS", "/userinfo"));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(std::string(preflight.header("Access-Control-Allow-Headers").value_or("")),
              HasSubstr("Authorization"));
  EXPECT_FALSE(preflight.header("Access-Control-Allow-Credentials"));
  const auto refused = get_userinfo(op, "unknown");
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(refused.status, 401);
}

}  // namespace
}  // namespace oidcop::testing
