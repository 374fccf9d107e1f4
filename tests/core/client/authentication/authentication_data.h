#pragma once

#include "base/base64url.h"
#include "client/authentication/client_authenticator.h"
#include "core/client/client_data.h"
#include "support/fake_fetcher.h"
#include "support/memory_stores.h"
#include "support/recording_log.h"

namespace oidcop::client::testing {

using model::ClientAuthMethod;

inline constexpr const char* kTokenEndpoint = "https://op.example.org/token";

/// An authenticator with a few clients, and short ways to ask it.
struct Desk : Vault {
  oidcop::testing::MemoryClientStore clients;
  oidcop::testing::MemoryThrottleStore throttle;
  oidcop::testing::MemoryDocumentStore documents;
  oidcop::testing::FakeFetcher network;
  PublishedKeys published_keys{{documents, throttle, network}};
  oidcop::testing::RecordingLog log;
  ClientAuthenticationPolicy policy{.issuer = kIssuer, .token_endpoint = kTokenEndpoint};
  std::vector<ClientAuthMethod> allowed{ClientAuthMethod::none,
                                        ClientAuthMethod::client_secret_basic,
                                        ClientAuthMethod::client_secret_post,
                                        ClientAuthMethod::client_secret_jwt,
                                        ClientAuthMethod::private_key_jwt,
                                        ClientAuthMethod::extension};

  using Answer = Result<AuthenticatedClient, ProtocolError>;

  Answer ask(const Message& parameters, const std::optional<std::string>& authorization = std::nullopt,
             std::string_view address = "192.0.2.1") {
    return authenticator().authenticate(
        {parameters, authorization, allowed, kTokenEndpoint, address, "req-1"}, clock.now());
  }
  ClientAuthenticator authenticator() {
    return {{clients, throttle, secrets, published_keys, pepper, log}, policy};
  }

  Answer ask_basic(std::string_view id, std::string_view secret) {
    return ask(Message(), "Basic " + base64_encode(std::string(id) + ":" + std::string(secret)));
  }
  Answer ask_post(std::string_view id, std::string_view secret) {
    return ask(members({{"client_id", id}, {"client_secret", secret}}));
  }
  static Message members(std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
    Message message;
    for (const auto& [name, value] : values) message.set(name, value);
    return message;
  }
  model::Client& add(const std::string& id, ClientAuthMethod method) {
    return clients.clients[model::ClientId(id)] = a_client(id, method);
  }
};

/// That the answer is the one refusal that every failed credential gets.
inline void expect_invalid_client(const Desk::Answer& answer, const char* what = "") {
  ASSERT_FALSE(answer) << what;
  EXPECT_EQ(answer.error().code, "invalid_client") << what;
  EXPECT_EQ(answer.error().http_status, 401) << what;
  EXPECT_EQ(answer.error().description, "Client authentication failed.") << what;
  EXPECT_TRUE(answer.error().www_authenticate.starts_with("Basic realm=")) << what;
}

inline void expect_invalid_request(const Desk::Answer& answer, const char* what = "") {
  ASSERT_FALSE(answer) << what;
  EXPECT_EQ(answer.error().code, "invalid_request") << what;
  EXPECT_EQ(answer.error().http_status, 400) << what;
}

}  // namespace oidcop::client::testing
