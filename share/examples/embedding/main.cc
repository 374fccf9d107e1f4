// A provider of one's own: all of oidcop, and a claim that it does not have. Answers one request for the
// metadata and one for authorization, as a program with a web server in it would.
#include <oidcop/provider.h>

#include <iostream>

namespace {

// An extension point: one member more in the metadata document.
oidcop::Verdict name_the_operator(oidcop::Message& metadata, const oidcop::HookContext&) {
  metadata.set("operator", "Example, Ltd.");
  return {};
}

oidcop::http::Request get(std::string host, std::string path) {
  oidcop::http::Request request;
  request.method = "GET";
  request.host = std::move(host);
  request.path = std::move(path);
  request.https = true;
  request.remote_address = "192.0.2.7";
  request.request_id = "example";
  return request;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: embedding CONFIGURATION HOST\n";
    return 2;
  }
  oidcop::ProviderOptions options;
  options.configuration = argv[1];
  if (auto added = options.hooks.add_pre_construct("provider_info", "embedding", name_the_operator); !added) {
    std::cerr << "embedding: " << added.error().detail << '\n';
    return 1;
  }
  const auto provider = oidcop::Provider::open(std::move(options));
  if (!provider) {
    std::cerr << "embedding: " << provider.error().detail << '\n';
    return 1;
  }
  std::cout << (*provider)->handle(get(argv[2], "/.well-known/openid-configuration")).body << '\n';
  std::cout << (*provider)->handle(get(argv[2], "/authorization")).status << '\n';
  return 0;
}
