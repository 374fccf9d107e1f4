#include "http/request_target.h"

#include <gtest/gtest.h>

namespace oidcop::http {
namespace {

TEST(PathOfRequestUri, KeepsEverythingButTheQuery) {
  EXPECT_EQ(path_of_request_uri("/a/%2e%2E/b;c=d@:e?x=/y?z"), "/a/%2e%2E/b;c=d@:e");
  EXPECT_EQ(path_of_request_uri("/"), "/");
}

TEST(PathOfRequestUri, ReducesTheAbsoluteForm) {
  EXPECT_EQ(path_of_request_uri("https://op.example/a?b"), "/a");
  EXPECT_EQ(path_of_request_uri("http://op.example"), "/");
}

TEST(PathOfRequestUri, TakesNoPathFromAQueryOrFragment) {
  EXPECT_EQ(path_of_request_uri("https://op.example?x=/token"), "/");
  EXPECT_FALSE(path_of_request_uri("https://op.example#/token"));
}

TEST(PathOfScript, EncodesWhatTheServerDecoded) {
  EXPECT_EQ(path_of_script("/op", "/a b?c#d%"), "/op/a%20b%3Fc%23d%25");
  EXPECT_EQ(path_of_script("", "/\xc3\xa4"), "/%C3%A4");
  EXPECT_FALSE(path_of_script("", ""));
  EXPECT_FALSE(path_of_script("op", "/x"));
  EXPECT_FALSE(path_of_script("/op", "/a\nb"));
}

TEST(Query, HoldsVisibleOctetsOnly) {
  EXPECT_TRUE(is_query("a=b&c=%0a[]{}|\xc3\xa4"));
  EXPECT_FALSE(is_query("a b"));
  EXPECT_FALSE(is_query("a\r"));
  EXPECT_FALSE(is_query("a#b"));
}

}  // namespace
}  // namespace oidcop::http
