#include "core/page/page_samples.h"
#include "support/temporary_directory.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace oidcop::page {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A site's own folder beside the shipped one.
class SiteFolder : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << content;
  }
  Result<std::shared_ptr<const Pages>> load() const {
    auto options = shipped_pages();
    options.site = folder_;
    return Pages::load(options);
  }
  std::string login_in(const std::string& language) {
    const auto pages = load();
    if (!pages) return pages.error().detail;
    return (*pages)->render(sample_login(), (*pages)->locale({language}, ""))->body;
  }

  const oidcop::testing::TemporaryDirectory directory_;
  const std::filesystem::path folder_ = directory_.path();
};

TEST_F(SiteFolder, MayBeEmptyOrMissing) {
  EXPECT_TRUE(load());
  std::filesystem::remove_all(folder_);
  EXPECT_TRUE(load());
}

TEST_F(SiteFolder, ChangesOneHeadingAlone) {
  write("locale/en.json", R"({"login_heading": "Welcome to Northbridge"})");
  EXPECT_THAT(login_in("en"), HasSubstr("<h1>Welcome to Northbridge</h1>"));
  EXPECT_THAT(login_in("en"), HasSubstr("<label for=\"password\">Password</label>"));
  EXPECT_THAT(login_in("de"), HasSubstr("<h1>Anmelden</h1>"));
}

TEST_F(SiteFolder, AddsALanguageWhoseGapsAreEnglishAndReported) {
  write("locale/nl.json", R"({"login_heading": "Inloggen", "login_password": "Wachtwoord"})");
  EXPECT_THAT(login_in("nl-BE"), HasSubstr("<html lang=\"nl\" dir=\"ltr\">"));
  EXPECT_THAT(login_in("nl"), HasSubstr("<h1>Inloggen</h1>"));
  EXPECT_THAT(login_in("nl"), HasSubstr(">Cancel</button>"));
  ASSERT_THAT((*load())->warnings(), ElementsAre(HasSubstr("locale nl: shown in English: ")));
  EXPECT_THAT((*load())->warnings()[0], Not(HasSubstr("login_password")));
}

TEST_F(SiteFolder, StandsARegionOnItsLanguage) {
  write("locale/de-AT.json", R"({"login_heading": "Servus"})");
  EXPECT_THAT(login_in("de-AT"), HasSubstr("<h1>Servus</h1>"));
  EXPECT_THAT(login_in("de-AT"), HasSubstr("Passwort"));
  EXPECT_THAT(login_in("de"), HasSubstr("<h1>Anmelden</h1>"));
}

TEST_F(SiteFolder, WritesFromRightToLeftWhereTheLanguageDoes) {
  write("locale/ar.json", R"({"text_direction": "rtl"})");
  EXPECT_THAT(login_in("ar"), HasSubstr("<html lang=\"ar\" dir=\"rtl\">"));
  write("locale/ar.json", R"({"text_direction": "up"})");
  EXPECT_FALSE(load());
}

TEST_F(SiteFolder, DescribesItsOwnScopesAndClaims) {
  write("locale/en.json", R"({"scope_accounts:read": "See your accounts",
    "scope_accounts:read_detail": "{client} sees balances, never passwords.", "claim_employee_no": "Staff number"})");
  const auto pages = load();
  ASSERT_TRUE(pages) << pages.error().detail;
  auto consent = sample_consent();
  consent.items = {{"accounts:read", {{"employee_no", "117"}}}};
  const auto html = (*pages)->render(consent, (*pages)->locale({"fr"}, ""))->body;
  EXPECT_THAT(html, HasSubstr("See your accounts"));
  EXPECT_THAT(html, HasSubstr("<bdi>Harbour Savings</bdi> sees balances, never passwords."));
  EXPECT_THAT(html, HasSubstr("<dt>Staff number</dt>"));
}

TEST_F(SiteFolder, IsRefusedWithATextThatDoesNotExist) {
  write("locale/en.json", R"({"login_headding": "Welcome"})");
  EXPECT_THAT(load().error().detail, HasSubstr("there is no text login_headding"));
}

TEST_F(SiteFolder, IsRefusedWithAPlaceholderThatDoesNotExist) {
  write("locale/en.json", R"({"login_heading": "Welcome {customer}"})");
  EXPECT_THAT(load().error().detail, HasSubstr("login_heading: there is no {customer}"));
}

