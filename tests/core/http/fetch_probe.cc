// Fetches one URL by the real fetcher and says on standard output what came of it, as JSON. What a name
// resolves to is up to the caller: --resolve NAME=ADDRESS[,ADDRESS…], one answer for each look-up in turn and
// the last one for ever, each answer of one or more addresses joined by '+'.

#include "base/json.h"
#include "http/module_fetcher.h"

#include <dlfcn.h>
#include <netdb.h>

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

struct Names {
  std::map<std::string, std::vector<std::string>> answers;
  std::map<std::string, std::size_t> lookups;
};

Names& names() {
  static Names all;
  return all;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace

/// Stands before the C library's, for libcurl, too.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* node, const char* service,
                                                                  const addrinfo* hints, addrinfo** result) {
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const auto found = node == nullptr ? names().answers.end() : names().answers.find(node);
  if (found == names().answers.end()) return real(node, service, hints, result);
  const auto turn = names().lookups[node]++;
  const auto& answer = found->second[std::min(turn, found->second.size() - 1)];
  *result = nullptr;
  for (const auto& address : split(answer, '+')) {
    addrinfo* more = nullptr;
    if (const int failed = real(address.c_str(), service, hints, &more); failed != 0) return failed;
    addrinfo** last = result;
    while (*last != nullptr) last = &(*last)->ai_next;
    *last = more;
  }
  return 0;
}

int main(int argc, char** argv) {
  using namespace oidcop;
  std::map<std::string, std::string> options;
  std::vector<IpNetwork> allowed;
  int times = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--allow") {
      allowed.push_back(*IpNetwork::parse(value));
    } else if (name == "--resolve") {
      const auto parts = split(value, '=');
      names().answers[parts.at(0)] = split(parts.at(1), ',');
    } else if (name == "--times") {
      times = std::stoi(value);
    } else {
      options[name] = value;
    }
  }
  http::FetchPolicy policy{options["--module"]};
  if (options.count("--ca-file") != 0) policy.ca_file = options["--ca-file"];
  policy.addresses = http::AddressPolicy(std::move(allowed));
  if (options.count("--timeout-ms") != 0)
    policy.timeout = std::chrono::milliseconds(std::stol(options["--timeout-ms"]));
  if (options.count("--max-octets") != 0) policy.max_octets = std::stoul(options["--max-octets"]);
  http::ModuleFetcher fetcher(policy);
  const auto url = Url::parse(options["--url"]);
  if (!url) {
    std::cout << dump_json(Json{{"outcomes", {{{"refused", true}, {"detail", "no URL"}}}}}) << '\n';
    return 0;
  }
  http::FetchRequest request{*url, "probe"};
  if (options.count("--body") != 0) {
    request.method = http::FetchMethod::post;
    request.content_type = "application/x-www-form-urlencoded";
    request.body = options["--body"];
  }
  auto outcomes = Json::array();
  for (int i = 0; i < times; ++i) {
    const auto response = fetcher.fetch(request);
    Json outcome = Json::object();
    if (response) {
      outcome["status"] = response->status;
      outcome["body"] = response->body;
      outcome["headers"] = Json::array();
      for (const auto& header : response->headers)
        outcome["headers"].push_back(Json::array({header.name, header.value}));
    } else {
      outcome["refused"] = response.error().code == Errc::refused;
      outcome["detail"] = response.error().detail;
    }
    outcomes.push_back(std::move(outcome));
  }
  Json lookups = Json::object();
  for (const auto& [name, count] : names().lookups) lookups[name] = count;
  std::cout << dump_json(Json{{"outcomes", outcomes}, {"lookups", lookups}}) << '\n';
  return 0;
}
