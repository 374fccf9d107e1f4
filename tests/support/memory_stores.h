#pragma once

#include "store/client_store.h"
#include "store/document_store.h"
#include "store/throttle_store.h"
#include "store/user_store.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace oidcop::testing {

/// Clients in a map; `fail_with` lets every call fail. Not synchronised.
class MemoryClientStore final : public store::ClientStore {
 public:
  Result<model::SharedClient> find_client(const model::ClientId& id) override {
    ++lookups;
    if (fail_with) return fail(*fail_with);
    const auto found = clients.find(id);
    if (found == clients.end()) return fail(Errc::not_found, "no such client");
    return std::make_shared<const model::Client>(found->second);
  }
  Result<std::vector<model::Client>> list_clients() override {
    std::vector<model::Client> all;
    for (const auto& [id, client] : clients) all.push_back(client);
    return all;
  }
  Result<void> put_client(const model::Client& client, store::IfExists /*if_exists*/) override {
    clients[client.id] = client;
    return {};
  }
  Result<void> delete_client(const model::ClientId& id) override {
    clients.erase(id);
    return {};
  }

  std::map<model::ClientId, model::Client> clients;
  std::optional<Error> fail_with;
  int lookups = 0;
};

/// Users by name. Not synchronised.
class MemoryUserStore final : public store::UserStore {
 public:
  Result<model::User> find_user(const model::UserId& id) override {
    for (const auto& [name, user] : users) {
      if (user.id == id) return user;
    }
    return fail(Errc::not_found, "no such user");
  }
  Result<model::User> find_user_by_name(std::string_view username) override {
    if (fail_with) return fail(*fail_with);
    const auto found = users.find(std::string(username));
    if (found == users.end()) return fail(Errc::not_found, "no such user");
    return found->second;
  }
  Result<std::vector<model::User>> list_users() override {
    std::vector<model::User> all;
    for (const auto& [name, user] : users) all.push_back(user);
    return all;
  }
  Result<void> put_user(const model::User& user, store::IfExists /*if_exists*/) override {
    users[user.username] = user;
    return {};
  }
  Result<void> set_password(const model::UserId& id, const std::string& hash, TimePoint /*now*/) override {
    for (auto& [name, user] : users) {
      if (user.id == id) user.password_hash = hash;
    }
    return {};
  }
  Result<void> replace_password_hash(const model::UserId& id, const std::string& verified,
                                     const std::string& next) override {
    if (fail_replace_with) return fail(*fail_replace_with);
    for (auto& [name, user] : users) {
      if (user.id != id || user.password_hash != verified) continue;
      user.password_hash = next;
      return {};
    }
    return fail(Errc::conflict, "another hash by now");
  }
  Result<std::string> borrow_password_hash(std::string_view key) override {
    if (fail_with) return fail(*fail_with);
    std::map<std::string, std::string> by_id;
    for (const auto& [name, user] : users) {
      if (!user.password_hash.empty()) by_id[user.id.text()] = user.password_hash;
    }
    if (by_id.empty()) return fail(Errc::not_found, "nobody has a password");
    const auto near = by_id.lower_bound(std::string(key));
    return near == by_id.end() ? by_id.begin()->second : near->second;
  }
  Result<void> delete_user(const model::UserId& /*id*/) override { return {}; }

  std::map<std::string, model::User> users;
  std::optional<Error> fail_with;
  std::optional<Error> fail_replace_with;  ///< of replace_password_hash alone
};

/// Documents in a map. Not synchronised.
class MemoryDocumentStore final : public store::DocumentStore {
 public:
  Result<store::FetchedDocument> find_document(const model::ClientId& client, std::string_view url) override {
    if (fail_with) return fail(*fail_with);
    const auto found = documents.find({client.text(), std::string(url)});
    if (found == documents.end()) return fail(Errc::not_found, "no such document");
    return found->second;
  }
  Result<void> keep_document(const model::ClientId& client, std::string_view url,
                             const store::FetchedDocument& document, TimePoint /*kept_until*/) override {
    documents[{client.text(), std::string(url)}] = document;
    return {};
  }

  std::map<std::pair<std::string, std::string>, store::FetchedDocument> documents;
  std::optional<Error> fail_with;
};

/// Counters as the interface says: all buckets or none. Not synchronised.
class MemoryThrottleStore final : public store::ThrottleStore {
 public:
  Result<std::optional<TimePoint>> reserve_attempt(const std::vector<store::ThrottleBucket>& buckets,
                                                   TimePoint now) override {
    if (fail_with) return fail(*fail_with);
    std::optional<TimePoint> until;
    for (const auto& bucket : buckets) {
      auto& counter = counters[bucket.key];
      if (now >= counter.ends) counter = {0, now + bucket.window};
      if (counter.used >= bucket.limit) until = std::max(until.value_or(counter.ends), counter.ends);
    }
    if (until) return until;
    for (const auto& bucket : buckets) ++counters[bucket.key].used;
    return std::nullopt;
  }
  Result<void> refund_attempt(const std::vector<store::ThrottleBucket>& buckets, TimePoint /*now*/) override {
    for (const auto& bucket : buckets) counters[bucket.key].used = std::max(0, counters[bucket.key].used - 1);
    return {};
  }
  Result<bool> is_known_device(const Digest& device, TimePoint /*now*/) override {
    return known_devices.count(device) > 0;
  }

  int attempts() const {
    int sum = 0;
    for (const auto& [key, counter] : counters) sum += counter.used;
    return sum;
  }

  struct Counter {
    int used = 0;
    TimePoint ends{};
  };
  std::map<Digest, Counter> counters;
  std::set<Digest> known_devices;
  std::optional<Error> fail_with;
};

}  // namespace oidcop::testing
