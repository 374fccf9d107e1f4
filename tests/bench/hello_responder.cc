// The least that a program with libfcgi can do: over FastCGI, or as a CGI program. What it costs behind a web
// server is the floor for whatever does more.

#include <fcgiapp.h>

#include <cstdio>

namespace {

constexpr const char* kAnswer = "Status: 200\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";

}  // namespace

int main() {
  if (FCGX_IsCGI() != 0) return std::fputs(kAnswer, stdout) >= 0 ? 0 : 1;
  FCGX_Request request;
  if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0) return 1;
  while (FCGX_Accept_r(&request) == 0) FCGX_PutS(kAnswer, request.out);
  return 0;
}
