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

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const auto written = ::write(descriptor, octets.data(), octets.size());
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool rewind_file(int descriptor) {
  return ::lseek(descriptor, 0, SEEK_SET) == 0;
}
bool empty_file(int descriptor) {
  return ::ftruncate(descriptor, 0) == 0 && rewind_file(descriptor);
}

}  // namespace

FcgxExchange::FcgxExchange(Descriptor file, std::unique_ptr<FCGX_Request> request)
    : file_(std::move(file)), request_(std::move(request)) {}
FcgxExchange::FcgxExchange(FcgxExchange&&) noexcept = default;
FcgxExchange& FcgxExchange::operator=(FcgxExchange&& other) noexcept {
  end_request();
  file_ = std::move(other.file_);
  request_ = std::move(other.request_);
  return *this;
}
FcgxExchange::~FcgxExchange() {
  end_request();
}

Result<FcgxExchange> FcgxExchange::create() {
  static const int initialized = FCGX_Init();  // once per process, before any thread may race for it
  if (initialized != 0) return fail(Errc::unavailable, "libfcgi cannot be initialised");
  Descriptor file(::memfd_create("fastcgi", MFD_CLOEXEC));
  if (!file.valid()) return system_error("file in memory");
  auto request = std::make_unique<FCGX_Request>();
  FCGX_InitRequest(request.get(), -1, 0);
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

Result<void> FcgxExchange::open_request(std::string_view records) {
  if (!empty_file(file_.get()) || !write_all(file_.get(), records) || !rewind_file(file_.get())) {
    return system_error("file in memory");
  }
  const int duplicate = ::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) return system_error("file in memory");
  request_->ipcFd = duplicate;
  // FCGX_Accept_r first finishes the request before this one: without this flag that would close the
  // descriptor just set, and libfcgi would go and accept a connection itself.
  request_->keepConnection = 1;
  if (FCGX_Accept_r(request_.get()) != 0)
    return fail(Errc::malformed, "FastCGI: the records make no request");
  return {};
}

Result<std::string> FcgxExchange::format(std::string_view answer) {
  if (request_->in == nullptr) return fail(Errc::internal, "FastCGI: an answer without a request");
  if (!empty_file(file_.get())) return system_error("file in memory");
  const int octets = static_cast<int>(answer.size());
  bool written = FCGX_PutStr(answer.data(), octets, request_->out) == octets;
  written = FCGX_FClose(request_->err) == 0 && written;
  written = FCGX_FClose(request_->out) == 0 && written;
  FCGX_Free(request_.get(), 1);
  if (!written) return system_error("file in memory");

  const auto size = ::lseek(file_.get(), 0, SEEK_CUR);
  if (size < 0) return system_error("file in memory");
  std::string records(static_cast<std::size_t>(size), '\0');
  const auto got = ::pread(file_.get(), records.data(), records.size(), 0);
  if (!empty_file(file_.get()) || got != size)
    return system_error("file in memory");  // keep no answer around
  return records;
}

void FcgxExchange::end_request() noexcept {
  if (request_) FCGX_Free(request_.get(), 1);
}

}  // namespace oidcop::fcgi
