#include "fcgi/record.h"

#include <gtest/gtest.h>

namespace oidcop::fcgi {
namespace {

TEST(TakePair, ReadsShortAndLongLengths) {
  const std::string value(300, 'v');
  std::string octets =
      std::string("\x01\x02", 2) + "abc" + std::string("\x01\x80\x00\x01\x2c", 5) + "n" + value;
  std::string_view rest = octets;
  EXPECT_EQ(take_pair(rest), NameAndValue("a", "bc"));
  EXPECT_EQ(take_pair(rest), NameAndValue("n", value));
  EXPECT_TRUE(rest.empty());
}

TEST(TakePair, RefusesLengthsThatAreCutOffOrPointBeyondTheEnd) {
  for (const auto& octets : {std::string(), std::string("\x01"), std::string("\x80\x00\x00"),
                             std::string("\x01\x01x"), std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8)}) {
    std::string_view rest = octets;
    EXPECT_FALSE(take_pair(rest));
  }
}

TEST(Management, DeniesMultiplexingAndKnowsNoOtherTypes) {
  const std::string question =
      std::string("\x0f\x00", 2) + "FCGI_MPXS_CONNS" + std::string("\x03\x00", 2) + "FOO";
  const auto answer = answer_management({1, 9, 0, static_cast<std::uint16_t>(question.size()), 0}, question);
  EXPECT_EQ(answer.substr(8), std::string("\x0f\x01", 2) + "FCGI_MPXS_CONNS0");
  const auto unknown = answer_management({1, 77, 0, 0, 0}, {});
  EXPECT_EQ(unknown[1], 11);  // FCGI_UNKNOWN_TYPE
  EXPECT_EQ(unknown[8], 77);
}

}  // namespace
}  // namespace oidcop::fcgi
