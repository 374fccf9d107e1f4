#pragma once

#include "page/locale.h"
#include "page/views.h"

#include <oidcop/http.h>
#include <oidcop/result.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

/// When templates and texts are read and checked.
enum class Loading : std::uint8_t {
  at_once,    ///< in load(), so that every mistake in them stops the start: for a responder and for checks
  as_needed,  ///< each when it is first used: for a process that answers one request
};

struct PagesOptions {
  /// What the project ships (share/): the folders templates/, static/ and locale/.
  std::filesystem::path built_in;
  /// A site's own folder of the same shape, or empty. A file in templates/ or static/ takes the place of the
  /// built-in file of that name; a file in locale/ changes single texts or adds a language; static/site.css
  /// is linked after the built-in stylesheet.
  std::filesystem::path site;
  /// URL path of the static files with its final '/', e.g. "/op/static/"; from the configured issuer.
  std::string static_path = "/static/";
  std::string service_name;                  ///< who this provider is to its people, e.g. "Example Bank"
  std::optional<Url> policy, tos;            ///< its privacy policy and terms of service; shown when https
  std::string default_locale = "en";         ///< when nothing that was asked for is there
  std::vector<std::string> offered_locales;  ///< the languages to show pages in; empty: all that are there
  Loading loading = Loading::at_once;
};

/// The pages people see: templates, texts and static files in an immutable snapshot. Thread-safe after load;
/// unless loading as needed, rendering reads no file and takes no lock.
class Pages {
 public:
  /// Errors: not_found or malformed, naming the file and what is wrong with it: a template that does not
  /// parse, writes something unescaped or lacks a field its form needs; a locale with an unknown text or
  /// placeholder.
  static Result<std::shared_ptr<const Pages>> load(const PagesOptions& options);
  ~Pages();

  /// The language for a request; see negotiate_locale.
  const Locale& locale(const std::vector<std::string>& ui_locales, std::string_view accept_language) const;
  /// Tags of all languages, sorted (ui_locales_supported).
  const std::vector<std::string>& languages() const;
  /// What an administrator should know but that stops nothing, e.g. texts a locale leaves to English.
  const std::vector<std::string>& warnings() const;

  // A whole answer each: status, headers (CSP, caching, framing) and body. Errors: internal, when the
  // template engine refuses.
  Result<http::Response> render(const LoginPage& page, const Locale& locale) const;
  Result<http::Response> render(const ConsentPage& page, const Locale& locale) const;
  Result<http::Response> render(const ErrorPage& page, const Locale& locale) const;
  Result<http::Response> render(const ContinuePage& page, const Locale& locale) const;
  Result<http::Response> render(const FormPostPage& page, const Locale& locale) const;
  Result<http::Response> render(const LoggedInPage& page, const Locale& locale) const;
  Result<http::Response> render(const LogoutPage& page, const Locale& locale) const;
  Result<http::Response> render(const DeviceCodePage& page, const Locale& locale) const;
  Result<http::Response> render(const DeviceConfirmPage& page, const Locale& locale) const;
  Result<http::Response> render(const DeviceDonePage& page, const Locale& locale) const;
  Result<http::Response> render(const LoggedOutPage& page, const Locale& locale) const;
  Result<http::Response> render(const CheckSessionPage& page, const Locale& locale) const;

  /// The answer for a file under the static path; 404 when there is none of that name.
  /// \param name           what follows the static path, as sent; never part of a file name
  /// \param query          of the request; "v=<version>" of the file as it is now makes the answer immutable
  /// \param if_none_match  the request's If-None-Match (RFC 9110, 13.1.2)
  http::Response static_file(std::string_view name, std::string_view query,
                             std::optional<std::string_view> if_none_match) const;

 private:
  struct Snapshot;
  explicit Pages(std::unique_ptr<const Snapshot> snapshot);
  std::unique_ptr<const Snapshot> snapshot_;
};

}  // namespace oidcop::page
