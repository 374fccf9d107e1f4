#include "client/secret.h"

#include "client/request_protection.h"

#include "base/base64url.h"
#include "base/password_hash.h"
#include "base/system_random.h"
#include "client/response_protection.h"
#include "jose/cell_cipher.h"
#include "jose/keyed_hash.h"

#include <algorithm>

namespace oidcop::client {
namespace {

using Form = model::ClientSecret::Form;

constexpr std::size_t kLongestSecret = 512;
constexpr std::size_t kSecretOctets = 32;
constexpr std::size_t kKeyOctets = 48;  // in base64url 64 characters: long enough for HS512

jose::CellAddress cell_of(const model::ClientId& id) {
  return {.table = "client", .column = "secret", .primary_key = id.text()};
}

/// Fewest octets of a key for this algorithm (RFC 7518, 3.2).
std::size_t shortest_key(std::optional<jose::Algorithm> algorithm) {
  if (algorithm == jose::Algorithm::hs512) return 64;
  return algorithm == jose::Algorithm::hs384 ? 48 : kStrongSecretSize;
}

/// RFC 6749, A.2: the characters a client_secret may have.
bool is_visible_ascii(const Secret& secret) {
  const auto text = secret.reveal();
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

bool needs_plain_secret(const model::Client& client) {
  return client.token_endpoint_auth_method == model::ClientAuthMethod::client_secret_jwt ||
         protects_with_secret(client) || signs_requests_with_secret(client);
}

bool needs_secret(const model::Client& client) {
  switch (client.token_endpoint_auth_method) {
    case model::ClientAuthMethod::client_secret_basic:
    case model::ClientAuthMethod::client_secret_post:
    case model::ClientAuthMethod::client_secret_jwt:
      return true;
    case model::ClientAuthMethod::none:
    case model::ClientAuthMethod::private_key_jwt:
    case model::ClientAuthMethod::extension:
      break;
  }
  return protects_with_secret(client);
}

Result<IssuedSecret> ClientSecrets::generate(const model::Client& client, TimePoint now,
                                             std::optional<TimePoint> expires_at, Random& random) const {
  auto octets = random_octets(random, needs_plain_secret(client) ? kKeyOctets : kSecretOctets);
  if (!octets) return fail(octets.error());
  IssuedSecret issued{.plain = Secret(base64url_encode(*octets)), .stored = {}};
  wipe(*octets);
  auto stored = store(client, issued.plain, now, expires_at, random);
  if (!stored) return fail(stored.error());
  issued.stored = *std::move(stored);
  return issued;
}

Result<model::ClientSecret> ClientSecrets::store(const model::Client& client, const Secret& chosen,
                                                 TimePoint now, std::optional<TimePoint> expires_at,
                                                 Random& random) const {
  if (chosen.size() < kShortestSecret || chosen.size() > kLongestSecret) {
    return fail(Errc::refused, "a client secret has " + std::to_string(kShortestSecret) + " to " +
                                   std::to_string(kLongestSecret) + " characters");
  }
  if (!is_visible_ascii(chosen)) {
    return fail(Errc::refused, "a client secret consists of printable ASCII characters (RFC 6749, A.2)");
  }
  auto stored = seal(client, chosen, random);
  if (!stored) return stored;
  stored->created_at = now;
  stored->expires_at = expires_at;
  return stored;
}

Result<model::ClientSecret> ClientSecrets::seal(const model::Client& client, const Secret& plain,
                                                Random& random) const {
  model::ClientSecret stored;
  if (needs_plain_secret(client)) {
    const auto shortest = std::max(shortest_key(client.token_endpoint_auth_signing_alg),
                                   shortest_key(client.id_token_signed_response_alg));
    if (plain.size() < shortest) {
      return fail(Errc::refused, "a secret that serves as the client's key has at least " +
                                     std::to_string(shortest) + " characters (RFC 7518, 3.2)");
    }
    auto cell = cells_.encrypt(plain, cell_of(client.id), random);
    if (!cell) return fail(cell.error());
    stored.form = Form::encrypted;
    stored.value = *std::move(cell);
    return stored;
  }
  if (is_slow(plain)) {
    auto hash = hasher_.hash(plain, random);
    if (!hash) return fail(hash.error());
    stored.form = Form::crypt;
    stored.value = *std::move(hash);
    return stored;
  }
  stored.form = Form::hmac;
  stored.value = keyed_digest(client.id, plain).octets();
  return stored;
}

Digest ClientSecrets::keyed_digest(const model::ClientId& client, const Secret& plain) const {
  return pepper_.digest("client_secret", {client.text(), plain.reveal()});
}

Result<bool> ClientSecrets::verify(const model::Client* client, const Secret& presented,
                                   TimePoint now) const {
  static const std::vector<model::ClientSecret> kNone;
  const auto& secrets = client == nullptr ? kNone : client->secrets;
  const auto id = client == nullptr ? model::ClientId() : client->id;
  const auto digest = keyed_digest(id, presented);
  bool matches = false;
  bool was_slow = false;
  for (const auto& secret : secrets) {  // all of them, also after a match: the time shall not tell which
    if (!secret.is_live(now)) continue;
    if (secret.form == Form::hmac) {
      matches |= equal_in_constant_time(digest.octets(), secret.value);
    } else if (secret.form == Form::crypt && is_slow(presented)) {
      const auto verified = hasher_.verify(presented, secret.value);
      if (!verified) return fail(verified.error());
      matches |= *verified;
      was_slow = true;
    } else if (secret.form == Form::encrypted && !is_slow(presented)) {
      const auto plain = cells_.decrypt(secret.value, cell_of(id));
      matches |= plain && equal_in_constant_time(*plain, presented);
    }
  }
  if (is_slow(presented) && !was_slow) {
    if (const auto done = hasher_.verify_nobody(presented); !done) return fail(done.error());
  }
  return matches;
}

Result<std::vector<Secret>> ClientSecrets::plain_secrets(const model::Client& client, TimePoint now) const {
  std::vector<model::ClientSecret> live;
  std::copy_if(client.secrets.begin(), client.secrets.end(), std::back_inserter(live),
               [&](const auto& secret) { return secret.form == Form::encrypted && secret.is_live(now); });
  std::stable_sort(live.begin(), live.end(),
                   [](const auto& a, const auto& b) { return a.created_at > b.created_at; });
  std::vector<Secret> plain;
  for (const auto& secret : live) {
    auto opened = cells_.decrypt(secret.value, cell_of(client.id));
    if (!opened) return fail(opened.error());
    plain.push_back(*std::move(opened));
  }
  return plain;
}

Result<std::optional<Secret>> signing_secret(const ClientSecrets& secrets, const model::Client& client,
                                             TimePoint now) {
  if (!needs_plain_secret(client)) return std::optional<Secret>();
  auto plain = secrets.plain_secrets(client, now);
  if (!plain) return fail(std::move(plain).error());
  if (plain->empty()) return std::optional<Secret>();
  return std::optional(std::move(plain->front()));
}

}  // namespace oidcop::client
