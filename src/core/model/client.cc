#include "model/client.h"

#include "base/base64url.h"
#include "base/json.h"
#include "base/system_clock.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace oidcop::model {
namespace {

template <class Value, std::size_t N>
using Names = std::array<std::pair<Value, std::string_view>, N>;

constexpr Names<SubjectType, 2> kSubjectTypes{
    {{SubjectType::public_subject, "public"}, {SubjectType::pairwise, "pairwise"}}};
constexpr Names<ApplicationType, 2> kApplicationTypes{
    {{ApplicationType::web, "web"}, {ApplicationType::native, "native"}}};
constexpr Names<ClientOrigin, 3> kOrigins{{{ClientOrigin::administrator, "administrator"},
                                           {ClientOrigin::initial_access_token, "initial_access_token"},
                                           {ClientOrigin::open_registration, "open_registration"}}};
constexpr Names<ConsentMode, 3> kConsentModes{{{ConsentMode::remember, "remember"},
                                               {ConsentMode::always, "always"},
                                               {ConsentMode::implicit, "implicit"}}};
constexpr Names<AccessTokenFormat, 2> kTokenFormats{
    {{AccessTokenFormat::opaque, "opaque"}, {AccessTokenFormat::jwt, "jwt"}}};
constexpr Names<ClientSecret::Form, 3> kSecretForms{{{ClientSecret::Form::hmac, "hmac"},
                                                     {ClientSecret::Form::encrypted, "encrypted"},
                                                     {ClientSecret::Form::crypt, "crypt"}}};

template <class Value, std::size_t N>
std::string_view name_in(const Names<Value, N>& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return {};
}

/// Reads members of one JSON object into typed places. An absent member leaves its place as it is; the first
/// wrong one is kept as the error, and reading goes on harmlessly.
class Reader {
 public:
  explicit Reader(const Json& object) : object_(object) {}

  void read(std::string_view name, std::string& place) { take(json_text(object_, name), place); }
  void read(std::string_view name, bool& place) { take(json_bool(object_, name), place); }
  void read(std::string_view name, std::int64_t& place) { take(json_integer(object_, name), place); }
  void read(std::string_view name, std::vector<std::string>& place) {
    take(json_texts(object_, name), place);
  }
  void read(std::string_view name, TimePoint& place) {
    if (auto seconds = number(name)) place = from_unix(*seconds);
  }
  void read(std::string_view name, std::optional<TimePoint>& place) {
    if (auto seconds = number(name)) place = from_unix(*seconds);
  }
  void read(std::string_view name, std::optional<Seconds>& place) {
    if (auto seconds = number(name)) place = Seconds(*seconds);
  }
  void read(std::string_view name, std::optional<bool>& place) {
    if (bool value = false; take(json_bool(object_, name), value)) place = value;
  }
  void read(std::string_view name, std::optional<int>& place) {
    const auto value = number(name);
    if (!value) return;
    if (*value > std::numeric_limits<int>::max()) return refuse(name, "is too large");
    place = static_cast<int>(*value);
  }
  void read(std::string_view name, std::optional<jose::Algorithm>& place) {
    read_with(name, place, jose::parse_algorithm);
  }
  template <class Value, std::size_t N>
  void read(std::string_view name, std::optional<Value>& place, const Names<Value, N>& names) {
    if (member(name) == nullptr) return;
    Value value{};
    read(name, value, names);
    if (!error_) place = value;
  }
  template <class Value, std::size_t N>
  void read(std::string_view name, Value& place, const Names<Value, N>& names) {
    read_with(name, place, [&](std::string_view text) -> Result<Value> {
      for (const auto& [value, known] : names) {
        if (known == text) return value;
      }
      return fail(Errc::malformed, {});
    });
  }
  /// `parse`: text -> Result of the place's value.
  template <class Place, class Parse>
  void read_with(std::string_view name, Place& place, Parse&& parse) {
    std::string text;
    if (!take(json_text(object_, name), text)) return;
    auto value = parse(std::string_view(text));
    if (!value) return refuse(name, "has an unknown value");
    place = std::move(*value);
  }

