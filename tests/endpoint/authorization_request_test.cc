#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Case {
  std::string name;
  Fields changes;  ///< to a good request
  std::string error;
  std::string parameter = {};
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class Op : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  TestOp op_;
  TestBrowser browser_{op_};
};

/// Before client and redirect URI are proven, nothing leaves for the relying party (RFC 6749, 4.1.2.1).
class StaysHere : public Op, public ::testing::WithParamInterface<Case> {};
TEST_P(StaysHere, WithAPageThatNamesErrorAndParameter) {
  const auto response = browser_.get("/authorization", with(wiki_request(), GetParam().changes));
  EXPECT_EQ(response.status, 400);
  EXPECT_FALSE(response.header("Location"));
  EXPECT_THAT(response.body, HasSubstr("id=\"op-error\""));
  EXPECT_THAT(response.body, HasSubstr(GetParam().error));
  EXPECT_THAT(response.body, HasSubstr(GetParam().parameter));
  EXPECT_THAT(response.body, Not(HasSubstr("attacker")));
}
INSTANTIATE_TEST_SUITE_P(
    AuthorizationRequest, StaysHere,
    ::testing::Values(Case{"unknown client", {{"client_id", "attacker"}}, "invalid_client", "client_id"},
                      Case{"no client", {{"client_id", ""}}, "invalid_request", "client_id"},
                      Case{"no redirect URI", {{"redirect_uri", ""}}, "invalid_request", "redirect_uri"},
                      Case{"foreign redirect URI",
                           {{"redirect_uri", "https://attacker.example/"}},
                           "invalid_request",
                           "redirect_uri"},
                      Case{"longer redirect URI",
                           {{"redirect_uri", "https://wiki.example.com/cb/attacker"}},
                           "invalid_request",
                           "redirect_uri"},
                      Case{"redirect URI with a query",
                           {{"redirect_uri", "https://wiki.example.com/cb?attacker=1"}},
                           "invalid_request",
                           "redirect_uri"},
                      Case{"redirect URI in other letters",
                           {{"redirect_uri", "https://WIKI.example.com/cb"}},
                           "invalid_request",
                           "redirect_uri"}));

/// After that, every refusal goes back with state and issuer (RFC 6749, 4.1.2.1; RFC 9207).
class GoesBack : public Op, public ::testing::WithParamInterface<Case> {};
TEST_P(GoesBack, WithErrorStateAndIssuer) {
  const auto response = browser_.get("/authorization", with(wiki_request(), GetParam().changes));
  ASSERT_EQ(response.status, 303) << response.body;
  EXPECT_THAT(std::string(*response.header("Location")), HasSubstr("https://wiki.example.com/cb?"));
  auto answer = location_parameters(response);
  EXPECT_EQ(answer["error"], GetParam().error) << answer["error_description"];
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  EXPECT_EQ(answer["iss"], "https://op.example.org");
  EXPECT_EQ(answer.count("code"), 0U);
}
INSTANTIATE_TEST_SUITE_P(
    AuthorizationRequest, GoesBack,
    ::testing::Values(
        Case{"no response_type", {{"response_type", ""}}, "invalid_request"},
        Case{"unknown response_type", {{"response_type", "magic"}}, "unsupported_response_type"},
        Case{"unknown response_mode", {{"response_mode", "web_message"}}, "invalid_request"},
        Case{"no scope", {{"scope", ""}}, "invalid_scope"},
        Case{"scope out of its alphabet", {{"scope", "openid \"x"}}, "invalid_scope"},
        Case{"unknown prompt", {{"prompt", "dance"}}, "invalid_request"},
        Case{"prompt none and more", {{"prompt", "none login"}}, "invalid_request"},
        Case{"negative max_age", {{"max_age", "-1"}}, "invalid_request"},
        Case{"max_age that is no number", {{"max_age", "soon"}}, "invalid_request"},
        Case{"claims that are no JSON", {{"claims", "{"}}, "invalid_request"},
        Case{"hint that is no token", {{"id_token_hint", "x"}}, "invalid_request"},
        Case{"request object", {{"request", "x"}}, "invalid_request_object"},
        Case{"request object by reference",
             {{"request_uri", "https://wiki.example.com/r"}},
             "request_uri_not_supported"},
        Case{"registration parameter", {{"registration", "{}"}}, "registration_not_supported"},
        Case{"no PKCE", {{"code_challenge", ""}, {"code_challenge_method", ""}}, "invalid_request"},
        // Reference defect B25: plain slips in when the method is missing or a list is misread.
        Case{"plain PKCE", {{"code_challenge_method", "plain"}}, "invalid_request"},
        Case{"PKCE without method", {{"code_challenge_method", ""}}, "invalid_request"},
        Case{"short challenge", {{"code_challenge", "abc"}}, "invalid_request"},
        Case{"challenge out of its alphabet",
             {{"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"}},
             "invalid_request"},
        Case{"nobody is signed in", {{"prompt", "none"}}, "login_required"}));

TEST_F(Op, RefusesARepeatedParameterWhateverItIs) {
  auto request = wiki_request();
  request.emplace_back("state", "another");
  const auto response = browser_.get("/authorization", request);
  EXPECT_EQ(response.status, 400);
  EXPECT_FALSE(response.header("Location"));
}

TEST_F(Op, AnswersInTheFragmentWhenAskedTo) {  // reference defect B26
  auto response = browser_.get("/authorization",
                               with(wiki_request(), {{"response_mode", "fragment"}, {"prompt", "none"}}));
  EXPECT_THAT(std::string(*response.header("Location")), HasSubstr("https://wiki.example.com/cb#"));
  EXPECT_EQ(location_parameters(response)["error"], "login_required");
}

TEST_F(Op, IgnoresParametersNobodyKnows) {
  EXPECT_EQ(browser_.get("/authorization", with(wiki_request(), {{"foo", "bar"}})).status, 200);
}

TEST_F(Op, LeavesOutScopesTheClientMayNotHave) {
  const auto response = browser_.sign_in(with(wiki_request(), {{"scope", "openid unheard_of"}}));
  const auto tokens = exchange_code(op_, location_parameters(response)["code"]);
  EXPECT_EQ(member(tokens, "scope"), "openid");
}

TEST_F(Op, AcceptsAPostOfThisSite) {
  browser_.headers = {{"sec-fetch-site", "same-origin"}};
  const auto response = browser_.post("/authorization", wiki_request());
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("login-form"));
}

TEST_F(Op, TurnsAPostOfAnotherSiteIntoAGetThatBringsTheCookies) {
  browser_.headers = {{"sec-fetch-site", "cross-site"}};
  const auto response = browser_.post("/authorization", wiki_request());
  ASSERT_EQ(response.status, 303);
  EXPECT_THAT(std::string(*response.header("Location")), HasSubstr("https://op.example.org/authorization?"));
  EXPECT_FALSE(response.header("Set-Cookie"));
  EXPECT_EQ(location_parameters(response)["client_id"], "wiki");
}

TEST_F(Op, ReservesTheOneRegisteredRedirectUriForPlainOAuth) {
  const auto response = browser_.sign_in(with(wiki_request(), {{"redirect_uri", ""}, {"scope", "profile"}}));
  const auto code = location_parameters(response)["code"];
  ASSERT_FALSE(code.empty());
  const auto tokens = exchange_code(op_, code, {{"redirect_uri", ""}});
  EXPECT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_TRUE(member(tokens, "id_token").empty());
  EXPECT_EQ(get_userinfo(op_, member(tokens, "access_token")).status, 403) << "reference defect B40";
}

}  // namespace
}  // namespace oidcop::testing
