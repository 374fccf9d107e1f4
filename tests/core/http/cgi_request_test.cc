#include "http/cgi_request.h"

#include <gtest/gtest.h>

#include <utility>

namespace oidcop::http {
namespace {

constexpr auto kPem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/// What lighttpd sends for GET https://op.example/op/authorize?a=b, in short.
CgiParameters a_get() {
  return {{"GATEWAY_INTERFACE", "CGI/1.1"}, {"REQUEST_METHOD", "GET"},  {"REQUEST_URI", "/op/authorize?a=b"},
          {"SCRIPT_NAME", "/op"},           {"QUERY_STRING", "a=b"},    {"HTTPS", "on"},
          {"REMOTE_ADDR", "192.0.2.7"},     {"HTTP_HOST", "op.example"}};
}

CgiParameters with(CgiParameters list, std::string name, std::string value) {
  list.push_back({std::move(name), std::move(value)});
  return list;
}

CgiParameters without(CgiParameters list, std::string_view name) {
  CgiParameters rest;
  for (auto& parameter : list) {
    if (parameter.name != name) rest.push_back(std::move(parameter));
  }
  return rest;
}

Result<Request, Refusal> build(const CgiParameters& list, const CgiPolicy& policy = {}, std::string body = {},
                               Channel channel = Channel::local) {
  return request_from_cgi(list, std::move(body), channel, policy, "id-1");
}

int status_of(const Result<Request, Refusal>& result) {
  return result ? 200 : result.error().status;
}

CgiPolicy trusting_basic() {
  CgiPolicy policy;
  policy.trusted_logins = {{"our-location", "Basic"}};
  return policy;
}

CgiParameters a_logged_in_get() {
  return with(with(with(a_get(), "REMOTE_USER", "diana"), "AUTH_TYPE", "Basic"), "OIDCOP_MARKER",
              "our-location");
}

TEST(RequestFromCgi, ReadsWhatAWebServerSends) {
  auto list = with(a_get(), "HTTP_COOKIE", "a=1; b=2");
  list = with(list, "HTTP_ACCEPT_LANGUAGE", "de");
  list = with(list, "HTTP_SEC_FETCH_SITE", "same-origin");
  const auto request = build(list);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "GET");
  EXPECT_EQ(request->path, "/op/authorize");
  EXPECT_EQ(request->query, "a=b");
  EXPECT_EQ(request->host, "op.example");
  EXPECT_EQ(request->remote_address, "192.0.2.7");
  EXPECT_TRUE(request->https);
  EXPECT_EQ(request->request_id, "id-1");
  EXPECT_EQ(request->header("accept-language"), "de");
  EXPECT_EQ(request->header("sec-fetch-site"), "same-origin");
  EXPECT_EQ(request->header("cookie"), "a=1; b=2");
}

TEST(RequestFromCgi, DropsHeadersThatAreNotOnTheList) {
  auto list = with(a_get(), "HTTP_X_FORWARDED_FOR", "10.0.0.1");
  list = with(list, "HTTP_X_REMOTE_USER", "root");
  list = with(list, "HTTP_SSL_CLIENT_CERT", kPem);
  list = with(list, "HTTP_PROXY", "http://evil.example");
  const auto request = build(list);
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->headers.empty());
  EXPECT_EQ(request->remote_address, "192.0.2.7");
}

TEST(RequestFromCgi, RefusesAParameterThatOccursTwice) {
  EXPECT_EQ(status_of(build(with(a_get(), "HTTP_HOST", "op.example"))), 400);
  EXPECT_EQ(status_of(build(with(with(a_get(), "HTTP_X_A", "1"), "HTTP_X_A", "2"))), 400);
}

TEST(RequestFromCgi, RefusesJoinedAuthorizationHeaders) {
  EXPECT_EQ(status_of(build(with(a_get(), "HTTP_AUTHORIZATION", "Basic YTpi"))), 200);
  EXPECT_EQ(status_of(build(with(a_get(), "HTTP_AUTHORIZATION", "Basic YTpi, Bearer xyz"))), 400);
  EXPECT_EQ(status_of(build(with(a_get(), "HTTP_AUTHORIZATION", ""))), 400);
}

TEST(RequestFromCgi, RefusesControlCharactersInHeaders) {
  EXPECT_EQ(status_of(build(with(a_get(), "HTTP_COOKIE", "a=1\r\nb"))), 400);
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_TYPE", "text\x01"))), 400);
  EXPECT_EQ(status_of(build(with(a_get(), "REMOTE_PORT", std::string("1\0002", 3)))), 400);
}

TEST(RequestFromCgi, KeepsThePercentEncodingOfThePath) {
  const auto request = build(with(without(a_get(), "REQUEST_URI"), "REQUEST_URI", "/op%2Fauthorize//x?a=b"));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->path, "/op%2Fauthorize//x");
}

