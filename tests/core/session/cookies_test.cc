#include "session/cookies.h"

#include "support/fixed_random.h"

#include <gtest/gtest.h>

namespace oidcop::session {
namespace {

constexpr const char* kIssuer = "https://op.example";

CookiePolicy policy(std::string issuer = kIssuer) {
  CookiePolicy policy;
  policy.issuer = std::move(issuer);
  return policy;
}

http::Request request_with(const std::string& cookies) {
  http::Request request;
  request.method = "GET";
  if (!cookies.empty()) request.headers.push_back({"cookie", cookies});
  return request;
}

std::string pair(const http::SetCookie& cookie) {
  return cookie.name + "=" + cookie.value;
}

TEST(Cookies, ComeBackAsTheyWereSet) {
  testing::FixedRandom random;
  Cookies cookies(policy());
  auto made = cookies.new_session(random);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->is_new);
  EXPECT_EQ(made->value.size(), 43U);

  auto held = cookies.session(request_with(pair(cookies.set_session(*made))));
  ASSERT_TRUE(held);
  EXPECT_EQ(held->digest, made->digest);
  EXPECT_FALSE(held->is_new);
}

TEST(Cookies, AreHostPrefixedLaxAndForNoScript) {
  testing::FixedRandom random;
  Cookies cookies(policy());
  auto header = http::format_set_cookie(cookies.set_session(*cookies.new_session(random)));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->rfind("__Host-oidcop_session_", 0), 0U) << *header;
  for (const auto* attribute : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"})
    EXPECT_NE(header->find(attribute), std::string::npos) << *header;
  EXPECT_EQ(header->find("Domain"), std::string::npos);
}

TEST(Cookies, SessionEndsWithTheBrowserAndTheDeviceIsKnownLonger) {
  testing::FixedRandom random;
  Cookies cookies(policy());
  auto browser = cookies.browser_or_new(request_with(""), random);
  ASSERT_TRUE(browser);
  EXPECT_TRUE(browser->is_new);
  EXPECT_EQ(cookies.set_browser(*browser).max_age, Seconds(180 * 86400));
  EXPECT_FALSE(cookies.set_session(*browser).max_age);
}

TEST(Cookies, BrowserKeepsTheOneItHas) {
  testing::FixedRandom random;
  Cookies cookies(policy());
  auto first = cookies.browser_or_new(request_with(""), random);
  auto second = cookies.browser_or_new(request_with(pair(cookies.set_browser(*first))), random);
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->is_new);
  EXPECT_EQ(second->digest, first->digest);
}

TEST(Cookies, OfTwoIssuersOnOneHostAreWorthlessAtEachOther) {
  testing::FixedRandom random;
  Cookies one(policy("https://op.example:8443"));
  Cookies two(policy("https://op.example:9443"));
  EXPECT_NE(one.session_name(), two.session_name());

  auto made = one.new_session(random);
  EXPECT_FALSE(two.session(request_with(pair(one.set_session(*made)))));
  // Even under the other's name the value leads to another digest.
  auto renamed = two.session(request_with(two.session_name() + "=" + std::string(made->value.reveal())));
  ASSERT_TRUE(renamed);
  EXPECT_NE(renamed->digest, made->digest);
}

TEST(Cookies, SessionValueIsNoBrowserValue) {
  testing::FixedRandom random;
  Cookies cookies(policy());
  auto made = cookies.new_session(random);
  auto swapped =
      cookies.browser(request_with(cookies.browser_name() + "=" + std::string(made->value.reveal())));
  ASSERT_TRUE(swapped);
  EXPECT_NE(swapped->digest, made->digest);
}

TEST(Cookies, TrustNoneOfSeveralWithOneName) {
  testing::FixedRandom random;
  Cookies cookies(policy());
  auto mine = pair(cookies.set_session(*cookies.new_session(random)));
  auto other = pair(cookies.set_session(*cookies.new_session(random)));
  EXPECT_FALSE(cookies.session(request_with(mine + "; " + other)));
  EXPECT_FALSE(cookies.session(request_with(mine + "; " + mine)));
}

TEST(Cookies, IgnoreWhatWeNeverMade) {
  Cookies cookies(policy());
  const auto& name = cookies.session_name();
  EXPECT_FALSE(cookies.session(request_with("")));
  EXPECT_FALSE(cookies.session(request_with(name + "=")));
  EXPECT_FALSE(cookies.session(request_with(name + "=short")));
  EXPECT_FALSE(cookies.session(request_with(name + "=" + std::string(43, '!'))));
  EXPECT_FALSE(cookies.session(request_with(name + "=" + std::string(44, 'A'))));
}

TEST(Cookies, StayBelowTheIssuersPathWhenAskedTo) {
  testing::FixedRandom random;
  auto scoped = policy("https://op.example/tenant");
  scoped.path_scoped = true;
  Cookies cookies(scoped);
  auto set = cookies.set_session(*cookies.new_session(random));
  EXPECT_EQ(set.name.rfind("__Secure-", 0), 0U);
  EXPECT_EQ(set.path, "/tenant");
  EXPECT_EQ(cookies.clear_session().path, "/tenant");
  EXPECT_TRUE(http::format_set_cookie(set));
}

TEST(Cookies, ClearingRemovesAtOnce) {
  Cookies cookies(policy());
  auto cleared = http::format_set_cookie(cookies.clear_session());
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cookies.clear_session().max_age, Seconds(0));
  EXPECT_EQ(cookies.clear_browser().name, cookies.browser_name());
}

TEST(Cookies, SameSiteNoneIsAnOption) {
  testing::FixedRandom random;
  auto none = policy();
  none.same_site = http::SameSite::none;
  Cookies cookies(none);
  auto header = http::format_set_cookie(cookies.set_session(*cookies.new_session(random)));
  EXPECT_NE(header->find("; SameSite=None"), std::string::npos);
}

struct Origin {
  const char* what;
  const char* method;
  std::vector<http::Header> headers;
  bool may_set;
};

TEST(Cookies, AreNeverSetOnBehalfOfAnotherSiteOrInAFrame) {
  const std::vector<Origin> origins{
      {"navigation", "GET", {{"sec-fetch-site", "cross-site"}, {"sec-fetch-dest", "document"}}, true},
      {"own form", "POST", {{"sec-fetch-site", "same-origin"}}, true},
      {"form of another site", "POST", {{"sec-fetch-site", "cross-site"}}, false},
      {"old browser, own form", "POST", {{"origin", "https://op.example"}}, true},
      {"old browser, other site", "POST", {{"origin", "https://rp.example"}}, false},
      {"opaque origin", "POST", {{"origin", "null"}}, false},
      {"frame", "GET", {{"sec-fetch-site", "cross-site"}, {"sec-fetch-dest", "iframe"}}, false},
      {"own frame", "GET", {{"sec-fetch-site", "same-origin"}, {"sec-fetch-dest", "iframe"}}, false},
  };
  Cookies cookies(policy());
  for (const auto& origin : origins) {
    http::Request request;
    request.method = origin.method;
    request.headers = origin.headers;
    EXPECT_EQ(cookies.may_set(request), origin.may_set) << origin.what;
  }
}

}  // namespace
}  // namespace oidcop::session
