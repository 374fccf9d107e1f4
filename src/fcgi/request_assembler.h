#pragma once

#include "fcgi/record.h"
#include "http/cgi_request.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop::fcgi {

/// A request of which every octet is here and bounded, still in its FastCGI records: food for libfcgi.
struct AssembledRequest {
  std::string records;  ///< BEGIN_REQUEST, PARAMS and STDIN of one request, both streams ended
  bool keep_connection = false;
  /// Set when the request is over a limit or malformed. Then `records` holds an empty request, made only to
  /// be answered, and more of the refused one may still arrive: answer, close, and read until the peer does.
  std::optional<http::Refusal> refusal;
};

/// Cuts the octets of one connection into requests, without ever blocking on the missing ones.
///
/// It stands between the socket and libfcgi for three reasons: libfcgi would block a thread for as long as a
/// peer takes; it sets no bound to what a peer makes it store; and a parameter whose announced length cannot
/// be allocated makes it abort the process. After this class has looked at a request, none of that can
/// happen. Not synchronised.
class RequestAssembler {
 public:
  /// `policy` outlives the assembler.
  explicit RequestAssembler(const http::CgiPolicy& policy) : policy_(&policy) {}

  void append(std::string_view octets) { unread_ += octets; }

  enum class Event : std::uint8_t {
    incomplete,  ///< append more
    complete,    ///< take() the request; what follows stays for the next one
    aborted,     ///< the web server gave the request up; it has been forgotten
    broken,      ///< these are no FastCGI records, or in an order that has no meaning: close
  };
  /// Goes through what has been appended until something happened.
  Event advance();

  AssembledRequest take();  ///< after complete

  /// Gives up the request in progress for this reason: take() it afterwards. Only while in_request().
  void refuse(http::Refusal refusal);

  /// Octets to send at once: answers to management records and to requests that cannot be served. Cleared by
  /// it.
  std::string take_replies() { return std::exchange(replies_, {}); }

  bool in_request() const { return phase_ != Phase::idle; }
  bool has_octets() const { return in_request() || !unread_.empty(); }
  bool keeps_connection() const { return keep_connection_; }  ///< of the last request begun
  std::size_t buffered_octets() const { return unread_.size() + records_.size() + parameters_.size(); }

 private:
  enum class Phase : std::uint8_t { idle, parameters, body, refused };

  std::optional<Event> read_record(const RecordHeader& header, std::string_view record);
  std::optional<Event> begin(const RecordHeader& header, std::string_view content);
  std::optional<Event> read_parameters(std::string_view record, std::string_view content);
  std::optional<Event> read_body(std::string_view record, std::string_view content);
  std::optional<http::Refusal> check_parameters() const;
  Event refused_now(int status, std::string reason);
  void forget();

  const http::CgiPolicy* policy_;
  std::string unread_;
  std::string replies_;
  Phase phase_ = Phase::idle;
  std::uint16_t request_id_ = 0;
  bool keep_connection_ = false;
  std::string records_;
  std::string parameters_;  // the PARAMS stream's content, as long as it is being read
  std::size_t body_octets_ = 0;
  std::optional<http::Refusal> refusal_;
};

}  // namespace oidcop::fcgi
