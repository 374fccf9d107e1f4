#include "base/form.h"
#include "endpoint/own_keys.h"
#include "jose/jws.h"
#include "jose/nested_jwt.h"
#include "logout_scene.h"
#include "support/fake_fetcher.h"
#include "support/fixed_random.h"

#include <gmock/gmock.h>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

const std::string kUri = "https://wiki.example.com/backchannel?from=op";

/// Wiki wants to be told by us; the network is the test's.
struct BackChannelScene {
  explicit BackChannelScene(TestOp::Options options = {}) : scene(with_fetcher(std::move(options))) {
    scene.change_client([](model::Client& wiki) {
      wiki.metadata.set("backchannel_logout_uri", kUri);
      wiki.metadata.set_bool("backchannel_logout_session_required", true);
    });
    visit();
  }
  void visit() {
    const auto tokens = scene.buy();
    scene.id_token = member(tokens, "id_token");
    const auto claims = jose::peek_unverified_claims(scene.id_token);
    sid = claims ? claims->text("sid").value_or("") : "";
    subject = claims ? claims->text("sub").value_or("") : "";
  }
  void sign_out() {
    scene.leave(scene.full());
    scene.confirm();
  }
  bool run_due() { return scene.op.provider().run_due(); }
  /// Of the last delivery, as it was sent.
  std::string logout_token() const {
    const auto form = decode_form(network.requests().back().body);
    if (!form || form->size() != 1 || form->front().first != "logout_token") return "(no logout_token alone)";
    return form->front().second;
  }

  /// The token as a relying party takes it (2.6); an empty one when it does not.
  jose::VerifiedJwt verified(const std::string& token) {
    const auto keys = jose::JwkSet::parse_text(scene.op.handle(a_request("GET", "/jwks.json")).body);
    jose::JwtPolicy policy;
    policy.issuer = scene.op.issuer();
    policy.audiences = {"wiki"};
    policy.types = {"logout+jwt"};
    policy.required = {"iat", "exp", "jti", "events", "sub", "sid"};
    policy.max_lifetime = Seconds(120);
    auto verified = jose::verify_jwt(token, *keys, {.algorithms = jose::AlgorithmSet::asymmetric()}, policy,
                                     scene.op.clock.now());
    EXPECT_TRUE(verified) << (verified ? "" : verified.error().detail);
    return verified.value_or(jose::VerifiedJwt{});
  }

  TestOp::Options with_fetcher(TestOp::Options options) {
    options.fetcher = &network;
    return options;
  }

  FakeFetcher network;
  LogoutScene scene;
  std::string sid, subject;
};

