#include "logout/front_channel.h"

#include "base/form.h"
#include "base/json.h"

namespace oidcop::logout {
namespace {

/// Nothing when the client is not told this way.
Result<std::optional<Url>> frame_of(const std::string& issuer, const model::ClientSession& session,
                                    const model::Client& client) {
  const auto uri = client.metadata.text("frontchannel_logout_uri");
  if (!uri) return std::optional<Url>();
  const auto url = Url::parse(*uri);  // it was when it was registered
  if (!url) return std::optional<Url>();
  const auto wants_sid = json_bool(client.metadata.json(), "frontchannel_logout_session_required");
  if (!wants_sid || !wants_sid->value_or(false)) return std::optional<Url>(*url);
  auto with_sid = Url::parse(url->with_query(encode_form({{"iss", issuer}, {"sid", session.sid}})));
  if (!with_sid) return std::optional<Url>();
  return std::optional<Url>(std::move(*with_sid));
}

}  // namespace

Result<std::vector<Url>> front_channel_frames(const std::string& issuer,
                                              const std::vector<model::ClientSession>& ending,
                                              store::ClientStore& clients) {
  std::vector<Url> frames;
  for (const auto& session : ending) {
    if (session.ended_at) continue;
    const auto client = clients.find_client(session.client);
    if (!client && client.error().code == Errc::not_found) continue;
    if (!client) return fail(client.error());
    if (!(*client)->enabled) continue;
    auto frame = frame_of(issuer, session, **client);
    if (!frame) return fail(std::move(frame).error());
    if (*frame) frames.push_back(std::move(**frame));
  }
  return frames;
}

}  // namespace oidcop::logout
