#pragma once

#include "http/address_policy.h"
#include "http/fetcher.h"

#include <oidcop/result.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

struct oidcop_transfer;

namespace oidcop::http {

struct FetchPolicy {
  std::filesystem::path module;                  ///< oidcop-fetch.so
  std::optional<std::filesystem::path> ca_file;  ///< certificate authorities besides the system's (PEM)
  AddressPolicy addresses = {};
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds timeout{5000};  ///< for the whole, name resolution included
  std::size_t max_octets = 256U << 10U;     ///< of an answer: its headers, and its body, each
};

/// Fetches by the module that has libcurl, which is loaded with the first fetch and stays.
class ModuleFetcher final : public Fetcher {
 public:
  explicit ModuleFetcher(FetchPolicy policy);

  Result<Response> fetch(const FetchRequest& request) override;

 private:
  using Perform = int (*)(oidcop_transfer*);
  Result<Perform> module();

  FetchPolicy policy_;
  std::mutex loading_;
  Perform perform_ = nullptr;
};

}  // namespace oidcop::http
