#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sqlite3.h>

#include <memory>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A provider whose database loses a table while it runs: what cannot be read is a fault, never "there is
/// none".
class StoreFailure : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  void lose(const std::string& table) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open((op_.folder() / "oidcop.db").c_str(), &handle), SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing(handle, &sqlite3_close);
    const auto rename = "ALTER TABLE " + table + " RENAME TO lost_" + table;
    ASSERT_EQ(sqlite3_exec(handle, rename.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  }
  http::Response ask(const Fields& changes = {}) {
    return browser_.get("/authorization", with(wiki_request(), changes));
  }
  void expect_server_error(const http::Response& response) {
    auto answer = location_parameters(response);
    EXPECT_EQ(answer["error"], "server_error") << response.body;
    EXPECT_EQ(answer["code"], "");
    EXPECT_EQ(answer["iss"], op_.issuer());
    EXPECT_THAT(answer["error_description"], Not(HasSubstr("lost")));
  }
  static void expect_500(const http::Response& response) {
    EXPECT_EQ(response.status, 500) << response.body;
    EXPECT_EQ(member(response, "error"), "server_error");
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
    EXPECT_THAT(response.body, Not(HasSubstr("table")));
  }
  TestOp op_;
  TestBrowser browser_{op_};
};

TEST_F(StoreFailure, OfSessionsIsNotNobodySignedIn) {
  browser_.sign_in(wiki_request());
  lose("user_sessions");
  expect_server_error(ask());
}

TEST_F(StoreFailure, OfConsentsIsNotNoneGiven) {
  browser_.sign_in(wiki_request());
  lose("consents");
  expect_server_error(ask());
}

TEST_F(StoreFailure, OfClientsIsNotAnUnknownClient) {
  lose("clients");
  const auto page = ask();
  EXPECT_EQ(page.status, 500);
  EXPECT_FALSE(page.header("Location"));
  EXPECT_THAT(page.body, HasSubstr("server_error"));
  expect_500(exchange_code(op_, "x"));
}

TEST_F(StoreFailure, OfTokensIsNotAWorthlessOne) {
  const auto tokens = exchange_code(op_, location_parameters(browser_.sign_in(wiki_request()))["code"]);
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  lose("tokens");
  expect_500(get_userinfo(op_, member(tokens, "access_token")));
  expect_500(exchange_code(op_, "x"));
  expect_500(post_token(op_, {{"grant_type", "refresh_token"}, {"refresh_token", "x"}},
                        basic("wiki", op_.secret_of(model::ClientId("wiki")))));
}

}  // namespace
}  // namespace oidcop::testing
