#include "fcgi/fcgx_exchange.h"

#include <fcgiapp.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace oidcop::fcgi {
namespace {

tl::unexpected<Error> system_error(const std::string& what) {
  return fail(Errc::unavailable,
              what + ": " + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe): glibc's is
}

/// At the beginning of the file, whose position stays where it is.
bool put_in_front(int descriptor, std::string_view octets) {
  for (off_t at = 0; !octets.empty();) {
    const auto written = ::pwrite(descriptor, octets.data(), octets.size(), at);
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
    at += written;
  }
  return true;
}

bool empty_file(int descriptor) {
  return ::ftruncate(descriptor, 0) == 0 && ::lseek(descriptor, 0, SEEK_SET) == 0;
}

}  // namespace

FcgxExchange::FcgxExchange(Descriptor file, std::unique_ptr<FCGX_Request> request)
    : file_(std::move(file)), request_(std::move(request)) {}
FcgxExchange::FcgxExchange(FcgxExchange&&) noexcept = default;
FcgxExchange& FcgxExchange::operator=(FcgxExchange&& other) noexcept {
  close();
  file_ = std::move(other.file_);
  request_ = std::move(other.request_);
  return *this;
}
FcgxExchange::~FcgxExchange() {
  close();
}

Result<FcgxExchange> FcgxExchange::create() {
  static const int initialized = FCGX_Init();  // once per process, before any thread may race for it
  if (initialized != 0) return fail(Errc::unavailable, "libfcgi cannot be initialised");
  Descriptor file(::memfd_create("fastcgi", MFD_CLOEXEC));
  if (!file.valid()) return system_error("file in memory");
  auto request = std::make_unique<FCGX_Request>();
  FCGX_InitRequest(request.get(), -1, 0);
  request->ipcFd = -1;  // nothing is open yet
  return FcgxExchange(std::move(file), std::move(request));
}

Result<FcgxExchange::Parsed> FcgxExchange::parse(std::string_view records) {
  end_request();
  if (auto opened = open_request(records); !opened) return fail(std::move(opened).error());
  Parsed parsed;
  // The first entry is FCGI_ROLE, put there by libfcgi itself.
  for (char** entry = request_->envp + 1; *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const auto equals = pair.find('=');
    parsed.parameters.push_back({std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1))});
  }
  std::array<char, 16384> buffer{};
  int octets = 0;
  while ((octets = FCGX_GetStr(buffer.data(), static_cast<int>(buffer.size()), request_->in)) > 0) {
    parsed.body.append(buffer.data(), static_cast<std::size_t>(octets));
  }
  if (FCGX_GetError(request_->in) == 0) return parsed;
  end_request();
  return fail(Errc::malformed, "FastCGI: the body ends too early");
}

/// The file is empty and at its beginning here, unless the last request failed.
Result<void> FcgxExchange::open_request(std::string_view records) {
  if (!is_empty_ && !empty_file(file_.get())) return system_error("file in memory");
  is_empty_ = false;
  if (!put_in_front(file_.get(), records)) return system_error("file in memory");
  if (request_->ipcFd < 0) request_->ipcFd = ::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0);
  if (request_->ipcFd < 0) return system_error("file in memory");
  // FCGX_Accept_r first finishes the request before this one: without this flag that would close the
  // descriptor, and libfcgi would go and accept a connection itself.
  request_->keepConnection = 1;
  if (FCGX_Accept_r(request_.get()) != 0)
    return fail(Errc::malformed, "FastCGI: the records make no request");
  return {};
}

Result<std::string> FcgxExchange::format(std::string_view answer) {
  if (request_->in == nullptr) return fail(Errc::internal, "FastCGI: an answer without a request");
  const auto begin = ::lseek(file_.get(), 0, SEEK_CUR);  // behind the request, which has been read to its end
  const int octets = static_cast<int>(answer.size());
  bool written = FCGX_PutStr(answer.data(), octets, request_->out) == octets;
  written = FCGX_FClose(request_->err) == 0 && written;
  written = FCGX_FClose(request_->out) == 0 && written;
  end_request();
  const auto end = ::lseek(file_.get(), 0, SEEK_CUR);
  if (!written || begin < 0 || end < begin) return system_error("file in memory");
  std::string records(static_cast<std::size_t>(end - begin), '\0');
  const auto got = ::pread(file_.get(), records.data(), records.size(), begin);
  is_empty_ = empty_file(file_.get());  // keep no request and no answer around
  if (!is_empty_ || got != end - begin) return system_error("file in memory");
  return records;
}

/// Its descriptor serves the next one.
void FcgxExchange::end_request() noexcept {
  FCGX_Free(request_.get(), 0);
}

void FcgxExchange::close() noexcept {
  if (request_) FCGX_Free(request_.get(), 1);
}

}  // namespace oidcop::fcgi
