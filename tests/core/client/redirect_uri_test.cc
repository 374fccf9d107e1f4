#include "client/redirect_uri.h"

#include <gtest/gtest.h>

namespace oidcop::client {
namespace {

using model::ApplicationType;

bool may_have(std::string_view uri, ApplicationType type, LoopbackHttp loopback = LoopbackHttp::refused) {
  const auto checked = check_redirect_uri(uri, type, loopback);
  if (!checked) {
    EXPECT_EQ(checked.error().code, "invalid_redirect_uri");
    EXPECT_FALSE(checked.error().description.empty());
    EXPECT_TRUE(uri.empty() || checked.error().description.find(uri) == std::string::npos)
        << "echoes its input";
  }
  return checked.has_value();
}

TEST(RedirectUri, WebClientsUseHttps) {
  for (const auto* uri :
       {"https://rp.example.org/cb", "https://rp.example.org:8443/cb?tenant=1", "https://rp.example.org"}) {
    EXPECT_TRUE(may_have(uri, ApplicationType::web)) << uri;
  }
  for (const auto* uri : {"http://rp.example.org/cb", "http://localhost/cb", "com.example.app:/cb", "/cb",
                          "rp.example.org/cb"}) {
    EXPECT_FALSE(may_have(uri, ApplicationType::web)) << uri;
  }
}

TEST(RedirectUri, WebClientsUseLoopbackHttpOnlyWhereAllowed) {
  EXPECT_TRUE(may_have("http://127.0.0.1:8080/cb", ApplicationType::web, LoopbackHttp::allowed));
  EXPECT_TRUE(may_have("http://[::1]/cb", ApplicationType::web, LoopbackHttp::allowed));
  EXPECT_FALSE(may_have("http://rp.example.org/cb", ApplicationType::web, LoopbackHttp::allowed));
  EXPECT_FALSE(may_have("http://127.0.0.1.example.org/cb", ApplicationType::web, LoopbackHttp::allowed));
}

TEST(RedirectUri, NativeClientsUseReversedDomainsHttpsOrLoopback) {
  for (const auto* uri : {"com.example.app:/cb", "com.example.app://host/cb", "https://app.example.org/cb",
                          "http://127.0.0.1/cb", "http://[::1]:4711/cb", "http://localhost:1/cb"}) {
    EXPECT_TRUE(may_have(uri, ApplicationType::native)) << uri;
  }
  for (const auto* uri : {"myapp:/cb", "http://rp.example.org/cb", "http://192.168.0.1/cb"}) {
    EXPECT_FALSE(may_have(uri, ApplicationType::native)) << uri;
  }
}

TEST(RedirectUri, NobodyUsesScriptsFragmentsOrWildcards) {
  for (const auto type : {ApplicationType::web, ApplicationType::native}) {
    for (const auto* uri :
         {"javascript:alert(1)//a.b", "data:text/html,x", "vbscript:x", "https://rp.example.org/cb#",
          "https://rp.example.org/cb#x", "https://*.example.org/cb", "https:///cb",
          "https://user@rp.example.org/cb", "https://rp.example.org/c b", ""}) {
      EXPECT_FALSE(may_have(uri, type)) << uri;
    }
  }
}

TEST(RedirectUri, IsComparedCharacterByCharacter) {
  const std::string registered = "https://rp.example.org/cb?a=1";
  EXPECT_TRUE(is_same_redirect_uri(registered, registered, ApplicationType::web));
  for (const auto* uri :
       {"https://rp.example.org/cb", "https://rp.example.org/cb?a=1&b=2", "https://RP.example.org/cb?a=1",
        "https://rp.example.org:443/cb?a=1", "https://rp.example.org/%63b?a=1",
        "https://rp.example.org/x/../cb?a=1", "https://rp.example.org/cb?a=1#f",
        "HTTPS://rp.example.org/cb?a=1", "https://rp.example.org/cb?a=1 "}) {
    EXPECT_FALSE(is_same_redirect_uri(registered, uri, ApplicationType::web)) << uri;
    EXPECT_FALSE(is_same_redirect_uri(registered, uri, ApplicationType::native)) << uri;
  }
}

TEST(RedirectUri, LoopbackPortIsFreeForNativeClientsOnly) {
  EXPECT_TRUE(
      is_same_redirect_uri("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", ApplicationType::native));
  EXPECT_TRUE(is_same_redirect_uri("http://127.0.0.1:1/cb?x=1", "http://127.0.0.1:2/cb?x=1",
                                   ApplicationType::native));
  EXPECT_TRUE(is_same_redirect_uri("http://[::1]/cb", "http://[::1]:51004/cb", ApplicationType::native));
  EXPECT_TRUE(is_same_redirect_uri("http://localhost:9", "http://localhost", ApplicationType::native));
  EXPECT_FALSE(
      is_same_redirect_uri("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", ApplicationType::web));
}

TEST(RedirectUri, NothingButTheLoopbackPortIsFree) {
  const std::string registered = "http://127.0.0.1/cb";
  for (const auto* uri :
       {"http://127.0.0.2/cb", "http://localhost/cb", "http://[::1]/cb", "http://127.0.0.1:1/cb2",
        "http://127.0.0.1:1/cb?x", "http://127.0.0.1:1/cb#x", "https://127.0.0.1:1/cb",
        "http://127.0.0.1:x/cb", "http://127.0.0.1:99999/cb", "http://127.0.0.1:1@evil.example/cb",
        "http://127.0.0.1.evil.example/cb", "HTTP://127.0.0.1:1/cb"}) {
    EXPECT_FALSE(is_same_redirect_uri(registered, uri, ApplicationType::native)) << uri;
  }
  EXPECT_FALSE(is_same_redirect_uri("https://app.example.org/cb", "https://app.example.org:8443/cb",
                                    ApplicationType::native));
  EXPECT_FALSE(
      is_same_redirect_uri("com.example.app://h:1/cb", "com.example.app://h:2/cb", ApplicationType::native));
}

TEST(RedirectUri, IsLookedUpAmongAllTheClientRegistered) {
  model::Client client;
  client.redirect_uris = {"https://rp.example.org/a", "https://rp.example.org/b"};
  client.post_logout_redirect_uris = {"https://rp.example.org/bye"};
  EXPECT_TRUE(is_registered_redirect_uri(client, "https://rp.example.org/b"));
  EXPECT_FALSE(is_registered_redirect_uri(client, "https://rp.example.org/bye"));
  EXPECT_TRUE(is_registered_post_logout_redirect_uri(client, "https://rp.example.org/bye"));
  EXPECT_FALSE(is_registered_post_logout_redirect_uri(client, "https://rp.example.org/a"));
}

}  // namespace
}  // namespace oidcop::client
