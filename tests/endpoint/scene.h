#pragma once

#include "support/test_op.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace oidcop::testing {

inline TestOp::Options with_settings(const std::string& settings) {
  TestOp::Options options;
  options.settings = settings;
  return options;
}

/// One person (alice), one client (wiki), one browser. Requests are wiki's usual ones with changes.
struct Scene {
  explicit Scene(TestOp::Options options = {}) : op(std::move(options)) {
    op.add_user();
    op.add_client();
  }
  void change_client(const std::function<void(model::Client&)>& change) {
    auto wiki = *op.store().find_client(model::ClientId("wiki")).value();
    change(wiki);
    ASSERT_TRUE(op.store().put_client(wiki, store::IfExists::replace));
  }
  http::Response ask(const Fields& changes = {}) {
    return browser.get("/authorization", with(wiki_request(), changes));
  }
  std::map<std::string, std::string> answer(const Fields& changes) {
    return location_parameters(ask(changes));
  }
  /// The error of a request that may show no page; empty when a code came, "no answer" when a page did.
  std::string silent_error(const Fields& changes = {}) {
    auto answer = location_parameters(
        browser.get("/authorization", with(with(wiki_request(), {{"prompt", "none"}}), changes)));
    return answer["code"].empty() && answer["error"].empty() ? "no answer" : answer["error"];
  }
  /// A code for alice, who logs in and consents where asked.
  std::string code(const Fields& changes = {}) {
    return location_parameters(browser.sign_in(with(wiki_request(), changes)))["code"];
  }
  http::Response buy(const Fields& changes = {}) {
    auto tokens = exchange_code(op, code(changes));
    EXPECT_EQ(tokens.status, 200) << tokens.body << op.log();
    return tokens;
  }
  http::Response refresh(const http::Response& tokens, const Fields& changes = {}) {
    const Fields form{{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}};
    return post_token(op, with(form, changes), header());
  }
  /// How wiki authenticates.
  std::string header() { return basic("wiki", op.secret_of(model::ClientId("wiki"))); }

  TestOp op;
  TestBrowser browser{op};
};

}  // namespace oidcop::testing
