#include "page/pages.h"

#include "base/file.h"
#include "page/locale_files.h"
#include "page/locale_negotiation.h"
#include "page/page_headers.h"
#include "page/shown_text.h"
#include "page/static_files.h"
#include "page/template.h"
#include "page/view_data.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace oidcop::page {

namespace {

constexpr std::string_view kStylesheet = "oidcop.css";
constexpr std::string_view kSiteStylesheet = "site.css";
constexpr std::string_view kIcon = "icon.svg";

struct Templates {
  Template login, consent, error, continue_, logged_in;
};

Result<Templates> load_templates(const PagesOptions& options);
const Locale* find_locale(const std::vector<Locale>& locales, std::string_view tag);
std::optional<std::string> logo_origin(const ClientView& client);

}  // namespace

struct Pages::Snapshot {
  Templates templates;
  StaticFiles files;
  LoadedLocales loaded;
  std::vector<std::string> languages;
  const Locale* fallback = nullptr;
  std::string service_name;
  std::string stylesheet, site_stylesheet, icon;  // URLs

  Result<http::Response> answer(int status, const Template& page_template, Data data, const Locale& locale,
                                const HeaderNeeds& needs) const;
};

Result<std::shared_ptr<const Pages>> Pages::load(const PagesOptions& options) {
  const auto in_site = [&](const char* folder) {
    return options.site.empty() ? std::filesystem::path() : options.site / folder;
  };
  auto templates = load_templates(options);
  if (!templates) return fail(std::move(templates).error());
  auto loaded = load_locales(options.built_in / "locale", in_site("locale"));
  if (!loaded) return fail(std::move(loaded).error());
  auto files = StaticFiles::load({options.built_in / "static", in_site("static")}, loaded->warnings);
  if (!files) return fail(std::move(files).error());

  auto snapshot = std::make_unique<Snapshot>(
      Snapshot{*std::move(templates), *std::move(files), *std::move(loaded), {}, nullptr, {}, {}, {}, {}});
  for (const auto& locale : snapshot->loaded.locales) snapshot->languages.push_back(locale.tag());
  snapshot->fallback = find_locale(snapshot->loaded.locales, options.default_locale);
  if (snapshot->fallback == nullptr) {
    return fail(Errc::not_found, "there is no locale " + options.default_locale);
  }
  const auto url = [&](std::string_view name) {
    return options.static_path + snapshot->files.versioned(name);
  };
  snapshot->service_name = shown_text(options.service_name);
  snapshot->stylesheet = url(kStylesheet);
  if (snapshot->files.has(kSiteStylesheet)) snapshot->site_stylesheet = url(kSiteStylesheet);
  snapshot->icon = url(kIcon);
  return std::shared_ptr<const Pages>(new Pages(std::move(snapshot)));
}

Pages::Pages(std::unique_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}
Pages::~Pages() = default;

const Locale& Pages::locale(const std::vector<std::string>& ui_locales,
                            std::string_view accept_language) const {
  const auto tag =
      negotiate_locale(snapshot_->languages, snapshot_->fallback->tag(), ui_locales, accept_language);
  const auto* found = find_locale(snapshot_->loaded.locales, tag);
  return found == nullptr ? *snapshot_->fallback : *found;
}

const std::vector<std::string>& Pages::languages() const {
  return snapshot_->languages;
}
const std::vector<std::string>& Pages::warnings() const {
  return snapshot_->loaded.warnings;
}

Result<http::Response> Pages::render(const LoginPage& page, const Locale& locale) const {
  const bool is_refused = page.error == LoginError::too_many_attempts;
  auto response =
      snapshot_->answer(is_refused ? 429 : 200, snapshot_->templates.login, data_of(page, locale), locale,
                        {.image_origin = logo_origin(page.client),
                         .form_end = FormEnd::relying_party,
                         .returns_to_opener = true});
  if (response && is_refused && page.retry_after.count() > 0) {
    response->headers.push_back({"Retry-After", std::to_string(page.retry_after.count())});
  }
  return response;
}

Result<http::Response> Pages::render(const ConsentPage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->templates.consent, data_of(page, locale), locale,
                           {.image_origin = logo_origin(page.client),
                            .form_end = FormEnd::relying_party,
                            .returns_to_opener = true});
}

Result<http::Response> Pages::render(const ErrorPage& page, const Locale& locale) const {
  auto response =
      snapshot_->answer(page.status, snapshot_->templates.error, data_of(page, locale), locale, {});
  if (response && page.retry_after.count() > 0) {
    response->headers.push_back({"Retry-After", std::to_string(page.retry_after.count())});
  }
  return response;
}

Result<http::Response> Pages::render(const ContinuePage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->templates.continue_, data_of(page, locale), locale,
                           {.image_origin = logo_origin(page.client),
                            .form_end = page.end,
                            .returns_to_opener = page.end == FormEnd::relying_party});
}

Result<http::Response> Pages::render(const LoggedInPage& page, const Locale& locale) const {
  return snapshot_->answer(200, snapshot_->templates.logged_in, data_of(page, locale), locale, {});
}

http::Response Pages::static_file(std::string_view name, std::string_view query,
                                  std::optional<std::string_view> if_none_match) const {
  return snapshot_->files.answer(name, query, if_none_match);
}

Result<http::Response> Pages::Snapshot::answer(int status, const Template& page_template, Data data,
                                               const Locale& locale, const HeaderNeeds& needs) const {
  put(data, "service_name", service_name.empty() ? Data(false) : Data(service_name));
  put(data, "stylesheet", stylesheet);
  put(data, "site_stylesheet", site_stylesheet.empty() ? Data(false) : Data(site_stylesheet));
  put(data, "icon", icon);
  auto html = page_template.render(data, locale);
  if (!html) return fail(std::move(html).error());
  HeaderNeeds all = needs;
  all.language = locale.tag();
  return http::Response{status, page_headers(all), *std::move(html)};
}

namespace {

Result<Templates> load_templates(const PagesOptions& options) {
  const auto source = [&](const std::string& name) -> Result<std::string> {
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
  };
  auto login = Template::load("login", source, {"action", "seal", "username"});
  if (!login) return fail(std::move(login).error());
  auto consent = Template::load("consent", source, {"action", "seal", "#items", "#title"});
  if (!consent) return fail(std::move(consent).error());
  auto error = Template::load("error", source, {"code", "parameter", "request_id"});
  if (!error) return fail(std::move(error).error());
  auto continue_ = Template::load("continue", source, {"action", "seal"});
  if (!continue_) return fail(std::move(continue_).error());
  auto logged_in = Template::load("logged_in", source, {});
  if (!logged_in) return fail(std::move(logged_in).error());
  return Templates{*std::move(login), *std::move(consent), *std::move(error), *std::move(continue_),
                   *std::move(logged_in)};
}

const Locale* find_locale(const std::vector<Locale>& locales, std::string_view tag) {
  const auto found =
      std::find_if(locales.begin(), locales.end(), [&](const auto& locale) { return locale.tag() == tag; });
  return found == locales.end() ? nullptr : &*found;
}

std::optional<std::string> logo_origin(const ClientView& client) {
  if (!client.logo || !client.logo->is_https()) return std::nullopt;
  return client.logo->origin();
}

}  // namespace

}  // namespace oidcop::page
