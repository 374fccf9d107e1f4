#include "fcgi/listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

namespace oidcop::fcgi {
namespace {

constexpr int kBacklog = 512;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t octets = 0;

  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }                                                                  // NOLINT: as sockets want it
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }  // NOLINT
};

Result<SocketAddress> unix_address(const std::string& path);
Result<SocketAddress> tcp_address(std::string_view address);
Result<void> check_folder(const std::filesystem::path& path);
Result<void> remove_stale(const std::string& path, const SocketAddress& address);
Result<Descriptor> bind_unix(const std::string& path, const SocketAddress& address,
                             const ListenPolicy& policy);
Result<Descriptor> bind_tcp(const SocketAddress& address, std::string_view text);
bool is_loopback(const sockaddr_storage& storage);

tl::unexpected<Error> system_error(const std::string& what) {
  return fail(Errc::unavailable,
              what + ": " + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe): glibc's is
}

Result<Descriptor> open_socket(int family) {
  Descriptor descriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!descriptor.valid()) return system_error("socket");
  return descriptor;
}

/// One process of ours starts at a time; the umask of others is not disturbed because threads come later.
class ScopedUmask {
 public:
  explicit ScopedUmask(mode_t mask) : before_(::umask(mask)) {}
  ~ScopedUmask() { ::umask(before_); }
  ScopedUmask(const ScopedUmask&) = delete;
  ScopedUmask& operator=(const ScopedUmask&) = delete;

 private:
  mode_t before_;
};

}  // namespace

bool is_listening_socket(int descriptor) {
  int listens = 0;
  int type = 0;
  socklen_t octets = sizeof listens;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &octets) != 0 || listens == 0)
    return false;
  octets = sizeof type;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &octets) == 0 && type == SOCK_STREAM;
}

Listener::Listener(Descriptor descriptor, http::Channel channel, const ListenPolicy& policy)
    : descriptor_(std::move(descriptor)), channel_(channel), peer_uids_(policy.peer_uids) {
  peer_uids_.push_back(0);
  peer_uids_.push_back(::geteuid());
}

Listener::Listener(Listener&& other) noexcept {
  *this = std::move(other);
}

Listener& Listener::operator=(Listener&& other) noexcept {
  if (this == &other) return *this;
  remove_file();
  descriptor_ = std::move(other.descriptor_);
  channel_ = other.channel_;
  peer_uids_ = std::move(other.peer_uids_);
  path_ = std::exchange(other.path_, {});
  inode_ = other.inode_;
  device_ = other.device_;
  return *this;
}

Listener::~Listener() {
  remove_file();
}

Result<Listener> Listener::open(std::string_view address, const ListenPolicy& policy) {
  constexpr std::string_view kUnix = "unix:";
  if (!address.starts_with(kUnix)) {
    const auto resolved = tcp_address(address);
    if (!resolved) return fail(resolved.error());
    if (!policy.allow_remote_tcp && !is_loopback(resolved->storage)) {
      return fail(Errc::refused,
                  std::string(address) + ": whoever reaches a FastCGI port speaks for every user; " +
                      "use a loopback address or a Unix socket, or allow remote TCP explicitly");
    }
    auto descriptor = bind_tcp(*resolved, address);
    if (!descriptor) return fail(std::move(descriptor).error());
    return Listener(std::move(*descriptor), http::Channel::tcp, policy);
  }
  const std::string path(address.substr(kUnix.size()));
  const auto resolved = unix_address(path);
  if (!resolved) return fail(resolved.error());
  if (auto checked = check_folder(path); !checked) return fail(std::move(checked).error());
  if (auto removed = remove_stale(path, *resolved); !removed) return fail(std::move(removed).error());
  auto descriptor = bind_unix(path, *resolved, policy);
  if (!descriptor) return fail(std::move(descriptor).error());
  Listener listener(std::move(*descriptor), http::Channel::local, policy);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return system_error(path);
  listener.path_ = path;
  listener.inode_ = status.st_ino;
  listener.device_ = status.st_dev;
  return listener;
}

Result<Listener> Listener::adopt(int descriptor, const ListenPolicy& policy) {
  if (!is_listening_socket(descriptor))
    return fail(Errc::refused, "the inherited descriptor is no listening socket");
  SocketAddress address;
  address.octets = sizeof address.storage;
  if (::getsockname(descriptor, address.get(), &address.octets) != 0) return system_error("inherited socket");
  const bool local = address.storage.ss_family == AF_UNIX;
  if (!local && !policy.allow_remote_tcp && !is_loopback(address.storage)) {
    return fail(Errc::refused, "the inherited socket listens beyond this machine");
  }
  // Another process may take the connection that poll() announced to us: accepting must not block then.
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0 ||
      ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
    return system_error("inherited socket");
  }
  return Listener(Descriptor(descriptor), local ? http::Channel::local : http::Channel::tcp, policy);
}

