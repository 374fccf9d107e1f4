#include "jose/key_fit.h"

#include "base/visible_text.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMostReasons = 4;
constexpr std::size_t kMostLabelOctets = 40;

using Fits = std::function<bool(const Jwk&)>;

/// A label of a foreign key, for one line.
std::string shown(std::string_view label) {
  const bool is_long = label.size() > kMostLabelOctets;
  return visible_text(label.substr(0, kMostLabelOctets)) + (is_long ? "..." : "");
}

std::string kind_of(const Jwk& key) {
  if (key.curve() != Curve::none) return "on the curve " + std::string(curve_name(key.curve()));
  return "of type " + std::string(key_type_name(key.type()));
}

/// The key under other labels; itself where it cannot have them.
Jwk labelled(const Jwk& key, KeyLabels labels) {
  return key.with_labels(std::move(labels)).value_or(key);
}

/// What of its labels keeps a key from something that its material fits.
std::string why_not_labels(const Jwk& key, const Fits& fits) {
  const auto& labels = key.labels();
  if (!fits(labelled(key, {.use = labels.use}))) return "for another use (" + shown(labels.use) + ")";
  if (!fits(labelled(key, {.alg = labels.alg}))) return "for another algorithm (" + shown(labels.alg) + ")";
  return "whose key_ops do not permit it";
}

/// \param fits    what is asked for
/// \param public_fits  the same without a private half
/// \param symmetric    whether it is asked of a symmetric key
std::string why_not(const Jwk& key, const Fits& fits, const Fits& public_fits, bool symmetric) {
  if (fits(key)) return {};
  const auto bare = labelled(key, {});
  if (fits(bare)) return why_not_labels(key, fits);
  if (public_fits(bare)) return "without a private half";
  if (symmetric && key.type() == KeyType::oct) return "of " + std::to_string(key.bits()) + " bits";
  return kind_of(key);
}

/// The reason in a skipped key's text, "key 2: the RSA key is weak", as one that follows a number.
std::string why_skipped(std::string_view skipped) {
  const auto colon = skipped.find(": ");
  return "that cannot be used (" + std::string(skipped.substr(colon == skipped.npos ? 0 : colon + 2)) + ")";
}

/// Reasons and how many keys have each, in the order of the keys.
class Reasons {
 public:
  void add(std::string reason) {
    ++all_;
    const auto known =
        std::find_if(counts_.begin(), counts_.end(), [&](const auto& each) { return each.first == reason; });
    if (known != counts_.end()) {
      ++known->second;
    } else if (counts_.size() < kMostReasons) {
      counts_.emplace_back(std::move(reason), 1);
    } else {
      ++others_;
    }
  }
  std::string text() const {
    if (all_ == 0) return "there is none";
    if (all_ == 1) return "there is one, " + counts_.front().first;
    std::string text = "of " + std::to_string(all_) + " keys ";
    for (const auto& [reason, count] : counts_) {
      if (&reason != &counts_.front().first) text += ", ";
      text += std::to_string(count) + " " + reason;
    }
    if (others_ != 0) text += ", " + std::to_string(others_) + " for other reasons";
    return text;
  }

 private:
  std::vector<std::pair<std::string, std::size_t>> counts_;
  std::size_t all_ = 0;
  std::size_t others_ = 0;
};

}  // namespace

std::string why_not_verify(const Jwk& key, Algorithm algorithm) {
  const Fits fits = [algorithm](const Jwk& each) { return each.can_verify(algorithm); };
  return why_not(key, fits, fits, AlgorithmSet::symmetric().contains(algorithm));
}

std::string why_not_sign(const Jwk& key, Algorithm algorithm) {
  return why_not(
      key, [algorithm](const Jwk& each) { return each.can_sign(algorithm); },
      [algorithm](const Jwk& each) { return each.can_verify(algorithm); },
      AlgorithmSet::symmetric().contains(algorithm));
}

std::string why_not_encrypt(const Jwk& key, const JweAlgorithms& algorithms) {
  const auto management = algorithms.management;
  const Fits fits = [&algorithms](const Jwk& each) { return can_encrypt(each, algorithms); };
  return why_not(key, fits, fits, !is_rsa(management) && !is_key_agreement(management));
}

std::string why_not_decrypt(const Jwk& key, const JweAlgorithms& algorithms,
                            const KeyParameters& parameters) {
  const auto management = algorithms.management;
  auto reason = why_not(
      key, [&algorithms](const Jwk& each) { return can_decrypt(each, algorithms); },
      [&algorithms](const Jwk& each) { return can_encrypt(each, algorithms); },
      !is_rsa(management) && !is_key_agreement(management));
  if (!reason.empty() || !parameters.epk || parameters.epk->curve() == key.curve()) return reason;
  return kind_of(key) + ", not that of the epk";
}

std::string tell_reasons(const JwkSet& keys, const WhyNot& why_not) {
  Reasons reasons;
  for (const auto& key : keys.keys()) {
    auto reason = why_not(key);
    reasons.add(reason.empty() ? "not tried" : std::move(reason));
  }
  for (const auto& skipped : keys.skipped()) reasons.add(why_skipped(skipped));
  return reasons.text();
}

Error no_key_fits(std::string_view message, const JwkSet& keys, std::string_view kid, const WhyNot& why_not) {
  const auto reasons = tell_reasons(keys, [&](const Jwk& key) {
    const bool is_other = !kid.empty() && !key.kid().empty() && key.kid() != kid;
    return is_other ? "with another kid" : why_not(key);
  });
  return {Errc::not_found, "no key fits the header of the " + std::string(message) + ": " + reasons};
}

}  // namespace oidcop::jose
