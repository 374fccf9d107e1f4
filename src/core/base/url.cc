#include "base/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace oidcop {
namespace {

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_unreserved(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

auto wrong(const char* what) {
  return fail(Errc::malformed, std::string("URL: ") + what);
}

/// Whether all characters are those of RFC 3986, 3.3 (pchar) or in `more`, with whole percent escapes.
bool has_only(std::string_view part, std::string_view more) {
  constexpr std::string_view kSubDelimsAndMore = "!$&'()*+,;=:@";
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    if (is_unreserved(c) || kSubDelimsAndMore.find(c) != std::string_view::npos ||
        more.find(c) != std::string_view::npos)
      continue;
    if (c != '%' || i + 2 >= part.size() || hex_value(part[i + 1]) < 0 || hex_value(part[i + 2]) < 0)
      return false;
    i += 2;
  }
  return true;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_alpha(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

/// Schemes whose URLs are code or content by themselves: never a place to send anybody.
bool is_dangerous(std::string_view scheme) {
  constexpr std::array<std::string_view, 4> kSchemes = {"javascript", "data", "vbscript", "blob"};
  return std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end();
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

/// A browser reads a host whose last label looks like a number as an IPv4 address, in many spellings
/// ("127.1", "0x7f000001"). Such a host is accepted in its one plain spelling only.
bool looks_like_a_number(std::string_view label) {
  if (label.size() >= 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X')) {
    return std::all_of(label.begin() + 2, label.end(), [](char c) { return hex_value(c) >= 0; });
  }
  return !label.empty() && std::all_of(label.begin(), label.end(), is_digit);
}

/// Narrower than RFC 3986, 3.2.2: no escapes and no sub-delims, which mean nothing in a DNS name but would
/// in places where hosts are written, such as a Content-Security-Policy.
bool is_host_name(const std::string& host) {
  if (host.size() > 254) return false;
  std::string_view rest = host;
  if (rest.ends_with('.')) rest.remove_suffix(1);
  std::string_view label;
  do {
    const auto end = std::min(rest.find('.'), rest.size());
    label = rest.substr(0, end);
    const auto allowed = [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_'; };
    if (label.empty() || label.size() > 63 || !std::all_of(label.begin(), label.end(), allowed)) return false;
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  } while (true);
  return !looks_like_a_number(label) || is_ipv4(host);
}

struct Authority {
  std::string host;
  bool is_ipv6 = false;
  std::optional<std::uint16_t> port;
};

Result<std::uint16_t> parse_port(std::string_view digits) {
  std::uint32_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc() || stopped != end || port == 0 || port > 65535 || digits[0] == '0') {
    return wrong("the port is not a number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(port);
}

Result<std::string> parse_ipv6(std::string_view text) {
  in6_addr address{};
  // inet_pton takes a NUL for the end, and would not look at what follows it.
  if (text.find('\0') != std::string_view::npos ||
      inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) {
    return wrong("bad IPv6 address");
  }
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  inet_ntop(AF_INET6, &address, canonical.data(), canonical.size());
  return std::string(canonical.data());
}

Result<Authority> parse_authority(std::string_view text, bool host_required) {
  if (text.find('@') != std::string_view::npos) return wrong("user information is not allowed");
  Authority authority;
  std::string_view after;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return wrong("'[' without ']'");
    auto host = parse_ipv6(text.substr(1, close - 1));
    if (!host) return fail(host.error());
    authority.host = *std::move(host);
    authority.is_ipv6 = true;
    after = text.substr(close + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    authority.host = lower(text.substr(0, end));
    after = text.substr(end);
    if (authority.host.empty() ? host_required || !after.empty() : !is_host_name(authority.host)) {
      return wrong("bad host name");
    }
  }
  if (after.empty()) return authority;
  if (!after.starts_with(':')) return wrong("something follows the host's ']'");
  const auto port = parse_port(after.substr(1));
  if (!port) return fail(port.error());
  authority.port = *port;
  return authority;
}

/// Cuts everything from the first `mark` on off `text`; the part behind the mark, or nothing.
std::optional<std::string> cut_off(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  std::string part(text.substr(at + 1));
  text = text.substr(0, at);
  return part;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon)))
    return wrong("it does not begin with a scheme");
  Url url;
  url.text_ = text;
  url.scheme_ = lower(text.substr(0, colon));
  if (is_dangerous(url.scheme_)) return wrong("its scheme is not allowed");

  std::string_view rest = text.substr(colon + 1);
  url.fragment_ = cut_off(rest, '#');
  url.query_ = cut_off(rest, '?');
  if (!has_only(url.fragment_.value_or(""), "/?")) return wrong("bad character or escape in the fragment");
  if (!has_only(url.query_.value_or(""), "/?")) return wrong("bad character or escape in the query");

  const bool is_web = url.scheme_ == "https" || url.scheme_ == "http";
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto end = std::min(rest.find('/'), rest.size());
    auto authority = parse_authority(rest.substr(0, end), is_web);
    if (!authority) return fail(authority.error());
    url.has_authority_ = true;
    url.host_ = std::move(authority->host);
    url.host_is_ipv6_ = authority->is_ipv6;
    url.port_ = authority->port;
    rest.remove_prefix(end);
  } else if (is_web) {
    return wrong("a web address needs \"//\" and a host");
  }
  if (!has_only(rest, "/")) return wrong("bad character or escape in the path");
  url.path_ = rest;
  return url;
}

std::uint16_t Url::effective_port() const {
  if (port_) return *port_;
  if (scheme_ == "https") return 443;
  return scheme_ == "http" ? 80 : 0;
}

std::string Url::origin() const {
  if (!has_authority_) return "null";
  std::string origin = scheme_ + "://";
  origin += host_is_ipv6_ ? "[" + host_ + "]" : host_;
  const bool is_default = (scheme_ == "https" && port_ == 443) || (scheme_ == "http" && port_ == 80);
  if (port_ && !is_default) origin += ":" + std::to_string(*port_);
  return origin;
}

bool Url::is_loopback() const {
  if (host_is_ipv6_) return host_ == "::1";
  return host_ == "localhost" || (host_.starts_with("127.") && is_ipv4(host_));
}

std::string Url::with_query(std::string_view encoded) const {
  if (encoded.empty()) return text_;
  const auto end = std::min(text_.find('#'), text_.size());
  std::string result = text_.substr(0, end);
  if (!query_) {
    result += '?';
  } else if (!query_->empty() && !query_->ends_with('&')) {
    result += '&';
  }
  result += encoded;
  result.append(text_, end, std::string::npos);
  return result;
}

std::string Url::with_fragment(std::string_view encoded) const {
  std::string result = text_.substr(0, text_.find('#'));
  result += '#';
  result += encoded;
  return result;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_value(text[i + 2]);
      if (low < 0) return fail(Errc::malformed, "bad percent escape");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return fail(Errc::malformed, "NUL in percent-encoded text");
    decoded += c;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      const auto octet = static_cast<std::uint8_t>(c);
      encoded += '%';
      encoded += kDigits[octet >> 4U];
      encoded += kDigits[octet & 15U];
    }
  }
  return encoded;
}

}  // namespace oidcop
