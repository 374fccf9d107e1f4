#include "page/pages.h"

#include "base/file.h"
#include "page/lazy.h"
#include "page/locale_files.h"
#include "page/locale_negotiation.h"
#include "page/page_headers.h"
#include "page/shown_text.h"
#include "page/static_files.h"
#include "page/template.h"
#include "page/view_data.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

namespace oidcop::page {

namespace {

constexpr std::string_view kStylesheet = "oidcop.css";
constexpr std::string_view kSiteStylesheet = "site.css";
constexpr std::string_view kIcon = "icon.svg";
constexpr std::string_view kFormPostScript = "form_post.js";
constexpr std::string_view kCheckSessionScript = "check_session.js";
constexpr std::string_view kLogoutScript = "logout.js";

std::filesystem::path in_site(const PagesOptions& options, const char* folder);
/// The template's source: the site's file if there is one, else the built-in one.
Result<std::string> read_template(const PagesOptions& options, const std::string& name);
std::optional<std::string> logo_origin(const ClientView& client);
/// The provider's own links at the foot of a page.
void put_service_links(Data& data, const PagesOptions& options);

}  // namespace

struct Pages::Snapshot {
  PagesOptions options;
  LocaleFiles locale_files;
  StaticFiles files;
  std::vector<std::string> warnings;
  std::map<std::string, Lazy<LoadedLocale>> locales;
  Lazy<Template> login, consent, error, continue_, form_post, logged_in, logout, logged_out, check_session,
      device_code, device_confirm, device_done;
  const Locale no_locale{"en", {}};  // stands in for one that could not be read; render() refuses it
  std::string service_name;
  std::string stylesheet, site_stylesheet, icon, form_post_script, logout_script,
      check_session_script;  // URLs

  Snapshot(const PagesOptions& given, LocaleFiles listed, StaticFiles loaded);
  Snapshot(const Snapshot&) = delete;

