#include "base/password_hash.h"

#include "base/system_random.h"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

namespace oidcop {
namespace {

constexpr const char* kYescrypt = "$y$";
constexpr std::size_t kSaltOctets = 16;
/// Kinds that are slow on purpose and salted (crypt(5)); all others verify nothing.
constexpr std::array<std::string_view, 8> kAcceptedKinds{"$y$",  "$gy$", "$7$", "$2b$",
                                                         "$2y$", "$2a$", "$6$", "$5$"};

/// The scratch memory of crypt_ra: holds traces of the password, hence wiped.
struct Scratch {
  void* data = nullptr;
  int size = 0;

  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (data == nullptr) return;
    explicit_bzero(data, static_cast<std::size_t>(size));
    std::free(data);  // NOLINT: crypt_ra allocates with malloc
  }
};

struct Free {
  void operator()(char* text) const { std::free(text); }  // NOLINT: crypt_gensalt_ra allocates with malloc
};

/// A setting for new hashes with this salt. Empty when the cost is out of range.
std::string make_setting(int cost, const std::string& salt) {
  const std::unique_ptr<char, Free> setting(crypt_gensalt_ra(kYescrypt, static_cast<unsigned long>(cost),
                                                             salt.data(), static_cast<int>(salt.size())));
  return setting ? std::string(setting.get()) : std::string();
}

bool can_be_hashed(const Secret& password) {
  return !password.empty() && password.size() <= PasswordHasher::kMaxPassword &&
         password.reveal().find('\0') == std::string_view::npos;  // crypt(3) would stop reading there
}

/// The memory that a yescrypt hash of the usual make takes, as a power of two: "$y$j9T$" says flavour j,
/// blocks 2^(9+1), block size T+1, in crypt(5)'s own digits. Nothing for hashes of any other make.
std::optional<std::size_t> yescrypt_cost(std::string_view hash) {
  constexpr std::string_view kDigits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  if (!hash.starts_with("$y$j") || hash.size() < 7 || hash[6] != '$') return std::nullopt;
  const auto blocks = kDigits.find(hash[4]);
  const auto block_size = kDigits.find(hash[5]);
  if (blocks == std::string_view::npos || block_size == std::string_view::npos) return std::nullopt;
  return blocks + 1 + static_cast<std::size_t>(std::bit_width(block_size + 1) - 1);
}

}  // namespace

std::string crypt_password(const Secret& password, const std::string& setting) {
  Scratch scratch;
  std::string phrase(password.reveal());  // with an end that C can see
  const char* hash = crypt_ra(phrase.c_str(), setting.c_str(), &scratch.data, &scratch.size);
  wipe(phrase);
  if (hash == nullptr || hash[0] == '*') return {};
  return hash;
}

bool is_acceptable_password_hash(std::string_view stored) {
  return std::any_of(kAcceptedKinds.begin(), kAcceptedKinds.end(),
                     [&](std::string_view kind) { return stored.starts_with(kind); }) &&
         stored.find('\0') == std::string_view::npos && stored.size() < CRYPT_OUTPUT_SIZE;
}

class PasswordHasher::Place {
 public:
  explicit Place(PasswordHasher& hasher) : hasher_(&hasher) {}
  Place(Place&& other) noexcept : hasher_(std::exchange(other.hasher_, nullptr)) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (hasher_ == nullptr) return;
    {
      const std::scoped_lock lock(hasher_->mutex_);
      --hasher_->busy_;
    }
    hasher_->freed_.notify_one();
  }

 private:
  PasswordHasher* hasher_;
};

PasswordHasher::PasswordHasher(PasswordHashPolicy policy, CryptFunction crypt)
    : policy_(policy), crypt_(std::move(crypt)) {
  policy_.cost = std::clamp(policy_.cost, 1, 11);
  policy_.concurrent = std::max(policy_.concurrent, 1);
  nobody_ = make_setting(policy_.cost, std::string(kSaltOctets, 'n'));
}

void PasswordHasher::set_concurrent(int concurrent) {
  {
    const std::lock_guard lock(mutex_);
    policy_.concurrent = std::max(concurrent, 1);
  }
  freed_.notify_all();
}

Result<PasswordHasher::Place> PasswordHasher::take_place() {
  std::unique_lock lock(mutex_);
  const auto is_free = [&] { return busy_ < policy_.concurrent; };
  if (!is_free()) {
    if (waiting_ >= policy_.waiting) return fail(Errc::unavailable, "too many passwords are being checked");
    ++waiting_;
    const bool got_it = freed_.wait_for(lock, policy_.patience, is_free);
    --waiting_;
    if (!got_it) return fail(Errc::unavailable, "too many passwords are being checked");
  }
  ++busy_;
  return Place(*this);
}

Result<std::string> PasswordHasher::hash(const Secret& password, Random& random) {
  if (!can_be_hashed(password)) {
    return fail(Errc::refused,
                "password: is empty, longer than " + std::to_string(kMaxPassword) + " octets, or has a NUL");
  }
  const auto salt = random_octets(random, kSaltOctets);
  if (!salt) return fail(salt.error());
  const auto place = take_place();
  if (!place) return fail(place.error());
  auto made = crypt_(password, make_setting(policy_.cost, *salt));
  if (made.empty()) return fail(Errc::internal, "crypt(3) does not make yescrypt hashes here");
  return made;
}

Result<bool> PasswordHasher::verify(const Secret& password, std::string_view stored) {
  if (!can_be_hashed(password)) return false;  // says nothing about the account: true for none
  const bool usable = is_acceptable_password_hash(stored);
  const std::string setting(usable ? stored : std::string_view(nobody_));
  const auto place = take_place();
  if (!place) return fail(place.error());
  auto computed = crypt_(password, setting);
  if (computed.empty() &&
      usable) {  // damaged: crypt(3) refused at once, and nobody should notice by the time
    computed = crypt_(password, nobody_);
  }
  return equal_in_constant_time(computed, setting) && usable;
}

Result<void> PasswordHasher::verify_nobody(const Secret& password) {
  const auto verified = verify(password, {});
  if (!verified) return fail(verified.error());
  return {};
}

bool PasswordHasher::needs_rehash(std::string_view stored) const {
  const auto cost = yescrypt_cost(stored);
  return !cost || *cost < yescrypt_cost(nobody_);
}

}  // namespace oidcop
