#include "page/pages.h"

#include "core/page/page_samples.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

namespace oidcop::page {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Pages& pages() {
  static const auto loaded = Pages::load(shipped_pages());
  EXPECT_TRUE(loaded) << loaded.error().detail;
  return **loaded;
}

const Locale& english() {
  return pages().locale({"en"}, "");
}

template <class Page>
http::Response render(const Page& page, const Locale& locale = english()) {
  auto response = pages().render(page, locale);
  EXPECT_TRUE(response) << response.error().detail;
  return *response;
}

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& candidate : response.headers) {
    if (candidate.name == name) return candidate.value;
  }
  return "(none)";
}

std::map<char, long> marks(const std::string& html) {
  std::map<char, long> counts;
  for (const char mark : {'<', '>', '"', '\''}) counts[mark] = std::count(html.begin(), html.end(), mark);
  return counts;
}

// The provider's own links.

TEST(ServiceLinks, StandOnlyWhereTheyAreConfiguredAndHttps) {
  auto options = shipped_pages();
  EXPECT_THAT(render(sample_login()).body, HasSubstr("href=\"https://www.northbridge.example/privacy\""));
  EXPECT_THAT(render(sample_consent()).body, HasSubstr("href=\"https://www.northbridge.example/terms\""));

  options.policy = Url::parse("http://www.northbridge.example/").value();
  const auto policy_unsafe = Pages::load(options).value()->render(sample_login(), english()).value();
  EXPECT_THAT(policy_unsafe.body, Not(HasSubstr("service-policy")));
  EXPECT_THAT(policy_unsafe.body, HasSubstr("service-tos"));

  options.policy = options.tos = std::nullopt;
  const auto without = Pages::load(options).value()->render(sample_login(), english()).value();
  EXPECT_THAT(without.body, Not(HasSubstr("service-")));
  EXPECT_THAT(without.body, Not(HasSubstr("Our privacy policy")));
}

// Escaping.

class HostileValue : public ::testing::TestWithParam<const char*> {};

TEST_P(HostileValue, ChangesNoMarkupOnAnyPage) {
  const auto hostile = page_samples_full_of(GetParam());
  const auto harmless = page_samples_full_of("x");
  for (std::size_t i = 0; i < hostile.size(); ++i) {
    const auto attacked = hostile[i].render(pages(), english());
    const auto plain = harmless[i].render(pages(), english());
    ASSERT_TRUE(attacked && plain);
    EXPECT_EQ(marks(attacked->body), marks(plain->body)) << hostile[i].name << "\n" << attacked->body;
    EXPECT_EQ(attacked->headers.size(), plain->headers.size());
    EXPECT_EQ(header(*attacked, "Content-Security-Policy"), header(*plain, "Content-Security-Policy"));
  }
}

INSTANTIATE_TEST_SUITE_P(Page, HostileValue,
                         ::testing::Values("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
                                           "' onfocus='alert(1)", "</title><script>",
                                           "</textarea></form><form action=//evil>", "{{{seal}}}{{#items}}",
                                           "&lt;&#60;&quot;", "\r\nSet-Cookie: a=b", "\xFF\xFE<b>",
                                           "\u202E\u2066<x>"));

TEST(Pages, ShowValuesFromRequestsCutAndIsolated) {
  auto page = sample_login();
  page.client.name = std::string(100, 'n') + "\u202E";
  const auto html = render(page).body;
  EXPECT_THAT(html, HasSubstr("<bdi>" + std::string(63, 'n') + "…</bdi>"));
  EXPECT_THAT(html, Not(HasSubstr(std::string(64, 'n'))));
  EXPECT_THAT(html, HasSubstr("<title>Sign in to \u2068" + std::string(63, 'n')));
}

TEST(Pages, CarrySealAndActionUnchanged) {
  auto page = sample_login();
  page.seal = std::string(16384, 'A') + "-_";
  page.action = "https://op.example/a?b=c&d=e";
  const auto html = render(page).body;
  EXPECT_THAT(html, HasSubstr("name=\"seal\" value=\"" + page.seal + "\""));
  EXPECT_THAT(html, HasSubstr("action=\"https://op.example/a?b=c&amp;d=e\""));
}

