#include "logout/logout_seals.h"

#include "base/base64url.h"
#include "base/json.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace oidcop::logout {
namespace {

constexpr std::size_t kMaxRequestOctets = 32U << 10U;  // an ID Token full of claims fits

jose::SealBinding binding_of(const Digest& browser) {
  return {"logout", {"confirm", std::string(browser.octets())}};
}

Message to_message(const ShownLogout& shown) {
  Message message;
  message.set("session", base64url_encode(shown.session.octets()));
  message.set("user", shown.user.text());
  message.set("client", shown.client.text());
  message.set_number("client_version", shown.client_version);
  return message;
}

std::optional<ShownLogout> shown_from(const Message& message) {
  auto octets = base64url_decode(message.text("session").value_or(""));
  if (!octets) return std::nullopt;
  const auto session = Digest::from_octets(*octets);
  const auto version = message.number("client_version");
  if (!session || !version) return std::nullopt;
  return ShownLogout{*session, model::UserId(message.text("user").value_or("")),
                     model::ClientId(message.text("client").value_or("")), *version};
}

}  // namespace

bool ShownLogout::operator==(const ShownLogout& other) const {
  return session == other.session && user == other.user && client == other.client &&
         client_version == other.client_version;
}

Result<std::string> LogoutSeals::seal(const PendingLogout& pending, const Digest& browser,
                                      TimePoint now) const {
  Message payload;
  payload.set("request", pending.request.json());
  payload.set("shown", to_message(pending.shown).json());
  const std::string text = dump_json(payload.json());
  if (text.size() > kMaxRequestOctets) return fail(Errc::refused, "the request to sign out is over 32 KiB");
  return sealer_.seal(text, binding_of(browser), random_, now);
}

Result<OpenedLogout> LogoutSeals::open(std::string_view text, const Digest& browser, TimePoint now) const {
  auto opened = sealer_.open(text, binding_of(browser), now, lifetime_);
  if (!opened) return fail(std::move(opened).error());
  auto payload = parse_json(opened->payload);
  if (!payload) return fail(Errc::internal, "a seal of ours holds what is no JSON");
  const Json* request = json_member(*payload, "request");
  const Json* shown = json_member(*payload, "shown");
  if (request == nullptr || shown == nullptr) return fail(Errc::internal, "a seal of ours lacks members");
  auto read = shown_from(Message(*shown));
  if (!read) return fail(Errc::internal, "a seal of ours lacks members");
  return OpenedLogout{{Message(*request), std::move(*read)}, opened->expired};
}

}  // namespace oidcop::logout
