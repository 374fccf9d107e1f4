#include "client/logout_metadata.h"

#include "client/metadata.h"

#include <algorithm>

namespace oidcop::client {
namespace {

/// Scheme, host and port of one of the client's redirect URIs (OpenID Connect Front-Channel Logout 1.0, 2).
bool is_where_answers_go(const Url& url, const model::Client& client) {
  return std::any_of(client.redirect_uris.begin(), client.redirect_uris.end(), [&](const std::string& text) {
    const auto redirect_uri = Url::parse(text);
    return redirect_uri && redirect_uri->has_authority() && redirect_uri->origin() == url.origin();
  });
}

Verdict check_frontchannel(const Message& metadata, const RegistrationPolicy& policy,
                           const model::Client& client) {
  constexpr std::string_view kMember = "frontchannel_logout_uri";
  const auto text = text_member(metadata, kMember);
  if (!text) return fail(text.error());
  if (!*text) return {};
  if (!policy.frontchannel_logout) {
    return fail(invalid_metadata(kMember, "is not supported by this provider."));
  }
  const auto url = check_redirect_uri(**text, model::ApplicationType::web, policy.loopback_http);
  if (!url) return fail(invalid_metadata(kMember, url.error().description));
  if (!is_where_answers_go(*url, client)) {
    return fail(invalid_metadata(kMember, "must have scheme, host and port of a redirect URI."));
  }
  return {};
}

/// OpenID Connect Back-Channel Logout 1.0, 2.2. The address is looked at when something is delivered there.
Verdict check_backchannel(const Message& metadata, const RegistrationPolicy& policy) {
  constexpr std::string_view kMember = "backchannel_logout_uri";
  const auto text = text_member(metadata, kMember);
  if (!text) return fail(text.error());
  if (!*text) return {};
  if (!policy.backchannel_logout) {
    return fail(invalid_metadata(kMember, "is not supported by this provider."));
  }
  if (auto https = https_member(metadata, kMember); !https) return fail(std::move(https).error());
  const auto url = Url::parse(**text);
  if (url && url->fragment()) return fail(invalid_metadata(kMember, "must not have a fragment."));
  return {};
}

}  // namespace

Verdict read_logout(const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
  if (auto checked = check_frontchannel(metadata, policy, client); !checked) return checked;
  if (auto checked = check_backchannel(metadata, policy); !checked) return checked;
  for (const auto* member : {"frontchannel_logout_session_required", "backchannel_logout_session_required"}) {
    const auto required = bool_member(metadata, member);
    if (!required) return fail(required.error());
  }
  return {};
}

}  // namespace oidcop::client
