#include "endpoint/authorization/interaction.h"

#include "base/base64url.h"
#include "base/json.h"

#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

constexpr std::size_t kMaxRequestOctets = 16U << 10U;

std::string_view name_of(InteractionStep step) {
  switch (step) {
    case InteractionStep::login:
      return "login";
    case InteractionStep::consent:
      return "consent";
    case InteractionStep::resume:
      return "resume";
    case InteractionStep::device_code:
      return "device_code";
    case InteractionStep::device_login:
      return "device_login";
    case InteractionStep::device_confirm:
      return "device_confirm";
  }
  return "";
}

jose::SealBinding binding_of(InteractionStep step, const Digest& browser) {
  return {"interaction", {std::string(name_of(step)), std::string(browser.octets())}};
}

Message to_message(const ShownConsent& shown) {
  Message message;
  message.set("session", base64url_encode(shown.session.octets()));
  message.set("user", shown.user.text());
  message.set_number("client_version", shown.client_version);
  message.set("scope", shown.scope.text());
  message.set("claims", Json(shown.claims));
  message.set("data", base64url_encode(shown.data.octets()));
  return message;
}

std::optional<Digest> digest_from(const Message& message, const std::string& name) {
  auto octets = base64url_decode(message.text(name).value_or(""));
  if (!octets) return std::nullopt;
  auto digest = Digest::from_octets(*octets);
  if (!digest) return std::nullopt;
  return *digest;
}

std::optional<ShownConsent> shown_from(const Message& message) {
  ShownConsent shown;
  const auto session = digest_from(message, "session");
  const auto data = digest_from(message, "data");
  auto scope = model::ScopeSet::parse(message.text("scope").value_or(""));
  const auto version = message.number("client_version");
  if (!session || !data || !scope || !version) return std::nullopt;
  shown.session = *session;
  shown.data = *data;
  shown.user = model::UserId(message.text("user").value_or(""));
  shown.client_version = *version;
  shown.scope = std::move(*scope);
  shown.claims = message.words("claims");
  return shown;
}

}  // namespace

bool ShownConsent::operator==(const ShownConsent& other) const {
  return session == other.session && user == other.user && client_version == other.client_version &&
         scope == other.scope && claims == other.claims && data == other.data;
}

Result<std::string> InteractionSeals::seal(InteractionStep step, const Interaction& interaction,
                                           const Digest& browser, TimePoint now) const {
  Message payload;
  payload.set("id", interaction.id.text());
  payload.set("request", interaction.request.json());
  if (interaction.origin.is_signed) payload.set_bool("signed", true);
  if (interaction.origin.pushed) payload.set("pushed", base64url_encode(interaction.origin.pushed->octets()));
  if (interaction.shown) payload.set("shown", to_message(*interaction.shown).json());
  const std::string text = dump_json(payload.json());
  if (text.size() > kMaxRequestOctets) return fail(Errc::refused, "the authorization request is over 16 KiB");
  return sealer_.seal(text, binding_of(step, browser), random_, now);
}

Result<OpenedInteraction> InteractionSeals::open(std::string_view text, InteractionStep step,
                                                 const Digest& browser, TimePoint now) const {
  auto opened = sealer_.open(text, binding_of(step, browser), now, lifetime_);
  if (!opened) return fail(std::move(opened).error());
  auto payload = parse_json(opened->payload);
  if (!payload) return fail(Errc::internal, "a seal of ours holds what is no JSON");
  const Json* request = json_member(*payload, "request");
  const Json* shown = json_member(*payload, "shown");
  auto id = json_text(*payload, "id");
  if (request == nullptr || !id || !*id) return fail(Errc::internal, "a seal of ours lacks members");
  OpenedInteraction result;
  result.expired = opened->expired;
  result.interaction.id = model::InteractionId(**id);
  result.interaction.request = Message(*request);
  const Json* is_signed = json_member(*payload, "signed");
  result.interaction.origin.is_signed = is_signed != nullptr && *is_signed == true;
  result.interaction.origin.pushed = digest_from(Message(*payload), "pushed");
  if (shown != nullptr) result.interaction.shown = shown_from(Message(*shown));
  return result;
}

}  // namespace oidcop::endpoint
