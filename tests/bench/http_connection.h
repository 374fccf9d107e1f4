#pragma once

#include "base/descriptor.h"

#include <oidcop/result.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop::bench {

/// One answer. Only what the load client looks at.
struct Reply {
  int status = 0;
  std::string location;
  std::string body;
};

/// A kept-alive HTTP/1.1 connection to 127.0.0.1 that blocks. When the server ends it between two answers it
/// is made anew; when it ends during one, that is an error. Not synchronised.
class HttpConnection {
 public:
  /// `host` is what the header Host says, whatever the port connected to.
  HttpConnection(std::uint16_t port, std::string host) : port_(port), host_(std::move(host)) {}

  /// `headers`: whole lines, each with its CRLF. Errors: unavailable (no connection, or lost), malformed.
  Result<Reply> get(std::string_view target, std::string_view headers);
  Result<Reply> post(std::string_view target, std::string_view headers, std::string_view form);

 private:
  Result<void> connect();
  Result<Reply> exchange(const std::string& request);
  Result<void> send(std::string_view octets);
  Result<void> receive_some();
  Result<std::size_t> receive_until(std::string_view mark, std::size_t from);
  Result<void> receive_chunks(std::size_t from, std::string& body);
  Result<Reply> receive();

  std::uint16_t port_;
  std::string host_;
  Descriptor socket_;
  std::string received_;
};

}  // namespace oidcop::bench