// The login page.

TEST(LoginPage, PrefillsTheUserNameAndThenAsksForThePassword) {
  auto page = sample_login();
  page.username = "diana@example.com";
  const auto html = render(page).body;
  EXPECT_THAT(html, HasSubstr("value=\"diana@example.com\""));
  EXPECT_THAT(html, Not(HasSubstr("required autofocus>\n</div>\n<div class=\"field\">")));
  EXPECT_THAT(html, HasSubstr("autocomplete=\"current-password\" required autofocus"));
}

TEST(LoginPage, PrefillsNothingThatLooksDifferentThanItIs) {
  for (const std::string hint : {"dia\u202Ena", "dia\nna", "dia\u200Bna"}) {
    auto page = sample_login();
    page.username = hint;
    EXPECT_THAT(render(page).body, HasSubstr("type=\"text\" value=\"\"")) << hint;
  }
}

TEST(LoginPage, SaysOnePersonsMistakesInOneText) {
  auto page = sample_login();
  page.error = LoginError::wrong_credentials;
  const auto response = render(page);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("role=\"alert\">User name and password do not match."));
  EXPECT_THAT(response.body, HasSubstr("<title>Error: "));
}

TEST(LoginPage, TooManyAttemptsIsA429WithRetryAfter) {
  auto page = sample_login();
  page.error = LoginError::too_many_attempts;
  page.retry_after = std::chrono::seconds(61);
  const auto response = render(page);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(header(response, "Retry-After"), "61");
  EXPECT_THAT(response.body, HasSubstr("in 2 min")) << "rounded up: earlier would be too early";
}

TEST(LoginPage, SaysWhyASignedInPersonIsAskedAgain) {
  auto page = sample_login();
  page.account = "diana";
  for (const auto& [reason, words] : {std::pair{LoginReason::confirm, "asks you to confirm that it is you"},
                                      std::pair{LoginReason::step_up, "asks for a stronger proof"},
                                      std::pair{LoginReason::other_account, "asks for another account"}}) {
    page.reason = reason;
    const auto html = render(page).body;
    EXPECT_THAT(html, HasSubstr("<bdi>diana</bdi>"));
    EXPECT_THAT(html, HasSubstr(words));
  }
}

TEST(LoginPage, WarnsOfAClientNobodyChecked) {
  auto page = sample_login();
  EXPECT_THAT(render(page).body, Not(HasSubstr("registered itself")));
  page.client.vetted = false;
  EXPECT_THAT(render(page).body, HasSubstr("registered itself"));
}

TEST(LoginPage, ShowsLinksAndLogoOnlyWhenTheyAreHttps) {
  auto page = sample_login();
  page.client.logo = *Url::parse("http://client.example/logo.png");
  page.client.policy = *Url::parse("http://client.example/policy");
  page.client.tos = *Url::parse("com.example.app:/terms");
  const auto response = render(page);
  for (const auto* id : {"client-logo\"", "client-policy", "client-tos", "client-links"}) {
    EXPECT_THAT(response.body, Not(HasSubstr("\"" + std::string(id)))) << id;
  }
  EXPECT_THAT(header(response, "Content-Security-Policy"), HasSubstr("img-src 'self';"));
  EXPECT_THAT(response.body, HasSubstr("<span class=\"client-initial\" aria-hidden=\"true\">H</span>"));
}

TEST(LoginPage, ShowsTheLogoAndAllowsItsOriginAlone) {
  auto page = sample_login();
  page.client.logo = *Url::parse("https://CDN.client.example:8443/logo.png?x=1&y=;2");
  const auto response = render(page);
  EXPECT_THAT(response.body, HasSubstr("id=\"client-logo\" class=\"client-logo\" "
                                       "src=\"https://CDN.client.example:8443/logo.png?x=1&amp;y=;2\""));
  EXPECT_THAT(header(response, "Content-Security-Policy"),
              HasSubstr("img-src 'self' https://cdn.client.example:8443;"));
}

