#include "http/module_fetcher.h"

#include "http/fetch_module/fetch_module.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#ifndef OIDCOP_VERSION
#error "OIDCOP_VERSION is what others are told about us"
#endif

namespace oidcop::http {
namespace {

/// An answer while it arrives.
struct Arrival {
  const AddressPolicy& addresses;
  std::size_t max_octets;
  std::size_t header_octets = 0;
  Response response = {};
  std::string refusal = {};  ///< why we ended it ourselves
};

/// Without the white space around it.
std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

int may_connect(const sockaddr* address, void* context) {
  auto& arrival = *static_cast<Arrival*>(context);
  const auto judged = IpAddress::of(address);
  if (judged && arrival.addresses.allows(*judged)) return 1;
  arrival.refusal =
      "the host's address " + (judged ? judged->text() : "of an unknown family") + " is not public";
  return 0;
}

int take_header(const char* octets, std::size_t size, void* context) {
  auto& arrival = *static_cast<Arrival*>(context);
  arrival.header_octets += size;
  if (arrival.header_octets > arrival.max_octets) {
    arrival.refusal = "the headers are larger than allowed";
    return 0;
  }
  const std::string_view line(octets, size);
  if (line.substr(0, 5) == "HTTP/") arrival.response.headers.clear();  // of an interim answer (100) before it
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return 1;
  arrival.response.headers.push_back(
      {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
  return 1;
}

int take_body(const char* octets, std::size_t size, void* context) {
  auto& arrival = *static_cast<Arrival*>(context);
  if (size > arrival.max_octets - arrival.response.body.size()) {
    arrival.refusal = "the answer is larger than allowed";
    return 0;
  }
  arrival.response.body.append(octets, size);
  return 1;
}

/// Code is loaded only from where nobody else can put any.
Result<void> check_owner(const std::filesystem::path& module) {
  struct stat status {};
  if (stat(module.c_str(), &status) != 0)
    return fail(Errc::unavailable,
                module.string() + ": is not there; httpc_params.module_path says where it is");
  const bool is_trusted =
      (status.st_uid == 0 || status.st_uid == geteuid()) && (status.st_mode & S_IWOTH) == 0;
  if (!S_ISREG(status.st_mode) || !is_trusted)
    return fail(Errc::refused,
                module.string() + ": must be a file of root's or our own that others cannot write");
  return {};
}

std::string where(const FetchRequest& request) {
  return request.url.host() + ": ";
}

}  // namespace

ModuleFetcher::ModuleFetcher(FetchPolicy policy) : policy_(std::move(policy)) {}

Result<ModuleFetcher::Perform> ModuleFetcher::module() {
  const std::lock_guard lock(loading_);
  if (perform_ != nullptr) return perform_;
  if (auto checked = check_owner(policy_.module); !checked) return fail(std::move(checked).error());
  // Never closed: libcurl and what it brings along leave threads and handlers of their own behind.
  void* library = dlopen(policy_.module.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* function = library == nullptr ? nullptr : dlsym(library, &kOidcopPerformTransfer[0]);
  if (function == nullptr) {
    const char* why = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it for each thread
    return fail(Errc::unavailable, policy_.module.string() + ": " + (why == nullptr ? "is not ours" : why));
  }
  perform_ = reinterpret_cast<Perform>(function);
  return perform_;
}

Result<Response> ModuleFetcher::fetch(const FetchRequest& request) {
  if (!request.url.is_https()) return fail(Errc::refused, where(request) + "only https is fetched");
  const auto perform = module();
  if (!perform) return fail(perform.error());
  Arrival arrival{policy_.addresses,
                  std::min(policy_.max_octets, request.max_octets.value_or(policy_.max_octets))};
  const std::string ca_file = policy_.ca_file ? policy_.ca_file->string() : std::string();
  oidcop_transfer transfer{};
  transfer.url = request.url.text().c_str();
  transfer.ca_file = policy_.ca_file ? ca_file.c_str() : nullptr;
  transfer.user_agent = "oidcop/" OIDCOP_VERSION;
  transfer.accept = request.accept.c_str();
  transfer.is_post = request.method == FetchMethod::post ? 1 : 0;
  transfer.content_type = request.content_type.c_str();
  transfer.body = request.body.data();
  transfer.body_size = request.body.size();
  transfer.connect_timeout_ms = static_cast<long>(policy_.connect_timeout.count());
  transfer.timeout_ms = static_cast<long>(policy_.timeout.count());
  transfer.context = &arrival;
  transfer.may_connect = &may_connect;
  transfer.take_header = &take_header;
  transfer.take_body = &take_body;
  const bool arrived = (*perform)(&transfer) == 0;
  // One address of several may have been refused and another one have answered.
  if (!arrived && !arrival.refusal.empty()) return fail(Errc::refused, where(request) + arrival.refusal);
  if (!arrived) return fail(Errc::unavailable, where(request) + &transfer.detail[0]);
  arrival.response.status = transfer.status;
  return std::move(arrival.response);
}

}  // namespace oidcop::http
