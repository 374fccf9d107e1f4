#include "endpoint/add_on/pkce.h"
#include "endpoint/add_on/response_issuer.h"
#include "hook_scene.h"
#include "provider/load.h"
#include "provider/snapshot.h"
#include "support/recording_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

/// A provider whose only hooks are these: PKCE and `iss` are in it when they are among them, and not
/// otherwise. Its database is that of an ordinary one, where the person has logged in and consented.
class BareProvider {
 public:
  explicit BareProvider(Hooks hooks) {
    ordinary_.authorize();
    auto loaded = provider::load_configuration(ordinary_.op.folder() / "oidcop.json");
    EXPECT_TRUE(loaded);
    auto material = provider::load_material(loaded->config, {}, page::Loading::as_needed);
    EXPECT_TRUE(material);
    material->hooks = std::move(hooks);
    const provider::Ground ground{ordinary_.op.store(), hasher_, ordinary_.op.clock, random_, log_,
                                  fetch_slots_};
    auto made = provider::Snapshot::make(std::move(*material), ground, ordinary_.op.clock.now());
    EXPECT_TRUE(made) << made.error().detail;
    if (made) snapshot_ = std::move(*made);
  }

  std::map<std::string, std::string> authorize(const Fields& changes = {}) {
    auto request = a_request("GET", "/authorization",
                             encoded(with(with(wiki_request(), {{"prompt", "none"}}), changes)));
    std::string jar;
    for (const auto& [name, value] : ordinary_.browser.cookies)
      jar += (jar.empty() ? "" : "; ") + name + '=' + value;
    request.headers = {{"cookie", jar}};
    return location_parameters(snapshot_->handle(request, ordinary_.op.clock.now()));
  }
  http::Response exchange(const std::string& code, const std::string& verifier) {
    auto request = a_request("POST", "/token");
    request.content_type = "application/x-www-form-urlencoded";
    request.headers = {{"authorization", basic("wiki", ordinary_.op.secret_of(model::ClientId("wiki")))}};
    request.body = encoded(with({{"grant_type", "authorization_code"},
                                 {"code", code},
                                 {"redirect_uri", "https://wiki.example.com/cb"}},
                                {{"code_verifier", verifier}}));
    return snapshot_->handle(request, ordinary_.op.clock.now());
  }
  std::string told(std::string_view name) {
    return member(
        snapshot_->handle(a_request("GET", "/.well-known/openid-configuration"), ordinary_.op.clock.now()),
        name);
  }

 private:
  HookScene ordinary_{TestOp::Options()};
  http::FetchSlots fetch_slots_{1};
  PasswordHasher hasher_{PasswordHashPolicy{.cost = 1}};
  FixedRandom random_;
  RecordingLog log_;
  std::shared_ptr<const provider::Snapshot> snapshot_;
};

const Fields kWithoutPkce{{"code_challenge", ""}, {"code_challenge_method", ""}};

TEST(Pkce, IsNotThereWithoutItsHooks) {
  BareProvider bare({});
  EXPECT_EQ(bare.told("code_challenge_methods_supported"), "");
  const auto without = bare.authorize(kWithoutPkce)["code"];
  ASSERT_NE(without, "");
  EXPECT_EQ(bare.exchange(without, "").status, 200);
  EXPECT_NE(bare.authorize({{"code_challenge_method", "plain"}})["code"], "");
  const auto code = bare.authorize()["code"];
  EXPECT_EQ(bare.exchange(code, "").status, 200) << "nothing else looks at the verifier";
}

TEST(Pkce, IsWholeWithItsPublicHooksAlone) {
  Hooks hooks;
  ASSERT_TRUE(endpoint::add_pkce(hooks, {}));
  BareProvider bare(std::move(hooks));
  EXPECT_EQ(bare.told("code_challenge_methods_supported"), R"(["S256"])");
  EXPECT_EQ(bare.authorize(kWithoutPkce)["error"], "invalid_request");
  EXPECT_EQ(bare.authorize({{"code_challenge_method", "plain"}})["error"], "invalid_request");
  const auto code = bare.authorize()["code"];
  EXPECT_EQ(member(bare.exchange(code, ""), "error"), "invalid_grant");
  EXPECT_EQ(member(bare.exchange(code, std::string(43, 'a')), "error"), "invalid_grant");
  EXPECT_EQ(bare.exchange(code, kVerifier).status, 200);
  EXPECT_EQ(bare.authorize()["iss"], "") << "one add-on does not bring another";
}

TEST(ResponseIssuer, IsNotThereWithoutItsHooks) {
  BareProvider bare({});
  EXPECT_EQ(bare.told("authorization_response_iss_parameter_supported"), "");
  EXPECT_EQ(bare.authorize().count("iss"), 0U);
  EXPECT_EQ(bare.authorize({{"response_type", "token"}}).count("iss"), 0U);
}

TEST(ResponseIssuer, IsWholeWithItsPublicHooksAlone) {
  Hooks hooks;
  ASSERT_TRUE(endpoint::add_response_issuer(hooks));
  BareProvider bare(std::move(hooks));
  EXPECT_EQ(bare.told("authorization_response_iss_parameter_supported"), "true");
  EXPECT_EQ(bare.authorize()["iss"], "https://op.example.org");
  EXPECT_EQ(bare.authorize({{"response_type", "token"}})["iss"], "https://op.example.org");
  EXPECT_NE(bare.authorize(kWithoutPkce)["code"], "") << "one add-on does not bring another";
}

// reference defect B27: iss was missing from some answers. It is a hook's work alone.
TEST(ResponseIssuer, CanBeTurnedOff) {
  TestOp::Options options;
  options.settings = R"({"add_on": {"authorization_response_iss": false}})";
  HookScene without(options);
  auto answer = without.authorize();
  EXPECT_NE(answer["code"], "");
  EXPECT_EQ(answer.count("iss"), 0U);
  HookScene as_usual{TestOp::Options()};
  EXPECT_EQ(as_usual.authorize(with(wiki_request(), {{"prompt", "none"}}))["iss"], "https://op.example.org");
  EXPECT_EQ(as_usual.authorize()["iss"], "https://op.example.org");
}

}  // namespace
}  // namespace oidcop::testing
