#include "http/guarded_fetcher.h"

#include "support/recording_log.h"

#include <gmock/gmock.h>
#include <functional>

namespace oidcop::http {
namespace {

using oidcop::testing::RecordingLog;
using ::testing::HasSubstr;

/// Answers with what a function gives, while the fetch is under way.
class Answering final : public Fetcher {
 public:
  std::function<Result<Response>()> answer = [] { return Result<Response>(Response{200, {}, "document"}); };
  Result<Response> fetch(const FetchRequest&) override { return answer(); }
};

FetchRequest from(const std::string& host, const std::string& party) {
  return {*Url::parse("https://" + host + "/jwks"), party};
}

class GuardedFetching : public ::testing::Test {
 protected:
  Answering network_;
  FetchSlots slots_{2};
  RecordingLog log_;
  GuardedFetcher fetcher_{network_, slots_, log_};

  /// What a second fetch gets while `first` is under way.
  Result<Response> during(const FetchRequest& first, const FetchRequest& second) {
    Result<Response> result = fail(Errc::internal, "not asked");
    bool is_first = true;
    network_.answer = [&]() -> Result<Response> {
      if (std::exchange(is_first, false)) result = fetcher_.fetch(second);
      return Response{200, {}, "document"};
    };
    EXPECT_TRUE(fetcher_.fetch(first));
    network_.answer = [] { return Result<Response>(Response{200, {}, "document"}); };
    return result;
  }
};

TEST_F(GuardedFetching, PassesTheAnswerOn) {
  EXPECT_EQ(fetcher_.fetch(from("a.example", "wiki"))->body, "document");
  EXPECT_EQ(log_.events().size(), 0U);
}

TEST_F(GuardedFetching, OnePartyHasOneFetchForEachHost) {
  const auto second = during(from("a.example", "wiki"), from("a.example", "wiki"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::unavailable);
  EXPECT_TRUE(fetcher_.fetch(from("a.example", "wiki"))) << "when the first is done";
}

TEST_F(GuardedFetching, OtherPartiesAndHostsDoNotWait) {
  EXPECT_TRUE(during(from("a.example", "wiki"), from("b.example", "wiki")));
  EXPECT_TRUE(during(from("a.example", "wiki"), from("a.example", "blog")));
}

TEST_F(GuardedFetching, OverTheBoundForAllItFailsAtOnce) {
  FetchSlots one(1);
  GuardedFetcher narrow(network_, one, log_);
  Result<Response> second;
  network_.answer = [&]() -> Result<Response> {
    second = narrow.fetch(from("b.example", "blog"));
    return Response{};
  };
  EXPECT_TRUE(narrow.fetch(from("a.example", "wiki")));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().detail, HasSubstr("as many fetches as are allowed"));
}

TEST_F(GuardedFetching, AFailureIsLoggedAndGivesItsSlotBack) {
  network_.answer = [] { return Result<Response>(fail(Errc::refused, "a.example: 10.0.0.1 is not public")); };
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(fetcher_.fetch(from("a.example", "wiki")));
  EXPECT_EQ(log_.count("fetch.failed"), 3U);
  EXPECT_TRUE(log_.mentions("10.0.0.1 is not public"));
}

}  // namespace
}  // namespace oidcop::http
