#include <gtest/gtest.h>
#include <oidcop/protocol_error.h>

#include <vector>

namespace oidcop {
namespace {

TEST(ProtocolError, BearsTheRegisteredCode) {
  EXPECT_EQ(invalid_request("d").code, "invalid_request");
  EXPECT_EQ(invalid_grant("d").code, "invalid_grant");
  EXPECT_EQ(invalid_client("d").code, "invalid_client");
  EXPECT_EQ(invalid_scope("d").code, "invalid_scope");
  EXPECT_EQ(unauthorized_client("d").code, "unauthorized_client");
  EXPECT_EQ(access_denied("d").code, "access_denied");
  EXPECT_EQ(server_error("d").code, "server_error");
  EXPECT_EQ(temporarily_unavailable("d").code, "temporarily_unavailable");
}

TEST(ProtocolError, NamesTheOffendingParameter) {
  const auto error = invalid_request("It is missing.", "redirect_uri");
  EXPECT_EQ(error.parameter, "redirect_uri");
  EXPECT_EQ(error.description, "It is missing.");
  EXPECT_EQ(error.http_status, 400);
}

TEST(ProtocolError, InvalidClientIsAChallengeThatTellsNothing) {
  const auto unknown = invalid_client("no such client");
  const auto wrong = invalid_client("wrong secret");
  EXPECT_EQ(unknown.http_status, 401);
  EXPECT_FALSE(unknown.www_authenticate.empty());
  EXPECT_EQ(unknown.description, wrong.description);
  EXPECT_EQ(unknown.detail, "no such client");
}

TEST(ProtocolError, KeepsInternalDetailFromThePeer) {
  for (const auto& error :
       {server_error("/var/lib/db is full"), temporarily_unavailable("/var/lib/db is full")}) {
    EXPECT_EQ(error.description.find("/var/lib"), std::string::npos);
    EXPECT_EQ(error.detail, "/var/lib/db is full");
  }
}

TEST(ProtocolError, OnlyUnavailabilityInvitesAnotherTry) {
  const auto busy = from_error({Errc::unavailable, "locked"});
  EXPECT_EQ(busy.http_status, 503);
  EXPECT_GT(busy.retry_after, 0);
  EXPECT_EQ(busy.detail, "locked");
  for (const auto code : {Errc::malformed, Errc::not_found, Errc::expired, Errc::bad_signature, Errc::refused,
                          Errc::conflict, Errc::internal}) {
    const auto error = from_error({code, "why"});
    EXPECT_EQ(error.http_status, 500);
    EXPECT_EQ(error.code, "server_error");
    EXPECT_EQ(error.retry_after, 0);
  }
}

TEST(ProtocolError, DescriptionsKeepToTheCharactersOfRfc6749) {
  for (const auto& error : {invalid_client("d"), server_error("d"), temporarily_unavailable("d")}) {
    for (const char c : error.description) EXPECT_TRUE(c >= 0x20 && c <= 0x7E && c != '"' && c != '\\') << c;
  }
}

}  // namespace
}  // namespace oidcop