  Lazy<Template> page_template(const std::string& name, const std::vector<std::string_view>& needed) const;
  /// Reads everything now. Errors: the first mistake.
  Result<void> read_all();
  /// Why a locale could not be read.
  Error locale_error() const;
  Result<http::Response> answer(int status, const Lazy<Template>& page, Data data, const Locale& locale,
                                const HeaderNeeds& needs) const;
};

Result<std::shared_ptr<const Pages>> Pages::load(const PagesOptions& options) {
  auto locales = LocaleFiles::list(options.built_in / "locale", in_site(options, "locale"));
  if (!locales) return fail(std::move(locales).error());
  if (!options.offered_locales.empty()) locales->keep_only(options.offered_locales);
  const auto& tags = locales->tags();
  if (std::find(tags.begin(), tags.end(), options.default_locale) == tags.end()) {
    return fail(Errc::not_found, "there is no locale " + options.default_locale);
  }
  std::vector<std::string> warnings;
  auto files = StaticFiles::load({options.built_in / "static", in_site(options, "static")}, warnings);
  if (!files) return fail(std::move(files).error());
  auto snapshot = std::make_unique<Snapshot>(options, *std::move(locales), *std::move(files));
  snapshot->warnings = std::move(warnings);
  if (options.loading == Loading::at_once) {
    if (auto read = snapshot->read_all(); !read) return fail(std::move(read).error());
  }
  return std::shared_ptr<const Pages>(new Pages(std::move(snapshot)));
}

Pages::Snapshot::Snapshot(const PagesOptions& given, LocaleFiles listed, StaticFiles loaded)
    : options(given),
      locale_files(std::move(listed)),
      files(std::move(loaded)),
      login(page_template("login", {"action", "seal", "username"})),
      consent(page_template("consent", {"action", "seal", "#items", "#title"})),
      error(page_template("error", {"code", "parameter", "request_id"})),
      continue_(page_template("continue", {"action", "seal"})),
      form_post(page_template("form_post", {"action", "name", "value", "script"})),
      logged_in(page_template("logged_in", {})),
      logout(page_template("logout", {"action", "seal"})),
      logged_out(page_template("logged_out", {"#frames", "next"})),
      check_session(page_template("check_session", {"cookie", "script"})),
      device_code(page_template("device_code", {"action", "seal", "user_code"})),
      device_confirm(page_template("device_confirm", {"action", "seal", "user_code", "#items", "#title"})),
      device_done(page_template("device_done", {})) {
  for (const auto& tag : locale_files.tags()) {
    locales.try_emplace(tag, [this, tag] { return locale_files.load(tag); });
  }
  const auto url = [&](std::string_view name) { return options.static_path + files.versioned(name); };
  service_name = shown_text(options.service_name);
  stylesheet = url(kStylesheet);
  if (files.has(kSiteStylesheet)) site_stylesheet = url(kSiteStylesheet);
  icon = url(kIcon);
  form_post_script = url(kFormPostScript);
  logout_script = url(kLogoutScript);
  check_session_script = url(kCheckSessionScript);
}

Lazy<Template> Pages::Snapshot::page_template(const std::string& name,
                                              const std::vector<std::string_view>& needed) const {
  return Lazy<Template>([this, name, needed] {
    return Template::load(
        name, [this](const std::string& part) { return read_template(options, part); }, needed);
  });
}

Result<void> Pages::Snapshot::read_all() {
  for (const auto* page : {&login, &consent, &error, &continue_, &form_post, &logged_in, &logout, &logged_out,
                           &check_session, &device_code, &device_confirm, &device_done}) {
    if (const auto& read = page->get(); !read) return fail(read.error());
  }
  for (const auto& [tag, locale] : locales) {
    const auto& read = locale.get();
    if (!read) return fail(read.error());
    if (read->missing.empty()) continue;
    std::string names;
    for (const auto& name : read->missing) names += (names.empty() ? "" : ", ") + name;
    warnings.push_back("locale " + tag + ": shown in English: " + names);
  }
  return {};
}

Error Pages::Snapshot::locale_error() const {
  for (const auto& [tag, locale] : locales) {
    if (const auto& read = locale.get(); !read) return read.error();
  }
  return {Errc::internal, "a locale without texts"};
}

Pages::Pages(std::unique_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}
Pages::~Pages() = default;

const Locale& Pages::locale(const std::vector<std::string>& ui_locales,
                            std::string_view accept_language) const {
  const auto tag =
      negotiate_locale(languages(), snapshot_->options.default_locale, ui_locales, accept_language);
  const auto& loaded = snapshot_->locales.at(tag).get();
  return loaded ? loaded->locale : snapshot_->no_locale;
}

const std::vector<std::string>& Pages::languages() const {
  return snapshot_->locale_files.tags();
}
const std::vector<std::string>& Pages::warnings() const {
  return snapshot_->warnings;
}

Result<http::Response> Pages::render(const LoginPage& page, const Locale& locale) const {
  const bool is_refused = page.error == LoginError::too_many_attempts;
  auto response = snapshot_->answer(is_refused ? 429 : 200, snapshot_->login, data_of(page, locale), locale,
                                    {.image_origin = logo_origin(page.client),
                                     .form_end = FormEnd::relying_party,
                                     .returns_to_opener = true});
  if (response && is_refused && page.retry_after.count() > 0) {
    response->headers.push_back({"Retry-After", std::to_string(page.retry_after.count())});
  }
  return response;
}

Result<http::Response> Pages::render(const ConsentPage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->consent, data_of(page, locale), locale,
                           {.image_origin = logo_origin(page.client),
                            .form_end = FormEnd::relying_party,
                            .returns_to_opener = true});
}

Result<http::Response> Pages::render(const ErrorPage& page, const Locale& locale) const {
  auto response = snapshot_->answer(page.status, snapshot_->error, data_of(page, locale), locale, {});
  if (response && page.retry_after.count() > 0) {
    response->headers.push_back({"Retry-After", std::to_string(page.retry_after.count())});
  }
  return response;
}

Result<http::Response> Pages::render(const ContinuePage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->continue_, data_of(page, locale), locale,
                           {.image_origin = logo_origin(page.client),
                            .form_end = page.end,
                            .returns_to_opener = page.end == FormEnd::relying_party});
}

Result<http::Response> Pages::render(const FormPostPage& page, const Locale& locale) const {
  auto data = data_of(page, locale);
  put(data, "script", snapshot_->form_post_script);
  return snapshot_->answer(200, snapshot_->form_post, std::move(data), locale,
                           {.image_origin = logo_origin(page.client),
                            .form_end = FormEnd::relying_party,
                            .scripts = Scripts::own,
                            .returns_to_opener = true});
}

Result<http::Response> Pages::render(const LoggedInPage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->logged_in, data_of(page, locale), locale, {});
}

