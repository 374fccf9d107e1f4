#include "config/config.h"

#ifndef OIDCOP_DATA_DIR
#error "OIDCOP_DATA_DIR names the folder that templates and static files are installed in"
#endif

#ifndef OIDCOP_MODULE_DIR
#error "OIDCOP_MODULE_DIR names the folder that oidcop-fetch.so is installed in"
#endif

namespace oidcop::config {

ProfileFloor floor_of(Profile profile) {
  switch (profile) {
    case Profile::oidc:
      return {};
    case Profile::oauth21:
      return {true, true, true};
  }
  return {true, true, true};
}

std::vector<KeyDefinition> default_key_definitions() {
  KeyDefinition rsa, ec;
  ec.type = KeyType::ec;
  ec.crv = "P-256";
  return {rsa, ec};
}

std::vector<std::string_view> built_in_client_methods() {
  return {"none", "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"};
}

std::vector<std::string_view> proving_client_methods() {
  auto methods = built_in_client_methods();
  std::erase(methods, "none");
  return methods;
}

Endpoint default_endpoint(std::string_view name) {
  const auto built_in = built_in_client_methods();
  const std::vector<std::string> client_methods(built_in.begin(), built_in.end());
  if (name == "provider_info") return {".well-known/openid-configuration", {}, Cors::any, {}};
  if (name == "jwks") return {"jwks.json", {}, Cors::any, {}};
  if (name == "authorization") return {"authorization", {}, Cors::none, {}};
  if (name == "token") return {"token", client_methods, Cors::any, {}};
  if (name == "refresh_token") return {"refresh_token", client_methods, Cors::any, {}};
  if (name == "userinfo") return {"userinfo", {"bearer_header", "bearer_body"}, Cors::any, {}};
  if (name == "revocation") return {"revocation", client_methods, Cors::any, {}};
  if (name == "pushed_authorization") return {"pushed_authorization", client_methods, Cors::none, {}};
  if (name == "device_authorization") return {"device_authorization", client_methods, Cors::none, {}};
  if (name == "introspection") {
    const auto proving = proving_client_methods();
    return {"introspection", {proving.begin(), proving.end()}, Cors::none, {}};
  }
  if (name == "registration") return {"registration", {}, Cors::any, {}};
  if (name == "registration_api") return {"registration_api", {"bearer_header"}, Cors::any, {}};
  if (name == "webfinger") return {".well-known/webfinger", {}, Cors::any, {}};
  if (name == "check_session") return {"check_session", {}, Cors::none, {}};
  if (name == "end_session") return {"session", {}, Cors::none, {}};
  return {};
}

Endpoints default_endpoints() {
  Endpoints endpoints;
  for (const auto* name : {"provider_info", "jwks", "authorization", "token", "userinfo", "revocation",
                           "pushed_authorization", "end_session"}) {
    endpoints.emplace(name, default_endpoint(name));
  }
  return endpoints;
}

AuthenticationMethod Config::default_authentication() {
  AuthenticationMethod method;
  method.id = "password";
  return method;
}

std::map<std::string, std::vector<std::string>, std::less<>> Config::standard_scopes() {
  return {{"openid", {"sub"}},
          {"profile",
           {"name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile",
            "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"}},
          {"email", {"email", "email_verified"}},
          {"address", {"address"}},
          {"phone", {"phone_number", "phone_number_verified"}},
          {"offline_access", {}}};
}

std::filesystem::path Config::shipped_data_dir() {
  return OIDCOP_DATA_DIR;
}

std::filesystem::path HttpcParams::module() const {
  return module_path.value_or(OIDCOP_MODULE_DIR "/oidcop-fetch.so");
}

std::vector<std::string> Config::scopes() const {
  if (allowed_scopes) return *allowed_scopes;
  std::vector<std::string> names;
  names.reserve(scopes_to_claims.size());
  for (const auto& [scope, claims_of_scope] : scopes_to_claims) names.push_back(scope);
  return names;
}

std::optional<std::string> Config::endpoint_url(std::string_view name) const {
  const auto found = endpoint.find(name);
  if (found == endpoint.end()) return std::nullopt;
  return issuer.text() + "/" + found->second.path;
}

}  // namespace oidcop::config
