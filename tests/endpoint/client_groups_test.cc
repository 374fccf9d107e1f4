#include "scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

/// alice in these groups, wiki for these.
struct GroupScene : Scene {
  GroupScene(std::vector<std::string> groups, std::vector<std::string> allowed,
             std::vector<std::string> denied = {})
      : Scene(with_settings(R"({"authz": {"refresh": {"require_offline_access": false}}})")) {
    put_alice(std::move(groups));
    change_client([&](model::Client& client) {
      client.allowed_groups = std::move(allowed);
      client.denied_groups = std::move(denied);
    });
  }
  void put_alice(std::vector<std::string> groups) {
    op.add_user([&](model::User& user) { user.groups = std::move(groups); });
  }
  http::Response sign_in() { return browser.sign_in(wiki_request()); }
};

TEST(ClientGroups, LetInWhoIsInAnAllowedOneAndInNoDeniedOne) {
  struct Row {
    std::vector<std::string> groups, allowed, denied;
    bool gets_in;
  };
  const Row rows[] = {
      {{}, {}, {}, true},
      {{"staff"}, {"staff"}, {}, true},
      {{"staff", "board"}, {"board", "press"}, {}, true},
      {{}, {"staff"}, {}, false},
      {{"guests"}, {"staff"}, {}, false},
      {{"guests"}, {}, {"guests"}, false},
      {{"staff", "guests"}, {"staff"}, {"guests"}, false},
      {{"staff"}, {}, {"guests"}, true},
  };
  for (const auto& row : rows) {
    model::Client client;
    client.allowed_groups = row.allowed;
    client.denied_groups = row.denied;
    EXPECT_EQ(model::may_use(client, row.groups), row.gets_in) << ::testing::PrintToString(row.groups);
  }
}

TEST(ClientGroups, TellThePersonAndTheLogWhoMayNot) {
  GroupScene scene({"guests"}, {"staff"});
  const auto refused = scene.sign_in();
  EXPECT_EQ(refused.status, 403);
  EXPECT_FALSE(refused.header("Location"));
  EXPECT_THAT(refused.body, HasSubstr("You may not use this application"));
  EXPECT_THAT(refused.body, HasSubstr("access_denied"));
  EXPECT_THAT(scene.op.log(), HasSubstr("event=client.not_allowed"));
  EXPECT_THAT(scene.op.log(), HasSubstr("user=alice"));
  EXPECT_EQ(scene.silent_error(), "access_denied") << "nobody looks at a page: the application is told";
}

TEST(ClientGroups, LetAllowedPeopleThrough) {
  GroupScene scene({"staff"}, {"staff"});
  EXPECT_NE(location_parameters(scene.sign_in())["code"], "") << scene.op.log();
}

TEST(ClientGroups, CountForEveryoneWhoIsSignedInAlready) {
  GroupScene scene({"staff"}, {});
  ASSERT_NE(scene.code(), "");
  scene.change_client([](model::Client& client) { client.allowed_groups = {"board"}; });
  EXPECT_EQ(scene.ask().status, 403);
}

TEST(ClientGroups, CountWhenTheConsentPageComesBack) {
  GroupScene scene({"staff"}, {"staff"});
  scene.browser.get("/authorization", wiki_request());
  const auto consent =
      scene.browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  ASSERT_EQ(consent.status, 200);
  scene.put_alice({"guests"});
  const auto refused = scene.browser.submit({{"decision", "allow"}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_FALSE(refused.header("Location"));
}

TEST(ClientGroups, EndACodeAndARefreshOfWhoLeftTheGroup) {
  GroupScene scene({"staff"}, {"staff"});
  const auto tokens = scene.buy();
  const auto code = scene.code();
  scene.put_alice({});
  EXPECT_EQ(member(exchange_code(scene.op, code), "error"), "invalid_grant");
  const auto refused = scene.refresh(tokens);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(member(refused, "error"), "invalid_grant");
  scene.put_alice({"staff"});
  EXPECT_EQ(scene.refresh(tokens).status, 200) << "nothing was spent by the refusal";
}

TEST(ClientGroups, AreToldInThePersonsLanguage) {
  GroupScene scene({"guests"}, {"staff"});
  const auto refused = scene.browser.sign_in(with(wiki_request(), {{"ui_locales", "de"}}));
  EXPECT_THAT(refused.body, HasSubstr("Diese Anwendung dürfen Sie nicht verwenden"));
}

// --- families of refresh tokens
// ------------------------------------------------------------------------------

TEST(RefreshFamilies, AreSeveralAndBounded) {
  Scene scene(
      with_settings(R"({"authz": {"refresh": {"require_offline_access": false, "max_families": 3}}})"));
  std::vector<http::Response> families;
  for (int i = 0; i < 5; ++i) {
    families.push_back(scene.buy());
    scene.op.clock.tick(Seconds(1));
  }
  EXPECT_EQ(member(scene.refresh(families[0]), "error"), "invalid_grant");
  EXPECT_EQ(member(scene.refresh(families[1]), "error"), "invalid_grant");
  EXPECT_EQ(get_userinfo(scene.op, member(families[0], "access_token")).status, 401);
  for (int i = 2; i < 5; ++i) {
    auto& family = families[static_cast<std::size_t>(i)];
    family = scene.refresh(family);
    EXPECT_EQ(family.status, 200) << i;
  }
}

TEST(RefreshFamilies, OfOtherClientsAndPeopleCountOnTheirOwn) {
  Scene scene(
      with_settings(R"({"authz": {"refresh": {"require_offline_access": false, "max_families": 1}}})"));
  const auto first = scene.buy();
  scene.op.add_user([](model::User& user) {
    user.id = model::UserId("user-bob");
    user.username = "bob";
  });
  TestBrowser other(scene.op);
  const auto code = location_parameters(other.sign_in(wiki_request(), "bob"))["code"];
  ASSERT_EQ(exchange_code(scene.op, code).status, 200);
  EXPECT_EQ(scene.refresh(first).status, 200);
}

TEST(RefreshFamilies, WithoutARefreshTokenAreNone) {
  Scene scene(with_settings(R"({"authz": {"refresh": {"max_families": 1}}})"));
  const auto first = scene.buy();
  ASSERT_EQ(member(first, "refresh_token"), "");
  scene.buy();
  EXPECT_EQ(get_userinfo(scene.op, member(first, "access_token")).status, 200);
}

}  // namespace
}  // namespace oidcop::testing
