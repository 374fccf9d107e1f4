#include "jose/jwe_content.h"

#include "base/system_random.h"
#include "jose/key_fit.h"

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxPlaintext = 16U << 20U;

/// Whether the key agrees with what the sender's ephemeral key is.
bool shares_curve(const Jwk& key, const KeyParameters& parameters) {
  return !parameters.epk || parameters.epk->curve() == key.curve();
}

/// All that fit, the likeliest first.
std::vector<Jwk> candidates(const JwkSet& keys, const RecipientHeader& header) {
  const auto kid = header.joined.text("kid").value_or("");
  std::vector<Jwk> fitting;
  const auto collect = [&](auto&& wanted) {
    for (const auto& key : keys.keys()) {
      if (wanted(key) && can_decrypt(key, header.algorithms) && shares_curve(key, header.parameters)) {
        fitting.push_back(key);
      }
    }
  };
  if (kid.empty()) {
    collect([](const Jwk&) { return true; });
  } else {
    collect([&kid](const Jwk& key) { return key.kid() == kid; });
    collect([](const Jwk& key) { return key.kid().empty(); });
  }
  return fitting;
}

}  // namespace

bool WorkBudget::take(const KeyParameters& parameters) {
  if (keys_ == 0 || iterations_ < parameters.p2c) {
    ++left_out_;
    return false;
  }
  --keys_;
  iterations_ -= parameters.p2c;
  ++tried_;
  return true;
}

Error WorkBudget::explain(Error error) const {
  if (error.code != Errc::bad_signature || left_out_ == 0) return error;
  error.detail +=
      " (tried: " + std::to_string(tried_) + " of " + std::to_string(tried_ + left_out_) + " keys that fit)";
  return error;
}

Result<OpenedContent> open_content(const JweContent& content, const JweRecipientPart& recipient,
                                   const JwkSet& keys, WorkBudget& budget, Random& random) {
  const auto& algorithms = recipient.header.algorithms;
  if (auto lengths = check_content_lengths(algorithms.encryption, content.iv, content.sealed); !lengths) {
    return fail(std::move(lengths).error());
  }
  const auto fitting = candidates(keys, recipient.header);
  if (fitting.empty()) {
    return fail(no_key_fits(
        "JWE", keys, recipient.header.joined.text("kid").value_or(""),
        [&](const Jwk& key) { return why_not_decrypt(key, algorithms, recipient.header.parameters); }));
  }
  for (const auto& key : fitting) {
    if (!budget.take(recipient.header.parameters)) continue;
    const auto cek =
        recover_key(key, algorithms, {recipient.header.parameters, recipient.encrypted_key}, random);
    if (!cek) return fail(cek.error());
    auto plaintext =
        decrypt_content(algorithms.encryption, *cek, {content.iv, content.associated}, content.sealed);
    if (plaintext) return OpenedContent{std::move(*plaintext), key.kid()};
    if (plaintext.error().code != Errc::bad_signature) return fail(std::move(plaintext).error());
  }
  return fail(does_not_decrypt());
}

Result<JweContent> seal_content(const PlainContent& plain, ContentEncryption encryption, const Secret& cek,
                                Random& random) {
  if (plain.plaintext.size() > kMaxPlaintext) {
    return fail(Errc::refused, "the content to encrypt is larger than 16 MiB");
  }
  auto iv = random_octets(random, iv_octets(encryption));
  if (!iv) return fail(std::move(iv).error());
  auto sealed = encrypt_content(encryption, cek, {*iv, plain.associated}, plain.plaintext);
  if (!sealed) return fail(std::move(sealed).error());
  return JweContent{std::move(*iv), std::move(*sealed), std::string(plain.associated)};
}

}  // namespace oidcop::jose
