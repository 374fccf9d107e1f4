// oidcop-fetch.so: the transfers of fetch_module.h by libcurl.

#include "http/fetch_module/fetch_module.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <cstdio>
#include <memory>
#include <string>

namespace {

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;
using HeaderList = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

int complain(oidcop_transfer& transfer, const char* why) {
  std::snprintf(&transfer.detail[0], sizeof transfer.detail, "%s", why);
  return 1;
}

/// The address is judged here and not before: whatever a name resolved to earlier, this is what is connected
/// to, so that no second answer of a name server can get past.
curl_socket_t open_socket(void* data, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<oidcop_transfer*>(data);
  if (transfer.may_connect(&address->addr, transfer.context) == 0) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_header(char* octets, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<oidcop_transfer*>(data);
  return transfer.take_header(octets, size * count, transfer.context) != 0 ? size * count : 0;
}

std::size_t take_body(char* octets, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<oidcop_transfer*>(data);
  return transfer.take_body(octets, size * count, transfer.context) != 0 ? size * count : 0;
}

HeaderList headers_of(const oidcop_transfer& transfer) {
  curl_slist* list = nullptr;
  const auto add = [&list](const std::string& line) {
    if (auto* longer = curl_slist_append(list, line.c_str()); longer != nullptr) list = longer;
  };
  add(std::string("Accept: ") + transfer.accept);
  add("Expect:");
  if (transfer.is_post != 0) add(std::string("Content-Type: ") + transfer.content_type);
  return {list, &curl_slist_free_all};
}

/// Everything that libcurl would take from the environment or from the other side by itself is switched off.
bool set_rules(CURL* curl, const oidcop_transfer& transfer) {
  bool all = true;
  const auto set = [&](CURLoption option, auto value) {
    all = curl_easy_setopt(curl, option, value) == CURLE_OK && all;
  };
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");  // an empty one also keeps the environment's out
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_HTTP_CONTENT_DECODING, 0L);  // what is counted is what arrived
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (transfer.ca_file != nullptr) set(CURLOPT_CAINFO, transfer.ca_file);
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_FORBID_REUSE, 1L);
  set(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // the deadline holds while a name server is silent, too
  set(CURLOPT_CONNECTTIMEOUT_MS, transfer.connect_timeout_ms);
  set(CURLOPT_TIMEOUT_MS, transfer.timeout_ms);
  return all;
}

bool set_request(CURL* curl, oidcop_transfer& transfer, curl_slist* headers, char* error) {
  bool all = true;
  const auto set = [&](CURLoption option, auto value) {
    all = curl_easy_setopt(curl, option, value) == CURLE_OK && all;
  };
  set(CURLOPT_ERRORBUFFER, error);
  set(CURLOPT_URL, transfer.url);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_USERAGENT, transfer.user_agent);
  set(CURLOPT_HTTPHEADER, headers);
  if (transfer.is_post != 0) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.body_size));
    set(CURLOPT_POSTFIELDS, transfer.body);
  }
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(CURLOPT_OPENSOCKETDATA, &transfer);
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, &transfer);
  return all;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int oidcop_perform_transfer_1(oidcop_transfer* transfer) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) return complain(*transfer, "libcurl does not start");
  const Handle curl(curl_easy_init(), &curl_easy_cleanup);
  if (!curl) return complain(*transfer, "libcurl gives no handle");
  const auto headers = headers_of(*transfer);
  char error[CURL_ERROR_SIZE] = "";  // NOLINT(modernize-avoid-c-arrays): libcurl writes into it
  if (!set_rules(curl.get(), *transfer) || !set_request(curl.get(), *transfer, headers.get(), &error[0]))
    return complain(*transfer, "libcurl lacks an option that is needed");
  const auto code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return complain(*transfer, error[0] != '\0' ? &error[0] : curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  transfer->status = static_cast<int>(status);
  return 0;
}
