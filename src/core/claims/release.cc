#include "claims/release.h"

#include "claims/user_claim.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::claims {
namespace {

using Wanted = std::vector<ClaimRequest>;

void put(Wanted& wanted, ClaimRequest claim) {
  if (is_protocol_member(claim.name)) return;
  auto same = std::find_if(wanted.begin(), wanted.end(),
                           [&](const ClaimRequest& other) { return other.name == claim.name; });
  if (same == wanted.end()) {
    wanted.push_back(std::move(claim));
  } else {
    *same = std::move(claim);
  }
}

ClaimRequest plain(const std::string& name) {
  ClaimRequest claim;
  claim.name = name;
  return claim;
}

/// add_claims of the client for one point; null when the administrator said nothing about it.
const Json* client_says(const model::Client& client, std::string_view part, ReleasePoint point) {
  const auto* entries = client.add_claims.find(part);
  return entries == nullptr ? nullptr : json_member(*entries, name_of(point));
}

void put_always(Wanted& wanted, const ReleaseRules& rules, ReleasePoint point, const model::Client& client) {
  const auto* own = rules.enable_claims_per_client ? client_says(client, "always", point) : nullptr;
  if (own == nullptr || !own->is_array()) {
    for (const auto& claim : rules.always_add_claims) put(wanted, claim);
    return;
  }
  for (const auto& name : *own)
    if (name.is_string()) put(wanted, plain(name.get<std::string>()));
}

/// The client's word replaces the provider's in both directions: false switches off what is on for the
/// others.
bool by_scope(const ReleaseRules& rules, ReleasePoint point, const model::Client& client) {
  const auto* own = rules.enable_claims_per_client ? client_says(client, "by_scope", point) : nullptr;
  if (own != nullptr && own->is_boolean()) return own->get<bool>();
  if (point == ReleasePoint::id_token && client.id_token_claims) return true;
  return rules.add_claims_by_scope;
}

const std::vector<ClaimRequest>* requested_at(ReleasePoint point, const ClaimsRequest& request) {
  if (point == ReleasePoint::userinfo) return &request.userinfo;
  if (point == ReleasePoint::id_token) return &request.id_token;
  return nullptr;
}

void give(Message& out, const model::User& user, const std::string& name, const ClaimRequest& claim) {
  auto value = user_claim(user, name);
  if (value && claim.accepts(*value)) out.set(name, *std::move(value));
}

/// The value of a language-tagged claim in the place of the one without a tag.
void give_as(Message& out, const model::User& user, const std::string& tagged, const ClaimRequest& claim) {
  auto value = user_claim(user, tagged);
  if (value && claim.accepts(*value)) out.set(claim.name, *std::move(value));
}

}  // namespace

std::string_view name_of(ReleasePoint point) {
  switch (point) {
    case ReleasePoint::userinfo:
      return "userinfo";
    case ReleasePoint::id_token:
      return "id_token";
    case ReleasePoint::access_token:
      return "access_token";
    case ReleasePoint::introspection:
      return "introspection";
  }
  return "unknown";
}

ReleasePolicy default_release_policy() {
  ReleasePolicy policy;
  policy[ReleasePoint::userinfo].add_claims_by_scope = true;
  return policy;
}

ClaimRelease::ClaimRelease(ScopeClaims scopes, ReleasePolicy policy)
    : scopes_(std::move(scopes)), policy_(std::move(policy)) {}

std::vector<ClaimRequest> ClaimRelease::wanted(ReleasePoint point, const ReleaseQuestion& question) const {
  Wanted wanted;
  auto entry = policy_.find(point);
  const ReleaseRules rules = entry == policy_.end() ? ReleaseRules{} : entry->second;
  for (const auto& claim : rules.base_claims) put(wanted, claim);
  put_always(wanted, rules, point, question.client);
  if (by_scope(rules, point, question.client)) {
    auto scope = question.scope.intersection(scopes_.allowed(question.client));
    for (const auto& name : scopes_.claims_of(scope)) put(wanted, plain(name));
  }
  if (question.request.empty()) return wanted;
  const auto request = releasable(question.request, question.client);
  if (const auto* requested = requested_at(point, request))
    for (const auto& claim : *requested) put(wanted, claim);
  return wanted;
}

ClaimsRequest ClaimRelease::releasable(const ClaimsRequest& request, const model::Client& client) const {
  Wanted known;
  for (const auto& name : scopes_.claims_of(scopes_.allowed(client))) put(known, plain(name));
  for (const auto& [point, rules] : policy_) {
    for (const auto& claim : rules.base_claims) put(known, claim);
    put_always(known, rules, point, client);
  }
  const auto keep = [&](const Wanted& list) {
    Wanted kept;
    for (const auto& claim : list) {
      const auto base = without_language_tag(claim.name);
      const bool is_known = std::any_of(known.begin(), known.end(), [&](const ClaimRequest& other) {
        return other.name == claim.name || other.name == base;
      });
      if (is_known || is_protocol_member(claim.name)) kept.push_back(claim);
    }
    return kept;
  };
  ClaimsRequest kept;
  kept.userinfo = keep(request.userinfo);
  kept.id_token = keep(request.id_token);
  return kept;
}

Message ClaimRelease::released(ReleasePoint point, const ReleaseQuestion& question) const {
  Message out;
  const auto& locales = question.request.locales;
  for (const auto& claim : wanted(point, question)) {
    give(out, question.user, claim.name, claim);
    const auto tagged = tagged_names(question.user, claim.name, locales);
    // One language asked for, and there: without its tag (OpenID Connect Core 1.0, 5.2).
    const bool is_the_language = locales.size() == 1 && !tagged.empty();
    if (is_the_language) give_as(out, question.user, tagged.front(), claim);
    for (const auto& name : tagged) {
      if (!is_the_language) give(out, question.user, name, claim);
    }
  }
  return out;
}

}  // namespace oidcop::claims
