#include "fcgi/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace oidcop::fcgi {

Connection::Connection(Descriptor socket, http::Channel channel, const http::CgiPolicy& policy)
    : socket_(std::move(socket)), channel_(channel), assembler_(policy) {}

short Connection::events() const {
  switch (state_) {
    case State::reading:
    case State::draining:
      return POLLIN;
    case State::writing:
      return POLLOUT;
    case State::working:
      break;
  }
  return 0;
}

Connection::Progress Connection::receive() {
  std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
  const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got == 0) return Progress::ended;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? Progress::none : Progress::ended;
  if (state_ == State::reading) assembler_.append({buffer.data(), static_cast<std::size_t>(got)});
  return Progress::some;
}

Connection::Progress Connection::send() {
  while (sent_ < output_.size()) {
    const auto put = ::send(socket_.get(), output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL);
    if (put < 0) return errno == EAGAIN || errno == EINTR ? Progress::none : Progress::ended;
    sent_ += static_cast<std::size_t>(put);
  }
  return Progress::some;
}

bool Connection::send_at_once(const std::string& octets) {
  return ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(octets.size());
}

void Connection::begin_work(bool keep_connection, bool refused) {
  state_ = State::working;
  keep_ = keep_connection;
  refused_ = refused;
}

void Connection::begin_answer(std::string output) {
  state_ = State::writing;
  output_ = std::move(output);
  sent_ = 0;
}

bool Connection::end_answer() {
  served_ = true;
  output_ = {};
  sent_ = 0;
  if (refused_) {
    state_ = State::draining;
    return ::shutdown(socket_.get(), SHUT_WR) == 0;
  }
  state_ = State::reading;
  return keep_;
}

}  // namespace oidcop::fcgi
