#include "fcgi/test_peer.h"

#include "fcgi/record.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace oidcop::fcgi {
namespace {

constexpr int kPatience = 10'000;  // milliseconds
constexpr int kSlice = 100;        // of it; a machine that stood still for longer has used up one slice

/// As poll(2), for kPatience.
int wait_for(pollfd& entry) {
  for (int waited = 0; waited < kPatience; waited += kSlice) {
    const int ready = ::poll(&entry, 1, kSlice);
    if (ready != 0 && !(ready < 0 && errno == EINTR)) return ready;
  }
  return 0;
}
constexpr std::uint8_t kBegin = 1, kEnd = 3, kParams = 4, kStdin = 5, kStdout = 6;

std::string length_of(std::string_view text) {
  const auto octets = text.size();
  if (octets < 128) return {static_cast<char>(octets)};
  return {static_cast<char>(octets >> 24U | 0x80U), static_cast<char>(octets >> 16U),
          static_cast<char>(octets >> 8U), static_cast<char>(octets)};
}

std::string stream(std::uint8_t type, std::uint16_t id, std::string_view octets) {
  std::string records;
  while (!octets.empty()) {
    records += make_record(type, id, octets.substr(0, 60'000));
    octets.remove_prefix(std::min<std::size_t>(octets.size(), 60'000));
  }
  return records + make_record(type, id, {});
}

}  // namespace

std::string begin_request(std::uint16_t id, Keep keep, std::uint8_t role) {
  std::string content(8, '\0');
  content[1] = static_cast<char>(role);
  content[2] = keep == Keep::yes ? 1 : 0;
  return make_record(kBegin, id, content);
}

std::string params_content(const http::CgiParameters& parameters) {
  std::string content;
  for (const auto& [name, value] : parameters) content += length_of(name) + length_of(value) + name + value;
  return content;
}

std::string params(std::uint16_t id, const http::CgiParameters& parameters) {
  return stream(kParams, id, params_content(parameters));
}

std::string body(std::uint16_t id, std::string_view octets) {
  return stream(kStdin, id, octets);
}

std::string a_request(const http::CgiParameters& parameters, std::string_view octets, Keep keep,
                      std::uint16_t id) {
  return begin_request(id, keep) + params(id, parameters) + body(id, octets);
}

http::CgiParameters get(std::string_view path) {
  return {{"GATEWAY_INTERFACE", "CGI/1.1"},
          {"REQUEST_METHOD", "GET"},
          {"REQUEST_URI", std::string(path)},
          {"QUERY_STRING", ""},
          {"HTTPS", "on"},
          {"REMOTE_ADDR", "192.0.2.7"},
          {"HTTP_HOST", "op.example"}};
}

http::CgiParameters post(std::string_view path, std::size_t content_length) {
  auto parameters = get(path);
  parameters[1].value = "POST";
  parameters.push_back({"CONTENT_LENGTH", std::to_string(content_length)});
  return parameters;
}

TestPeer::TestPeer(const std::filesystem::path& socket)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(&address.sun_path[0], socket.c_str(), sizeof address.sun_path - 1);
  EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0)  // NOLINT
      << std::strerror(errno);
}

void TestPeer::send(std::string_view octets) {
  while (!octets.empty()) {
    const auto put = ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (put <= 0) return;  // closed on us: what matters is what can still be read
    octets.remove_prefix(static_cast<std::size_t>(put));
  }
}

void TestPeer::shut_down() {
  ::shutdown(socket_.get(), SHUT_WR);
}

std::string TestPeer::read_some() {
  pollfd entry{socket_.get(), POLLIN, 0};
  if (const int ready = wait_for(entry); ready != 1) {
    ADD_FAILURE() << "nothing came: " << (ready == 0 ? "it took too long" : std::strerror(errno));
    return {};
  }
  std::array<char, 65536> buffer{};
  const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

TestPeer::Answer TestPeer::receive() {
  Answer answer;
  while (!answer.ended) {
    const auto header = RecordHeader::read(unread_);
    if (!header || unread_.size() < header->total_octets()) {
      const auto more = read_some();
      if (more.empty()) break;
      unread_ += more;
      continue;
    }
    const auto content = unread_.substr(RecordHeader::kOctets, header->content_octets);
    if (header->type == kStdout) answer.text += content;
    if (header->type == kEnd) {
      answer.ended = true;
      answer.protocol_status = static_cast<std::uint8_t>(content[4]);
    }
    unread_.erase(0, header->total_octets());
  }
  return answer;
}

std::string TestPeer::receive_all() {
  auto all = std::exchange(unread_, {});
  for (auto more = read_some(); !more.empty(); more = read_some()) all += more;
  return all;
}

void TestPeer::await_hang_up() {
  pollfd entry{socket_.get(), 0, 0};  // no event but POLLHUP, which is always told
  EXPECT_EQ(wait_for(entry), 1) << "the other end is still open";
}

bool TestPeer::is_closed() {
  receive_all();
  return !testing::Test::HasFailure();
}

int TestPeer::Answer::status() const {
  constexpr std::string_view kStatus = "Status: ";
  return text.starts_with(kStatus) ? std::atoi(text.c_str() + kStatus.size()) : 0;  // NOLINT(cert-err34-c)
}

void RecordingLog::write(LogLevel /*level*/, std::string_view event,
                         std::initializer_list<LogField> /*fields*/) {
  const std::lock_guard lock(mutex_);
  events_.emplace_back(event);
}

bool RecordingLog::has(std::string_view event) const {
  const std::lock_guard lock(mutex_);
  return std::find(events_.begin(), events_.end(), event) != events_.end();
}

}  // namespace oidcop::fcgi
