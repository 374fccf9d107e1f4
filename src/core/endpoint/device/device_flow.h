#pragma once

#include "authn/acr_broker.h"
#include "claims/release.h"
#include "endpoint/authorization/authorization_issuer.h"
#include "endpoint/authorization/interaction.h"
#include "endpoint/authorization/password_sign_in.h"
#include "endpoint/authorization/presence.h"
#include "endpoint/device/waiting_devices.h"
#include "page/pages.h"
#include "session/sign_in_state.h"

#include <optional>
#include <string>

namespace oidcop::endpoint {

struct DeviceFlowSettings {
  std::string verification_url;  ///< where all of its pages post
  Seconds session_idle_lifetime = std::chrono::hours(8);
};

/// What the flow works with. References outlive it.
struct DeviceFlowParts {
  const WaitingDevices& devices;
  const PasswordSignIn& sign_in;
  store::DeviceCodeStore& decisions;
  store::SessionStore& sessions;
  const session::Cookies& cookies;
  const InteractionSeals& seals;
  const page::Pages& pages;
  const authn::AcrBroker& acr;
  const claims::ClaimRelease& release;
  Random& random;
  Log& log;
};

/// What the page for the code has to say besides asking.
struct CodeNotice {
  page::DeviceCodeError error = page::DeviceCodeError::none;
  std::string typed;  ///< to be prefilled; anything
  Seconds retry_after{};
};

/// A person's way (RFC 8628, 3.3): they enter the code, sign in unless they are, see what the device wants,
/// and answer. Each page is sealed for its step and this browser, and what a page showed must still hold when
/// it is answered. Nothing but the last answer changes anything. Thread-safe.
class DeviceFlow {
 public:
  using Answer = Result<ResponseArgs, ProtocolError>;
  DeviceFlow(const DeviceFlowParts& parts, const IssuerParts& issuer, DeviceFlowSettings settings)
      : parts_(parts), usage_(issuer.usage), issuer_(issuer), settings_(std::move(settings)) {}

  const std::string& url() const { return settings_.verification_url; }

  /// The first page. A code that came along in the URL is only prefilled, so that nobody's device is
  /// connected by a link alone (3.3.1).
  Answer ask_for_code(const CodeNotice& notice, RequestScope& scope) const;
  // What the pages post.
  Answer code_entered(const Message& form, RequestScope& scope) const;
  Answer login_posted(const Message& form, RequestScope& scope) const;
  Answer answered(const Message& form, RequestScope& scope) const;

 private:
  /// A page that came back from this browser in time, and the device it speaks of.
  struct Returned {
    Interaction interaction;
    std::optional<WaitingDevice> device;  ///< nothing: it does not wait any more
  };
  Result<std::optional<Returned>, ProtocolError> returned(const Message& form, InteractionStep step,
                                                          RequestScope& scope) const;
  Answer proceed(const WaitingDevice& device, const Presence& presence, RequestScope& scope,
                 const LoginNotice& notice = {}) const;
  Result<session::SignInState, ProtocolError> sign_in_state(const WaitingDevice& device,
                                                            const Presence& presence, TimePoint now) const;
  Answer ask_to_sign_in(const WaitingDevice& device, const Presence& presence,
                        const session::SignInState& state, const LoginNotice& notice,
                        RequestScope& scope) const;
  Answer ask_to_confirm(const WaitingDevice& device, const Presence& presence, RequestScope& scope) const;
  Answer allow(const WaitingDevice& device, const Presence& presence, const ShownConsent& shown,
               const model::ScopeSet& ticked, RequestScope& scope) const;
  Answer deny(const WaitingDevice& device, RequestScope& scope) const;
  Answer done(const WaitingDevice& device, page::DeviceEnd end, RequestScope& scope) const;
  Result<std::string, ProtocolError> sealed(InteractionStep step, const Interaction& interaction,
                                            RequestScope& scope) const;
  std::vector<page::RequestedItem> items_of(const WaitingDevice& device, const model::User& user) const;
  ShownConsent shown_now(const WaitingDevice& device, const Presence& presence) const;

  DeviceFlowParts parts_;
  const token::UsagePolicy& usage_;
  AuthorizationIssuer issuer_;
  DeviceFlowSettings settings_;
};

}  // namespace oidcop::endpoint
