#include "bench/workload.h"

#include "base/base64url.h"
#include "base/digest.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <memory>
#include <utility>

namespace oidcop::bench {
namespace {

using nlohmann::json;

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    const auto octet = static_cast<unsigned char>(c);
    if (plain) {
      encoded += c;
    } else {
      encoded.append({'%', kHex[octet >> 4U], kHex[octet & 15U]});
    }
  }
  return encoded;
}

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string form(Fields fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text.append(text.empty() ? "" : "&").append(name).append("=").append(percent_encoded(value));
  }
  return text;
}

/// The text of a member of a JSON object; empty when it is not there or no text.
std::string member(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json parsed(std::string_view text) {
  return json::parse(text, nullptr, false);  // discarded when it does not parse, in which nothing is found
}

tl::unexpected<Error> wrong(const std::string& what, const Reply& reply) {
  return fail(Errc::internal, what + ": status " + std::to_string(reply.status) + ", location \"" +
                                  reply.location + "\", body \"" + reply.body.substr(0, 300) + '"');
}

/// The value of a parameter whose value needs no decoding (state and codes are base64url).
std::string parameter(std::string_view location, const std::string& name) {
  for (const char* before : {"?", "&"}) {
    const auto found = location.find(before + name + "=");
    if (found == std::string_view::npos) continue;
    const auto begin = found + 1 + name.size() + 1;
    return std::string(location.substr(begin, location.find('&', begin) - begin));
  }
  return {};
}

Result<void> check_id_token(const Job& job, const std::string& token, const std::string& nonce) {
  const auto first = token.find('.');
  const auto second = first == std::string::npos ? first : token.find('.', first + 1);
  if (second == std::string::npos || second + 1 == token.size()) return fail(Errc::internal, "no ID Token");
  const auto header = base64url_decode(std::string_view(token).substr(0, first));
  const auto payload = base64url_decode(std::string_view(token).substr(first + 1, second - first - 1));
  if (!header || !payload) return fail(Errc::internal, "the ID Token is not base64url");
  const json claims = parsed(*payload);
  const bool is_right = member(parsed(*header), "alg") == job.algorithm &&
                        member(claims, "iss") == job.issuer && member(claims, "aud") == job.client_id &&
                        member(claims, "sub") == job.subject && member(claims, "nonce") == nonce;
  if (!is_right) return fail(Errc::internal, "the ID Token says something else: " + *header + *payload);
  return {};
}

/// A client of the provider with a session of somebody who is logged in.
class Flow {
 public:
  explicit Flow(const Job& job)
      : job_(&job),
        cookie_("Cookie: " + job.cookie + "\r\n"),
        basic_("Authorization: Basic " + base64_encode(job.client_id + ":" + job.client_secret) + "\r\n") {}

  /// RFC 6749, 4.1.1 with RFC 7636 and a nonce. \return the code
  Result<std::string> authorize(HttpConnection& connection, std::size_t round) const {
    const auto state = "s" + std::to_string(round);
    const auto target = job_->authorization + "?" +
                        form({{"response_type", "code"},
                              {"client_id", job_->client_id},
                              {"redirect_uri", job_->redirect_uri},
                              {"scope", job_->scope},
                              {"state", state},
                              {"nonce", nonce(round)},
                              {"code_challenge", base64url_encode(sha256(verifier(round)).octets())},
                              {"code_challenge_method", "S256"}});
    auto reply = connection.get(target, cookie_);
    if (!reply) return fail(std::move(reply).error());
    const auto code = parameter(reply->location, "code");
    const bool is_right = (reply->status == 302 || reply->status == 303) && !code.empty() &&
                          reply->location.starts_with(job_->redirect_uri + "?") &&
                          parameter(reply->location, "state") == state &&
                          parameter(reply->location, "iss") == percent_encoded(job_->issuer);
    if (!is_right) return wrong("authorization", *reply);
    return code;
  }

  Result<void> run(HttpConnection& connection, std::size_t round) const {
    const auto code = authorize(connection, round);
    if (!code) return fail(code.error());
    auto tokens = connection.post(job_->token, basic_,
                                  form({{"grant_type", "authorization_code"},
                                        {"code", *code},
                                        {"redirect_uri", job_->redirect_uri},
                                        {"code_verifier", verifier(round)}}));
    if (!tokens) return fail(std::move(tokens).error());
    const json answer = parsed(tokens->body);
    const auto access_token = member(answer, "access_token");
    if (tokens->status != 200 || access_token.empty()) return wrong("token", *tokens);
    if (auto checked = check_id_token(*job_, member(answer, "id_token"), nonce(round)); !checked)
      return checked;
    auto claims = connection.get(job_->userinfo, "Authorization: Bearer " + access_token + "\r\n");
    if (!claims) return fail(std::move(claims).error());
    if (claims->status != 200 || member(parsed(claims->body), "sub") != job_->subject) {
      return wrong("userinfo", *claims);
    }
    return {};
  }

  Result<void> refresh(HttpConnection& connection, std::string& refresh_token) const {
    auto tokens = connection.post(job_->token, basic_,
                                  form({{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}}));
    if (!tokens) return fail(std::move(tokens).error());
    const json answer = parsed(tokens->body);
    auto next = member(answer, "refresh_token");
    const bool is_right = tokens->status == 200 && !member(answer, "access_token").empty() && !next.empty() &&
                          next != refresh_token;
    if (!is_right) return wrong("refresh", *tokens);
    refresh_token = std::move(next);
    if (!answer.contains("id_token")) return {};
    return check_id_token(*job_, member(answer, "id_token"), {});  // OpenID Connect Core 1.0, 12.2: no nonce
  }

 private:
  static std::string nonce(std::size_t round) { return "n" + std::to_string(round); }
  static std::string verifier(std::size_t round) {
    return "a-code-verifier-of-at-least-forty-three-characters-" + std::to_string(round);
  }

  const Job* job_;
  std::string cookie_, basic_;
};

Result<void> get(const Job& job, HttpConnection& connection) {
  auto reply = connection.get(job.target, {});
  if (!reply) return fail(std::move(reply).error());
  const bool is_right =
      reply->status == 200 && (job.expected_body.empty() || reply->body == job.expected_body) &&
      (job.expected_part.empty() || reply->body.find(job.expected_part) != std::string::npos);
  if (!is_right) return wrong(job.target, *reply);
  return {};
}

std::size_t number(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::size_t>() : 0;
}

}  // namespace

