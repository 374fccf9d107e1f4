#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop::fcgi {

/// Tells systemd how we are (sd_notify(3), Type=notify), without its library. Without an address nobody is
/// told; telling may fail, which changes nothing for us. Thread-safe.
class ServiceManager {
 public:
  /// \param socket NOTIFY_SOCKET: the path of a datagram socket, or an abstract one that begins with '@'
  explicit ServiceManager(std::optional<std::string> socket) : socket_(std::move(socket)) {}

  void ready() const;      ///< we serve; also at the end of reloading
  void reloading() const;  ///< files are being read anew
  void stopping() const;   ///< no new request is taken

 private:
  void tell(std::string_view state) const;

  std::optional<std::string> socket_;
};

}  // namespace oidcop::fcgi