Listener::Accepted Listener::accept() const {
  Accepted accepted;
  accepted.descriptor =
      Descriptor(::accept4(descriptor_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!accepted.descriptor.valid()) {
    const bool nobody = errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
    accepted.error = nobody ? 0 : errno;
    return accepted;
  }
  if (channel_ == http::Channel::tcp) return accepted;
  ucred peer{};
  socklen_t octets = sizeof peer;
  const bool known = ::getsockopt(accepted.descriptor.get(), SOL_SOCKET, SO_PEERCRED, &peer, &octets) == 0;
  if (known && std::find(peer_uids_.begin(), peer_uids_.end(), peer.uid) != peer_uids_.end()) return accepted;
  accepted.refused_uid = known ? peer.uid : static_cast<uid_t>(-1);
  accepted.descriptor.reset();
  return accepted;
}

void Listener::remove_file() noexcept {
  if (path_.empty()) return;
  struct stat status {};
  const bool ours =
      ::lstat(path_.c_str(), &status) == 0 && status.st_ino == inode_ && status.st_dev == device_;
  if (ours) ::unlink(path_.c_str());
}

namespace {

Result<SocketAddress> unix_address(const std::string& path) {
  SocketAddress address;
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.front() != '/')
    return fail(Errc::malformed, "unix:" + path + ": the path is not absolute");
  if (path.size() >= sizeof name.sun_path)
    return fail(Errc::malformed, "unix:" + path + ": the path is too long");
  std::memcpy(&name.sun_path[0], path.c_str(), path.size() + 1);
  std::memcpy(&address.storage, &name, sizeof name);
  address.octets = sizeof name;
  return address;
}

Result<SocketAddress> tcp_address(std::string_view text) {
  const auto bad = [&](const char* why) { return fail(Errc::malformed, std::string(text) + ": " + why); };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad("neither unix:PATH nor HOST:PORT");
  auto host = std::string(text.substr(0, colon));
  const auto port = std::string(text.substr(colon + 1));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host.empty() || port.empty()) return bad("the host or the port is missing");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return bad("unknown host or bad port");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.octets = found->ai_addrlen;
  return address;
}

/// Whoever may write to the folder may put a socket of his own in our place.
Result<void> check_folder(const std::filesystem::path& path) {
  const auto folder = path.parent_path();
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return system_error(folder.string());
  const bool own = status.st_uid == 0 || status.st_uid == ::geteuid();
  if (!own || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(Errc::refused,
                folder.string() + ": others may write here; give it to our user and chmod it 0750");
  }
  return {};
}

Result<void> remove_stale(const std::string& path, const SocketAddress& address) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? Result<void>() : Result<void>(system_error(path));
  }
  if (!S_ISSOCK(status.st_mode)) return fail(Errc::refused, path + ": exists and is no socket");
  const auto probe = open_socket(AF_UNIX);
  if (!probe) return fail(probe.error());
  if (::connect(probe->get(), address.get(), address.octets) == 0 || errno != ECONNREFUSED) {
    return fail(Errc::refused, path + ": another process listens here");
  }
  if (::unlink(path.c_str()) != 0) return system_error(path);
  return {};
}

Result<Descriptor> bind_unix(const std::string& path, const SocketAddress& address,
                             const ListenPolicy& policy) {
  auto descriptor = open_socket(AF_UNIX);
  if (!descriptor) return descriptor;
  {
    const ScopedUmask only_owner(0177);
    if (::bind(descriptor->get(), address.get(), address.octets) != 0) return system_error(path);
  }
  // Nobody can connect before listen(), thus nobody sees the steps in between.
  if (policy.socket_group && (::lchown(path.c_str(), static_cast<uid_t>(-1), *policy.socket_group) != 0 ||
                              ::chmod(path.c_str(), 0660) != 0)) {
    return system_error(path + ": group of the socket");
  }
  if (::listen(descriptor->get(), kBacklog) != 0) return system_error(path);
  return descriptor;
}

Result<Descriptor> bind_tcp(const SocketAddress& address, std::string_view text) {
  auto descriptor = open_socket(address.storage.ss_family);
  if (!descriptor) return descriptor;
  const int yes = 1;
  ::setsockopt(descriptor->get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(descriptor->get(), address.get(), address.octets) != 0 ||
      ::listen(descriptor->get(), kBacklog) != 0) {
    return system_error(std::string(text));
  }
  return descriptor;
}

bool is_loopback(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &storage, sizeof four);
    return (ntohl(four.sin_addr.s_addr) >> 24U) == 127;
  }
  if (storage.ss_family != AF_INET6) return false;
  sockaddr_in6 six{};
  std::memcpy(&six, &storage, sizeof six);
  if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) return six.sin6_addr.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

}  // namespace
}  // namespace oidcop::fcgi
