#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <utility>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Fields kLogin{{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}};
const model::UserId kAlice("user-alice");

std::string hash_of(const char* password) {
  static FixedRandom random(7);
  PasswordHasher hasher({.cost = 1});
  return *hasher.hash(Secret(password), random);
}

/// Does something at the moment when the provider next needs randomness: in a login that is between the check
/// of the password and the making of the session, in a consent between the answer and the code.
class Interloper final : public Random {
 public:
  Result<void> fill(std::span<std::uint8_t> out) override {
    if (const auto act = stays ? once : std::exchange(once, nullptr)) act();
    return inner_.fill(out);
  }
  std::function<void()> once;
  bool stays = false;  ///< and does it again and again

 private:
  FixedRandom inner_{3};
};

class PasswordRace : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
    browser_.get("/authorization", wiki_request());
  }
  /// What is answered when this happens between the check of the password and the session.
  http::Response log_in_while(std::function<void()> happens) {
    interloper_.once = std::move(happens);
    auto response = browser_.submit(kLogin);
    EXPECT_FALSE(interloper_.once) << "it never happened";
    return response;
  }
  void expect_nobody_signed_in(const http::Response& response) {
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr("id=\"login-error\""));
    EXPECT_EQ(browser_.cookies.size(), 1U) << "the browser's own cookie alone";
    EXPECT_THAT(op_.log(), HasSubstr("login.failed"));
    EXPECT_THAT(op_.log(), Not(HasSubstr("login.succeeded")));
  }
  Interloper interloper_;
  TestOp op_{{.random = &interloper_}};
  TestBrowser browser_{op_};
};

TEST_F(PasswordRace, TheOldPasswordMakesNoSessionAfterItWasChanged) {
  expect_nobody_signed_in(log_in_while(
      [&] { EXPECT_TRUE(op_.store().set_password(kAlice, hash_of("looking glass"), op_.clock.now())); }));
}

TEST_F(PasswordRace, ThePasswordThatWasChangedByReplacingTheRecordDoesNotEither) {
  expect_nobody_signed_in(log_in_while(
      [&] { op_.add_user([](model::User& user) { user.password_hash = hash_of("looking glass"); }); }));
}

TEST_F(PasswordRace, NobodyWhoWasDisabledMeanwhileIsSignedIn) {
  expect_nobody_signed_in(
      log_in_while([&] { op_.add_user([](model::User& user) { user.enabled = false; }); }));
}

TEST_F(PasswordRace, NobodyWhoWasDeletedMeanwhileIsSignedIn) {
  expect_nobody_signed_in(log_in_while([&] { EXPECT_TRUE(op_.store().delete_user(kAlice)); }));
}

TEST_F(PasswordRace, AHashMadeAnewMeanwhileIsNoObstacle) {
  const auto response = log_in_while([&] {
    const auto before = op_.store().find_user(kAlice)->password_hash;
    EXPECT_TRUE(op_.store().replace_password_hash(kAlice, before, hash_of("wonderland")));
  });
  EXPECT_THAT(response.body, HasSubstr("consent-allow")) << op_.log();
  EXPECT_EQ(browser_.cookies.size(), 2U);
}

TEST_F(PasswordRace, AUserWhoChangesFasterThanTheyCanSignInIsAskedToComeAgain) {
  interloper_.stays = true;
  interloper_.once = [&] {
    EXPECT_TRUE(op_.store().set_password(kAlice, hash_of("wonderland"), op_.clock.now()));
  };
  EXPECT_EQ(browser_.submit(kLogin).status, 503);
  EXPECT_EQ(browser_.cookies.size(), 1U);
}

TEST_F(PasswordRace, ASessionEndedMeanwhileIsNotTakenUpAgain) {
  browser_.sign_in(wiki_request());
  const auto tokens =
      exchange_code(op_, location_parameters(browser_.get("/authorization", wiki_request()))["code"]);
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  const auto old_browser = browser_;
  browser_.get("/authorization", with(wiki_request(), {{"prompt", "login"}}));
  const auto response = log_in_while(
      [&] { EXPECT_TRUE(op_.store().set_password(kAlice, hash_of("wonderland"), op_.clock.now())); });
  EXPECT_FALSE(location_parameters(response)["code"].empty()) << "the password is right: a new session";
  EXPECT_EQ(get_userinfo(op_, member(tokens, "access_token")).status, 401) << "what hung on the old one fell";
}

TEST_F(PasswordRace, ConsentGivesNoCodeAfterThePasswordWasChanged) {
  browser_.submit(kLogin);
  interloper_.once = [&] {
    EXPECT_TRUE(op_.store().set_password(kAlice, hash_of("looking glass"), op_.clock.now()));
  };
  const auto response = browser_.submit({{"decision", "allow"}, {"scope", "profile"}, {"scope", "email"}});
  EXPECT_FALSE(interloper_.once) << "it never happened";
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("login-form"));
}

TEST(PasswordUpgrade, AnImportedHashIsReplacedByTheFirstLogin) {
  TestOp op;
  op.add_client();
  op.add_user([](model::User& user) {  // bcrypt of "correct horse", made by Python's crypt module
    user.password_hash = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
  });
  TestBrowser browser(op);
  const auto code = location_parameters(browser.sign_in(wiki_request(), "alice", "correct horse"))["code"];
  EXPECT_EQ(exchange_code(op, code).status, 200) << "the session that was just begun goes on";
  EXPECT_THAT(op.store().find_user(kAlice)->password_hash, ::testing::StartsWith("$y$"));
  TestBrowser another(op);
  EXPECT_FALSE(
      location_parameters(another.sign_in(wiki_request(), "alice", "correct horse"))["code"].empty());
  EXPECT_THAT(op.log(), Not(HasSubstr("$y$")));
}

/// A page without what is different in any two: the seal and the name that was typed.
std::string comparable(const http::Response& page, const std::string& username) {
  auto text = std::regex_replace(page.body, std::regex("name=\"seal\" value=\"[^\"]*\""), "SEAL");
  text = std::regex_replace(text, std::regex("value=\"" + username + "\""), "NAME");
  for (const auto& header : page.headers) text += header.name + ": " + header.value + '\n';
  return text;
}

// The work behind it is compared in the tests of authn (PasswordWork).
TEST(PasswordOracle, UnknownWrongAndDisabledAreOneAnswerToTheByte) {
  TestOp op;
  op.add_client();
  op.add_user();
  op.add_user([](model::User& user) {
    user.id = model::UserId("user-bob");
    user.username = "bob";
    user.enabled = false;
  });
  const auto answer_to = [&](const std::string& username, const char* password) {
    TestBrowser browser(op);
    browser.get("/authorization", wiki_request());
    const auto page = browser.submit({{"username", username}, {"password", password}, {"decision", "login"}});
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("login-error"));
    return comparable(page, username);
  };
  const auto wrong = answer_to("alice", "x");
  EXPECT_EQ(answer_to("nobody", "x"), wrong);
  EXPECT_EQ(answer_to("bob", "wonderland"), wrong) << "disabled, and the right password";
}

}  // namespace
}  // namespace oidcop::testing
