#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oidcop {

/// An absolute URI that was parsed by the one parser of this house (RFC 3986). A value that exists is valid.
///
/// Nothing is normalised: `text()` is exactly what was given, since redirect URIs are compared as strings
/// (RFC 9700, 2.1). scheme() and host() are in lower case for comparison. Custom schemes of native
/// applications ("com.example.app:/cb") parse, too; javascript:, data:, vbscript: and blob: never do.
/// Refused: control characters, spaces, backslashes, non-ASCII, bad percent-encoding, userinfo, port 0 or >
/// 65535.
class Url {
 public:
  /// Errors: malformed, with what and where, without echoing the input.
  static Result<Url> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::string& scheme() const { return scheme_; }
  bool has_authority() const { return has_authority_; }
  const std::string& host() const { return host_; }  ///< IPv6 without brackets
  std::optional<std::uint16_t> port() const { return port_; }
  std::uint16_t effective_port() const;              ///< 443 for https, 80 for http, 0 for others when absent
  const std::string& path() const { return path_; }  ///< percent-encoding kept
  const std::optional<std::string>& query() const { return query_; }
  const std::optional<std::string>& fragment() const { return fragment_; }

  /// scheme "://" host [":" port], default ports left out (RFC 6454, 6.2).
  std::string origin() const;
  bool is_https() const { return scheme_ == "https"; }
  /// 127.0.0.0/8, ::1 or the name "localhost" (RFC 8252, 7.3).
  bool is_loopback() const;
  /// The same URL with these form-encoded parameters added to its query (extended, never doubled).
  std::string with_query(std::string_view encoded) const;
  /// The same URL with its fragment replaced.
  std::string with_fragment(std::string_view encoded) const;

  bool operator==(const Url& other) const { return text_ == other.text_; }

 private:
  Url() = default;
  std::string text_, scheme_, host_, path_;
  std::optional<std::uint16_t> port_;
  std::optional<std::string> query_, fragment_;
  bool has_authority_ = false, host_is_ipv6_ = false;
};

/// Percent-decodes once ('+' stays '+'). Errors: malformed (bad escape, NUL).
Result<std::string> percent_decode(std::string_view text);
/// Percent-encodes everything but unreserved characters (RFC 3986, 2.3).
std::string percent_encode(std::string_view text);

}  // namespace oidcop
