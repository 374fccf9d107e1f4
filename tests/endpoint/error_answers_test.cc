#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

/// A provider with one hook, its user and its client.
struct Hooked {
  explicit Hooked(Hooks hooks) : op(options(std::move(hooks))) {
    op.add_user();
    op.add_client();
  }
  static TestOp::Options options(Hooks hooks) {
    TestOp::Options options;
    options.hooks = std::move(hooks);
    return options;
  }
  std::map<std::string, std::string> authorize() {
    return location_parameters(browser.sign_in(wiki_request()));
  }

  TestOp op;
  TestBrowser browser{op};
};

// RFC 9207, 2: in error responses, too; a relying party that insists on it could not even show the error.
TEST(ErrorAnswers, HaveTheIssuerAlsoWhenAHookBrokeTheAnswer) {
  Hooks hooks;
  ASSERT_TRUE(
      hooks.add_post_construct("authorization", "zoo", [](Message& response, const HookContext&) -> Verdict {
        response.set("state", "other");
        return {};
      }));
  auto answer = Hooked(std::move(hooks)).authorize();
  EXPECT_EQ(answer["error"], "server_error");
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  EXPECT_EQ(answer["iss"], "https://op.example.org");
}

TEST(ErrorAnswers, AHooksWordsAreKeptToTheCharactersOfTheSpecification) {
  Hooks hooks;
  ASSERT_TRUE(hooks.add_post_parse_request("token", "zoo", [](Message&, const HookContext&) -> Verdict {
    return fail(access_denied("Say \"no\"\r\nand \\ \xC3\xA9."));
  }));
  Hooked hooked(std::move(hooks));
  const auto refused = exchange_code(hooked.op, hooked.authorize()["code"]);
  EXPECT_EQ(member(refused, "error"), "access_denied");
  EXPECT_EQ(member(refused, "error_description"), "Say 'no'??and ? ??.");
}

// RFC 6750, 3.1.
TEST(ErrorAnswers, UserinfoChallengesWhatItCannotReadToo) {
  TestOp op;
  auto request = a_request("POST", "/userinfo");
  request.content_type = "application/x-www-form-urlencoded";
  for (const auto* body : {"access_token=a&access_token=b", "access_token=%"}) {
    request.body = body;
    const auto refused = op.handle(request);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_THAT(std::string(refused.header("WWW-Authenticate").value_or("")),
                HasSubstr("error=\"invalid_request\""))
        << body;
  }
}

}  // namespace
}  // namespace oidcop::testing
