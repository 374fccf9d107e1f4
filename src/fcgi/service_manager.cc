#include "fcgi/service_manager.h"

#include "base/descriptor.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <cstddef>
#include <cstring>

namespace oidcop::fcgi {

void ServiceManager::ready() const {
  tell("READY=1");
}

void ServiceManager::reloading() const {
  // The time tells a reload that was asked for from one before it (Type=notify-reload).
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(since_boot).count();
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void ServiceManager::stopping() const {
  tell("STOPPING=1");
}

void ServiceManager::tell(std::string_view state) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!socket_ || socket_->size() < 2 || socket_->size() >= sizeof address.sun_path) return;
  std::memcpy(&address.sun_path[0], socket_->data(), socket_->size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const Descriptor descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!descriptor.valid()) return;
  const auto octets = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_->size());
  ::sendto(descriptor.get(), state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), octets);  // NOLINT: as sockets want it
}

}  // namespace oidcop::fcgi