TEST_F(SiteFolder, IsRefusedWithAFileThatIsNoLocale) {
  for (const auto* content : {"", "[]", R"({"login_heading": 1})", R"({"login_heading": "{"})", "{"}) {
    write("locale/en.json", content);
    EXPECT_EQ(load().error().code, Errc::malformed) << content;
  }
  std::filesystem::remove(folder_ / "locale/en.json");
  write("locale/en_US.json", "{}");
  EXPECT_THAT(load().error().detail, HasSubstr("the name is no language tag"));
}

TEST_F(SiteFolder, TextsAreEscapedLikeEverythingElse) {
  write("locale/en.json", R"({"login_heading": "<b>Welcome</b>"})");
  EXPECT_THAT(login_in("en"), HasSubstr("<h1>&lt;b&gt;Welcome&lt;/b&gt;</h1>"));
}

TEST_F(SiteFolder, ReplacesOneTemplateAndKeepsTheOthers) {
  write("templates/foot.mustache", "<footer>Call us: 0800</footer></body></html>\n");
  EXPECT_THAT(login_in("en"), HasSubstr("<footer>Call us: 0800</footer>"));
  EXPECT_THAT(login_in("en"), HasSubstr("id=\"login-form\""));
}

TEST_F(SiteFolder, IsRefusedWithATemplateThatWritesUnescaped) {
  write("templates/client.mustache", "{{{client_name}}}\n");
  EXPECT_THAT(load().error().detail, HasSubstr("would be written unescaped"));
}

TEST_F(SiteFolder, IsRefusedWithAFormThatCouldNotWork) {
  write("templates/login.mustache", "<form action=\"{{action}}\">{{username}}</form>\n");
  EXPECT_EQ(load().error().detail, "template login: the page needs {{seal}}");
}

TEST_F(SiteFolder, LinksItsOwnStylesheetAfterTheBuiltInOne) {
  EXPECT_THAT(login_in("en"), Not(HasSubstr("site.css")));
  write("static/site.css", ":root { --accent: #123456; }\n");
  const auto html = login_in("en");
  ASSERT_THAT(html, HasSubstr("href=\"/static/site.css?v="));
  EXPECT_LT(html.find("oidcop.css"), html.find("site.css"));
}

TEST_F(SiteFolder, ReplacesAStaticFile) {
  write("static/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
  const auto pages = load();
  ASSERT_TRUE(pages) << pages.error().detail;
  EXPECT_EQ((*pages)->static_file("icon.svg", "", {}).body, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
}

TEST_F(SiteFolder, ServesOnlyStyleSheetsAndImages) {
  write("static/secret.txt", "x");
  const auto pages = load();
  ASSERT_TRUE(pages) << pages.error().detail;
  EXPECT_EQ((*pages)->static_file("secret.txt", "", {}).status, 404);
  EXPECT_THAT((*pages)->warnings(), ElementsAre(HasSubstr("secret.txt: not served")));
}

TEST_F(SiteFolder, IsReadOnlyWhereNeededWhenAskedTo) {
  write("templates/login.mustache", "{{{seal}}}\n");
  write("locale/de.json", "{");
  auto options = shipped_pages();
  options.site = folder_;
  options.loading = Loading::as_needed;
  const auto pages = Pages::load(options);
  ASSERT_TRUE(pages) << pages.error().detail;
  const auto& english = (*pages)->locale({"en"}, "");
  EXPECT_TRUE((*pages)->render(sample_error(), english));
  EXPECT_THAT((*pages)->render(sample_login(), english).error().detail,
              HasSubstr("would be written unescaped"));
  const auto in_german = (*pages)->render(sample_error(), (*pages)->locale({"de"}, ""));
  ASSERT_FALSE(in_german);
  EXPECT_THAT(in_german.error().detail, HasSubstr("de.json"));
}

TEST(BuiltInFolder, MissingOneIsAnErrorThatNamesIt) {
  auto options = shipped_pages();
  options.built_in = "/nonexistent";
  const auto pages = Pages::load(options);
  ASSERT_FALSE(pages);
  EXPECT_THAT(pages.error().detail, HasSubstr("/nonexistent/locale/en.json"));
}

}  // namespace
}  // namespace oidcop::page