TEST(LoginPage, SpeaksTheLocalesLanguage) {
  const auto response = render(sample_login(), pages().locale({"de"}, ""));
  EXPECT_THAT(response.body, HasSubstr("<html lang=\"de\" dir=\"ltr\">"));
  EXPECT_THAT(response.body, HasSubstr("<label for=\"password\">Passwort</label>"));
  EXPECT_EQ(header(response, "Content-Language"), "de");
}

// The consent page.

TEST(ConsentPage, SaysInPlainWordsWhatIsAskedFor) {
  const auto html = render(sample_consent()).body;
  for (const auto* words :
       {"Know who you are", "See your profile", "See your e-mail address",
        "Keep this access while you are away", "without you signing in", "<bdi>diana@example.com</bdi>",
        "Time zone", "<bdi>diana</bdi>", "www.harbour-savings.example"}) {
    EXPECT_THAT(html, HasSubstr(words));
  }
}

TEST(ConsentPage, SaysWhetherTheAnswerIsRemembered) {
  auto page = sample_consent();
  EXPECT_THAT(render(page).body, HasSubstr("You will be asked again next time."));
  page.memory = ConsentMemory::remembered;
  EXPECT_THAT(render(page).body, HasSubstr("We will remember your answer."));
}

TEST(ConsentPage, OffersOnlyOptionalScopesToBeUnticked) {
  auto page = sample_consent();
  EXPECT_THAT(render(page).body, Not(HasSubstr("checkbox")));
  page.items[2].optional = true;
  const auto html = render(page).body;
  EXPECT_THAT(html, HasSubstr("<input type=\"checkbox\" name=\"scope\" value=\"email\" checked>"));
  EXPECT_THAT(html, Not(HasSubstr("value=\"profile\"")));
}

TEST(ConsentPage, ShowsAScopeNobodyDescribedByItsName) {
  auto page = sample_consent();
  page.items = {{"https://api.example/<read>", {{"employee_<no>", "117"}}}, {"", {{"acr", {}}}}};
  const auto html = render(page).body;
  EXPECT_THAT(html, HasSubstr("Use the permission “<bdi>https://api.example/&lt;read&gt;</bdi>”"));
  EXPECT_THAT(html, HasSubstr("<dt>employee_&lt;no&gt;</dt>"));
  EXPECT_THAT(html, HasSubstr("See these details"));
}

// The error page.

TEST(ErrorPage, NamesCodeParameterAndRequest) {
  const auto response = render(sample_error());
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("<code>invalid_request</code>"));
  EXPECT_THAT(response.body, HasSubstr("<code>redirect_uri</code>"));
  EXPECT_THAT(response.body, HasSubstr("<code id=\"request-id\">7f3a-91c2-0be4</code>"));
  EXPECT_THAT(response.body, HasSubstr("<p lang=\"en\">The redirect_uri is not one of those"));
}

TEST(ErrorPage, HidesWhatOnlyTheLogMayKnow) {
  const auto response = render(error_page(server_error("table tokens is locked"), "id"));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, Not(HasSubstr("table tokens")));
  EXPECT_THAT(response.body, HasSubstr("The fault is on our side"));
}

TEST(ErrorPage, SaysWhenToComeBack) {
  const auto page = error_page(temporarily_unavailable("locked"), "id");
  const auto response = render(page);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header(response, "Retry-After"), std::to_string(page.retry_after.count()));
  EXPECT_THAT(response.body, HasSubstr("Please try again in a moment"));
}

