#include "registration_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Registered = RegistrationScene;

TestOp::Options watched() {
  TestOp::Options options;
  options.watched_store = true;
  return options;
}

TEST(RegistrationTrouble, WithTheStoreIsAPassingFaultAndRegistersNothing) {
  Registered scene(kOpen, "{}", watched());
  const auto token = scene.initial_token(9);
  for (const auto& presented : {std::string(), token}) {
    const auto before = scene.clients();
    int failed = 0;
    for (int n = 1;; ++n) {
      scene.op.watched().fail_call(n);
      const auto answer = scene.enroll(Registered::metadata(), presented);
      if (answer.status == 201) break;
      ++failed;
      EXPECT_EQ(answer.status, 503) << n << answer.body;
      EXPECT_TRUE(answer.header("Retry-After")) << n;
      EXPECT_EQ(scene.clients(), before) << n;
      ASSERT_LT(n, 20);
    }
    EXPECT_GE(failed, 2);
    scene.op.watched().fail_none();
  }
  EXPECT_EQ(scene.op.store().find_initial_token(sha256(token))->uses, 1) << "what failed spent nothing";
}

TEST(RegistrationTrouble, WithTheStoreLeavesARegistrationAsItWas) {
  Registered scene(kOpen, "{}", watched());
  const auto client = scene.enrolled();
  const auto before = Registered::body_of(scene.read(client));
  auto document = Registered::updatable(client);
  document["client_name"] = "Renamed";
  for (const auto* method : {"GET", "PUT", "DELETE"}) {
    const std::string body = std::string(method) == "PUT" ? dump_json(document) : "";
    for (int n = 1; n <= 4; ++n) {
      scene.op.watched().fail_call(n);
      const auto answer = scene.manage(method, client, body);
      scene.op.watched().fail_none();
      if (answer.status < 300) break;
      EXPECT_EQ(answer.status, 503) << method << n << answer.body;
      EXPECT_EQ(Registered::body_of(scene.read(client)), before) << method << n;
    }
    if (std::string(method) == "PUT") {
      ASSERT_EQ(scene.update(client, Registered::updatable(client)).status, 200);
    }
  }
  EXPECT_EQ(scene.read(client).status, 401) << "the last call deleted it";
}

TEST(RegistrationTrouble, ATokenThatIsRevokedMeanwhileRegistersNothing) {
  Registered scene("{}", "{}", watched());
  const auto token = scene.initial_token(9);
  bool met = false;
  scene.op.watched().before_call(2, [&] {  // after it was looked up, before it is spent
    met = true;
    ASSERT_TRUE(scene.op.store().revoke_initial_token("token-1", scene.op.clock.now()));
  });
  const auto refused = scene.enroll(Registered::metadata(), token);
  EXPECT_EQ(refused.status, 401) << refused.body;
  EXPECT_EQ(member(refused, "error"), "invalid_token");
  EXPECT_TRUE(met);
  EXPECT_EQ(scene.clients(), 1U);
}

TEST(RegistrationTrouble, TheAdministratorsWordIsNotOverwritten) {
  Registered scene(kOpen, "{}", watched());
  const auto client = scene.enrolled();
  const model::ClientId id(Registered::text(client, "client_id"));
  auto document = Registered::updatable(client);
  document["client_name"] = "Renamed";
  bool met = false;
  scene.op.watched().before_call(3, [&] {  // after the client was read, before the update is written
    met = true;
    auto kept = **scene.op.store().find_client(id);
    kept.denied_groups = {"guests"};
    ASSERT_TRUE(scene.op.store().put_client(kept, store::IfExists::replace));
  });
  const auto refused = scene.update(client, document);
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_TRUE(met);
  EXPECT_EQ((*scene.op.store().find_client(id))->denied_groups, std::vector<std::string>{"guests"});
  EXPECT_EQ(scene.update(client, document).status, 200);
  EXPECT_EQ((*scene.op.store().find_client(id))->denied_groups, std::vector<std::string>{"guests"});
  EXPECT_EQ((*scene.op.store().find_client(id))->name, "Renamed");
}

/// Rule of the log: nothing that somebody presented, and nothing that was told.
TEST(RegistrationTrouble, NothingPresentedComesIntoTheLog) {
  const std::string canary = "canary7k2canary7k2canary7k2canary7k2";
  Registered scene;
  const auto client = scene.enrolled();
  (void)scene.enroll(Registered::metadata(), canary);
  auto forged = client;
  forged["registration_access_token"] = canary;
  (void)scene.read(forged);
  (void)scene.remove(forged);
  (void)scene.send("GET", "/registration_api", "client_id=" + canary, "", canary);
  auto document = Registered::updatable(client);
  document["client_secret"] = canary;
  (void)scene.update(client, document);
  for (const auto* name :
       {"redirect_uris", "client_name", "jwks_uri", "software_statement", "scope", "contacts"}) {
    auto wrong = Registered::metadata();
    wrong[name] = Json::array({canary + "\n"});
    (void)scene.enroll(wrong);
  }
  EXPECT_THAT(scene.op.log(), HasSubstr("event=request.refused"));
  EXPECT_THAT(scene.op.log(), Not(HasSubstr(canary)));
}

TEST(RegistrationTrouble, OtherMethodsAreNamedAsWrong) {
  Registered scene;
  const auto client = scene.enrolled();
  for (const auto* method : {"GET", "PUT", "DELETE", "PATCH"}) {
    const auto refused = scene.send(method, "/registration", "", "{}");
    EXPECT_EQ(refused.status, 405) << method;
    EXPECT_EQ(refused.header("Allow"), "POST") << method;
  }
  for (const auto* method : {"POST", "PATCH"}) {
    const auto refused = scene.manage(method, client, "{}");
    EXPECT_EQ(refused.status, 405) << method;
    EXPECT_EQ(refused.header("Allow"), "GET, HEAD, PUT, DELETE") << method;
  }
  EXPECT_EQ(scene.manage("HEAD", client, "").status, 200);
}

}  // namespace
}  // namespace oidcop::testing
