#include "support/test_op.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace oidcop::testing {
namespace {

/// RFC 6749, 4.1.2.1 and 5.2: %x20-21 / %x23-5B / %x5D-7E.
bool is_error_text(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return c >= 0x20 && c <= 0x7E && c != '"' && c != '\\'; });
}

/// A hook that refuses whatever comes, in words of its own.
TestOp::Options with_a_hook_that_says(const std::string& words) {
  TestOp::Options options;
  const auto refuse = [words](Message&, const HookContext&) -> Verdict {
    return fail(invalid_request(words));
  };
  for (const char* endpoint : {"token", "authorization"}) {
    EXPECT_TRUE(options.hooks.add_post_parse_request(endpoint, "zoo", refuse));
  }
  return options;
}

TEST(ErrorText, HasTheCharactersOfTheSpecificationWhateverAHookWrites) {
  for (const std::string words :
       {"say \"please\"", "back\\slash", "two\r\nlines", "Straße", "\x01\x7f\xff"}) {
    TestOp op(with_a_hook_that_says(words));
    op.add_client();
    const auto answered = exchange_code(op, "no-code");
    EXPECT_EQ(member(answered, "error"), "invalid_request");
    EXPECT_TRUE(is_error_text(member(answered, "error_description"))) << answered.body;
    TestBrowser browser(op);
    const auto sent = browser.get("/authorization", wiki_request());
    EXPECT_TRUE(is_error_text(location_parameters(sent)["error_description"])) << words << sent.body;
  }
}

TEST(ErrorText, StaysReadable) {
  TestOp op(with_a_hook_that_says("The parameter \"foo\" is missing."));
  op.add_client();
  EXPECT_EQ(member(exchange_code(op, "no-code"), "error_description"), "The parameter 'foo' is missing.");
}

}  // namespace
}  // namespace oidcop::testing
