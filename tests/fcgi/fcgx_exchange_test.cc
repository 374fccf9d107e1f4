#include "fcgi/fcgx_exchange.h"

#include "fcgi/record.h"
#include "fcgi/test_peer.h"

#include <gtest/gtest.h>

namespace oidcop::fcgi {
namespace {

class FcgxExchangeTest : public testing::Test {
 protected:
  FcgxExchange exchange = std::move(FcgxExchange::create()).value();
};

TEST_F(FcgxExchangeTest, ParsesParametersAndBody) {
  auto sent = post("/x", 100'000);
  sent.push_back({"EMPTY", ""});
  sent.push_back({"TWICE", "a=b"});
  sent.push_back({"TWICE", std::string(300, 'c')});
  const std::string octets(100'000, 'b');
  const auto parsed = exchange.parse(a_request(sent, octets));
  ASSERT_TRUE(parsed) << parsed.error().detail;
  ASSERT_EQ(parsed->parameters.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(parsed->parameters[i].name, sent[i].name);
    EXPECT_EQ(parsed->parameters[i].value, sent[i].value);
  }
  EXPECT_EQ(parsed->body, octets);
}

TEST_F(FcgxExchangeTest, FormatsTheAnswerOfTheRequestParsedLast) {
  ASSERT_TRUE(exchange.parse(a_request(get("/1"), {}, Keep::yes)));
  ASSERT_TRUE(exchange.format("first"));
  ASSERT_TRUE(exchange.parse(a_request(get("/2"), {}, Keep::no, 513)));
  const auto records = exchange.format("second");
  ASSERT_TRUE(records);
  const auto header = RecordHeader::read(*records);
  EXPECT_EQ(header->type, 6);  // FCGI_STDOUT
  EXPECT_EQ(header->request_id, 513);
  EXPECT_EQ(records->substr(8, 6), "second");
  EXPECT_TRUE(records->ends_with(make_end_request(513, 0)));
}

TEST_F(FcgxExchangeTest, CarriesLongAnswersWhole) {
  ASSERT_TRUE(exchange.parse(a_request(get("/1"))));
  const auto records = exchange.format(std::string(3'000'000, 'x'));
  ASSERT_TRUE(records);
  EXPECT_EQ(std::count(records->begin(), records->end(), 'x'), 3'000'000);
}

TEST_F(FcgxExchangeTest, SurvivesRecordsThatEndTooEarly) {
  const auto whole = a_request(post("/x", 3), "abc");
  for (std::size_t octets = 0; octets + 8 < whole.size(); octets += 7) {
    EXPECT_FALSE(exchange.parse(whole.substr(0, octets))) << octets;
  }
  EXPECT_FALSE(exchange.format("no request"));
  EXPECT_TRUE(exchange.parse(whole));
}

}  // namespace
}  // namespace oidcop::fcgi