TEST(BackChannel, PostsASignedTokenThatNamesTheSession) {
  BackChannelScene it;
  ASSERT_NE(it.sid, "");
  it.network.serve(kUri, "", 200);
  EXPECT_FALSE(it.run_due()) << "nobody signed out";
  it.sign_out();
  EXPECT_TRUE(it.run_due());
  ASSERT_EQ(it.network.count(), 1U);
  const auto request = it.network.requests().front();
  EXPECT_EQ(request.url.text(), kUri);
  EXPECT_EQ(request.method, http::FetchMethod::post);
  EXPECT_EQ(request.content_type, "application/x-www-form-urlencoded");

  const auto jwt = it.verified(it.logout_token());
  EXPECT_EQ(jwt.algorithm, jose::Algorithm::rs256);
  EXPECT_EQ(jwt.claims.text("sub"), it.subject);
  EXPECT_EQ(jwt.claims.text("sid"), it.sid);
  EXPECT_EQ(jwt.claims.json()["events"],
            Json::parse(R"({"http://schemas.openid.net/event/backchannel-logout": {}})"));
  EXPECT_FALSE(jwt.claims.has("nonce"));
  EXPECT_EQ(jwt.claims.json().size(), 8U);
}

TEST(BackChannel, TellsOnce) {
  BackChannelScene it;
  it.network.serve(kUri, "", 204);
  it.sign_out();
  EXPECT_TRUE(it.run_due());
  EXPECT_FALSE(it.run_due());
  it.scene.op.clock.tick(Seconds(3600));
  EXPECT_FALSE(it.run_due());
  EXPECT_EQ(it.network.count(), 1U);
  EXPECT_THAT(it.scene.op.log(), HasSubstr("logout.delivered"));
}

TEST(BackChannel, TriesAgainLaterAndLaterWithANewTokenEachTime) {
  BackChannelScene it;
  it.sign_out();
  std::vector<std::string> tokens;
  for (const auto pause : {5, 30, 120, 600, 1800, 3600, 3600}) {
    ASSERT_TRUE(it.run_due());
    tokens.push_back(it.logout_token());
    it.scene.op.clock.tick(Seconds(pause - 1));
    EXPECT_FALSE(it.run_due()) << "before " << pause;
    it.scene.op.clock.tick(Seconds(1));
  }
  it.network.serve(kUri, "", 200);
  EXPECT_TRUE(it.run_due());
  EXPECT_EQ(it.network.count(), 8U);
  tokens.push_back(it.logout_token());
  std::sort(tokens.begin(), tokens.end());
  EXPECT_EQ(std::unique(tokens.begin(), tokens.end()), tokens.end());
  it.scene.op.clock.tick(Seconds(7200));
  EXPECT_FALSE(it.run_due());
}

TEST(BackChannel, GivesUpAfterADayAndSaysSo) {
  BackChannelScene it;
  it.sign_out();
  for (int hour = 0; hour < 25; ++hour) {
    it.run_due();
    it.scene.op.clock.tick(Seconds(3600));
  }
  const auto tried = it.network.count();
  EXPECT_GT(tried, 20U);
  EXPECT_THAT(it.scene.op.log(), HasSubstr("logout.undeliverable"));
  EXPECT_FALSE(it.run_due());
  EXPECT_EQ(it.network.count(), tried);
}

TEST(BackChannel, TakesAnyOtherAnswerForAFailure) {
  for (const int status : {201, 302, 400, 404, 501}) {
    BackChannelScene it;
    it.network.serve(kUri, "", status);
    it.sign_out();
    EXPECT_TRUE(it.run_due());
    it.network.serve(kUri, "", 200);
    it.scene.op.clock.tick(Seconds(5));
    EXPECT_TRUE(it.run_due()) << status;
    EXPECT_EQ(it.network.count(), 2U) << status;
  }
}

/// wiki answers only when somebody else was told in the meantime.
class WaitingFetcher final : public http::Fetcher {
 public:
  Result<http::Response> fetch(const http::FetchRequest& request) override {
    std::unique_lock lock(mutex_);
    if (request.url.text() != kUri) {
      other_was_told_ = true;
      changed_.notify_all();
      return http::Response{200, {}, {}};
    }
    changed_.wait_for(lock, std::chrono::seconds(30), [this] { return other_was_told_; });
    waited_in_vain_ = !other_was_told_;
    return http::Response{200, {}, {}};
  }
  bool waited_in_vain() const { return waited_in_vain_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool other_was_told_ = false, waited_in_vain_ = false;
};

TEST(BackChannel, OneSlowClientDelaysNobody) {
  WaitingFetcher network;
  TestOp::Options options;
  options.fetcher = &network;
  LogoutScene scene(std::move(options));
  scene.change_client([](model::Client& wiki) { wiki.metadata.set("backchannel_logout_uri", kUri); });
  scene.op.add_client([](model::Client& shop) {
    shop.id = model::ClientId("shop");
    shop.redirect_uris = {"https://shop.example.com/cb"};
    shop.metadata.set("backchannel_logout_uri", "https://shop.example.com/out");
  });
  scene.op.clock.tick(Seconds(1));  // wiki comes first
  scene.browser.sign_in(
      with(wiki_request(), {{"client_id", "shop"}, {"redirect_uri", "https://shop.example.com/cb"}}));
  scene.leave(scene.full());
  scene.confirm();
  EXPECT_TRUE(scene.op.provider().run_due());
  EXPECT_FALSE(network.waited_in_vain());
  EXPECT_FALSE(scene.op.provider().run_due()) << "both were told";
}

TEST(BackChannel, NothingIsLostWhenAProcessDiesWhileItDelivers) {
  BackChannelScene it;
  it.sign_out();
  const auto now = it.scene.op.clock.now();
  ASSERT_EQ(it.scene.op.store().lease_logout_notices({now, now + Seconds(12), 4, 20})->size(), 1U)
      << "as somebody else did who is gone";
  it.network.serve(kUri, "", 200);
  EXPECT_FALSE(it.run_due());
  it.scene.op.clock.tick(Seconds(12));
  EXPECT_TRUE(it.run_due());
  EXPECT_EQ(it.network.count(), 1U);
}

TEST(BackChannel, IsNothingForClientsThatWereDisabledOrTookTheirAddressAway) {
  BackChannelScene it;
  it.network.serve(kUri, "", 200);
  it.sign_out();
  it.scene.change_client([](model::Client& wiki) { wiki.enabled = false; });
  it.run_due();
  EXPECT_EQ(it.network.count(), 0U);
  it.scene.change_client([](model::Client& wiki) { wiki.enabled = true; });
  EXPECT_FALSE(it.run_due()) << "it was dropped";

  BackChannelScene other;
  other.network.serve(kUri, "", 200);
  other.sign_out();
  other.scene.change_client([](model::Client& wiki) { wiki.metadata = Message(); });
  other.run_due();
  EXPECT_EQ(other.network.count(), 0U);
}

TEST(BackChannel, SignsAsTheClientRegisteredAndNeverNotAtAll) {
  const std::pair<jose::Algorithm, jose::Algorithm> kCases[] = {
      {jose::Algorithm::es256, jose::Algorithm::es256}, {jose::Algorithm::none, jose::Algorithm::rs256}};
  for (const auto& [registered, used] : kCases) {
    BackChannelScene it;
    it.network.serve(kUri, "", 200);
    it.sign_out();
    it.scene.change_client(
        [&, to = registered](model::Client& wiki) { wiki.id_token_signed_response_alg = to; });
    it.run_due();
    ASSERT_EQ(it.network.count(), 1U);
    EXPECT_EQ(it.verified(it.logout_token()).algorithm, used);
  }
}

TEST(BackChannel, EncryptsWhereIdTokensAreEncrypted) {
  const OwnKeys keys;
  BackChannelScene it;
  it.network.serve(kUri, "", 200);
  it.scene.change_client([&](model::Client& wiki) {
    keys.give_to(wiki);
    wiki.metadata.set("id_token_encrypted_response_alg", "ECDH-ES+A128KW");
    wiki.metadata.set("id_token_encrypted_response_enc", "A256GCM");
  });
  it.scene.leave({});
  it.scene.confirm();
  it.run_due();
  ASSERT_EQ(it.network.count(), 1U) << it.scene.op.log();
  FixedRandom random;
  jose::JwePolicy policy;
  policy.algorithms = jose::asymmetric_key_management();
  policy.encryptions = jose::ContentEncryptionSet::all();
  const auto opened =
      jose::decrypt_compact(it.logout_token(), jose::JwkSet({keys.encryption}), policy, random);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(it.verified(std::string(opened->plaintext.reveal())).claims.text("sid"), it.sid);
}

TEST(BackChannel, NeverSendsInTheClearWhatTheClientWantsEncrypted) {
  BackChannelScene it;
  it.network.serve(kUri, "", 200);
  it.sign_out();
  it.scene.change_client([](model::Client& wiki) {
    wiki.metadata.set("id_token_encrypted_response_alg", "ECDH-ES");  // and has no key by now
  });
  it.run_due();
  EXPECT_EQ(it.network.count(), 0U);
  EXPECT_THAT(it.scene.op.log(), HasSubstr("logout.undelivered"));
}

TEST(BackChannel, CanBeOff) {
  BackChannelScene it(with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {},
      "token": {}, "userinfo": {}, "end_session": {"backchannel_logout_supported": false}}})"));
  it.network.serve(kUri, "", 200);
  it.sign_out();
  EXPECT_FALSE(it.run_due());
  EXPECT_EQ(it.network.count(), 0U);
  const auto metadata = it.scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "backchannel_logout_supported"), "");
}

TEST(BackChannel, IsInTheMetadata) {
  TestOp op;
  const auto metadata = op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "backchannel_logout_supported"), "true");
  EXPECT_EQ(member(metadata, "backchannel_logout_session_supported"), "true");
}

TEST(BackChannel, SaysSoWhenTheStoreFails) {
  TestOp::Options options;
  options.watched_store = true;
  BackChannelScene it(std::move(options));
  it.network.serve(kUri, "", 200);
  it.sign_out();
  it.scene.op.watched().fail_call(1);
  EXPECT_FALSE(it.run_due());
  EXPECT_THAT(it.scene.op.log(), HasSubstr("logout.delivery_failed"));
  EXPECT_TRUE(it.run_due()) << "and nothing is lost";
  EXPECT_EQ(it.network.count(), 1U);
}

}  // namespace
}  // namespace oidcop::testing
