#include "http/cgi_response.h"

#include <gtest/gtest.h>

namespace oidcop::http {
namespace {

Response with_header(std::string name, std::string value) {
  Response response;
  response.headers = {{std::move(name), std::move(value)}};
  response.body = "body";
  return response;
}

TEST(CgiResponse, IsStatusHeadersLengthAndBody) {
  auto response = with_header("Content-Type", "text/plain");
  response.status = 404;
  EXPECT_EQ(format_cgi_response(response, BodyPart::sent),
            "Status: 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody");
}

TEST(CgiResponse, KeepsTheHeadersForHeadAndOmitsTheBody) {
  EXPECT_EQ(format_cgi_response(with_header("ETag", "\"x\""), BodyPart::omitted),
            "Status: 200 OK\r\nETag: \"x\"\r\nContent-Length: 4\r\n\r\n");
}

TEST(CgiResponse, HasNoBodyNorLengthFor304And204) {
  auto response = with_header("ETag", "\"x\"");
  response.status = 304;
  EXPECT_EQ(format_cgi_response(response, BodyPart::sent), "Status: 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
  response.status = 204;
  EXPECT_EQ(format_cgi_response(response, BodyPart::sent), "Status: 204 No Content\r\nETag: \"x\"\r\n\r\n");
}

TEST(CgiResponse, RefusesHeadersThatCouldEndTheHeader) {
  for (const auto& value : {std::string("a\r\nSet-Cookie: x"), std::string("a\nb"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(format_cgi_response(with_header("X-A", value), BodyPart::sent));
  }
  for (const auto* name : {"", "X A", "X:A", "X\r\nY"}) {
    EXPECT_FALSE(format_cgi_response(with_header(name, "v"), BodyPart::sent)) << name;
  }
}

TEST(CgiResponse, RefusesHeadersThatTheWebServerWouldObey) {
  for (const auto* name : {"Status", "content-length", "Transfer-Encoding", "Connection", "X-Sendfile",
                           "X-Accel-Redirect", "X-LIGHTTPD-send-file"}) {
    EXPECT_FALSE(format_cgi_response(with_header(name, "/etc/passwd"), BodyPart::sent)) << name;
  }
}

TEST(CgiResponse, RefusesLocationsThatTheWebServerWouldServeItself) {
  for (const auto* value : {"/etc/passwd", "//evil.example", "x", "", ":x", "1a:b", "a/b:c"}) {
    EXPECT_FALSE(format_cgi_response(with_header("Location", value), BodyPart::sent)) << value;
  }
  EXPECT_TRUE(format_cgi_response(with_header("location", "https://rp.example/cb?x=y"), BodyPart::sent));
  EXPECT_TRUE(format_cgi_response(with_header("Location", "com.example.app:/cb"), BodyPart::sent));
}

TEST(CgiResponse, RefusesAStatusOutOfRange) {
  auto response = with_header("X-A", "b");
  for (const int status : {0, 100, 199, 600, -1}) {
    response.status = status;
    EXPECT_FALSE(format_cgi_response(response, BodyPart::sent)) << status;
  }
}

TEST(PlainResponse, NamesStatusReasonAndRequestId) {
  const auto response = plain_response(413, "Too long.", "abc");
  EXPECT_EQ(response.body, "413 Content Too Large\nToo long.\nRequest id: abc\n");
  EXPECT_EQ(response.header("cache-control"), "no-store");
}

}  // namespace
}  // namespace oidcop::http
