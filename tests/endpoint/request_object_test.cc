#include "base/base64url.h"
#include "base/json.h"
#include "endpoint/own_keys.h"
#include "jose/jwe.h"
#include "jose/nested_jwt.h"
#include "support/fixed_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

const Fields kOuter{{"client_id", "wiki"}, {"response_type", "code"}, {"scope", "openid"}};

/// wiki with keys of its own, which sends its requests in objects.
struct Objects : Scene {
  explicit Objects(TestOp::Options options = {}) : Scene(std::move(options)) {
    change_client([&](model::Client& client) { keys.give_to(client); });
  }
  void registers(const std::string& member, const nlohmann::json& value) {
    change_client([&](model::Client& client) { client.metadata.set(member, value); });
  }
  http::Response send(const std::string& object, const Fields& changes = {}) {
    return browser.get("/authorization", with(with(kOuter, {{"request", object}}), changes));
  }
  http::Response log_in(const std::string& object, const Fields& changes = {}) {
    return browser.sign_in(with(with(kOuter, {{"request", object}}), changes));
  }
  /// The error when the way back is proven by the outer parameters.
  std::string error_of(const std::string& object, const Fields& changes = {}) {
    const Fields route{{"redirect_uri", "https://wiki.example.com/cb"}, {"state", "outer"}};
    auto answer = location_parameters(send(object, with(route, changes)));
    return answer["error"];
  }
  OwnKeys keys;
};

std::string unsigned_object(const Message& claims) {
  return base64url_encode(R"({"alg":"none"})") + '.' + base64url_encode(dump_json(claims.json())) + '.';
}

// --- merge rules ------------------------------------------------------------------------------------------

// OpenID Connect Core 1.0, 6.1.
TEST(RequestObject, ItsParametersCountBeforeThoseBesideIt) {
  Objects scene;
  const auto object = request_object(scene.keys, request_claims({{"nonce", ""}}));
  auto answer = location_parameters(
      scene.log_in(object, {{"state", "outer"}, {"nonce", "beside"}, {"scope", "openid phone"}}));
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  const auto tokens = exchange_code(scene.op, answer["code"]);
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_EQ(member(tokens, "scope"), "openid profile email");
  EXPECT_EQ(jose::peek_unverified_claims(member(tokens, "id_token"))->text("nonce"), "beside");
}

// RFC 9101, 5: what is beside the object is not signed.
TEST(RequestObject, AloneCountsWhereTheClientPromisedSignedRequests) {
  Objects scene;
  scene.registers("require_signed_request_object", true);
  const auto object = request_object(scene.keys, request_claims({{"nonce", ""}, {"prompt", "none"}}));
  auto answer = location_parameters(scene.send(object, {{"prompt", "login"}, {"state", "outer"}}));
  EXPECT_EQ(answer["error"], "login_required");
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
}

// RFC 9101, 10.5; security.md 41: no downgrade.
TEST(RequestObject, AClientThatPromisedSignedRequestsSendsNoOthers) {
  Objects scene;
  scene.registers("require_signed_request_object", true);
  EXPECT_EQ(scene.answer({})["error"], "invalid_request");
  EXPECT_EQ(scene.error_of(unsigned_object(request_claims())), "invalid_request_object");
  EXPECT_EQ(scene.send(request_object(scene.keys, request_claims())).status, 200);
}

TEST(RequestObject, CanBeDemandedOfEverybody) {
  Objects scene(with_settings(R"({"capabilities": {"require_signed_request_object": true}})"));
  EXPECT_EQ(scene.answer({})["error"], "invalid_request");
  EXPECT_EQ(scene.send(request_object(scene.keys, request_claims())).status, 200);
}

TEST(RequestObject, AndItsRequestAreOfOneClientAndOneResponseType) {
  Objects scene;
  EXPECT_EQ(scene.error_of(request_object(scene.keys, request_claims({{"client_id", "shop"}}))),
            "invalid_request_object");
  EXPECT_EQ(scene.error_of(request_object(scene.keys, request_claims()), {{"response_type", "id_token"}}),
            "invalid_request_object");
  scene.registers("require_signed_request_object", true);
  EXPECT_EQ(scene.error_of(request_object(scene.keys, request_claims({{"client_id", ""}}))),
            "invalid_request_object");
}

TEST(RequestObject, MayWriteParametersAsJson) {
  Objects scene;
  auto claims = request_claims({{"prompt", "none"}});
  claims.set_number("max_age", 0);
  claims.set("claims", Json{{"userinfo", {{"email", nullptr}}}});
  EXPECT_EQ(scene.error_of(request_object(scene.keys, claims)), "login_required");
  claims.set("state", Json::array({"a"}));
  EXPECT_EQ(scene.error_of(request_object(scene.keys, claims)), "invalid_request_object");
}

// --- who signed it ----------------------------------------------------------------------------------------

