#include "http/cgi_request.h"

#include "base/url.h"
#include "http/credentials.h"
#include "http/header_syntax.h"
#include "http/request_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace oidcop::http {
namespace {

/// The only client headers that anybody behind this file may read. Everything else, and above all everything
/// that looks like a statement of a proxy about identity, address or scheme, is dropped here.
constexpr std::array<std::string_view, 15> kHeaders = {
    "HTTP_AUTHORIZATION",   "HTTP_COOKIE",          "HTTP_ACCEPT",         "HTTP_ACCEPT_CHARSET",
    "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN",         "HTTP_SEC_FETCH_SITE",
    "HTTP_SEC_FETCH_MODE",  "HTTP_SEC_FETCH_DEST",  "HTTP_SEC_FETCH_USER", "HTTP_DPOP",
    "HTTP_USER_AGENT",      "HTTP_TRACEPARENT",     "HTTP_IF_NONE_MATCH"};

using Parameters = std::unordered_map<std::string_view, std::string_view>;

Result<Parameters, Refusal> index_parameters(const CgiParameters& list, const CgiPolicy& policy);
Result<void, Refusal> read_target(const Parameters& parameters, const CgiPolicy& policy, Request& request);
Result<void, Refusal> read_headers(const Parameters& parameters, Request& request);
Result<void, Refusal> check_body(const Parameters& parameters, const CgiPolicy& policy,
                                 const Request& request);
bool may_believe_identity(const Parameters& parameters, Channel channel, const CgiPolicy& policy);
std::optional<RemoteUser> remote_user(const Parameters& parameters, const CgiPolicy& policy);
std::optional<ClientCertificate> client_certificate(const Parameters& parameters);
std::string client_address(std::string_view remote_addr);

std::string_view get(const Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view() : found->second;
}

tl::unexpected<Refusal> refuse(int status, std::string reason, std::string_view detail = {}) {
  return fail(Refusal{status, std::move(reason), std::string(detail)});
}

}  // namespace

std::optional<std::string_view> find_parameter(const CgiParameters& parameters, std::string_view name) {
  const CgiParameter* only = nullptr;
  for (const auto& parameter : parameters) {
    if (parameter.name != name) continue;
    if (only != nullptr) return std::nullopt;
    only = &parameter;
  }
  return only == nullptr ? std::nullopt : std::optional<std::string_view>(only->value);
}

Result<std::optional<std::size_t>, Refusal> announced_length(std::string_view content_length,
                                                             const CgiPolicy& policy) {
  if (content_length.empty()) return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(content_length.begin(), content_length.end(), is_digit)) {
    return refuse(400, "The request's length is no number.");
  }
  const auto zeros = std::min(content_length.find_first_not_of('0'), content_length.size());
  const auto digits = content_length.substr(zeros);
  std::size_t octets = 0;
  for (const char c : digits.substr(0, 16)) octets = octets * 10 + static_cast<std::size_t>(c - '0');
  if (digits.size() > 15 || octets > policy.max_body) return refuse(413, "The request's body is too long.");
  return octets;
}

Result<Request, Refusal> request_from_cgi(const CgiParameters& list, std::string body, Channel channel,
                                          const CgiPolicy& policy, std::string request_id) {
  const auto indexed = index_parameters(list, policy);
  if (!indexed) return fail(indexed.error());
  const auto& parameters = *indexed;

  Request request;
  request.request_id = std::move(request_id);
  request.body = std::move(body);
  if (auto read = read_target(parameters, policy, request); !read) return fail(std::move(read).error());
  if (auto checked = check_body(parameters, policy, request); !checked)
    return fail(std::move(checked).error());
  if (auto read = read_headers(parameters, request); !read) return fail(std::move(read).error());
  request.remote_address = client_address(get(parameters, "REMOTE_ADDR"));
  request.https = policy.tls_terminated_upstream || equals_ignoring_case(get(parameters, "HTTPS"), "on");
  if (may_believe_identity(parameters, channel, policy)) {
    request.remote_user = remote_user(parameters, policy);
    request.client_certificate = client_certificate(parameters);
  }
  return request;
}

