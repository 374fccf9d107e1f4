#include "claims/claims_request.h"

#include "claims/user_claim.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::claims {
namespace {

constexpr std::size_t kMaxClaims = 128;
constexpr std::size_t kMaxNameOctets = 128;
constexpr std::size_t kMaxValues = 64;
constexpr std::size_t kMaxOctets = 16U << 10U;

ProtocolError malformed(std::string description) {
  return invalid_request(std::move(description), "claims");
}

using Accepted = std::optional<std::vector<std::string>>;

/// `value`, `values`, or both, which then have to hold together.
Result<Accepted, ProtocolError> parse_accepted(const Json& wish) {
  const auto* value = json_member(wish, "value");
  const auto* values = json_member(wish, "values");
  if (value == nullptr && values == nullptr) return Accepted();
  if (value != nullptr && value->is_null()) return fail(malformed("claims: value must not be null."));
  if (values != nullptr && (!values->is_array() || values->empty() || values->size() > kMaxValues))
    return fail(malformed("claims: values must be an array of 1 to 64 values."));

  std::vector<std::string> accepted;
  if (values != nullptr)
    for (const auto& one : *values) accepted.push_back(dump_json(one));
  if (value == nullptr) return Accepted(std::move(accepted));
  auto only = dump_json(*value);
  const bool fits = values == nullptr || std::find(accepted.begin(), accepted.end(), only) != accepted.end();
  if (!fits) return Accepted(std::vector<std::string>{});
  return Accepted(std::vector<std::string>{std::move(only)});
}

Result<ClaimRequest, ProtocolError> parse_claim(const std::string& name, const Json& wish) {
  if (name.empty() || name.size() > kMaxNameOctets)
    return fail(malformed("claims: a claim's name must have 1 to 128 octets."));
  ClaimRequest claim;
  claim.name = name;
  if (wish.is_null()) return claim;
  if (!wish.is_object())
    return fail(malformed("claims: what is asked of a claim must be null or an object."));
  auto essential = json_bool(wish, "essential");
  if (!essential) return fail(malformed("claims: essential must be true or false."));
  claim.essential = essential->value_or(false);
  auto accepted = parse_accepted(wish);
  if (!accepted) return fail(std::move(accepted).error());
  claim.accepted = *std::move(accepted);
  return claim;
}

Result<std::vector<ClaimRequest>, ProtocolError> parse_place(const Json& request, std::string_view place) {
  std::vector<ClaimRequest> list;
  const auto* claims = json_member(request, place);
  if (claims == nullptr || claims->is_null()) return list;
  if (!claims->is_object()) return fail(malformed("claims: userinfo and id_token must be objects."));
  if (claims->size() > kMaxClaims) return fail(malformed("claims: more than 128 claims."));
  for (const auto& [name, wish] : claims->items()) {
    auto claim = parse_claim(name, wish);
    if (!claim) return fail(std::move(claim).error());
    list.push_back(*std::move(claim));
  }
  return list;
}

/// The member as JSON, whether it came as text or as an object; null when it is not well formed.
Json claims_member(const Json& member) {
  if (!member.is_string()) return member;
  JsonLimits limits;
  limits.octets = kMaxOctets;
  auto object = parse_json(member.get_ref<const std::string&>(), limits);
  return object ? *std::move(object) : Json();
}

Result<ClaimsRequest, ProtocolError> parse_object(const Json& object) {
  if (!object.is_object()) return fail(malformed("claims must be a well-formed JSON object."));
  ClaimsRequest request;
  auto userinfo = parse_place(object, "userinfo");
  if (!userinfo) return fail(std::move(userinfo).error());
  auto id_token = parse_place(object, "id_token");
  if (!id_token) return fail(std::move(id_token).error());
  request.userinfo = *std::move(userinfo);
  request.id_token = *std::move(id_token);
  return request;
}

const ClaimRequest* find(const std::vector<ClaimRequest>& list, std::string_view name) {
  for (const auto& claim : list)
    if (claim.name == name) return &claim;
  return nullptr;
}

/// The texts among accepted values; values of other types can never match a text claim.
std::vector<std::string> accepted_texts(const ClaimRequest& claim) {
  std::vector<std::string> texts;
  if (!claim.accepted) return texts;
  for (const auto& value : *claim.accepted) {
    auto parsed = parse_json(value);
    if (parsed && parsed->is_string()) texts.push_back(parsed->get<std::string>());
  }
  return texts;
}

}  // namespace

bool ClaimRequest::accepts(const Json& value) const {
  return !accepted || std::find(accepted->begin(), accepted->end(), dump_json(value)) != accepted->end();
}

Result<ClaimsRequest, ProtocolError> ClaimsRequest::parse(const Message& request) {
  const auto* member = request.find("claims");
  auto parsed = member == nullptr ? Result<ClaimsRequest, ProtocolError>(ClaimsRequest{})
                                  : parse_object(claims_member(*member));
  if (parsed) parsed->locales = request.words("claims_locales");
  return parsed;
}

std::optional<std::string> ClaimsRequest::requested_subject() const {
  const auto* sub = find(id_token, "sub");
  if (sub == nullptr || !sub->accepted) return std::nullopt;
  auto texts = accepted_texts(*sub);
  // No subject is the empty text: a wish that nobody can meet stays one that nobody meets.
  return texts.size() == 1 ? texts.front() : std::string();
}

std::vector<std::string> ClaimsRequest::essential_acrs() const {
  const auto* acr = find(id_token, "acr");
  return acr != nullptr && acr->essential ? accepted_texts(*acr) : std::vector<std::string>{};
}

std::vector<std::string> ClaimsRequest::voluntary_acrs() const {
  const auto* acr = find(id_token, "acr");
  return acr != nullptr && !acr->essential ? accepted_texts(*acr) : std::vector<std::string>{};
}

std::vector<std::string> ClaimsRequest::names() const {
  std::vector<std::string> names;
  for (const auto* place : {&userinfo, &id_token}) {
    for (const auto& claim : *place) {
      if (is_protocol_member(claim.name)) continue;
      if (std::find(names.begin(), names.end(), claim.name) == names.end()) names.push_back(claim.name);
    }
  }
  return names;
}

Message without_claims(const Message& request, const std::vector<std::string>& names) {
  Message kept = request;
  const auto* member = request.find("claims");
  if (member == nullptr || names.empty()) return kept;
  const auto before = claims_member(*member);
  if (!before.is_object()) {
    kept.remove("claims");
    return kept;
  }
  auto after = Json::object();
  for (const auto& [place, claims] : before.items()) {
    if (!claims.is_object()) continue;
    auto& left = after[place] = Json::object();
    for (const auto& [name, wish] : claims.items()) {
      const std::string base(without_language_tag(name));
      if (std::find(names.begin(), names.end(), base) == names.end()) left[name] = wish;
    }
  }
  kept.set("claims", std::move(after));
  return kept;
}

}  // namespace oidcop::claims