  const Json* member(std::string_view name) const { return json_member(object_, name); }
  void refuse(std::string_view name, std::string_view why) {
    keep({Errc::malformed, "member \"" + std::string(name) + "\" " + std::string(why)});
  }
  void keep(Error error) {
    if (!error_) error_ = std::move(error);
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  template <class Value>
  bool take(Result<std::optional<Value>> found, Value& place) {
    if (!found) {
      keep(std::move(found).error());
      return false;
    }
    if (!*found) return false;
    place = std::move(**found);
    return true;
  }
  std::optional<std::int64_t> number(std::string_view name) {
    std::int64_t value = 0;
    return take(json_integer(object_, name), value) ? std::optional(value) : std::nullopt;
  }

  const Json& object_;
  std::optional<Error> error_;
};

/// A stored document may also say "extension", which nobody can register.
Result<ClientAuthMethod> stored_auth_method(std::string_view name) {
  if (name == name_of(ClientAuthMethod::extension)) return ClientAuthMethod::extension;
  return client_auth_method_named(name);
}

// --- secrets -----------------------------------------------------------------------------------------------

/// MACs and sealed cells are octets, which JSON cannot hold; crypt(3) hashes are text.
bool is_text(ClientSecret::Form form) {
  return form == ClientSecret::Form::crypt;
}

Json to_json(const ClientSecret& secret) {
  Json object{{"form", name_in(kSecretForms, secret.form)},
              {"value", is_text(secret.form) ? secret.value : base64url_encode(secret.value)},
              {"created_at", to_unix(secret.created_at)}};
  if (secret.expires_at) object["expires_at"] = to_unix(*secret.expires_at);
  return object;
}

Result<ClientSecret> secret_from_json(const Json& object) {
  if (json_member(object, "form") == nullptr || json_member(object, "value") == nullptr) {
    return fail(Errc::malformed, "member \"secrets\" has one without form or value");
  }
  ClientSecret secret;
  Reader reader(object);
  reader.read("form", secret.form, kSecretForms);
  reader.read("value", secret.value);
  reader.read("created_at", secret.created_at);
  reader.read("expires_at", secret.expires_at);
  if (reader.error()) return fail(*reader.error());
  if (is_text(secret.form)) return secret;
  auto octets = base64url_decode(secret.value);
  if (!octets) return fail(Errc::malformed, "member \"secrets\" has one that is not base64url");
  secret.value = std::move(*octets);
  return secret;
}

void read_secrets(Reader& reader, std::vector<ClientSecret>& secrets) {
  const auto* array = reader.member("secrets");
  if (array == nullptr) return;
  if (!array->is_array()) return reader.refuse("secrets", "is not an array");
  for (const auto& item : *array) {
    auto secret = secret_from_json(item);
    if (!secret) return reader.keep(std::move(secret).error());
    secrets.push_back(std::move(*secret));
  }
}

// --- usage rules -------------------------------------------------------------------------------------------

Json to_json(const UsageRules& rules) {
  Json object = Json::object();
  for (const auto& [token_class, rule] : rules) {
    Json members = Json::object();
    if (rule.expires_in) members["expires_in"] = rule.expires_in->count();
    if (rule.max_usage) members["max_usage"] = *rule.max_usage;
    if (rule.supports_minting) {
      Json names = Json::array();
      for (const auto minted : *rule.supports_minting) names.push_back(name_of(minted));
      members["supports_minting"] = std::move(names);
    }
    object[std::string(name_of(token_class))] = std::move(members);
  }
  return object;
}

Result<UsageRule> rule_from_json(const Json& object) {
  if (!object.is_object()) return fail(Errc::malformed, "a rule in \"token_usage_rules\" is not an object");
  UsageRule rule;
  Reader reader(object);
  reader.read("expires_in", rule.expires_in);
  reader.read("max_usage", rule.max_usage);
  if (reader.error()) return fail(*reader.error());
  auto names = json_texts(object, "supports_minting");
  if (!names) return fail(std::move(names).error());
  if (!*names) return rule;
  rule.supports_minting.emplace();
  for (const auto& name : **names) {
    auto minted = token_class_named(name);
    if (!minted) return fail(std::move(minted).error());
    rule.supports_minting->push_back(*minted);
  }
  return rule;
}

void read_rules(Reader& reader, UsageRules& rules) {
  const auto* object = reader.member("token_usage_rules");
  if (object == nullptr) return;
  if (!object->is_object()) return reader.refuse("token_usage_rules", "is not an object");
  for (const auto& [name, members] : object->items()) {
    auto token_class = token_class_named(name);
    if (!token_class) return reader.keep(std::move(token_class).error());
    auto rule = rule_from_json(members);
    if (!rule) return reader.keep(std::move(rule).error());
    rules.insert_or_assign(*token_class, std::move(*rule));
  }
}

// --- the rest ----------------------------------------------------------------------------------------------

void write_text(Message& message, std::string_view name, const std::string& text) {
  if (!text.empty()) message.set(name, text);
}

void write_algorithm(Message& message, std::string_view name,
                     const std::optional<jose::Algorithm>& algorithm) {
  if (algorithm) message.set(name, jose::algorithm_name(*algorithm));
}

void write_registered(const Client& client, Message& message) {
  message.set("client_id", client.id.text());
  message.set("client_name", client.name);
  message.set("token_endpoint_auth_method", name_of(client.token_endpoint_auth_method));
  write_algorithm(message, "token_endpoint_auth_signing_alg", client.token_endpoint_auth_signing_alg);
  if (!client.jwks.empty()) {
    auto keys = parse_json(client.jwks);  // a document inside the document, as it was registered
    message.set("jwks", keys ? std::move(*keys) : Json(client.jwks));
  }
  write_text(message, "jwks_uri", client.jwks_uri);
  message.set("application_type", name_in(kApplicationTypes, client.application_type));
  message.set("redirect_uris", Json(client.redirect_uris));
  message.set("post_logout_redirect_uris", Json(client.post_logout_redirect_uris));
  message.set("response_types", Json(client.response_types));
  message.set("grant_types", Json(client.grant_types));
  message.set("subject_type", name_in(kSubjectTypes, client.subject_type));
  write_text(message, "sector_identifier", client.sector_identifier);
  write_algorithm(message, "id_token_signed_response_alg", client.id_token_signed_response_alg);
  if (client.default_max_age) message.set_number("default_max_age", client.default_max_age->count());
  message.set_bool("require_auth_time", client.require_auth_time);
  message.set("default_acr_values", Json(client.default_acr_values));
  write_text(message, "client_uri", client.client_uri);
  write_text(message, "logo_uri", client.logo_uri);
  write_text(message, "policy_uri", client.policy_uri);
  write_text(message, "tos_uri", client.tos_uri);
  write_text(message, "initiate_login_uri", client.initiate_login_uri);
}

void write_policy(const Client& client, Message& message) {
  if (client.allowed_scopes) message.set("allowed_scopes", Json(client.allowed_scopes->values()));
  if (!client.token_usage_rules.empty()) message.set("token_usage_rules", to_json(client.token_usage_rules));
  if (client.pkce_essential) message.set_bool("pkce_essential", *client.pkce_essential);
  if (client.rotate_refresh_tokens) message.set_bool("rotate_refresh_tokens", *client.rotate_refresh_tokens);
  if (client.refresh_grace) message.set_number("refresh_grace", client.refresh_grace->count());
  if (client.access_token_format)
    message.set("access_token_format", name_in(kTokenFormats, *client.access_token_format));
  message.set("consent", name_in(kConsentModes, client.consent));
  if (!client.allowed_groups.empty()) message.set("allowed_groups", Json(client.allowed_groups));
  if (!client.denied_groups.empty()) message.set("denied_groups", Json(client.denied_groups));
  if (client.consent_lifetime) message.set_number("consent_lifetime", client.consent_lifetime->count());
  message.set_bool("id_token_claims", client.id_token_claims);
  if (!client.add_claims.empty()) message.set("add_claims", client.add_claims.json());
}

void read_registered(Reader& reader, Client& client) {
  reader.read("client_name", client.name);
  reader.read_with("token_endpoint_auth_method", client.token_endpoint_auth_method, stored_auth_method);
  reader.read("token_endpoint_auth_signing_alg", client.token_endpoint_auth_signing_alg);
  if (const auto* keys = reader.member("jwks"); keys != nullptr) {
    client.jwks = keys->is_string() ? keys->get_ref<const std::string&>() : dump_json(*keys);
  }
  reader.read("jwks_uri", client.jwks_uri);
  reader.read("application_type", client.application_type, kApplicationTypes);
  reader.read("redirect_uris", client.redirect_uris);
  reader.read("post_logout_redirect_uris", client.post_logout_redirect_uris);
  reader.read("response_types", client.response_types);
  reader.read("grant_types", client.grant_types);
  reader.read("subject_type", client.subject_type, kSubjectTypes);
  reader.read("sector_identifier", client.sector_identifier);
  reader.read("id_token_signed_response_alg", client.id_token_signed_response_alg);
  reader.read("default_max_age", client.default_max_age);
  reader.read("require_auth_time", client.require_auth_time);
  reader.read("default_acr_values", client.default_acr_values);
  reader.read("client_uri", client.client_uri);
  reader.read("logo_uri", client.logo_uri);
  reader.read("policy_uri", client.policy_uri);
  reader.read("tos_uri", client.tos_uri);
  reader.read("initiate_login_uri", client.initiate_login_uri);
}

void read_policy(Reader& reader, Client& client) {
  if (reader.member("allowed_scopes") != nullptr) {
    std::vector<std::string> scopes;
    reader.read("allowed_scopes", scopes);
    client.allowed_scopes = ScopeSet(scopes);
  }
  read_rules(reader, client.token_usage_rules);
  reader.read("pkce_essential", client.pkce_essential);
  reader.read("rotate_refresh_tokens", client.rotate_refresh_tokens);
  reader.read("refresh_grace", client.refresh_grace);
  reader.read("access_token_format", client.access_token_format, kTokenFormats);
  reader.read("consent", client.consent, kConsentModes);
  reader.read("allowed_groups", client.allowed_groups);
  reader.read("denied_groups", client.denied_groups);
  reader.read("consent_lifetime", client.consent_lifetime);
  reader.read("id_token_claims", client.id_token_claims);
  if (const auto* add_claims = reader.member("add_claims"); add_claims != nullptr) {
    if (!add_claims->is_object()) reader.refuse("add_claims", "is not an object");
    client.add_claims = Message(*add_claims);
  }
}

}  // namespace

std::string_view name_of(ClientOrigin origin) {
  return name_in(kOrigins, origin);
}

bool may_use(const Client& client, const std::vector<std::string>& groups_of_person) {
  const auto is_in = [&](const std::string& group) {
    return std::find(groups_of_person.begin(), groups_of_person.end(), group) != groups_of_person.end();
  };
  const auto& denied = client.denied_groups;
  const auto& allowed = client.allowed_groups;
  if (std::any_of(denied.begin(), denied.end(), is_in)) return false;
  return allowed.empty() || std::any_of(allowed.begin(), allowed.end(), is_in);
}

Message to_message(const Client& client) {
  Message message;
  write_registered(client, message);
  message.set_number("version", client.version);
  message.set_number("created_at", to_unix(client.created_at));
  message.set_bool("enabled", client.enabled);
  message.set("origin", name_in(kOrigins, client.origin));
  message.set_bool("vetted", client.vetted);
  Json secrets = Json::array();
  for (const auto& secret : client.secrets) secrets.push_back(to_json(secret));
  message.set("secrets", std::move(secrets));
  write_policy(client, message);
  if (!client.metadata.empty()) message.set("metadata", client.metadata.json());
  return message;
}

Result<Client> client_from_message(const Message& message) {
  Client client;
  Reader reader(message.json());
  reader.read_with("client_id", client.id,
                   [](std::string_view text) -> Result<ClientId> { return ClientId(std::string(text)); });
  if (client.id.empty()) reader.refuse("client_id", "is missing");
  read_registered(reader, client);
  if (client.name.empty()) client.name = client.id.text();
  reader.read("version", client.version);
  reader.read("created_at", client.created_at);
  reader.read("enabled", client.enabled);
  reader.read("origin", client.origin, kOrigins);
  reader.read("vetted", client.vetted);
  read_secrets(reader, client.secrets);
  read_policy(reader, client);
  if (const auto* metadata = reader.member("metadata"); metadata != nullptr) {
    if (!metadata->is_object()) reader.refuse("metadata", "is not an object");
    client.metadata = Message(*metadata);
  }
  const bool is_pairwise = client.subject_type == SubjectType::pairwise;
  if (is_pairwise == client.sector_identifier.empty()) {
    reader.refuse("sector_identifier", is_pairwise ? "is missing for a pairwise client"
                                                   : "is there though the client is not pairwise");
  }
  if (reader.error()) return fail(*reader.error());
  return client;
}

}  // namespace oidcop::model
