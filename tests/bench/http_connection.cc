#include "bench/http_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <strings.h>
#include <array>
#include <charconv>

namespace oidcop::bench {
namespace {

constexpr timeval kPatience{60, 0};

/// The value of a header in a block of whole lines; empty when it is not there.
std::string_view header_value(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    const auto line = lines.substr(0, end);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
      const auto value = line.find_first_not_of(' ', name.size() + 1);
      return value == std::string_view::npos ? std::string_view() : line.substr(value);
    }
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
  }
  return {};
}

template <class Number>
bool read_number(std::string_view text, Number& number, int base) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

Result<Reply> HttpConnection::get(std::string_view target, std::string_view headers) {
  std::string request = "GET ";
  request.append(target).append(" HTTP/1.1\r\nHost: ").append(host_).append("\r\n").append(headers);
  return exchange(request += "\r\n");
}

Result<Reply> HttpConnection::post(std::string_view target, std::string_view headers, std::string_view form) {
  std::string request = "POST ";
  request.append(target).append(" HTTP/1.1\r\nHost: ").append(host_).append("\r\n").append(headers);
  request.append("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ");
  request.append(std::to_string(form.size())).append("\r\n\r\n").append(form);
  return exchange(request);
}

Result<void> HttpConnection::connect() {
  socket_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int at_once = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail(Errc::unavailable, "cannot connect");
  }
  return {};
}

Result<Reply> HttpConnection::exchange(const std::string& request) {
  if (!socket_.valid()) {
    if (auto connected = connect(); !connected) return fail(connected.error());
  }
  received_.clear();
  auto sent = send(request);
  auto reply = sent ? receive() : Result<Reply>(fail(sent.error()));
  if (!reply) socket_ = {};
  return reply;
}

Result<void> HttpConnection::send(std::string_view octets) {
  while (!octets.empty()) {
    const auto sent = ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return fail(Errc::unavailable, "the connection was lost while sending");
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<void> HttpConnection::receive_some() {
  std::array<char, 16384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
  const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got <= 0) return fail(Errc::unavailable, "the connection was lost before the answer's end");
  received_.append(buffer.data(), static_cast<std::size_t>(got));
  return {};
}

/// Where the mark begins.
Result<std::size_t> HttpConnection::receive_until(std::string_view mark, std::size_t from) {
  while (true) {
    if (const auto found = received_.find(mark, from); found != std::string::npos) return found;
    if (auto more = receive_some(); !more) return fail(more.error());
  }
}

Result<void> HttpConnection::receive_chunks(std::size_t from, std::string& body) {
  while (true) {
    const auto line_end = receive_until("\r\n", from);
    if (!line_end) return fail(line_end.error());
    std::size_t size = 0;
    if (!read_number(std::string_view(received_).substr(from, *line_end - from), size, 16)) {
      return fail(Errc::malformed, "a chunk without a size");
    }
    const auto begin = *line_end + 2;
    while (received_.size() < begin + size + 2) {
      if (auto more = receive_some(); !more) return more;
    }
    if (size == 0) return {};
    body.append(received_, begin, size);
    from = begin + size + 2;
  }
}

Result<Reply> HttpConnection::receive() {
  const auto head_end = receive_until("\r\n\r\n", 0);
  if (!head_end) return fail(head_end.error());
  const std::string head = received_.substr(0, *head_end + 2);
  Reply reply;
  if (head.size() < 12 || !read_number(std::string_view(head).substr(9, 3), reply.status, 10)) {
    return fail(Errc::malformed, "an answer without a status");
  }
  reply.location = header_value(head, "location");
  if (header_value(head, "transfer-encoding") == "chunked") {
    if (auto body = receive_chunks(*head_end + 4, reply.body); !body) return fail(body.error());
  } else {
    std::size_t size = 0;
    if (!read_number(header_value(head, "content-length"), size, 10)) {
      return fail(Errc::malformed, "an answer without a length");
    }
    while (received_.size() < *head_end + 4 + size) {
      if (auto more = receive_some(); !more) return fail(more.error());
    }
    reply.body = received_.substr(*head_end + 4, size);
  }
  if (header_value(head, "connection") == "close") socket_ = {};
  return reply;
}

}  // namespace oidcop::bench
