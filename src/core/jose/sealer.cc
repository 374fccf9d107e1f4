#include "jose/sealer.h"

#include "base/base64url.h"
#include "base/digest.h"
#include "base/system_clock.h"
#include "jose/aead_envelope.h"

namespace oidcop::jose {

namespace {

constexpr char kFormat = '\x01';
constexpr std::size_t kIdOctets = std::tuple_size_v<MasterId>;
constexpr std::size_t kTimeOctets = 8;
constexpr std::size_t kPrefixOctets = 1 + kIdOctets + kTimeOctets;
constexpr std::size_t kMaxText = 2U << 20U;
constexpr std::int64_t kEpoch = 86400;

std::string big_endian(std::int64_t number) {
  std::string octets;
  for (int shift = 56; shift >= 0; shift -= 8) {
    octets += static_cast<char>((static_cast<std::uint64_t>(number) >> static_cast<unsigned>(shift)) & 0xFFU);
  }
  return octets;
}

std::int64_t from_big_endian(std::string_view octets) {
  std::uint64_t number = 0;
  for (const char octet : octets) number = (number << 8U) | static_cast<unsigned char>(octet);
  return static_cast<std::int64_t>(number);
}

std::string key_info(const SealBinding& binding, const std::string& issuer, std::int64_t sealed_at) {
  return join_unambiguously({"oidcop seal", binding.purpose, issuer, big_endian(sealed_at / kEpoch)});
}

std::string associated_data(const SealBinding& binding) {
  std::string data;
  for (const auto& part : binding.associated) data += join_unambiguously({part});
  return data;
}

}  // namespace

Result<std::string> Sealer::seal(std::string_view payload, const SealBinding& binding, Random& random,
                                 TimePoint now) const {
  const auto& master = masters_.current();
  const auto time = to_unix(now);
  const std::string prefix = kFormat + std::string(master.id.begin(), master.id.end()) + big_endian(time);
  const auto info = key_info(binding, issuer_, time);
  auto text = close_envelope(master.octets, {prefix, info, associated_data(binding)}, payload, random);
  if (!text) return text;
  return base64url_encode(*text);
}

Result<Opened> Sealer::open(std::string_view text, const SealBinding& binding, TimePoint now,
                            Seconds lifetime) const {
  if (text.size() > kMaxText) return fail(does_not_open());
  const auto octets = base64url_decode(text);
  if (!octets || octets->size() < kPrefixOctets || octets->front() != kFormat) return fail(does_not_open());
  const std::string_view prefix = std::string_view(*octets).substr(0, kPrefixOctets);
  MasterId id{};
  std::copy_n(prefix.begin() + 1, kIdOctets, id.begin());
  const auto time = from_big_endian(prefix.substr(1 + kIdOctets));
  const auto today = to_unix(now) / kEpoch;
  const auto day = time / kEpoch;
  const auto* master = masters_.find(id);
  if (master == nullptr || time < 0 || day < today - 1 || day > today + 1) return fail(does_not_open());
  const auto info = key_info(binding, issuer_, time);
  const auto payload = open_envelope(master->octets, {prefix, info, associated_data(binding)}, *octets);
  if (!payload) return fail(payload.error());
  const auto sealed_at = from_unix(time);
  return Opened{std::string(payload->reveal()), sealed_at, now >= sealed_at + lifetime};
}

}  // namespace oidcop::jose
