#include "core/page/page_samples.h"

#include <gmock/gmock.h>

namespace oidcop::page {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class StaticFile : public ::testing::Test {
 protected:
  std::shared_ptr<const Pages> pages_ = *Pages::load(shipped_pages());

  static std::string header(const http::Response& response, std::string_view name) {
    for (const auto& candidate : response.headers) {
      if (candidate.name == name) return candidate.value;
    }
    return "(none)";
  }
  std::string version() const {
    const auto tag = header(pages_->static_file("oidcop.css", "", {}), "ETag");
    return tag.substr(1, tag.size() - 2);
  }
};

TEST_F(StaticFile, HasItsTypeAndProtectiveHeaders) {
  const auto css = pages_->static_file("oidcop.css", "", {});
  EXPECT_EQ(css.status, 200);
  EXPECT_EQ(header(css, "Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(header(css, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(css, "Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(header(css, "Cross-Origin-Resource-Policy"), "same-origin");
  EXPECT_THAT(header(css, "ETag"), MatchesRegex("\"[0-9a-f]{16}\""));
  EXPECT_EQ(header(pages_->static_file("icon.svg", "", {}), "Content-Type"), "image/svg+xml");
}

TEST_F(StaticFile, IsKeptForGoodOnlyUnderTheVersionItHasNow) {
  EXPECT_EQ(header(pages_->static_file("oidcop.css", "v=" + version(), {}), "Cache-Control"),
            "public, max-age=31536000, immutable");
  for (const auto& query : {std::string(), std::string("v=0000000000000000"), "v=" + version() + "&x"}) {
    EXPECT_EQ(header(pages_->static_file("oidcop.css", query, {}), "Cache-Control"), "no-cache") << query;
  }
}

TEST_F(StaticFile, IsLinkedUnderItsVersion) {
  const auto page = pages_->render(sample_login(), pages_->locale({}, ""));
  ASSERT_TRUE(page);
  EXPECT_THAT(page->body, HasSubstr("href=\"/static/oidcop.css?v=" + version() + "\""));
}

TEST_F(StaticFile, IsNotSentAgainToWhoHasIt) {
  for (const auto& tags :
       {'"' + version() + '"', "W/\"" + version() + '"', "\"x\" , \"" + version() + '"', std::string("*")}) {
    const auto response = pages_->static_file("oidcop.css", "", tags);
    EXPECT_EQ(response.status, 304) << tags;
    EXPECT_THAT(response.body, IsEmpty());
    EXPECT_EQ(header(response, "ETag"), '"' + version() + '"');
  }
  EXPECT_EQ(pages_->static_file("oidcop.css", "", "\"other\"").status, 200);
  EXPECT_EQ(pages_->static_file("oidcop.css", "", version()).status, 200) << "a tag has quotes";
}

TEST_F(StaticFile, IsFoundByItsNameAndByNoPath) {
  for (const auto* name : {"", "nothing.css", "../locale/en.json", "..%2Flocale%2Fen.json", "./oidcop.css",
                           "/etc/passwd", "oidcop.css/", "OIDCOP.CSS"}) {
    EXPECT_EQ(pages_->static_file(name, "", {}).status, 404) << name;
  }
}

}  // namespace
}  // namespace oidcop::page
