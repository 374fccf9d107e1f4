#include "core/page/page_samples.h"

#include <utility>

namespace oidcop::page {

namespace {

constexpr auto kRequestId = "7f3a-91c2-0be4";
const std::string kAction = "https://op.example/interaction";

template <class Page>
PageSample sample(std::string name, Page page) {
  return {std::move(name), [page = std::move(page)](const Pages& pages, const Locale& locale) {
            return pages.render(page, locale);
          }};
}

template <class Page, class Change>
PageSample changed(std::string name, Page page, Change change) {
  change(page);
  return sample(std::move(name), std::move(page));
}

void add_logins(std::vector<PageSample>& samples) {
  samples.push_back(sample("login", sample_login()));
  samples.push_back(
      changed("login_prefilled", sample_login(), [](auto& p) { p.username = "diana@example.com"; }));
  samples.push_back(changed("login_wrong_credentials", sample_login(), [](auto& p) {
    p.username = "diana";
    p.error = LoginError::wrong_credentials;
  }));
  samples.push_back(
      changed("login_missing_input", sample_login(), [](auto& p) { p.error = LoginError::missing_input; }));
  samples.push_back(changed("login_too_many_attempts", sample_login(), [](auto& p) {
    p.username = "diana";
    p.error = LoginError::too_many_attempts;
    p.retry_after = std::chrono::seconds(130);
  }));
  samples.push_back(
      changed("login_wait", sample_login(), [](auto& p) { p.error = LoginError::too_many_attempts; }));
  samples.push_back(
      changed("login_restarted", sample_login(), [](auto& p) { p.error = LoginError::restarted; }));
  for (const auto& [name, reason] :
       {std::pair{"login_confirm", LoginReason::confirm}, std::pair{"login_step_up", LoginReason::step_up},
        std::pair{"login_other_account", LoginReason::other_account}}) {
    samples.push_back(changed(name, sample_login(), [reason = reason](auto& p) {
      p.reason = reason;
      p.account = "diana";
      p.username = reason == LoginReason::other_account ? "" : "diana";
    }));
  }
  samples.push_back(changed("login_bare_client", sample_login(), [](auto& p) {
    p.client =
        ClientView{.name = "s6BhdRkqt3", .host = "", .vetted = true, .logo = {}, .policy = {}, .tos = {}};
    p.request_id.clear();
  }));
  samples.push_back(changed("login_unvetted", sample_login(), [](auto& p) { p.client.vetted = false; }));
}

void add_consents(std::vector<PageSample>& samples) {
  samples.push_back(sample("consent", sample_consent()));
  samples.push_back(changed("consent_remembered", sample_consent(), [](auto& p) {
    p.memory = ConsentMemory::remembered;
    p.items.pop_back();
  }));
  samples.push_back(changed("consent_optional", sample_consent(), [](auto& p) {
    for (auto& item : p.items) item.optional = item.scope != "openid";
    p.items.push_back({"accounts:read", {}, true});
    p.items.push_back(
        {"", {{"birthdate", "1964-11-16"}, {"zoneinfo", std::nullopt}, {"employee_no", "117"}}, false});
  }));
  samples.push_back(changed("consent_unvetted", sample_consent(), [](auto& p) {
    p.client.vetted = false;
    p.items.resize(1);
  }));
}

void add_errors(std::vector<PageSample>& samples) {
  samples.push_back(sample("error", sample_error()));
  samples.push_back(changed("error_known_client", sample_error(), [](auto& p) {
    p.client = "Harbour Savings";
    p.code = "invalid_scope";
    p.parameter = "scope";
    p.description.clear();
  }));
  const std::pair<const char*, ErrorCause> kCauses[] = {{"error_lost", ErrorCause::lost},
                                                        {"error_not_found", ErrorCause::not_found},
                                                        {"error_not_allowed", ErrorCause::not_allowed},
                                                        {"error_logout", ErrorCause::logout}};
  for (const auto& [name, cause] : kCauses) {
    samples.push_back(changed(name, sample_error(), [cause = cause](auto& p) {
      p.cause = cause;
      p.parameter.clear();
      p.description.clear();
      p.status = cause == ErrorCause::not_found ? 404 : cause == ErrorCause::not_allowed ? 403 : 400;
      p.code = cause == ErrorCause::not_found ? "not_found" : "invalid_request";
    }));
  }
  samples.push_back(changed("error_unvetted", sample_error(), [](auto& p) {
    p.client = "Harbour Savings";
    p.way_back = sample_client();
    p.way_back->vetted = false;
    p.way_back_url = "https://www.harbour-savings.example/cb?error=invalid_scope&state=af0ifjsldkj";
  }));
  samples.push_back(sample("error_ours", error_page(server_error("disk on fire"), kRequestId)));
  samples.push_back(sample("error_busy", error_page(temporarily_unavailable("locked"), kRequestId)));
}

void add_devices(std::vector<PageSample>& samples) {
  samples.push_back(sample("device_code", sample_device_code()));
  samples.push_back(
      changed("device_code_prefilled", sample_device_code(), [](auto& p) { p.user_code = "WDJB-MJHT"; }));
  samples.push_back(changed("device_code_unknown", sample_device_code(), [](auto& p) {
    p.user_code = "WDJB-MJHT";
    p.error = DeviceCodeError::unknown;
  }));
  samples.push_back(changed("device_code_too_many_attempts", sample_device_code(), [](auto& p) {
    p.error = DeviceCodeError::too_many_attempts;
    p.retry_after = std::chrono::seconds(130);
  }));
  samples.push_back(changed("device_code_restarted", sample_device_code(),
                            [](auto& p) { p.error = DeviceCodeError::restarted; }));
  samples.push_back(sample("device_confirm", sample_device_confirm()));
  samples.push_back(changed("device_confirm_optional", sample_device_confirm(), [](auto& p) {
    p.client.vetted = false;
    for (auto& item : p.items) item.optional = item.scope != "openid";
  }));
  samples.push_back(sample("device_done", DeviceDonePage{DeviceEnd::allowed, "Harbour Savings", kRequestId}));
  samples.push_back(
      sample("device_done_denied", DeviceDonePage{DeviceEnd::denied, "Harbour Savings", kRequestId}));
}

}  // namespace

std::vector<PageSample> page_samples() {
  std::vector<PageSample> samples;
  add_logins(samples);
  add_consents(samples);
  add_errors(samples);
  add_devices(samples);
  samples.push_back(sample("continue", sample_continue()));
  samples.push_back(changed("continue_here", sample_continue(), [](auto& p) { p.end = FormEnd::here; }));
  samples.push_back(sample("form_post", sample_form_post()));
  samples.push_back(sample("logged_in", LoggedInPage{"diana", kRequestId}));
  samples.push_back(sample("logout", sample_logout()));
  samples.push_back(changed("logout_no_client", sample_logout(), [](auto& p) { p.client.reset(); }));
  samples.push_back(sample("logged_out", LoggedOutPage{kRequestId, {}, {}}));
  samples.push_back(sample("logged_out_frames", sample_logged_out({})));
  samples.push_back(sample("logged_out_going_on", sample_logged_out("https://shop.example/bye?state=1&x=2")));
  return samples;
}

std::vector<PageSample> page_samples_full_of(const std::string& value) {
  ClientView client = sample_client();
  client.name = client.host = value;
  client.vetted = false;
  std::vector<PageSample> samples;
  samples.push_back(sample("login", LoginPage{value,
                                              value,
                                              client,
                                              value,
                                              LoginError::wrong_credentials,
                                              {},
                                              LoginReason::confirm,
                                              value,
                                              value}));
  samples.push_back(sample("consent", ConsentPage{value,
                                                  value,
                                                  client,
                                                  value,
                                                  {{value, {{value, value}, {value, {}}}, true}, {"", {}}},
                                                  ConsentMemory::remembered,
                                                  value}));
  samples.push_back(
      sample("error",
             ErrorPage{400, value, value, value, ErrorCause::application, value, {}, value, client, value}));
  samples.push_back(sample("continue", ContinuePage{value, value, client, FormEnd::relying_party, value}));
  samples.push_back(
      sample("form_post", FormPostPage{sample_form_post().action, {{value, value}}, client, value}));
  samples.push_back(sample("logged_in", LoggedInPage{value, value}));
  samples.push_back(sample("logout", LogoutPage{value, value, client, value, value}));
  samples.push_back(
      sample("device_code", DeviceCodePage{value, value, value, DeviceCodeError::unknown, {}, value}));
  samples.push_back(sample(
      "device_confirm",
      DeviceConfirmPage{value, value, client, value, value, {{value, {{value, value}}, true}}, value}));
  samples.push_back(sample("device_done", DeviceDonePage{DeviceEnd::denied, value, value}));
  samples.push_back(sample("logged_out_going_on", LoggedOutPage{value, {}, value}));
  return samples;
}

PagesOptions shipped_pages() {
  return {.built_in = OIDCOP_SHARE_DIR,
          .site = {},
          .static_path = "/static/",
          .service_name = "Northbridge Bank",
          .policy = Url::parse("https://www.northbridge.example/privacy").value(),
          .tos = Url::parse("https://www.northbridge.example/terms").value()};
}

ClientView sample_client() {
  return {.name = "Harbour Savings",
          .host = "www.harbour-savings.example",
          .vetted = true,
          .logo = {},
          .policy = *Url::parse("https://www.harbour-savings.example/privacy"),
          .tos = *Url::parse("https://www.harbour-savings.example/terms")};
}

LoginPage sample_login() {
  LoginPage page;
  page.action = kAction;
  page.seal = "AQ.sealed-interaction";
  page.client = sample_client();
  page.request_id = kRequestId;
  return page;
}

ConsentPage sample_consent() {
  ConsentPage page;
  page.action = kAction;
  page.seal = "AQ.sealed-interaction";
  page.client = sample_client();
  page.account = "diana";
  page.items = {
      {"openid", {}},
      {"profile",
       {{"name", "Diana Krall"},
        {"birthdate", "1964-11-16"},
        {"zoneinfo", {}},
        {"locale", {}},
        {"picture", {}}}},
      {"email", {{"email", "diana@example.com"}}},
      {"offline_access", {}},
  };
  page.request_id = kRequestId;
  return page;
}

ErrorPage sample_error() {
  ErrorPage page;
  page.code = "invalid_request";
  page.parameter = "redirect_uri";
  page.description =
      "The redirect_uri is not one of those registered for this client. Both are compared as strings.";
  page.request_id = kRequestId;
  return page;
}

LoggedOutPage sample_logged_out(const std::string& next) {
  return {
      kRequestId,
      {Url::parse("https://shop.example/logout?iss=https%3A%2F%2Fop.example&sid=1").value(),
       Url::parse("https://wiki.example:8443/logout").value(), Url::parse("https://shop.example/2").value()},
      next};
}

LogoutPage sample_logout() {
  return {kAction, std::string(600, 'Q'), sample_client(), "diana", kRequestId};
}

DeviceCodePage sample_device_code() {
  DeviceCodePage page;
  page.action = kAction;
  page.seal = "AQ.sealed-interaction";
  page.request_id = kRequestId;
  return page;
}

DeviceConfirmPage sample_device_confirm() {
  const auto consent = sample_consent();
  return {consent.action, consent.seal,  consent.client, consent.account,
          "WDJB-MJHT",    consent.items, kRequestId};
}

ContinuePage sample_continue() {
  return {kAction, "AQ.sealed-interaction", sample_client(), FormEnd::relying_party, kRequestId};
}

FormPostPage sample_form_post() {
  return {Url::parse("https://accounts.harbour.example:8443/cb?tenant=1").value(),
          {{"code", "SplxlOBeZQQYbYS6WxSbIA"}, {"state", "af0ifjsldkj"}},
          sample_client(),
          kRequestId};
}

}  // namespace oidcop::page
