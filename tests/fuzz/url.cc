// URLs and request targets: what is taken apart fits together again, and means the same when read once more.

#include "base/url.h"

#include "base/form.h"
#include "fuzz/input.h"
#include "fuzz/property.h"
#include "http/request_target.h"

#include <algorithm>

namespace oidcop::fuzz {
namespace {

std::string written(const Url& url) {
  std::string text = url.scheme() + ":";
  if (url.has_authority()) {
    const bool is_ipv6 = url.host().find(':') != std::string::npos;
    text += "//" + (is_ipv6 ? "[" + url.host() + "]" : url.host());
    if (url.port()) text += ":" + std::to_string(*url.port());
  }
  text += url.path();
  if (url.query()) text += "?" + *url.query();
  if (url.fragment()) text += "#" + *url.fragment();
  return text;
}

void require_same_parts(const Url& a, const Url& b) {
  require(a.scheme() == b.scheme() && a.has_authority() == b.has_authority() && a.host() == b.host() &&
              a.port() == b.port() && a.path() == b.path() && a.query() == b.query() &&
              a.fragment() == b.fragment() && a.origin() == b.origin(),
          "a URL that is written and read has the same parts");
}

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

void check_parts(const Url& url, std::string_view text) {
  require(url.text() == text, "nothing is normalised");
  require(is_visible_ascii(text) && text.find_first_of("\\\"<>") == std::string_view::npos,
          "only characters of a URL pass");
  require(url.scheme() != "javascript" && url.scheme() != "data" && url.scheme() != "vbscript" &&
              url.scheme() != "blob",
          "no URL is code");
  require(url.host().find_first_of("@/?#%") == std::string::npos,
          "no user information, no trick in the host");
  require(!url.port() || *url.port() != 0, "ports are positive");
  require(!url.is_loopback() || url.host() == "::1" || url.host() == "localhost" ||
              url.host().starts_with("127."),
          "only the machine itself is a loopback address");
  require(!url.query() || http::is_query(*url.query()), "what is a query of a URL may be one of a request");
  const auto again = Url::parse(written(url));
  require(again.has_value(), "what is written is a URL");
  require_same_parts(url, *again);
  require(written(*again) == written(url), "writing is a fixed point");
}

void check_origin(const Url& url) {
  if (url.scheme() != "https" && url.scheme() != "http") return;
  const auto origin = Url::parse(url.origin());
  require(origin && origin->origin() == url.origin() && origin->host() == url.host(), "an origin is a URL");
  require(origin->effective_port() == url.effective_port(), "an origin keeps the port");
  if (!url.text().starts_with(url.scheme()) || url.fragment()) return;  // no request target (RFC 9112, 3.2.2)
  const auto path = http::path_of_request_uri(url.text());
  if (url.path().find("%00") != std::string::npos) {
    require(!path, "a request's path holds no NUL");
  } else {
    require(path && *path == (url.path().empty() ? "/" : url.path()), "a request target has the URL's path");
  }
}

/// Where a response goes: the URL grows by what is added, and by nothing else.
void check_additions(const Url& url, std::string_view value) {
  const auto pair = "state=" + form_encode(value);
  const auto longer = Url::parse(url.with_query(pair));
  require(longer.has_value() && longer->query()->ends_with(pair), "a parameter is added");
  require(
      longer->host() == url.host() && longer->path() == url.path() && longer->fragment() == url.fragment(),
      "adding a parameter changes nothing else");
  const auto marked = Url::parse(url.with_fragment(pair));
  require(marked && marked->fragment() == pair && marked->query() == url.query(), "a fragment is replaced");
}

void check_percent_encoding(std::string_view text) {
  const auto encoded = percent_encode(text);
  if (text.find('\0') == std::string_view::npos) {
    require(percent_decode(encoded) == std::string(text), "percent-encoding can be undone");
  }
  const auto path = http::path_of_script(text, "");
  require(!path || percent_decode(*path) == std::string(text), "a script's path is encoded without loss");
  require(!path || http::path_of_request_uri(*path) == *path, "a script's path is a request's path");
}

void check_request_target(std::string_view text) {
  const auto path = http::path_of_request_uri(text);
  if (!path) return;
  require(
      path->starts_with('/') && path->find_first_of("?# ") == std::string::npos && is_visible_ascii(*path),
      "a request's path is one");
  require(http::path_of_request_uri(*path) == *path, "a request's path stays what it is");
  const auto decoded = percent_decode(*path);
  require(decoded.has_value(), "a request's path can be decoded");
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop::fuzz;  // NOLINT: a function without a namespace of its own
  Input input(data, size);
  const auto text = input.line();
  if (const auto url = oidcop::Url::parse(text)) {
    check_parts(*url, text);
    check_origin(*url);
    check_additions(*url, input.rest());
  }
  check_percent_encoding(text);
  check_request_target(text);
  return 0;
}