TEST(RequestObject, IsSignedByTheClientsOwnKey) {
  Objects scene;
  EXPECT_EQ(scene.send(request_object(scene.keys, request_claims())).status, 200);
  EXPECT_EQ(scene.error_of(request_object(OwnKeys(), request_claims())), "invalid_request_object");
  auto broken = request_object(scene.keys, request_claims());
  broken.back() = broken.back() == 'A' ? 'Q' : 'A';
  EXPECT_EQ(scene.error_of(broken), "invalid_request_object");
}

// OpenID Connect Core 1.0, 6.1 and Registration, 2.
TEST(RequestObject, MayBeUnsignedOnlyWhereTheClientRegisteredThat) {
  Objects scene;
  EXPECT_EQ(scene.error_of(unsigned_object(request_claims())), "invalid_request_object");
  scene.registers("request_object_signing_alg", "none");
  EXPECT_EQ(scene.send(unsigned_object(request_claims())).status, 200);
  EXPECT_EQ(scene.error_of(unsigned_object(request_claims()) + "c2ln"), "invalid_request_object");
  EXPECT_EQ(scene.error_of(request_object(scene.keys, request_claims())), "invalid_request_object")
      << "it registered none, and nothing else";
}

// reference defect B37: the registered algorithm was not looked at.
TEST(RequestObject, IsSignedWithTheRegisteredAlgorithmAlone) {
  Objects scene;
  scene.registers("request_object_signing_alg", "RS256");
  EXPECT_EQ(scene.error_of(request_object(scene.keys, request_claims())), "invalid_request_object");
  scene.registers("request_object_signing_alg", "ES256");
  EXPECT_EQ(scene.send(request_object(scene.keys, request_claims())).status, 200);
}

TEST(RequestObject, MayBeSignedWithTheSecretWhereRegistered) {
  Scene scene;
  scene.op.add_client(
      [](model::Client& client) { client.metadata.set("request_object_signing_alg", "HS256"); });
  const auto key = jose::Jwk::from_octets(Secret(scene.op.secret_of(model::ClientId("wiki")))).value();
  const auto object = jose::sign_jwt(request_claims(), key, jose::Algorithm::hs256).value();
  EXPECT_EQ(scene.ask({{"request", object}}).status, 200) << scene.op.log();
  scene.change_client([](model::Client& client) { client.metadata.remove("request_object_signing_alg"); });
  EXPECT_EQ(scene.answer({{"request", object}})["error"], "invalid_request_object");
}

// --- whom it is for, and when -----------------------------------------------------------------------------

struct Wrong {
  const char* what;
  std::function<void(Message&)> change;
};
class RequestObjectClaims : public ::testing::TestWithParam<Wrong> {};
// reference defect B37: audience and expiry were not looked at.
TEST_P(RequestObjectClaims, ThatAreWrongAreRefused) {
  Objects scene;
  auto claims = request_claims();
  GetParam().change(claims);
  EXPECT_EQ(scene.error_of(request_object(scene.keys, claims)), "invalid_request_object");
}
INSTANTIATE_TEST_SUITE_P(
    All, RequestObjectClaims,
    ::testing::Values(Wrong{"another issuer", [](Message& m) { m.set("iss", "shop"); }},
                      Wrong{"another audience", [](Message& m) { m.set("aud", "https://other.example"); }},
                      Wrong{"an issuer that is no text", [](Message& m) { m.set_number("iss", 1); }},
                      Wrong{"expired", [](Message& m) { m.set_number("exp", 1); }},
                      Wrong{"expiry that is no number", [](Message& m) { m.set("exp", "soon"); }},
                      Wrong{"not yet valid", [](Message& m) { m.set_number("nbf", 99999999999); }},
                      Wrong{"the client as subject", [](Message& m) { m.set("sub", "wiki"); }},
                      Wrong{"another object within", [](Message& m) { m.set("request", "x"); }},
                      Wrong{"a reference within",
                            [](Message& m) { m.set("request_uri", "https://a.example"); }}),
    [](const auto& row) { return "Case" + std::to_string(row.index); });

TEST(RequestObject, OfAnotherTypeIsNone) {  // RFC 9101, 10.8
  Objects scene;
  for (const auto* type : {"at+jwt", "client-authentication+jwt", "logout+jwt"}) {
    EXPECT_EQ(scene.error_of(request_object(scene.keys, request_claims(), type)), "invalid_request_object");
  }
  EXPECT_EQ(scene.send(request_object(scene.keys, request_claims(), "JWT")).status, 200);
}

TEST(RequestObject, ThatIsNoJwtIsRefused) {
  Objects scene;
  for (const auto* object : {"x", "a.b.c", "e30.e30.", "....", "a.b.c.d.e"}) {
    EXPECT_EQ(scene.error_of(object), "invalid_request_object") << object;
  }
}

// --- where refusals go ------------------------------------------------------------------------------------

