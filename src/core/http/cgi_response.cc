#include "http/cgi_response.h"

#include "http/header_syntax.h"

#include <algorithm>
#include <array>
#include <string>

namespace oidcop::http {
namespace {

std::string lower_case(std::string_view name);
bool is_obeyed_by_servers(std::string_view lower_name);
bool is_absolute_uri(std::string_view value);
Result<void> check_header(const Header& header);

bool may_have_body(int status) {
  return status != 204 && status != 304;
}

}  // namespace

Result<std::string> format_cgi_response(const Response& response, BodyPart body) {
  if (response.status < 200 || response.status > 599)
    return fail(Errc::malformed, "response: status out of range");
  std::string text = "Status: " + std::to_string(response.status) + " ";
  text += reason_phrase(response.status);
  text += "\r\n";
  for (const auto& header : response.headers) {
    if (auto checked = check_header(header); !checked) return fail(std::move(checked).error());
    text += header.name + ": " + header.value + "\r\n";
  }
  if (!may_have_body(response.status)) return text += "\r\n";
  text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
  if (body == BodyPart::sent) text += response.body;
  return text;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

Response plain_response(int status, std::string_view reason, std::string_view request_id) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::to_string(status) + " ";
  response.body += reason_phrase(status);
  response.body += "\n";
  if (!reason.empty()) {
    response.body += reason;
    response.body += "\n";
  }
  if (!request_id.empty()) {
    response.body += "Request id: ";
    response.body += request_id;
    response.body += "\n";
  }
  return response;
}

namespace {

Result<void> check_header(const Header& header) {
  if (!is_token(header.name)) return fail(Errc::malformed, "response: a header name is not a token");
  if (!is_header_value(header.value))
    return fail(Errc::malformed, "response: bad character in " + header.name);
  const auto name = lower_case(header.name);
  if (is_obeyed_by_servers(name))
    return fail(Errc::malformed, "response: " + header.name + " is the web server's");
  if (name == "location" && !is_absolute_uri(header.value)) {
    return fail(Errc::malformed, "response: Location is not absolute");
  }
  return {};
}

/// Headers that tell the web server what to do instead of being passed on to the client.
bool is_obeyed_by_servers(std::string_view lower_name) {
  constexpr std::array<std::string_view, 9> kNames = {"status",     "content-length", "transfer-encoding",
                                                      "connection", "keep-alive",     "upgrade",
                                                      "trailer",    "x-sendfile",     "x-sendfile2"};
  constexpr std::array<std::string_view, 2> kPrefixes = {"x-accel-", "x-lighttpd-"};
  return std::find(kNames.begin(), kNames.end(), lower_name) != kNames.end() ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](auto prefix) { return lower_name.starts_with(prefix); });
}

/// Custom schemes of native applications are absolute, too: a letter, more of a scheme, a colon.
bool is_absolute_uri(std::string_view value) {
  const auto colon = value.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto scheme = lower_case(value.substr(0, colon));
  return scheme.front() >= 'a' && scheme.front() <= 'z' &&
         std::all_of(scheme.begin(), scheme.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
         });
}

std::string lower_case(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace
}  // namespace oidcop::http
