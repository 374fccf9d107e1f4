#pragma once

#include "endpoint/grant/grant_services.h"
#include "endpoint/grant/grant_type.h"
#include "jose/keyed_hash.h"
#include "store/device_code_store.h"

namespace oidcop::endpoint {

/// The device's part of the device authorization grant (RFC 8628, 3.4 and 3.5): it asks again and again until
/// a person has decided. A yes has put a code into the store, which is then spent like any other: once, and
/// presented again it revokes what came of it.
class DeviceCodeGrant final : public GrantType {
 public:
  /// References outlive it.
  struct Parts {
    store::DeviceCodeStore& devices;
    const jose::Pepper& pepper;
  };
  DeviceCodeGrant(GrantServices services, const Parts& parts) : services_(services), parts_(parts) {}
  std::string_view name() const override { return model::kDeviceCodeGrantType; }
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  Result<std::unique_ptr<const GrantRequest>, ProtocolError> check(const Message& request,
                                                                   RequestScope& scope) const override;

 private:
  GrantServices services_;
  Parts parts_;
};

}  // namespace oidcop::endpoint
