#include "support/test_op.h"

#include "base/base64url.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/form.h"
#include "base/json.h"
#include "provider/load.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

namespace oidcop::testing {
namespace {

const std::filesystem::path kData = OIDCOP_TEST_DATA;

std::string unescape_html(std::string text) {
  for (const auto& [entity, character] :
       {std::pair{"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (std::size_t at; (at = text.find(entity)) != std::string::npos;) {
      text.replace(at, std::string(entity).size(), character);
    }
  }
  return text;
}

std::string first_match(const std::string& text, const char* pattern) {
  std::smatch match;
  return std::regex_search(text, match, std::regex(pattern)) ? unescape_html(match[1]) : std::string();
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error("test set-up: " + result.error().detail);
  return std::move(*result);
}
void must(Result<void> result) {
  if (!result) throw std::runtime_error("test set-up: " + result.error().detail);
}

}  // namespace

TestOp::TestOp() : TestOp(Options()) {}

TestOp::TestOp(Options options) : options_(std::move(options)) {
  make_folder();
  random_ = std::make_unique<FixedRandom>();
  hasher_ = std::make_unique<PasswordHasher>(PasswordHashPolicy{.cost = 1});
  ProviderOptions provider_options;
  provider_options.configuration = folder_ / "oidcop.json";
  provider_options.hooks = options_.hooks;
  provider_options.clock = &clock;
  provider_options.random = options_.random;
  provider_options.fetcher = options_.fetcher;
  provider_options.log_line = [this](std::string_view line) {
    const std::lock_guard lock(log_mutex_);
    log_ += std::string(line) + '\n';
  };
  const auto config = must(provider::load_configuration(folder_ / "oidcop.json"));
  store_ = must(provider::open_store(config.config));
  if (options_.watched_store) {
    watched_ = std::make_unique<FailingStore>(*store_);
    provider_options.store = watched_.get();
  }
  provider_ = must(Provider::open(std::move(provider_options)));
  secrets_ = std::make_unique<jose::ServiceSecrets>(
      must(jose::load_service_secrets(config.config.keys.secrets_path)));
  pepper_ = std::make_unique<jose::Pepper>(*secrets_, options_.issuer);
  cells_ = std::make_unique<jose::CellCipher>(secrets_->ring(jose::SecretPurpose::data), options_.issuer);
}

TestOp::~TestOp() {
  provider_.reset();
  store_.reset();
}

void TestOp::make_folder() {
  Json config = {{"issuer", options_.issuer},
                 {"data_dir", OIDCOP_SHARE_DIR},
                 {"database", {{"path", "oidcop.db"}, {"synchronous", "normal"}}},
                 {"keys", {{"private_path", "jwks.json"}, {"secrets_path", "secrets.json"}}}};
  config.merge_patch(must(parse_json(options_.settings)));
  must(write_file_atomically(folder_ / "oidcop.json", dump_json_pretty(config), FileMode::published));
  for (const char* name : {"jwks.json", "secrets.json"}) {
    must(write_file_atomically(folder_ / name, must(read_file(kData / "op" / name)), FileMode::secret));
  }
  if (options_.signing_keys.empty()) return;
  must(write_file_atomically(folder_ / "jwks.json", options_.signing_keys, FileMode::secret));
}

http::Response TestOp::handle(http::Request request) {
  if (request.host.empty()) request.host = must(Url::parse(options_.issuer)).host();
  return provider_->handle(request);
}

std::string TestOp::log() const {
  const std::lock_guard lock(log_mutex_);
  return log_;
}

model::User TestOp::add_user(const std::function<void(model::User&)>& change) {
  model::User user;
  user.id = model::UserId("user-alice");
  user.username = "alice";
  user.password_hash = must(hasher_->hash(Secret("wonderland"), *random_));
  user.claims = Message(Json{{"name", "Alice Liddell"},
                             {"given_name", "Alice"},
                             {"family_name", "Liddell"},
                             {"email", "alice@example.org"},
                             {"email_verified", true},
                             {"phone_number", "+44 1865 276150"},
                             {"address", {{"locality", "Oxford"}, {"country", "UK"}}}});
  user.created_at = user.updated_at = clock.now();
  if (change) change(user);
  must(store_->put_user(user, store::IfExists::replace));
  return user;
}

model::Client TestOp::add_client(const std::function<void(model::Client&)>& change) {
  model::Client client;
  client.id = model::ClientId("wiki");
  client.name = "Example Wiki";
  client.redirect_uris = {"https://wiki.example.com/cb"};
  client.grant_types = {"authorization_code", "refresh_token"};
  client.created_at = clock.now();
  if (change) change(client);
  if (client::needs_secret(client)) {
    const client::ClientSecrets secrets(*pepper_, *cells_, *hasher_);
    auto issued = must(secrets.generate(client, clock.now(), std::nullopt, *random_));
    client.secrets = {issued.stored};
    client_secrets_[client.id.text()] = std::string(issued.plain.reveal());
  }
  must(store_->put_client(client, store::IfExists::replace));
  return client;
}

std::string TestOp::secret_of(const model::ClientId& id) const {
  return client_secrets_.at(id.text());
}

std::string encoded(const Fields& fields) {
  return encode_form(fields);
}

std::string basic(const std::string& client_id, const std::string& secret) {
  return "Basic " + base64_encode(form_encode(client_id) + ':' + form_encode(secret));
}

Fields with(Fields fields, const Fields& changes) {
  for (const auto& [name, value] : changes) {
    const auto same = [&name = name](const auto& field) { return field.first == name; };
    fields.erase(std::remove_if(fields.begin(), fields.end(), same), fields.end());
    if (!value.empty()) fields.emplace_back(name, value);
  }
  return fields;
}

http::Request a_request(std::string method, std::string path, std::string query) {
  http::Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.query = std::move(query);
  request.remote_address = "192.0.2.7";
  request.https = true;
  request.request_id = "req-test";
  return request;
}

Fields wiki_request() {
  return {{"client_id", "wiki"},
          {"response_type", "code"},
          {"redirect_uri", "https://wiki.example.com/cb"},
          {"scope", "openid profile email"},
          {"state", "af0ifjsldkj"},
          {"nonce", "n-0S6_WzA2Mj"},
          {"code_challenge", kChallenge},
          {"code_challenge_method", "S256"}};
}

http::Response post_token(TestOp& op, const Fields& form, const std::string& authorization) {
  auto request = a_request("POST", "/token");
  request.content_type = "application/x-www-form-urlencoded";
  request.body = encoded(form);
  if (!authorization.empty()) request.headers = {{"authorization", authorization}};
  return op.handle(std::move(request));
}

http::Response exchange_code(TestOp& op, const std::string& code, const Fields& changes) {
  const Fields form{{"grant_type", "authorization_code"},
                    {"code", code},
                    {"redirect_uri", "https://wiki.example.com/cb"},
                    {"code_verifier", kVerifier}};
  return post_token(op, with(form, changes), basic("wiki", op.secret_of(model::ClientId("wiki"))));
}

http::Response get_userinfo(TestOp& op, const std::string& access_token) {
  auto request = a_request("GET", "/userinfo");
  request.headers = {{"authorization", "Bearer " + access_token}};
  return op.handle(std::move(request));
}

http::Response TestBrowser::get(const std::string& path, const Fields& query) {
  return send(a_request("GET", path, encode_form(query)));
}

http::Response TestBrowser::post(const std::string& path, const Fields& form) {
  http::Request request = a_request("POST", path);
  request.content_type = "application/x-www-form-urlencoded";
  request.body = encode_form(form);
  return send(std::move(request));
}

http::Response TestBrowser::submit(const Fields& fields) {
  const std::string action = first_match(page_, "action=\"([^\"]*)\"");
  Fields form{{"seal", seal()}};
  form.insert(form.end(), fields.begin(), fields.end());
  const auto url = must(Url::parse(action));
  return post(url.path(), form);
}

std::string TestBrowser::seal() const {
  return first_match(page_, "name=\"seal\"[^>]*value=\"([^\"]*)\"");
}

http::Response TestBrowser::sign_in(const Fields& authorization_request, const std::string& username,
                                    const std::string& password) {
  auto response = get("/authorization", authorization_request);
  if (page_.find("id=\"login-form\"") != std::string::npos && response.status == 200) {
    response = submit({{"username", username}, {"password", password}, {"decision", "login"}});
  }
  if (page_.find("id=\"consent-allow\"") != std::string::npos && response.status == 200) {
    Fields ticked{{"decision", "allow"}};
    const std::regex box("name=\"scope\"[^>]*value=\"([^\"]*)\"");
    for (std::sregex_iterator it(page_.begin(), page_.end(), box), end; it != end; ++it) {
      ticked.emplace_back("scope", (*it)[1]);
    }
    response = submit(ticked);
  }
  return response;
}

http::Response TestBrowser::send(http::Request request) {
  std::string jar;
  for (const auto& [name, value] : cookies) jar += (jar.empty() ? "" : "; ") + name + '=' + value;
  request.headers = headers;
  if (!jar.empty()) request.headers.push_back({"cookie", jar});
  auto response = op_.handle(std::move(request));
  for (const auto& header : response.headers) {
    if (header.name != "Set-Cookie") continue;
    const auto equals = header.value.find('=');
    const auto name = header.value.substr(0, equals);
    const auto value = header.value.substr(equals + 1, header.value.find(';') - equals - 1);
    if (header.value.find("Max-Age=0") != std::string::npos)
      cookies.erase(name);
    else
      cookies[name] = value;
  }
  page_ = response.body;
  return response;
}

std::map<std::string, std::string> location_parameters(const http::Response& response) {
  std::map<std::string, std::string> parameters;
  const auto location = response.header("Location");
  if (!location) return parameters;
  auto url = Url::parse(*location);
  if (!url) return parameters;
  auto fields = decode_form(url->fragment() ? *url->fragment() : url->query().value_or(""));
  if (!fields) return parameters;
  for (auto& [name, value] : *fields) parameters[name] = value;
  return parameters;
}

std::string member(const http::Response& response, std::string_view name) {
  auto body = parse_json(response.body);
  if (!body) return {};
  const Json* value = json_member(*body, name);
  if (value == nullptr) return {};
  return value->is_string() ? value->get<std::string>() : dump_json(*value);
}

}  // namespace oidcop::testing