namespace {

Result<Parameters, Refusal> index_parameters(const CgiParameters& list, const CgiPolicy& policy) {
  if (list.size() > policy.max_parameters) return refuse(431, "The request has too many headers.");
  std::size_t octets = 0;
  Parameters parameters;
  parameters.reserve(list.size());
  for (const auto& [name, value] : list) {
    octets += name.size() + value.size();
    if (octets > policy.max_parameter_octets) return refuse(431, "The request's headers are too long.");
    if (value.find('\0') != std::string::npos) return refuse(400, "A header or parameter holds a NUL.", name);
    if (!parameters.emplace(name, value).second) {
      return refuse(400, "A header or parameter was sent twice, or in two spellings.", name);
    }
  }
  return parameters;
}

Result<void, Refusal> read_target(const Parameters& parameters, const CgiPolicy& policy, Request& request) {
  const auto method = get(parameters, "REQUEST_METHOD");
  const bool known_form =
      !method.empty() && method.size() <= 32 && is_token(method) &&
      std::none_of(method.begin(), method.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!known_form) return refuse(400, "The request has no proper method.");
  request.method = method;

  const auto uri = get(parameters, "REQUEST_URI");
  const auto mark = uri.find('?');
  // As the client wrote it, where that is known: lighttpd normalises QUERY_STRING, and with the settings that
  // Debian ships drops all before the last '?' of it.
  request.query = mark == std::string_view::npos ? get(parameters, "QUERY_STRING") : uri.substr(mark + 1);
  auto path = uri.empty() ? path_of_script(get(parameters, "SCRIPT_NAME"), get(parameters, "PATH_INFO"))
                          : path_of_request_uri(uri);
  if (!path) return refuse(400, std::move(path).error().detail);
  request.path = std::move(*path);
  if (request.path.size() + request.query.size() > policy.max_uri) return refuse(414, "The URL is too long.");
  if (!is_query(request.query)) return refuse(400, "The query has a character that must be percent-encoded.");
  return {};
}

/// CONTENT_LENGTH is what the web server promised; fewer octets mean that the client hung up half way.
Result<void, Refusal> check_body(const Parameters& parameters, const CgiPolicy& policy,
                                 const Request& request) {
  if (request.body.size() > policy.max_body) return refuse(413, "The request's body is too long.");
  const auto announced = announced_length(get(parameters, "CONTENT_LENGTH"), policy);
  if (!announced) return fail(announced.error());
  if (*announced && **announced != request.body.size()) {
    return refuse(400, "The request's body is not as long as announced.");
  }
  return {};
}

std::string header_name(std::string_view parameter) {
  std::string name(parameter.substr(std::string_view("HTTP_").size()));
  for (char& c : name) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name;
}

Result<void, Refusal> read_headers(const Parameters& parameters, Request& request) {
  request.host = get(parameters, "HTTP_HOST");
  request.content_type = get(parameters, "CONTENT_TYPE");
  bool clean = is_header_value(request.host) && is_header_value(request.content_type);
  for (const auto parameter : kHeaders) {
    const auto found = parameters.find(parameter);
    if (found == parameters.end()) continue;
    clean = clean && is_header_value(found->second);
    request.headers.push_back({header_name(parameter), std::string(found->second)});
  }
  if (!clean) return refuse(400, "A header has a control character.");
  const auto authorization = request.header("authorization");
  if (authorization && !is_single_credential(*authorization)) {
    return refuse(400, "The Authorization header is not exactly one scheme and credential.");
  }
  return {};
}

bool may_believe_identity(const Parameters& parameters, Channel channel, const CgiPolicy& policy) {
  if (channel == Channel::local) return true;
  return !policy.shared_secret.empty() &&
         equal_in_constant_time(policy.shared_secret.reveal(), get(parameters, "OIDCOP_SECRET"));
}

std::optional<RemoteUser> remote_user(const Parameters& parameters, const CgiPolicy& policy) {
  const auto name = get(parameters, "REMOTE_USER");
  const auto marker = get(parameters, "OIDCOP_MARKER");
  const auto auth_type = get(parameters, "AUTH_TYPE");
  const auto redirect_status = get(parameters, "REDIRECT_STATUS");
  if (name.empty() || marker.empty() || auth_type.empty() || !is_header_value(name)) return std::nullopt;
  if (redirect_status == "401" || redirect_status == "403") return std::nullopt;
  const auto& logins = policy.trusted_logins;
  const bool trusted = std::any_of(logins.begin(), logins.end(), [&](const TrustedLogin& login) {
    return login.marker == marker && equals_ignoring_case(login.auth_type, auth_type);
  });
  if (!trusted) return std::nullopt;
  return RemoteUser{std::string(name), std::string(auth_type), std::string(marker)};
}

/// Apache and lighttpd send the PEM itself, nginx either percent-encoded ($ssl_client_escaped_cert) or with
/// blanks before each continued line ($ssl_client_cert).
std::optional<ClientCertificate> client_certificate(const Parameters& parameters) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  if (get(parameters, "SSL_CLIENT_VERIFY") != "SUCCESS") return std::nullopt;
  std::string raw(get(parameters, "SSL_CLIENT_CERT"));
  if (raw.starts_with("-----BEGIN%20CERTIFICATE-----")) {
    auto decoded = percent_decode(raw);
    if (!decoded) return std::nullopt;
    raw = std::move(*decoded);
  }
  std::string pem;
  bool line_start = true;
  for (const char c : raw) {
    if (c == '\r' || (line_start && (c == ' ' || c == '\t'))) continue;
    pem += c;
    line_start = c == '\n';
  }
  const bool one = pem.starts_with(kBegin) && pem.find("-----END CERTIFICATE-----") != std::string::npos &&
                   pem.find(kBegin, 1) == std::string::npos;
  return one ? std::optional(ClientCertificate{std::move(pem)}) : std::nullopt;
}

std::string client_address(std::string_view remote_addr) {
  const std::string text(remote_addr);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return text;
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return {};
  if (!IN6_IS_ADDR_V4MAPPED(&six)) return text;
  std::array<char, INET_ADDRSTRLEN> buffer{};
  return inet_ntop(AF_INET, &six.s6_addr[12], buffer.data(), buffer.size()) == nullptr ? std::string()
                                                                                       : buffer.data();
}

}  // namespace
}  // namespace oidcop::http