TEST(ErrorPage, FindsItsWordsByWhoseTurnItIs) {
  ProtocolError error = invalid_request("No such page.");
  EXPECT_EQ(error_page(error, "").cause, ErrorCause::application);
  error.http_status = 404;
  EXPECT_EQ(error_page(error, "").cause, ErrorCause::not_found);
  error.http_status = 429;
  EXPECT_EQ(error_page(error, "").cause, ErrorCause::busy);
  EXPECT_EQ(cause_of("unsupported_response_type"), ErrorCause::application);
}

// Headers.

TEST(PageHeaders, AreExactlyThese) {
  const auto response = render(sample_login());
  std::string all;
  for (const auto& [name, value] : response.headers) all.append(name).append(": ").append(value).append("\n");
  EXPECT_EQ(all,
            "Content-Type: text/html; charset=utf-8\n"
            "Content-Language: en\n"
            "Cache-Control: no-store\n"
            "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            "object-src 'none'; frame-ancestors 'none'\n"
            "X-Frame-Options: DENY\n"
            "X-Content-Type-Options: nosniff\n"
            "Referrer-Policy: same-origin\n"
            "Permissions-Policy: accelerometer=(), browsing-topics=(), camera=(), display-capture=(), "
            "geolocation=(), "
            "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()\n"
            "Cross-Origin-Resource-Policy: same-origin\n");
}

TEST(PageHeaders, LeaveFormActionOutWhereTheFormEndsAtTheRelyingParty) {
  const auto policy = [](const http::Response& response) {
    return header(response, "Content-Security-Policy");
  };
  EXPECT_THAT(policy(render(sample_login())), Not(HasSubstr("form-action")));
  EXPECT_THAT(policy(render(sample_consent())), Not(HasSubstr("form-action")));
  EXPECT_THAT(policy(render(sample_continue())), Not(HasSubstr("form-action")));
  auto here = sample_continue();
  here.end = FormEnd::here;
  EXPECT_THAT(policy(render(here)), HasSubstr("; form-action 'self'"));
  EXPECT_THAT(policy(render(sample_error())), HasSubstr("; form-action 'self'"));
  EXPECT_THAT(policy(render(LoggedInPage{})), HasSubstr("; form-action 'self'"));
}

TEST(PageHeaders, LetAFormPostRunOurScriptAndEndWhereverTheRelyingPartyLeads) {
  EXPECT_EQ(header(render(sample_form_post()), "Content-Security-Policy"),
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src "
            "'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'");
}

TEST(FormPost, SendsValuesExactlyAsTheyAre) {
  auto page = sample_form_post();
  const std::string odd = "a\u202Eb " + std::string(500, 'x');
  page.fields = {{"state", odd}};
  EXPECT_THAT(render(page).body, HasSubstr("name=\"state\" value=\"" + odd + "\""));
}

TEST(PageHeaders, CutTheOpenerOffOnlyWhereTheWayEnds) {
  const auto opener = [](const http::Response& response) {
    return header(response, "Cross-Origin-Opener-Policy");
  };
  EXPECT_EQ(opener(render(sample_login())), "(none)")
      << "a login in a popup window must be able to report back";
  EXPECT_EQ(opener(render(sample_consent())), "(none)");
  EXPECT_EQ(opener(render(sample_error())), "same-origin");
  EXPECT_EQ(opener(render(LoggedInPage{})), "same-origin");
}

TEST(PageHeaders, AllowNothingInlineOnAnyPage) {
  for (const auto& sample : page_samples()) {
    const auto response = sample.render(pages(), english());
    ASSERT_TRUE(response) << sample.name;
    const auto policy = header(*response, "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'; style-src 'self'; ")) << sample.name;
    EXPECT_THAT(policy, Not(HasSubstr("unsafe"))) << sample.name;
    EXPECT_EQ(header(*response, "Cache-Control"), "no-store") << sample.name;
    for (const auto* inline_code : {"<script>", "<script src=\"http", "<script src=\"//", "<style",
                                    " style=", " onload=", "javascript:"}) {
      EXPECT_THAT(response->body, Not(HasSubstr(inline_code))) << sample.name;
    }
  }
}

}  // namespace
}  // namespace oidcop::page
