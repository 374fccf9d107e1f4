#include "endpoint/authorization/authorization_pages.h"

#include "base/json.h"
#include "base/url.h"
#include "claims/user_claim.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace oidcop::endpoint {
namespace {

/// The member in the page's language, in the language without its region, or without a tag.
std::string localized(const Message& metadata, const std::string& member, const std::string& tag,
                      const std::string& fallback) {
  const std::string language = tag.substr(0, tag.find('-'));
  for (const auto& name : {member + '#' + tag, member + '#' + language}) {
    if (auto value = metadata.text(name)) return *value;
  }
  return fallback;
}

std::optional<Url> https_url(const std::string& text) {
  auto url = Url::parse(text);
  if (!url || !url->is_https()) return std::nullopt;
  return std::move(*url);
}

/// Short plain values help to decide; objects and long lists do not.
std::optional<std::string> shown_value(const model::User& user, const std::string& name) {
  const auto value = claims::user_claim(user, name);
  if (!value || !value->is_string()) return std::nullopt;
  return value->get_ref<const std::string&>();
}

/// What the record has of these claims. The page shows what would really go out, not what a scope could mean.
std::vector<page::ReleasedClaim> released(const model::User& user, const std::vector<std::string>& names) {
  std::vector<page::ReleasedClaim> claims;
  for (const auto& name : names) {
    if (claims::user_claim(user, name)) claims.push_back({name, shown_value(user, name)});
  }
  return claims;
}

}  // namespace

page::ClientView shown_client(const model::Client& client, const ReturnRoute& route,
                              const page::Locale& locale) {
  const std::string& tag = locale.tag();
  page::ClientView view;
  view.name = localized(client.metadata, "client_name", tag, client.name);
  if (auto target = Url::parse(route.redirect_uri)) view.host = target->host();
  view.vetted = client.vetted;
  // Whose logo an unvetted client shows, nobody knows.
  if (client.vetted) view.logo = https_url(localized(client.metadata, "logo_uri", tag, client.logo_uri));
  view.policy = https_url(localized(client.metadata, "policy_uri", tag, client.policy_uri));
  view.tos = https_url(localized(client.metadata, "tos_uri", tag, client.tos_uri));
  return view;
}

std::vector<page::RequestedItem> shown_items(const session::ConsentState& state, const model::User& user,
                                             const claims::ScopeClaims& scopes) {
  std::vector<page::RequestedItem> items;
  for (const auto& scope : state.shown.values()) {
    page::RequestedItem item;
    item.scope = scope;
    item.optional = session::is_optional_scope(scope);
    item.claims = released(user, scopes.claims_of(model::ScopeSet({scope})));
    items.push_back(std::move(item));
  }
  if (!state.claims.empty()) {
    page::RequestedItem item;
    item.claims = released(user, state.claims);
    items.push_back(std::move(item));
  }
  return items;
}

Digest shown_data(const model::User& user, const std::vector<page::RequestedItem>& items) {
  std::string text = join_unambiguously({user.username, user.subject});
  for (const auto& item : items) {
    text = join_unambiguously({text, "item", item.scope});
    for (const auto& claim : item.claims) {
      text = join_unambiguously({text, "claim", claim.name, claim.value.value_or("")});
    }
  }
  return sha256(text);
}

page::LoginReason login_reason(const session::SignInState& state) {
  using session::SignInReason;
  if (state.has(SignInReason::no_session) || state.has(SignInReason::session_ended) ||
      state.has(SignInReason::user_disabled)) {
    return page::LoginReason::sign_in;
  }
  if (state.has(SignInReason::other_user) || state.has(SignInReason::select_account) ||
      state.has(SignInReason::login_hint)) {
    return page::LoginReason::other_account;
  }
  if (state.has(SignInReason::acr)) return page::LoginReason::step_up;
  return page::LoginReason::confirm;
}

ResponseArgs error_page_args(const page::Pages& pages, const page::ErrorPage& page,
                             const page::Locale& locale) {
  auto rendered = pages.render(page, locale);
  ResponseArgs args;
  args.is_error = true;
  args.status = page.status;
  if (rendered) {
    args.page = std::move(*rendered);
  } else {
    args.args.set("error", "server_error");
  }
  return args;
}

const page::Locale& locale_of(const page::Pages& pages, const std::vector<std::string>& ui_locales,
                              const RequestScope& scope) {
  return pages.locale(ui_locales, scope.http.header("accept-language").value_or(""));
}

}  // namespace oidcop::endpoint
