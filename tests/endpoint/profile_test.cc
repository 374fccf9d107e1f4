#include "support/test_op.h"

#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

const Fields kWithoutPkce = {{"client_id", "wiki"},
                             {"response_type", "code"},
                             {"redirect_uri", "https://wiki.example.com/cb"},
                             {"scope", "openid"},
                             {"state", "s"}};
const Fields kOffline = with(kWithoutPkce, {{"scope", "openid offline_access"},
                                            {"prompt", "consent"},
                                            {"code_challenge", kChallenge},
                                            {"code_challenge_method", "S256"}});

TestOp::Options with_profile(const std::string& name) {
  TestOp::Options options;
  options.settings = R"({"profile": ")" + name + "\"}";
  return options;
}

http::Response ask_token(TestOp& op, const Fields& form) {
  auto request = a_request("POST", "/token");
  request.content_type = "application/x-www-form-urlencoded";
  request.body = encoded(form);
  return op.handle(request);
}

/// The answer to the authorization request of a client that was allowed to go without PKCE.
std::map<std::string, std::string> answer_without_pkce(const std::string& profile) {
  TestOp op(with_profile(profile));
  op.add_user();
  op.add_client([](model::Client& client) { client.pkce_essential = false; });
  return location_parameters(TestBrowser(op).sign_in(kWithoutPkce));
}

/// Whether a refresh token of a public client that was allowed to keep it is replaced at its use.
bool is_replaced(const std::string& profile) {
  TestOp op(with_profile(profile));
  op.add_user();
  op.add_client([](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::none;
    client.rotate_refresh_tokens = false;
  });
  auto answer = location_parameters(TestBrowser(op).sign_in(kOffline));
  const auto tokens = ask_token(op, {{"grant_type", "authorization_code"},
                                     {"client_id", "wiki"},
                                     {"code", answer["code"]},
                                     {"redirect_uri", "https://wiki.example.com/cb"},
                                     {"code_verifier", kVerifier}});
  const auto refresh_token = member(tokens, "refresh_token");
  EXPECT_FALSE(refresh_token.empty()) << tokens.body << op.log();
  const auto refreshed = ask_token(
      op, {{"grant_type", "refresh_token"}, {"client_id", "wiki"}, {"refresh_token", refresh_token}});
  EXPECT_EQ(refreshed.status, 200) << refreshed.body << op.log();
  const auto next = member(refreshed, "refresh_token");
  return !next.empty() && next != refresh_token;
}

TEST(Profile, OidcLetsAConfidentialClientGoWithoutPkce) {
  EXPECT_NE(answer_without_pkce("oidc")["code"], "");
}

TEST(Profile, Oauth21WantsPkceWhateverTheClientsRecordSays) {
  auto answer = answer_without_pkce("oauth21");
  EXPECT_EQ(answer["error"], "invalid_request");
  EXPECT_EQ(answer["code"], "");
}

TEST(Profile, OidcLetsAPublicClientKeepItsRefreshToken) {
  EXPECT_FALSE(is_replaced("oidc"));
}

TEST(Profile, Oauth21ReplacesRefreshTokensOfPublicClientsWhateverTheirRecordSays) {
  EXPECT_TRUE(is_replaced("oauth21"));
}

}  // namespace
}  // namespace oidcop::testing