// security.md 36, RFC 6749, 4.1.2.1: nothing that was not verified says where the browser goes.
TEST(RequestObject, RefusalsAreRedirectedOnlyWhereTheOuterParametersProveTheWay) {
  Objects scene;
  const auto page = scene.send("x");
  EXPECT_EQ(page.status, 400);
  EXPECT_FALSE(page.header("Location"));
  EXPECT_THAT(page.body, HasSubstr("invalid_request_object"));
  auto answer =
      location_parameters(scene.send("x", {{"redirect_uri", "https://wiki.example.com/cb"}, {"state", "s"}}));
  EXPECT_EQ(answer["error"], "invalid_request_object");
  EXPECT_EQ(answer["state"], "s");
  EXPECT_EQ(answer["iss"], scene.op.issuer());
  EXPECT_EQ(scene.send("x", {{"redirect_uri", "https://attacker.example/"}}).status, 400);
}

TEST(RequestObject, CanBeSwitchedOff) {
  Objects scene(with_settings(R"({"capabilities": {"request_parameter_supported": false}})"));
  EXPECT_EQ(scene.error_of(request_object(scene.keys, request_claims())), "request_not_supported");
  const auto metadata = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "request_parameter_supported"), "false");
}

TEST(RequestObject, AndAReferenceToOneExcludeEachOther) {
  Objects scene;
  EXPECT_EQ(scene.error_of("x", {{"request_uri", "https://wiki.example.com/r"}}), "invalid_request");
}

TEST(RequestObject, RegistrationByTheWayIsNotSupported) {
  Objects scene;
  auto claims = request_claims();
  claims.set("registration", Json{{"client_name", "x"}});
  EXPECT_EQ(scene.error_of(request_object(scene.keys, claims)), "registration_not_supported");
}

// A page of ours carries what the object said, and that it was signed; not the object.
TEST(RequestObject, IsOpenedOnceHoweverLongThePersonTakes) {
  Objects scene;
  scene.registers("require_signed_request_object", true);
  auto claims = request_claims();
  claims.set_number("exp", scene.op.clock.now().time_since_epoch().count() + 60);
  scene.send(request_object(scene.keys, claims));
  scene.op.clock.tick(Seconds(3600));
  scene.browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  const auto redirect = scene.browser.submit({{"decision", "allow"}});
  EXPECT_FALSE(location_parameters(redirect)["code"].empty()) << redirect.body;
}

// --- encrypted --------------------------------------------------------------------------------------------

/// A key of the provider's that others may encrypt for, beside the one that signs.
std::string provider_keys(const jose::Jwk& encryption) {
  auto set = Json{{"keys", Json::array()}};
  const auto signing =
      jose::generate_ec(jose::Curve::p256, {.kid = "s", .alg = "ES256", .use = "sig"}).value();
  const auto rsa = jose::generate_rsa(2048, {.kid = "r", .alg = "RS256", .use = "sig"}).value();
  for (const auto* key : {&signing, &rsa, &encryption}) set["keys"].push_back(key->private_json().value());
  return dump_json(set);
}

struct Encrypted : Objects {
  explicit Encrypted(const jose::Jwk& key) : Objects(options(key)) {}
  static TestOp::Options options(const jose::Jwk& key) {
    TestOp::Options options;
    options.signing_keys = provider_keys(key);
    return options;
  }
};

TEST(RequestObject, MayBeEncryptedForTheProvider) {
  const auto key = jose::generate_ec(jose::Curve::p256, {.kid = "e", .alg = {}, .use = "enc"}).value();
  Encrypted scene(key);
  FixedRandom random;
  const jose::JweAlgorithms algorithms{jose::KeyManagement::ecdh_es_a128kw, jose::ContentEncryption::a128gcm};
  const auto half = key.public_key().value();
  const auto object =
      jose::encrypt_jwt(request_object(scene.keys, request_claims()), {half, algorithms}, random);
  EXPECT_EQ(scene.send(*object).status, 200) << scene.op.log();
  const auto stranger = jose::generate_ec(jose::Curve::p256, {.kid = "e", .alg = {}, .use = "enc"}).value();
  const auto other = stranger.public_key().value();
  EXPECT_EQ(scene.error_of(*jose::encrypt_jwt(request_object(scene.keys, request_claims()),
                                              {other, algorithms}, random)),
            "invalid_request_object");
}

TEST(RequestObject, EncryptionKeysArePublishedAndTold) {
  const auto key = jose::generate_ec(jose::Curve::p256, {.kid = "e", .alg = {}, .use = "enc"}).value();
  Encrypted scene(key);
  EXPECT_THAT(scene.op.handle(a_request("GET", "/jwks.json")).body, HasSubstr("\"kid\":\"e\""));
  const auto metadata = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_THAT(member(metadata, "request_object_encryption_alg_values_supported"),
              HasSubstr("ECDH-ES+A256KW"));
  TestOp without;
  EXPECT_EQ(member(without.handle(a_request("GET", "/.well-known/openid-configuration")),
                   "request_object_encryption_alg_values_supported"),
            "");
}

}  // namespace
}  // namespace oidcop::testing