Result<http::Response> Pages::render(const LogoutPage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->logout, data_of(page, locale), locale,
                           {.image_origin = page.client ? logo_origin(*page.client) : std::nullopt,
                            .form_end = FormEnd::relying_party,
                            .returns_to_opener = true});
}

Result<http::Response> Pages::render(const DeviceCodePage& page, const Locale& locale) const {
  const bool is_refused = page.error == DeviceCodeError::too_many_attempts;
  auto response =
      snapshot_->answer(is_refused ? 429 : 200, snapshot_->device_code, data_of(page, locale), locale, {});
  if (response && is_refused && page.retry_after.count() > 0) {
    response->headers.push_back({"Retry-After", std::to_string(page.retry_after.count())});
  }
  return response;
}

Result<http::Response> Pages::render(const DeviceConfirmPage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->device_confirm, data_of(page, locale), locale,
                           {.image_origin = logo_origin(page.client)});
}

Result<http::Response> Pages::render(const DeviceDonePage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->device_done, data_of(page, locale), locale, {});
}

Result<http::Response> Pages::render(const LoggedOutPage& page, const Locale& locale) const {
  Data data = data_of(page, locale);
  HeaderNeeds needs;
  for (const auto& frame : page.frames) needs.frame_origins.push_back(frame.origin());
  if (!page.next.empty()) {
    put(data, "script", snapshot_->logout_script);
    needs.scripts = Scripts::own;
  }
  return snapshot_->answer(200, snapshot_->logged_out, std::move(data), locale, needs);
}

Result<http::Response> Pages::render(const CheckSessionPage& page, const Locale& locale) const {
  Data data;
  put(data, "lang", locale.tag());
  put(data, "title", "OpenID Connect");
  put(data, "cookie", page.cookie);
  put(data, "script", snapshot_->check_session_script);
  return snapshot_->answer(200, snapshot_->check_session, std::move(data), locale,
                           {.scripts = Scripts::own, .framed_by = FramedBy::anybody});
}

http::Response Pages::static_file(std::string_view name, std::string_view query,
                                  std::optional<std::string_view> if_none_match) const {
  return snapshot_->files.answer(name, query, if_none_match);
}

Result<http::Response> Pages::Snapshot::answer(int status, const Lazy<Template>& page, Data data,
                                               const Locale& locale, const HeaderNeeds& needs) const {
  const auto& loaded = page.get();
  if (!loaded) return fail(loaded.error());
  if (&locale == &no_locale) return fail(locale_error());
  put(data, "service_name", service_name.empty() ? Data(false) : Data(service_name));
  put(data, "stylesheet", stylesheet);
  put(data, "site_stylesheet", site_stylesheet.empty() ? Data(false) : Data(site_stylesheet));
  put(data, "icon", icon);
  put_service_links(data, options);
  auto html = loaded->render(data, locale);
  if (!html) return fail(std::move(html).error());
  HeaderNeeds all = needs;
  all.language = locale.tag();
  return http::Response{status, page_headers(all), *std::move(html)};
}

namespace {

std::filesystem::path in_site(const PagesOptions& options, const char* folder) {
  return options.site.empty() ? std::filesystem::path() : options.site / folder;
}

Result<std::string> read_template(const PagesOptions& options, const std::string& name) {
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos) {
    return fail(Errc::malformed, "a template's name is lower-case letters and underscores");
  }
  const auto file = std::filesystem::path("templates") / (name + ".mustache");
  std::error_code none;
  const bool is_overridden = !options.site.empty() && std::filesystem::exists(options.site / file, none);
  const auto path = (is_overridden ? options.site : options.built_in) / file;
  auto text = read_file(path, 1U << 20U);
  if (!text) return fail(text.error().code, "template " + path.string() + ": " + text.error().detail);
  return text;
}

void put_service_links(Data& data, const PagesOptions& options) {
  put_https(data, "service_policy", options.policy);
  put_https(data, "service_tos", options.tos);
  const bool has_links =
      (options.policy && options.policy->is_https()) || (options.tos && options.tos->is_https());
  put(data, "service_links", has_links);
}
std::optional<std::string> logo_origin(const ClientView& client) {
  if (!client.logo || !client.logo->is_https()) return std::nullopt;
  return client.logo->origin();
}

}  // namespace

}  // namespace oidcop::page
