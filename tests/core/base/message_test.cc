#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <oidcop/message.h>

#include <concepts>
#include <nlohmann/json.hpp>
#include <utility>

namespace oidcop {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;

template <class Value>
concept Settable = requires(Message message, Value value) {
  message.set("name", value);
};
static_assert(Settable<const char*> && Settable<std::string> && Settable<std::string_view> && Settable<Json>);
static_assert(Settable<std::vector<std::string>>);
static_assert(!Settable<int> && !Settable<bool> && !Settable<double> && !Settable<std::nullptr_t>);

TEST(Message, StartsEmpty) {
  const Message message;
  EXPECT_TRUE(message.empty());
  EXPECT_THAT(message.names(), IsEmpty());
  EXPECT_EQ(message.json(), Json::object());
  EXPECT_EQ(message.find("x"), nullptr);
}

TEST(Message, TakesAnythingButAnObjectAsEmpty) {
  for (const auto& value : {Json(), Json(1), Json("text"), Json::array({1, 2})}) {
    EXPECT_TRUE(Message(value).empty());
    EXPECT_TRUE(Message(value).json().is_object());
  }
}

TEST(Message, KeepsMembersNobodyKnows) {
  const Message message(Json{{"x_vendor", {{"deep", {1, 2}}}}});
  EXPECT_EQ(message.json()["x_vendor"]["deep"][1], 2);
}

TEST(Message, NamesAreInOrder) {
  Message message;
  message.set("scope", "openid");
  message.set("client_id", "c");
  EXPECT_THAT(message.names(), ElementsAre("client_id", "scope"));
}

TEST(Message, TextIsOnlyText) {
  const Message message(Json{{"a", "x"}, {"b", 1}, {"c", nullptr}, {"d", {"x"}}, {"e", ""}});
  EXPECT_EQ(message.text("a"), "x");
  EXPECT_EQ(message.text("b"), std::nullopt);
  EXPECT_EQ(message.text("c"), std::nullopt);
  EXPECT_EQ(message.text("d"), std::nullopt);
  EXPECT_EQ(message.text("e"), "");
  EXPECT_EQ(message.text("f"), std::nullopt);
  EXPECT_TRUE(message.has("c"));
  EXPECT_FALSE(message.has("f"));
}

TEST(Message, NumberComesFromJsonOrFromDigits) {
  const Message message(Json{{"json", 300}, {"text", "300"}, {"zero", "0"}, {"most", "9007199254740992"}});
  EXPECT_EQ(message.number("json"), 300);
  EXPECT_EQ(message.number("text"), 300);
  EXPECT_EQ(message.number("zero"), 0);
  EXPECT_EQ(message.number("most"), std::int64_t{1} << 53);
}

TEST(Message, NumberRefusesEverySpellingThatIsNotPlainDigits) {
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "-0", "1.0", "1e3", "0x10", "1_000",
                           "9007199254740993", "99999999999999999999999", "one", "1\n"}) {
    Message message;
    message.set("n", text);
    EXPECT_EQ(message.number("n"), std::nullopt) << text;
  }
  for (const auto& value : {Json(-1), Json(1.5), Json(1e300), Json(true), Json(nullptr), Json::array({1}),
                            Json(9007199254740993U)}) {
    Message message;
    message.set("n", value);
    EXPECT_EQ(message.number("n"), std::nullopt) << value;
  }
  EXPECT_EQ(Message().number("n"), std::nullopt);
}

TEST(Message, WordsComeFromTextOrFromAnArray) {
  const Message message(Json{{"scope", " openid  email "}, {"audience", {"a b", 1, "c"}}, {"max_age", 1}});
  EXPECT_THAT(message.words("scope"), ElementsAre("openid", "email"));
  EXPECT_THAT(message.words("audience"), ElementsAre("a b", "c"));
  EXPECT_THAT(message.words("max_age"), IsEmpty());
  EXPECT_THAT(message.words("absent"), IsEmpty());
}

TEST(Message, SetReplacesAndRemoveForgets) {
  Message message;
  message.set("a", std::string("one"));
  message.set("a", Json::array({"two"}));
  message.set_number("n", 5);
  message.set_bool("b", true);
  EXPECT_EQ(message.json(), (Json{{"a", {"two"}}, {"n", 5}, {"b", true}}));
  message.remove("a");
  message.remove("a");
  EXPECT_FALSE(message.has("a"));
  Message().remove("a");
}

TEST(Message, CopiesAreDeep) {
  Message first;
  first.set("a", "1");
  Message second = first;
  second.set("a", "2");
  EXPECT_EQ(first.text("a"), "1");
  EXPECT_NE(first, second);
  first = second;
  EXPECT_EQ(first, second);
  auto& alias = first;
  first = alias;
  EXPECT_EQ(first.text("a"), "2");
}

TEST(Message, IsEmptyAndUsableAfterItWasMovedFrom) {
  Message first;
  first.set("a", "1");
  const Message second(std::move(first));
  EXPECT_EQ(second.text("a"), "1");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): this is the promise
  EXPECT_EQ(first.json(), Json::object());
  EXPECT_EQ(first, Message());
  first.set("b", "2");
  EXPECT_EQ(first.text("b"), "2");
}

}  // namespace
}  // namespace oidcop
