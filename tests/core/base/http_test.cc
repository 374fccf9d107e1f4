#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <oidcop/http.h>

namespace oidcop::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Request with_cookies(std::vector<std::string> headers) {
  Request request;
  for (auto& value : headers) request.headers.push_back({"cookie", std::move(value)});
  return request;
}

TEST(Request, FindsAHeader) {
  Request request;
  request.headers = {{"accept", "text/html"}, {"origin", ""}};
  EXPECT_EQ(request.header("accept"), "text/html");
  EXPECT_EQ(request.header("origin"), "");
  EXPECT_EQ(request.header("authorization"), std::nullopt);
}

TEST(Request, FindsAllCookiesOfANameInTheirOrder) {
  const auto request = with_cookies({"a=1; b=2;a=3 ;  a=4"});
  EXPECT_THAT(request.cookies("a"), ElementsAre("1", "3", "4"));
  EXPECT_THAT(request.cookies("b"), ElementsAre("2"));
  EXPECT_THAT(request.cookies("c"), IsEmpty());
}

TEST(Request, ReadsCookiesOfSeveralHeaders) {  // HTTP/2 may split them (RFC 9113, 8.2.3)
  EXPECT_THAT(with_cookies({"a=1", "a=2"}).cookies("a"), ElementsAre("1", "2"));
}

TEST(Request, CookieNamesAreTakenExactly) {
  const auto request = with_cookies({"__Host-s=1; __host-s=2; x__Host-s=3; __Host-s2=4"});
  EXPECT_THAT(request.cookies("__Host-s"), ElementsAre("1"));
}

TEST(Request, ACookieValueMayHoldEqualsSigns) {
  EXPECT_THAT(with_cookies({"a=b=c=="}).cookies("a"), ElementsAre("b=c=="));
}

TEST(Request, PiecesThatAreNoCookiesAreSkipped) {
  const auto request = with_cookies({";; a ; =x; a=; ;"});
  EXPECT_THAT(request.cookies("a"), ElementsAre(""));
  EXPECT_THAT(request.cookies(""), ElementsAre("x"));
}

TEST(Response, FindsAHeaderInAnyCase) {
  Response response;
  response.headers = {{"Content-Type", "text/plain"}};
  EXPECT_EQ(response.header("content-type"), "text/plain");
  EXPECT_EQ(response.header("CONTENT-TYPE"), "text/plain");
  EXPECT_EQ(response.header("content-typ"), std::nullopt);
}

TEST(Response, ReplacesEveryHeaderOfTheName) {
  Response response;
  response.headers = {{"A", "0"}, {"X", "1"}, {"B", "2"}, {"x", "3"}, {"X", "4"}};
  response.set_header("x", "new");
  ASSERT_EQ(response.headers.size(), 3U);
  EXPECT_EQ(response.header("X"), "new");
  EXPECT_EQ(response.headers[1].value, "new");
}

TEST(Response, AddsAHeaderThatWasNotThere) {
  Response response;
  response.set_header("Location", "https://rp.example/");
  EXPECT_EQ(response.header("location"), "https://rp.example/");
  EXPECT_EQ(response.status, 200);
}

}  // namespace
}  // namespace oidcop::http