Result<Job> Job::parse(const std::string& text) {
  const json object = parsed(text);
  if (!object.is_object()) return fail(Errc::malformed, "the job is not a JSON object");
  Job job;
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, std::string*>>{{"workload", &job.workload},
                                                                   {"host", &job.host},
                                                                   {"target", &job.target},
                                                                   {"expected_body", &job.expected_body},
                                                                   {"expected_part", &job.expected_part},
                                                                   {"issuer", &job.issuer},
                                                                   {"authorization", &job.authorization},
                                                                   {"token", &job.token},
                                                                   {"userinfo", &job.userinfo},
                                                                   {"client_id", &job.client_id},
                                                                   {"client_secret", &job.client_secret},
                                                                   {"redirect_uri", &job.redirect_uri},
                                                                   {"scope", &job.scope},
                                                                   {"cookie", &job.cookie},
                                                                   {"subject", &job.subject},
                                                                   {"algorithm", &job.algorithm}}) {
    *value = member(object, name);
  }
  job.port = static_cast<std::uint16_t>(number(object, "port"));
  job.connections = number(object, "connections");
  job.rounds = number(object, "rounds");
  if (const auto tokens = object.find("refresh_tokens"); tokens != object.end()) {
    for (const auto& token : *tokens)
      job.refresh_tokens.push_back(token.is_string() ? token.get<std::string>() : "");
  }
  if (job.port == 0 || job.connections == 0)
    return fail(Errc::malformed, "the job lacks port or connections");
  return job;
}

Result<Round> make_round(const Job& job, std::size_t index) {
  if (job.workload == "get") {
    return Round([&job](HttpConnection& connection, std::size_t) { return get(job, connection); });
  }
  const Flow flow(job);
  if (job.workload == "flow") {
    return Round(
        [flow](HttpConnection& connection, std::size_t round) { return flow.run(connection, round); });
  }
  if (job.workload == "authorization") {
    return Round([flow](HttpConnection& connection, std::size_t round) -> Result<void> {
      const auto code = flow.authorize(connection, round);
      if (!code) return fail(code.error());
      return {};
    });
  }
  if (job.workload == "refresh" && index < job.refresh_tokens.size()) {
    return Round([flow, token = std::make_shared<std::string>(job.refresh_tokens[index])](
                     HttpConnection& connection, std::size_t) { return flow.refresh(connection, *token); });
  }
  return fail(Errc::malformed, "no such workload, or a refresh token is missing: " + job.workload);
}

}  // namespace oidcop::bench