TEST(RequestFromCgi, TakesTheQueryAsTheClientWroteIt) {
  // lighttpd with Debian's settings sends "b" as the query of "/x?a?b".
  const auto normalised = build({{"GATEWAY_INTERFACE", "CGI/1.1"},
                                 {"REQUEST_METHOD", "GET"},
                                 {"REQUEST_URI", "/x?a?b"},
                                 {"QUERY_STRING", "b"}});
  ASSERT_TRUE(normalised);
  EXPECT_EQ(normalised->query, "a?b");
  const auto rewritten = build(with(without(a_get(), "REQUEST_URI"), "REQUEST_URI", "/op/authorize"));
  ASSERT_TRUE(rewritten);
  EXPECT_EQ(rewritten->query, "a=b") << "the web server added one that the client did not write";
}

TEST(RequestFromCgi, FallsBackToScriptNameAndPathInfo) {
  const auto request = build(with(without(a_get(), "REQUEST_URI"), "PATH_INFO", "/a b%41"));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->path, "/op/a%20b%2541");
}

TEST(RequestFromCgi, RefusesBadMethodsAndTargets) {
  for (const auto* method : {"", "get", "GET ", "G\nT", "GET/", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHI"}) {
    EXPECT_EQ(status_of(build(with(without(a_get(), "REQUEST_METHOD"), "REQUEST_METHOD", method))), 400)
        << method;
  }
  for (const auto* uri : {"*", "op", "/a b", "/a%2", "/a%zz", "/a%00", "/a\\b", "/\xc3\xa4", "http:/x"}) {
    EXPECT_EQ(status_of(build(with(without(a_get(), "REQUEST_URI"), "REQUEST_URI", uri))), 400) << uri;
  }
  EXPECT_EQ(status_of(build(with(without(a_get(), "REQUEST_URI"), "REQUEST_URI", "/op?a\nb"))), 400);
  const auto script_alone = without(without(a_get(), "REQUEST_URI"), "QUERY_STRING");
  EXPECT_EQ(status_of(build(with(script_alone, "QUERY_STRING", "a\nb"))), 400);
}

TEST(RequestFromCgi, RefusesWhatIsOverALimit) {
  CgiPolicy policy;
  policy.max_uri = 20;
  EXPECT_EQ(status_of(build(with(without(a_get(), "REQUEST_URI"), "REQUEST_URI", "/op/a?aaaaaaaaaaaaaaaaa"),
                            policy)),
            414);
  policy = {};
  policy.max_parameters = 8;
  EXPECT_EQ(status_of(build(a_get(), policy)), 200);
  EXPECT_EQ(status_of(build(with(a_get(), "X", ""), policy)), 431);
  policy = {};
  policy.max_parameter_octets = 500;
  EXPECT_EQ(status_of(build(with(a_get(), "HTTP_COOKIE", std::string(500, 'a')), policy)), 431);
  policy = {};
  policy.max_body = 3;
  EXPECT_EQ(status_of(build(a_get(), policy, "abcd")), 413);
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_LENGTH", "4"), policy)), 413);
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_LENGTH", "99999999999999999999999"), policy)), 413);
}

TEST(RequestFromCgi, RefusesABodyThatDoesNotFitItsLength) {
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_LENGTH", "3"), {}, "abc")), 200);
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_LENGTH", ""), {}, "abc")), 200);
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_LENGTH", "0003"), {}, "abc")), 200);
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_LENGTH", "4"), {}, "abc")), 400);
  EXPECT_EQ(status_of(build(with(a_get(), "CONTENT_LENGTH", "-3"), {}, "abc")), 400);
}

TEST(RequestFromCgi, KnowsHttpsFromTheServerOrThePolicyOnly) {
  const auto plain = without(a_get(), "HTTPS");
  EXPECT_FALSE(build(plain)->https);
  EXPECT_FALSE(build(with(plain, "HTTP_X_FORWARDED_PROTO", "https"))->https);
  EXPECT_FALSE(build(with(plain, "HTTPS", "off"))->https);
  EXPECT_FALSE(build(with(plain, "REQUEST_SCHEME", "https"))->https) << "follows X-Forwarded-Proto in places";
  EXPECT_TRUE(build(with(plain, "HTTPS", "on"))->https);
  CgiPolicy policy;
  policy.tls_terminated_upstream = true;
  EXPECT_TRUE(build(plain, policy)->https);
}

TEST(RequestFromCgi, NormalisesTheAddress) {
  const auto bare = without(a_get(), "REMOTE_ADDR");
  EXPECT_EQ(build(with(bare, "REMOTE_ADDR", "::ffff:192.0.2.9"))->remote_address, "192.0.2.9");
  EXPECT_EQ(build(with(bare, "REMOTE_ADDR", "2001:db8::1"))->remote_address, "2001:db8::1");
  EXPECT_EQ(build(with(bare, "REMOTE_ADDR", "unix:"))->remote_address, "");
  EXPECT_EQ(build(bare)->remote_address, "");
}

TEST(RemoteUser, CountsOnlyWithMarkerAndAuthType) {
  const auto request = build(a_logged_in_get(), trusting_basic());
  ASSERT_TRUE(request->remote_user);
  EXPECT_EQ(request->remote_user->name, "diana");
  EXPECT_EQ(request->remote_user->marker, "our-location");

  EXPECT_FALSE(build(a_logged_in_get())->remote_user) << "off by default";
  EXPECT_FALSE(build(without(a_logged_in_get(), "OIDCOP_MARKER"), trusting_basic())->remote_user);
  EXPECT_FALSE(build(without(a_logged_in_get(), "AUTH_TYPE"), trusting_basic())->remote_user);
  EXPECT_FALSE(build(without(a_logged_in_get(), "REMOTE_USER"), trusting_basic())->remote_user);
  const auto other = with(without(a_logged_in_get(), "OIDCOP_MARKER"), "OIDCOP_MARKER", "elsewhere");
  EXPECT_FALSE(build(other, trusting_basic())->remote_user);
}

TEST(RemoteUser, IsNotTakenFromAFailedLoginOrARedirect) {
  // Apache calls an ErrorDocument with the name of the user whose password was wrong.
  EXPECT_FALSE(build(with(a_logged_in_get(), "REDIRECT_STATUS", "401"), trusting_basic())->remote_user);
  EXPECT_FALSE(build(with(a_logged_in_get(), "REDIRECT_STATUS", "403"), trusting_basic())->remote_user);
  EXPECT_TRUE(build(with(a_logged_in_get(), "REDIRECT_STATUS", "200"), trusting_basic())->remote_user);
  const auto renamed = with(without(a_logged_in_get(), "REMOTE_USER"), "REDIRECT_REMOTE_USER", "diana");
  EXPECT_FALSE(build(renamed, trusting_basic())->remote_user);
}

TEST(RemoteUser, OverTcpNeedsTheSharedSecret) {
  auto policy = trusting_basic();
  EXPECT_FALSE(build(a_logged_in_get(), policy, "", Channel::tcp)->remote_user);
  EXPECT_FALSE(build(with(a_logged_in_get(), "OIDCOP_SECRET", ""), policy, "", Channel::tcp)->remote_user);
  policy.shared_secret = Secret("s3cret");
  EXPECT_FALSE(build(a_logged_in_get(), policy, "", Channel::tcp)->remote_user);
  EXPECT_FALSE(
      build(with(a_logged_in_get(), "OIDCOP_SECRET", "other!"), policy, "", Channel::tcp)->remote_user);
  EXPECT_TRUE(
      build(with(a_logged_in_get(), "OIDCOP_SECRET", "s3cret"), policy, "", Channel::tcp)->remote_user);
}

TEST(ClientCertificate, CountsOnlyWhenTheServerVerifiedIt) {
  const auto list = with(a_get(), "SSL_CLIENT_CERT", kPem);
  EXPECT_EQ(build(with(list, "SSL_CLIENT_VERIFY", "SUCCESS"))->client_certificate->pem, kPem);
  EXPECT_FALSE(build(list)->client_certificate);
  EXPECT_FALSE(build(with(list, "SSL_CLIENT_VERIFY", "NONE"))->client_certificate);
  EXPECT_FALSE(build(with(list, "SSL_CLIENT_VERIFY", "GENEROUS"))->client_certificate);
  EXPECT_FALSE(build(with(list, "SSL_CLIENT_VERIFY", "FAILED:expired"))->client_certificate);
  EXPECT_FALSE(build(with(with(a_get(), "SSL_CLIENT_CERT", "(null)"), "SSL_CLIENT_VERIFY", "SUCCESS"))
                   ->client_certificate);
  const auto over_tcp = with(list, "SSL_CLIENT_VERIFY", "SUCCESS");
  EXPECT_FALSE(build(over_tcp, {}, "", Channel::tcp)->client_certificate);
}

TEST(ClientCertificate, IsReadInEverySpellingOfTheServers) {
  const auto verified = with(a_get(), "SSL_CLIENT_VERIFY", "SUCCESS");
  const auto tabs = "-----BEGIN CERTIFICATE-----\n\tMIIB\n\t-----END CERTIFICATE-----\n";
  const auto escaped = "-----BEGIN%20CERTIFICATE-----%0AMIIB%0A-----END%20CERTIFICATE-----%0A";
  EXPECT_EQ(build(with(verified, "SSL_CLIENT_CERT", tabs))->client_certificate->pem, kPem);
  EXPECT_EQ(build(with(verified, "SSL_CLIENT_CERT", escaped))->client_certificate->pem, kPem);
  EXPECT_FALSE(build(with(verified, "SSL_CLIENT_CERT", std::string(kPem) + kPem))->client_certificate);
}

}  // namespace
}  // namespace oidcop::http
