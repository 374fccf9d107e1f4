#pragma once

#include "base/descriptor.h"
#include "base/log.h"
#include "http/cgi_request.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::fcgi {

enum class Keep : std::uint8_t { no, yes };

/// Pieces of the protocol as a web server would send them.
std::string begin_request(std::uint16_t id, Keep keep, std::uint8_t role = 1);
std::string params_content(const http::CgiParameters& parameters);
std::string params(std::uint16_t id, const http::CgiParameters& parameters);  ///< ended
std::string body(std::uint16_t id, std::string_view octets);                  ///< ended
/// A whole request.
std::string a_request(const http::CgiParameters& parameters, std::string_view octets = {},
                      Keep keep = Keep::no, std::uint16_t id = 1);
/// What lighttpd sends for GET `path`, in short; body's length announced when there is one.
http::CgiParameters get(std::string_view path);
http::CgiParameters post(std::string_view path, std::size_t content_length);

/// The web server's end of a connection. Every wait ends after ten seconds with a failure.
class TestPeer {
 public:
  explicit TestPeer(const std::filesystem::path& socket);

  void send(std::string_view octets);
  void shut_down();  ///< no more octets from us

  struct Answer {
    std::string text;    ///< status, headers and body; empty when none came
    bool ended = false;  ///< END_REQUEST came
    std::uint8_t protocol_status = 0;
    int status() const;  ///< from the Status header; 0 without
  };
  Answer receive();           ///< up to END_REQUEST or the end of the connection
  std::string receive_all();  ///< up to the end of the connection, as it is
  void await_hang_up();       ///< waits until the other end is closed, reading nothing
  bool is_closed();           ///< waits for the end of the connection, passing over what still comes

 private:
  std::string read_some();
  Descriptor socket_;
  std::string unread_;
};

/// Keeps what was logged.
class RecordingLog final : public Log {
 public:
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;
  bool has(std::string_view event) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
};

}  // namespace oidcop::fcgi
