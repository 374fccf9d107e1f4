#include "endpoint/scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace oidcop::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Name and value of each field of a form_post page, as they stand in the HTML.
std::map<std::string, std::string> posted(const http::Response& page) {
  std::map<std::string, std::string> fields;
  const std::regex input(R"re(<input type="hidden" name="([^"]*)" value="([^"]*)">)re");
  for (std::sregex_iterator it(page.body.begin(), page.body.end(), input), end; it != end; ++it) {
    fields[(*it)[1]] = (*it)[2];
  }
  return fields;
}

struct Posting : Scene {
  explicit Posting(TestOp::Options options = {}) : Scene(std::move(options)) {
    change_client([](model::Client& client) {
      client.response_types = {"code", "id_token", "id_token token", "code id_token token"};
      client.grant_types = {"authorization_code", "implicit"};
    });
  }
  http::Response post(const Fields& changes) {
    return browser.sign_in(with(with(wiki_request(), {{"response_mode", "form_post"}}), changes));
  }
};

// OAuth 2.0 Form Post Response Mode 1.0, 2.
TEST(FormPost, IsAPageThatPostsTheAnswerToTheRedirectUri) {
  Posting scene;
  const auto page = scene.post({});
  EXPECT_EQ(page.status, 200) << scene.op.log();
  EXPECT_THAT(page.body, HasSubstr(R"(method="post" action="https://wiki.example.com/cb")"));
  auto fields = posted(page);
  EXPECT_FALSE(fields["code"].empty());
  EXPECT_EQ(fields["state"], "af0ifjsldkj");
  EXPECT_EQ(fields["iss"], "https://op.example.org");  // reference defect B27: it was missing here
  EXPECT_EQ(exchange_code(scene.op, fields["code"]).status, 200);
}

TEST(FormPost, CarriesTokensToo) {
  Posting scene;
  auto fields = posted(scene.post({{"response_type", "code id_token token"}}));
  for (const auto* name : {"code", "id_token", "access_token", "token_type", "expires_in", "state", "iss"}) {
    EXPECT_FALSE(fields[name].empty()) << name;
  }
}

TEST(FormPost, HasAScriptOfOursAndAButton) {
  Posting scene;
  const auto page = scene.post({});
  EXPECT_THAT(page.body, HasSubstr("<script src=\"/static/form_post.js?v="));
  EXPECT_THAT(page.body, HasSubstr("id=\"form-post-submit\""));
  const std::string policy(page.header("Content-Security-Policy").value_or(""));
  EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'none'"), HasSubstr("script-src 'self';"),
                            HasSubstr("base-uri 'none'"), HasSubstr("frame-ancestors 'none'"),
                            Not(HasSubstr("unsafe")),
                            // a relying party that answers with a redirect elsewhere would be stopped
                            Not(HasSubstr("form-action"))));
  EXPECT_EQ(page.header("Cache-Control"), "no-store");
  EXPECT_FALSE(page.header("Location"));
  const auto script = scene.op.handle(a_request("GET", "/static/form_post.js"));
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(script.header("Content-Type"), "text/javascript; charset=utf-8");
}

// reference defect B13: the values were written into the page as they came.
TEST(FormPost, WritesEveryValueEscaped) {
  Posting scene;
  const auto page = scene.post({{"state", "\"><script>alert(1)</script>&amp;"}});
  EXPECT_THAT(page.body, Not(HasSubstr("<script>")));
  EXPECT_EQ(posted(page)["state"], "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;");
}

TEST(FormPost, TellsOfErrorsTheSameWay) {
  Posting scene;
  auto fields = posted(scene.ask({{"response_mode", "form_post"}, {"prompt", "none"}}));
  EXPECT_EQ(fields["error"], "login_required");
  EXPECT_EQ(fields["state"], "af0ifjsldkj");
  EXPECT_EQ(fields["iss"], "https://op.example.org");
}

TEST(FormPost, IsRefusedTheDefaultWayWhereItIsOff) {
  Posting scene(with_settings(R"({"capabilities": {"response_modes_supported": ["query", "fragment"]}})"));
  EXPECT_EQ(scene.answer({{"response_mode", "form_post"}})["error"], "invalid_request");
  const auto implicit = scene.ask({{"response_mode", "form_post"}, {"response_type", "id_token"}});
  EXPECT_THAT(*implicit.header("Location"), HasSubstr("/cb#"));
}

TEST(ResponseModes, ThatNobodyKnowsAreRefusedTheDefaultWay) {
  Posting scene;
  for (const auto* mode : {"web_message", "jwt", "Query", "query fragment"}) {
    const auto response = scene.ask({{"response_mode", mode}});
    EXPECT_EQ(location_parameters(response)["error"], "invalid_request") << mode;
    EXPECT_THAT(*response.header("Location"), HasSubstr("/cb?")) << mode;
  }
}

// Without another way than the query there is none for tokens, and the metadata says so.
TEST(ResponseModes, WithoutFragmentAndFormPostThereAreNoTokensInTheFrontChannel) {
  Posting scene(with_settings(R"({"capabilities": {"response_modes_supported": ["query"]}})"));
  EXPECT_EQ(scene.answer({{"response_type", "id_token"}})["error"], "unsupported_response_type");
  const auto metadata = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "response_types_supported"), R"(["code","none"])");
  EXPECT_EQ(member(metadata, "grant_types_supported"),
            R"(["authorization_code","refresh_token","client_credentials"])");
}

}  // namespace
}  // namespace oidcop::testing
