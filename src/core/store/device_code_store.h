#pragma once

#include "base/digest.h"
#include "model/id.h"

#include <oidcop/message.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <cstdint>

namespace oidcop::store {

/// What a person said about a device.
enum class DeviceDecision : std::uint8_t { pending, allowed, denied };

/// A device that waits until a person has decided about it elsewhere (RFC 8628, 3.2).
struct DeviceAuthorization {
  Digest device_code;  ///< keyed; also the digest of the code that a yes puts into the store (Authorize)
  Digest user_code;    ///< keyed, since there are few enough to try
  model::ClientId client;
  Message request;  ///< what it may be granted, as checked then
  TimePoint created_at{};
  TimePoint expires_at{};  ///< of both codes
  TimePoint kept_until{};  ///< until then the device is told that it came too late
  Seconds interval{};      ///< between two polls; longer when the device polls too fast
  DeviceDecision decision = DeviceDecision::pending;

  bool is_open(TimePoint now) const { return decision == DeviceDecision::pending && now < expires_at; }
};

/// The device asks whether somebody has decided (RFC 8628, 3.4).
struct DevicePoll {
  Digest device_code;
  model::ClientId client;  ///< part of the key: another client's poll finds nothing and slows nobody down
  TimePoint now{};
};

enum class PollOutcome : std::uint8_t {
  pending,
  slow_down,  ///< sooner than the interval after the poll before; the interval is five seconds longer now
  denied,
  allowed,  ///< the code is there to be exchanged
  expired,
  not_found,  ///< unknown, or of another client
};

/// Devices that wait. They are allowed by the command that issues something for them (Authorize).
class DeviceCodeStore {
 public:
  virtual ~DeviceCodeStore() = default;
  /// Errors: conflict (a code is taken, or the client is gone); unavailable.
  virtual Result<void> put_device_authorization(const DeviceAuthorization& authorization) = 0;
  /// By its user code, whatever its state. Never writes. Errors: not_found; unavailable.
  virtual Result<DeviceAuthorization> find_device_authorization(const Digest& user_code) = 0;
  /// A person said no. \return whether it was still open. Errors: unavailable.
  virtual Result<bool> deny_device(const Digest& user_code, TimePoint now) = 0;
  /// Notes the poll: of two at once only one is in time. Errors: unavailable.
  virtual Result<PollOutcome> commit(const DevicePoll& command) = 0;
};

}  // namespace oidcop::store
