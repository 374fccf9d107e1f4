#pragma once

#include <cstddef>

struct sockaddr;

/// The seam between the library and the shared object that has libcurl: loading that takes milliseconds of
/// CPU, which a CGI program pays only when it fetches. Plain C on both sides, so that a program may be built
/// by other means than the module.
extern "C" {

/// One exchange; everything is borrowed for the call.
struct oidcop_transfer {
  const char* url;
  const char* ca_file;  ///< null: the system's certificate authorities alone
  const char* user_agent;
  const char* accept;
  int is_post;
  const char* content_type;
  const char* body;
  std::size_t body_size;
  long connect_timeout_ms;
  long timeout_ms;

  void* context;  ///< given to each of the three functions
  /// Whether a connection to this address may be made. Asked for the very address that is then connected to.
  int (*may_connect)(const sockaddr* address, void* context);
  /// Take what arrived; 0 ends the transfer. One call of take_header is one line with its line end.
  int (*take_header)(const char* octets, std::size_t size, void* context);
  int (*take_body)(const char* octets, std::size_t size, void* context);

  int status;        ///< of the answer
  char detail[256];  ///< why there is none, for the log
};

/// Returns 0 when an answer arrived whole.
using oidcop_perform_transfer = int (*)(oidcop_transfer* transfer);
}

/// The name of the module's one function. A change of the struct above changes the name.
inline constexpr char kOidcopPerformTransfer[] = "oidcop_perform_transfer_1";
