#include "fcgi/request_assembler.h"

#include "fcgi/test_peer.h"

#include <gtest/gtest.h>

namespace oidcop::fcgi {
namespace {

using Event = RequestAssembler::Event;

class RequestAssemblerTest : public testing::Test {
 protected:
  Event feed(std::string_view octets) {
    assembler.append(octets);
    return assembler.advance();
  }
  int refusal_of(std::string_view octets) {
    if (feed(octets) != Event::complete) return 0;
    const auto request = assembler.take();
    return request.refusal ? request.refusal->status : 200;
  }

  http::CgiPolicy policy;
  RequestAssembler assembler{policy};
};

TEST_F(RequestAssemblerTest, FindsARequestHoweverItIsCut) {
  const auto whole = a_request(post("/x", 5), "hello", Keep::yes);
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    ASSERT_EQ(feed(whole.substr(i, 1)), Event::incomplete) << i;
  }
  ASSERT_EQ(feed(whole.substr(whole.size() - 1)), Event::complete);
  const auto request = assembler.take();
  EXPECT_EQ(request.records, whole);
  EXPECT_TRUE(request.keep_connection);
  EXPECT_FALSE(assembler.has_octets());
}

TEST_F(RequestAssemblerTest, KeepsWhatFollowsForTheNextRequest) {
  ASSERT_EQ(feed(a_request(get("/1"), {}, Keep::yes) + a_request(get("/2"), {}, Keep::no, 2)),
            Event::complete);
  EXPECT_EQ(assembler.take().records, a_request(get("/1"), {}, Keep::yes));
  ASSERT_EQ(assembler.advance(), Event::complete);
  EXPECT_EQ(assembler.take().records, a_request(get("/2"), {}, Keep::no, 2));
}

TEST_F(RequestAssemblerTest, RefusesTooLongABodyBeforeReadingIt) {
  policy.max_body = 10;
  EXPECT_EQ(refusal_of(begin_request(1, Keep::no) + params(1, post("/x", 11))), 413);
}

TEST_F(RequestAssemblerTest, RefusesABodyThatIsLongerThanAnnounced) {
  policy.max_body = 10;
  EXPECT_EQ(refusal_of(a_request(get("/x"), "12345678901")), 413);
}

TEST_F(RequestAssemblerTest, RefusesTooManyAndTooLongParameters) {
  policy.max_parameter_octets = 1000;
  policy.max_parameters = 10;
  auto many = get("/x");
  for (int i = 0; i < 10; ++i) many.push_back({"N" + std::to_string(i), ""});
  EXPECT_EQ(refusal_of(a_request(many)), 431);
  // The end of the parameters need not come for that.
  EXPECT_EQ(refusal_of(begin_request(1, Keep::no) + make_record(4, 1, std::string(1100, 'x'))), 431);
}

TEST_F(RequestAssemblerTest, RefusesParametersThatLibfcgiWouldMisreadOrDieOf) {
  const auto start = begin_request(1, Keep::no);
  const auto with = [&](const std::string& content) {
    return start + make_record(4, 1, content) + make_record(4, 1, {});
  };
  EXPECT_EQ(refusal_of(with("\xff\xff\xff\xff\xff\xff\xff\xff")), 400) << "lengths of 2 GiB each";
  EXPECT_EQ(refusal_of(with(params_content({{"A=B", "c"}}))), 400);
  EXPECT_EQ(refusal_of(with(params_content({{"A", std::string("b\0c", 3)}}))), 400);
  EXPECT_EQ(refusal_of(with(params_content({{"", "c"}}))), 400);
  EXPECT_EQ(refusal_of(with("\x05")), 400);
}

TEST_F(RequestAssemblerTest, ARefusedRequestIsStillOneThatCanBeAnswered) {
  ASSERT_EQ(feed(begin_request(7, Keep::yes) + make_record(4, 7, "\x05") + make_record(4, 7, {})),
            Event::complete);
  const auto request = assembler.take();
  EXPECT_FALSE(request.keep_connection);
  EXPECT_EQ(request.records, a_request({}, {}, Keep::no, 7));
}

TEST_F(RequestAssemblerTest, GarbageIsBroken) {
  EXPECT_EQ(feed("GET / HTTP/1.1\r\n\r\n"), Event::broken);
}

TEST_F(RequestAssemblerTest, RecordsOutOfOrderAreBroken) {
  EXPECT_EQ(feed(begin_request(1, Keep::no) + body(1, "x")), Event::broken);
}

TEST_F(RequestAssemblerTest, BeginTwiceIsBroken) {
  EXPECT_EQ(feed(begin_request(1, Keep::no) + begin_request(1, Keep::no)), Event::broken);
}

TEST_F(RequestAssemblerTest, ABeginOfTheWrongSizeIsBroken) {
  EXPECT_EQ(feed(make_record(1, 1, "x")), Event::broken);
}

TEST_F(RequestAssemblerTest, UnknownTypesWithinARequestAreBroken) {
  EXPECT_EQ(feed(begin_request(1, Keep::no) + make_record(99, 1, "x")), Event::broken);
}

TEST_F(RequestAssemblerTest, DeniesASecondRequestAtTheSameTime) {
  EXPECT_EQ(feed(begin_request(1, Keep::yes) + begin_request(2, Keep::yes)), Event::incomplete);
  EXPECT_EQ(assembler.take_replies(), make_end_request(2, 1));  // FCGI_CANT_MPX_CONN
  EXPECT_EQ(feed(params(2, get("/2")) + params(1, get("/1")) + body(2, "") + body(1, "")), Event::complete);
  EXPECT_EQ(assembler.take().records, a_request(get("/1"), {}, Keep::yes));
}

TEST_F(RequestAssemblerTest, DeniesOtherRolesThanResponder) {
  EXPECT_EQ(feed(begin_request(1, Keep::yes, 2)), Event::incomplete);
  EXPECT_EQ(assembler.take_replies(), make_end_request(1, 3));  // FCGI_UNKNOWN_ROLE
  EXPECT_FALSE(assembler.in_request());
}

TEST_F(RequestAssemblerTest, ForgetsAnAbortedRequest) {
  EXPECT_EQ(feed(begin_request(1, Keep::yes) + make_record(2, 1, {})), Event::aborted);
  EXPECT_EQ(assembler.take_replies(), make_end_request(1, 0));
  EXPECT_EQ(feed(a_request(get("/x"))), Event::complete);
}

}  // namespace
}  // namespace oidcop::fcgi
