#include "http/cookie.h"

#include <gtest/gtest.h>

#include <oidcop/http.h>

namespace oidcop::http {
namespace {

SetCookie a_cookie() {
  SetCookie cookie;
  cookie.name = "__Host-op";
  cookie.value = "abc";
  return cookie;
}

TEST(SetCookie, IsSecureHttpOnlyAndLaxByDefault) {
  EXPECT_EQ(format_set_cookie(a_cookie()), "__Host-op=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
}

TEST(SetCookie, SpellsItsAttributes) {
  auto cookie = a_cookie();
  cookie.max_age = Seconds(3600);
  cookie.same_site = SameSite::none;
  cookie.script_access = ScriptAccess::allowed;
  EXPECT_EQ(format_set_cookie(cookie), "__Host-op=abc; Path=/; Max-Age=3600; Secure; SameSite=None");
}

TEST(SetCookie, HoldsTheHostPrefixToTheRootPath) {
  auto cookie = a_cookie();
  cookie.path = "/op";
  EXPECT_FALSE(format_set_cookie(cookie));
  cookie.name = "__hOST-op";
  EXPECT_FALSE(format_set_cookie(cookie));
  cookie.name = "__Secure-op";
  EXPECT_TRUE(format_set_cookie(cookie));
}

TEST(SetCookie, RefusesWhatWouldBecomeAnotherAttributeOrHeader) {
  for (const auto* bad : {"a;b", "a b", "a,b", "a\"b", "a\\b", "a\r\nb", "\xc3\xa4"}) {
    auto cookie = a_cookie();
    cookie.value = bad;
    EXPECT_FALSE(format_set_cookie(cookie)) << bad;
  }
  auto cookie = a_cookie();
  cookie.name = "a=b";
  EXPECT_FALSE(format_set_cookie(cookie));
  cookie = a_cookie();
  cookie.name = "op";
  cookie.path = "/;Domain=evil.example";
  EXPECT_FALSE(format_set_cookie(cookie));
  cookie = a_cookie();
  cookie.max_age = Seconds(-1);
  EXPECT_FALSE(format_set_cookie(cookie));
  cookie = a_cookie();
  cookie.value = std::string(4096, 'a');
  EXPECT_FALSE(format_set_cookie(cookie));
}

TEST(SetCookie, RemovalHasNoAgeLeft) {
  EXPECT_EQ(format_set_cookie(removal_of("__Host-op")),
            "__Host-op=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
}

TEST(RequestCookies, AreFoundByNameInTheOrderSent) {
  Request request;
  request.headers = {{"cookie", "a=1; b=2;a=3 ;  c; aa=4; =5; a==6; d=\"q\""}};
  EXPECT_EQ(request.cookies("a"), (std::vector<std::string_view>{"1", "3", "=6"}));
  EXPECT_EQ(request.cookies("aa"), (std::vector<std::string_view>{"4"}));
  EXPECT_EQ(request.cookies("d"), (std::vector<std::string_view>{"\"q\""}));
  EXPECT_TRUE(request.cookies("A").empty());
  EXPECT_TRUE(request.cookies("x").empty());
  EXPECT_TRUE(Request().cookies("a").empty());
}

}  // namespace
}  // namespace oidcop::http
