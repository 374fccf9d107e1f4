#include "authn/acr_broker.h"

#include "base/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace oidcop::authn {
namespace {

using Wanted = Result<std::optional<AcrRequest>, ProtocolError>;

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

ProtocolError bad_claims() {
  return invalid_request("The claims parameter is not as OpenID Connect Core 1.0, 5.5 says.", "claims");
}

/// The claims parameter as an object: JSON text on the wire, an object within a request object.
Result<std::optional<Json>, ProtocolError> claims_of(const Message& request) {
  const auto* member = request.find("claims");
  if (member == nullptr) return std::nullopt;
  if (member->is_object()) return *member;
  const auto text = request.text("claims");
  if (!text) return fail(bad_claims());
  auto parsed = parse_json(*text);
  if (!parsed || !parsed->is_object()) return fail(bad_claims());
  return *std::move(parsed);
}

/// `claims.id_token.acr`. Null or {} asks for the claim, not for a value (5.5.1): then nothing is wanted
/// here.
Wanted wanted_by_claims(const Message& request) {
  const auto claims = claims_of(request);
  if (!claims) return fail(claims.error());
  if (!*claims) return std::nullopt;
  const auto* id_token = json_member(**claims, "id_token");
  if (id_token == nullptr || id_token->is_null()) return std::nullopt;
  if (!id_token->is_object()) return fail(bad_claims());
  const auto* acr = json_member(*id_token, "acr");
  if (acr == nullptr || acr->is_null()) return std::nullopt;
  if (!acr->is_object()) return fail(bad_claims());

  const auto essential = json_bool(*acr, "essential");
  const auto value = json_text(*acr, "value");
  auto values = json_texts(*acr, "values");
  if (!essential || !value || !values || (*value && *values)) return fail(bad_claims());
  AcrRequest wanted;
  if (*values) wanted.values = **std::move(values);
  if (*value) wanted.values.push_back(**value);
  if (wanted.values.empty()) return std::nullopt;
  if (essential->value_or(false)) wanted.need = AcrRequest::Need::essential;
  return wanted;
}

}  // namespace

AcrBroker::AcrBroker(std::vector<AuthenticationMethod> methods, SchemeMap login_hint_acrs)
    : methods_(std::move(methods)), login_hint_acrs_(std::move(login_hint_acrs)) {}

Result<AcrRequest, ProtocolError> AcrBroker::read(const Message& request, const model::Client& client) const {
  auto by_claims = wanted_by_claims(request);
  if (!by_claims) return fail(by_claims.error());
  if (*by_claims) return **std::move(by_claims);
  if (auto values = request.words("acr_values"); !values.empty())
    return AcrRequest{.values = std::move(values)};
  const auto hint = request.text("login_hint").value_or("");
  if (const auto colon = hint.find(':'); colon != std::string::npos) {
    const auto entry = login_hint_acrs_.find(std::string_view(hint).substr(0, colon));
    if (entry != login_hint_acrs_.end()) return AcrRequest{.values = entry->second};
  }
  return AcrRequest{.values = client.default_acr_values};
}

Result<const AuthenticationMethod*, ProtocolError> AcrBroker::choose(const AcrRequest& request) const {
  for (const auto& value : request.values) {
    for (const auto& method : methods_) {
      if (method.acr == value) return &method;
    }
  }
  if (request.values.empty() || request.need == AcrRequest::Need::voluntary) {
    if (!methods_.empty()) return &methods_.front();
    return fail(server_error("no authentication method is configured"));
  }
  ProtocolError error;
  error.code = "unmet_authentication_requirements";
  error.description = "The authentication context that the request calls essential is not available here.";
  error.parameter = "claims";
  return fail(std::move(error));
}

bool AcrBroker::satisfies(const AcrRequest& request, std::string_view acr) const {
  if (request.values.empty() || contains(request.values, acr)) return true;
  if (request.need == AcrRequest::Need::essential) return false;
  return std::none_of(methods_.begin(), methods_.end(),
                      [&](const auto& method) { return contains(request.values, method.acr); });
}

const AuthenticationMethod* AcrBroker::find(std::string_view id) const {
  const auto found =
      std::find_if(methods_.begin(), methods_.end(), [&](const auto& method) { return method.id == id; });
  return found == methods_.end() ? nullptr : &*found;
}

std::optional<Seconds> AcrBroker::event_lifetime(std::string_view acr) const {
  for (const auto& method : methods_) {
    if (method.acr == acr) return method.expires_in;
  }
  return std::nullopt;
}

std::vector<std::string> AcrBroker::acr_values_supported() const {
  std::vector<std::string> values;
  for (const auto& method : methods_) {
    if (!contains(values, method.acr)) values.push_back(method.acr);
  }
  return values;
}

}  // namespace oidcop::authn
