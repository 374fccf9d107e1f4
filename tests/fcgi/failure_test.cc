#include "fcgi/failure.h"

#include "support/fixed_random.h"

#include <gmock/gmock.h>

namespace oidcop::fcgi {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CgiFailure, BearsTheRequestIdThatTheErrorLogGets) {
  testing::FixedRandom random;
  const auto answer = cgi_answer_to_failure({Errc::malformed, "a secret reason"}, "GET", random);
  EXPECT_EQ(answer.request_id.size(), 22U);
  EXPECT_THAT(answer.text, HasSubstr("Status: 500 "));
  EXPECT_THAT(answer.text, HasSubstr("X-Request-Id: " + answer.request_id + "\r\n"));
  EXPECT_THAT(answer.text, Not(HasSubstr("secret")));
  EXPECT_THAT(answer.text, Not(EndsWith("\r\n\r\n"))) << "there is a text for people";
}

TEST(CgiFailure, HasNoBodyForHead) {
  testing::FixedRandom random;
  const auto answer = cgi_answer_to_failure({Errc::malformed, ""}, "HEAD", random);
  EXPECT_THAT(answer.text, EndsWith("\r\n\r\n"));
  EXPECT_EQ(answer.text.find("\r\n\r\n"), answer.text.size() - 4);
  EXPECT_THAT(answer.text, HasSubstr("Content-Length: "));
}

TEST(CgiFailure, AsksForAnotherTryWhileTheStateIsBusy) {
  testing::FixedRandom random;
  const auto answer = cgi_answer_to_failure({Errc::unavailable, ""}, "GET", random);
  EXPECT_THAT(answer.text, HasSubstr("Status: 503 "));
  EXPECT_THAT(answer.text, HasSubstr("Retry-After: 5\r\n"));
}

}  // namespace
}  // namespace oidcop::fcgi
