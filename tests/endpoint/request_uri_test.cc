#include "base/base64url.h"
#include "base/digest.h"
#include "endpoint/own_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kThere = "https://wiki.example.com/request.jwt";

/// What lies at the one URL there is.
struct OneDocument final : http::Fetcher {
  Result<http::Response> fetch(const http::FetchRequest& request) override {
    ++fetches;
    last = request.url.text();
    if (unreachable) return fail(Errc::unavailable, "no answer");
    http::Response answer;
    answer.status = status;
    answer.body = content;
    return answer;
  }
  std::string content, last;
  int status = 200, fetches = 0;
  bool unreachable = false;
};

struct References : Scene {
  explicit References(OneDocument& site, const std::string& settings =
                                             R"({"capabilities": {"request_uri_parameter_supported": true}})")
      : Scene(options(site, settings)) {
    change_client([&](model::Client& client) {
      keys.give_to(client);
      client.metadata.set("request_uris", nlohmann::json::array({kThere}));
    });
    site.content = request_object(keys, request_claims());
  }
  static TestOp::Options options(OneDocument& site, const std::string& settings) {
    auto options = with_settings(settings);
    options.fetcher = &site;
    return options;
  }
  http::Response send(const std::string& uri) {
    return browser.get("/authorization", {{"client_id", "wiki"},
                                          {"response_type", "code"},
                                          {"scope", "openid"},
                                          {"redirect_uri", "https://wiki.example.com/cb"},
                                          {"request_uri", uri}});
  }
  std::string error_of(const std::string& uri) { return location_parameters(send(uri))["error"]; }
  OwnKeys keys;
};

std::string hash_of(const std::string& content) {
  return base64url_encode(sha256(content).octets());
}

// OpenID Connect Core 1.0, 6.2; RFC 9101, 5.2.
TEST(RequestUri, LeadsToTheRequestObject) {
  OneDocument site;
  References scene(site);
  const auto page = scene.send(kThere);
  EXPECT_EQ(page.status, 200) << scene.op.log();
  EXPECT_THAT(page.body, HasSubstr("id=\"login-form\""));
  EXPECT_EQ(site.last, kThere);
  site.content = request_object(scene.keys, request_claims({{"prompt", "none"}}));
  EXPECT_EQ(scene.error_of(kThere), "login_required") << "without a hash it is fetched anew";
}

// reference defect B15: whatever URL was sent was fetched.
TEST(RequestUri, OnlyOneThatTheClientRegisteredIsFetched) {
  OneDocument site;
  References scene(site);
  for (const auto* uri : {"https://other.example/r", "http://wiki.example.com/request.jwt",
                          "file:///etc/passwd", "https://wiki.example.com/request.jwt?x=1", "urn:x:y"}) {
    EXPECT_EQ(scene.error_of(uri), "invalid_request_uri") << uri;
  }
  EXPECT_EQ(scene.error_of(kThere + std::string("#") + std::string(600, 'a')), "invalid_request_uri");
  EXPECT_EQ(site.fetches, 0);
}

TEST(RequestUri, AHashMustBeRightAndSparesTheNextFetch) {
  OneDocument site;
  References scene(site);
  const auto uri = kThere + std::string("#") + hash_of(site.content);
  EXPECT_EQ(scene.send(uri).status, 200);
  EXPECT_EQ(scene.send(uri).status, 200);
  EXPECT_EQ(site.fetches, 1);
  EXPECT_EQ(site.last, kThere) << "the hash stays here";
  EXPECT_EQ(scene.error_of(kThere + std::string("#") + hash_of("other")), "invalid_request_uri");
}

TEST(RequestUri, WhatCannotBeFetchedOrReadIsRefused) {
  OneDocument site;
  References scene(site);
  site.unreachable = true;
  EXPECT_EQ(scene.error_of(kThere), "invalid_request_uri");
  site.unreachable = false;
  site.status = 302;
  EXPECT_EQ(scene.error_of(kThere), "invalid_request_uri");
  site.status = 200;
  site.content = "<html>";
  EXPECT_EQ(scene.error_of(kThere), "invalid_request_object");
  site.content = request_object(OwnKeys(), request_claims());
  EXPECT_EQ(scene.error_of(kThere), "invalid_request_object");
}

TEST(RequestUri, IsOffUnlessItIsSwitchedOn) {
  OneDocument site;
  References scene(site, "{}");
  EXPECT_EQ(scene.error_of(kThere), "request_uri_not_supported");
  EXPECT_EQ(site.fetches, 0);
  const auto metadata = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "request_uri_parameter_supported"), "false");
  OneDocument other;
  References on(other);
  const auto told = on.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(told, "request_uri_parameter_supported"), "true");
  EXPECT_EQ(member(told, "require_request_uri_registration"), "true");
}

}  // namespace
}  // namespace oidcop::testing
