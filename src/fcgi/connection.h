#pragma once

#include "base/descriptor.h"
#include "fcgi/request_assembler.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace oidcop::fcgi {

using SteadyTime = std::chrono::steady_clock::time_point;

/// One connection with the web server: its socket, what has arrived, what has yet to leave. It never blocks,
/// and decides nothing; the polling thread does. Not synchronised.
class Connection {
 public:
  enum class State : std::uint8_t {
    reading,   ///< waiting for octets of a request; without any it is idle
    working,   ///< a worker has the request; the socket is left alone
    writing,   ///< the answer is on its way
    draining,  ///< answered early: reading what the peer still sends, so that it gets to read our answer
  };

  /// `policy` outlives the connection.
  Connection(Descriptor socket, http::Channel channel, const http::CgiPolicy& policy);

  int descriptor() const { return socket_.get(); }
  http::Channel channel() const { return channel_; }
  State state() const { return state_; }
  short events() const;  ///< what to poll for; 0: leave it out
  bool is_idle() const { return state_ == State::reading && !assembler_.has_octets(); }
  bool has_served() const { return served_; }
  std::size_t buffered_octets() const { return assembler_.buffered_octets() + output_.size() - sent_; }
  RequestAssembler& assembler() { return assembler_; }

  enum class Progress : std::uint8_t { some, none, ended };
  Progress receive();  ///< takes in what is there (while draining: throws it away)
  Progress send();     ///< `some` when nothing is left to send
  bool send_at_once(
      const std::string& octets);  ///< a few octets outside of an answer; false: the peer does not read

  void begin_work(bool keep_connection, bool refused);
  void begin_answer(std::string output);
  /// After the answer left: `reading` when the connection is kept, `draining`, or nothing more to do (false).
  bool end_answer();

  SteadyTime deadline = SteadyTime::max();  ///< when to give up what is going on
  SteadyTime idle_since = SteadyTime::max();

 private:
  Descriptor socket_;
  http::Channel channel_;
  State state_ = State::reading;
  RequestAssembler assembler_;
  std::string output_;
  std::size_t sent_ = 0;
  bool keep_ = false;
  bool refused_ = false;
  bool served_ = false;
};

}  // namespace oidcop::fcgi
