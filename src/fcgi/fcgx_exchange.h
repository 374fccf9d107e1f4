#pragma once

#include "base/descriptor.h"
#include "http/cgi_request.h"

#include <oidcop/result.h>
#include <memory>

#include <string>
#include <string_view>

struct FCGX_Request;

namespace oidcop::fcgi {

/// Parses requests and formats answers with libfcgi.
///
/// libfcgi only reads and writes descriptors. It gets one of a file in memory, never a socket: so it cannot
/// block, cannot be surprised by a peer that hangs up, and what it closes on its own account (when records
/// make no sense to it) is a duplicate that nobody else uses. Its own accept() is out of reach, since the
/// request structure names no listening socket. One object per thread; objects do not share anything.
class FcgxExchange {
 public:
  /// Errors: unavailable (no descriptor or memory left).
  static Result<FcgxExchange> create();
  FcgxExchange(FcgxExchange&&) noexcept;
  FcgxExchange& operator=(FcgxExchange&&) noexcept;
  ~FcgxExchange();

  struct Parsed {
    http::CgiParameters parameters;  ///< as received, in order, repetitions included
    std::string body;
  };
  /// Parses the records of one complete request. Errors: malformed, unavailable.
  Result<Parsed> parse(std::string_view records);

  /// Wraps an answer (headers and body, RFC 3875, 6) into the records that answer the request parsed last, up
  /// to END_REQUEST. Once per parse(). Errors: unavailable.
  Result<std::string> format(std::string_view answer);

 private:
  FcgxExchange(Descriptor file, std::unique_ptr<FCGX_Request> request);
  Result<void> open_request(std::string_view records);
  void end_request() noexcept;
  void close() noexcept;

  Descriptor file_;
  std::unique_ptr<FCGX_Request> request_;
  bool is_empty_ = true;  // the file, with its position at the beginning
};

}  // namespace oidcop::fcgi
