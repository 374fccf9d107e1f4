#pragma once

#include "base/descriptor.h"
#include "http/cgi_request.h"

#include <oidcop/result.h>
#include <sys/types.h>
#include <cstdint>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::fcgi {

/// Who may talk to us. Whoever reaches a FastCGI socket speaks for every user, so the defaults are narrow.
struct ListenPolicy {
  std::vector<uid_t> peer_uids;   ///< besides root and ourselves, for Unix sockets
  bool allow_remote_tcp = false;  ///< lets TCP listen on other than loopback addresses
  std::optional<gid_t>
      socket_group;  ///< gives a Unix socket that we make this group and mode 0660 (else 0600)
};

/// A listening socket, and the rule by which its peers are admitted.
class Listener {
 public:
  /// Opens "unix:PATH" or "HOST:PORT" ("[::1]:9000", "localhost:9000").
  ///
  /// The file of a Unix socket is made under umask 0177; one that nobody listens on any more is replaced, a
  /// living one is an error. Its folder must not be writable by others. Errors: malformed (address), refused
  /// (policy; somebody else listens; folder open to others), unavailable.
  static Result<Listener> open(std::string_view address, const ListenPolicy& policy);

  /// Takes over a socket that the web server, systemd or spawn-fcgi opened. Errors: refused (no listening
  /// stream socket, or one of TCP beyond loopback), unavailable.
  static Result<Listener> adopt(int descriptor, const ListenPolicy& policy);

  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&& other) noexcept;
  ~Listener();  ///< closes; removes the file of a Unix socket that open() made, if it is still that one

  int descriptor() const { return descriptor_.get(); }
  http::Channel channel() const { return channel_; }

  struct Accepted {
    Descriptor descriptor;             ///< invalid when nobody waits, or the peer was refused
    std::optional<uid_t> refused_uid;  ///< set when a peer was turned away
    int error = 0;                     ///< errno when accepting failed for another reason than "nobody waits"
  };
  /// Takes one waiting connection; never blocks.
  Accepted accept() const;

 private:
  Listener(Descriptor descriptor, http::Channel channel, const ListenPolicy& policy);
  void remove_file() noexcept;

  Descriptor descriptor_;
  http::Channel channel_ = http::Channel::local;
  std::vector<uid_t> peer_uids_;
  std::string path_;  // only when open() made the file
  ino_t inode_ = 0;
  dev_t device_ = 0;
};

/// Whether the descriptor is a listening stream socket: what tells FastCGI from CGI (FastCGI 1.0, 2.2).
bool is_listening_socket(int descriptor);

}  // namespace oidcop::fcgi
