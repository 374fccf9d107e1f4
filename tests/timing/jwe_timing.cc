// Whether the time that a JWE takes to be refused tells why it was refused (RFC 7516, 11.5).
//
// For each pair of algorithms four kinds of messages are decrypted in random order, the same number of times:
// wrong tag, wrong tag again (the noise of this machine), an encrypted key that does not unwrap, and, for
// AES-CBC, a right tag over wrong padding, which only somebody with the key can make. All messages have one
// length and are read from one place. Reported are the medians and Welch's t between wrong tag and each other
// kind, over all samples and over those up to the 90th percentile, where interrupts do not drown what there
// is. |t| below 4.5 is what is usually taken as "no difference found".
//
//     jwe_timing [SAMPLES per kind, default 100000]

#include "base/base64url.h"
#include "base/system_random.h"
#include "jose/jwe.h"
#include "jose/jwe_content.h"
#include "jose/key_encryption.h"
#include "jose/openssl.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace oidcop;        // NOLINT: a program of one file
using namespace oidcop::jose;  // NOLINT

constexpr std::size_t kPlaintext = 512;
constexpr std::size_t kMessages = 1024;  // of each kind

SystemRandom g_random;

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "jwe_timing: %s\n", result.error().detail.c_str());
  std::exit(1);
}

struct Kind {
  const char* name;
  std::vector<std::string> messages = {};
  std::vector<double> nanoseconds = {};
};

struct Moments {
  double mean = 0;
  double variance = 0;
  double count = 0;
};

Moments moments(const std::vector<double>& values, double limit) {
  Moments result;
  for (const double value : values) {
    if (value > limit) continue;
    ++result.count;
    const double distance = value - result.mean;
    result.mean += distance / result.count;
    result.variance += distance * (value - result.mean);
  }
  result.variance /= std::max(1.0, result.count - 1);
  return result;
}

double welch(const Kind& a, const Kind& b, double limit) {
  const auto first = moments(a.nanoseconds, limit);
  const auto second = moments(b.nanoseconds, limit);
  const double spread = first.variance / first.count + second.variance / second.count;
  return spread > 0 ? (first.mean - second.mean) / std::sqrt(spread) : 0;
}

double percentile(std::vector<double> values, double share) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

std::string flipped(std::string octets, std::size_t place) {
  octets.at(place) = static_cast<char>(octets.at(place) ^ 1);
  return octets;
}

std::string joined(const std::string& header, const std::string& encrypted_key, const JweContent& content) {
  return header + '.' + base64url_encode(encrypted_key) + '.' + base64url_encode(content.iv) + '.' +
         base64url_encode(content.sealed.ciphertext) + '.' + base64url_encode(content.sealed.tag);
}

const char* hash_of(ContentEncryption encryption) {
  if (encryption == ContentEncryption::a128cbc_hs256) return "SHA256";
  return encryption == ContentEncryption::a192cbc_hs384 ? "SHA384" : "SHA512";
}

/// The same length as `good`, its last block with padding that is none, and the tag that belongs to that.
JweContent with_bad_padding(const JweContent& good, ContentEncryption encryption, const Secret& cek) {
  const auto key = cek.reveal();
  const auto size = good.sealed.ciphertext.size();
  JweContent bad = good;
  bad.sealed.ciphertext = must(
      aes_cbc_encrypt(key.substr(key.size() / 2), good.iv, must(random_octets(g_random, size - 1)) + '\x7F'));
  bad.sealed.ciphertext.resize(size);
  std::string input = good.associated + good.iv + bad.sealed.ciphertext;
  const std::uint64_t bits = good.associated.size() * 8;
  for (unsigned shift = 64; shift > 0; shift -= 8) input += static_cast<char>((bits >> (shift - 8)) & 0xFFU);
  std::string tag(EVP_MAX_MD_SIZE, '\0');
  std::size_t length = 0;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, hash_of(encryption), nullptr, key.data(), key.size() / 2,
                octets_of(input), input.size(), octets_of(tag.data()), tag.size(), &length) == nullptr) {
    std::exit(1);
  }
  bad.sealed.tag = tag.substr(0, tag_octets(encryption));
  return bad;
}

std::string header_of(const JweAlgorithms& algorithms, const KeyParameters& parameters) {
  std::string json = R"({"alg":")" + std::string(algorithm_name(algorithms.management)) + R"(","enc":")" +
                     std::string(algorithm_name(algorithms.encryption)) + '"';
  const auto more = dump_json(write_key_parameters(parameters, algorithms.management));
  if (more.size() > 2) json += ',' + more.substr(1, more.size() - 2);
  return base64url_encode(json + '}');
}

/// One message of each kind.
void add_messages(std::vector<Kind>& kinds, const Jwk& key, const JweAlgorithms& algorithms) {
  const auto established = must(establish_key(key, algorithms, {.p2c = 1000}, g_random));
  const auto header = header_of(algorithms, established.parameters);
  const auto plaintext = must(random_octets(g_random, kPlaintext));
  const auto good = must(seal_content({plaintext, header}, algorithms.encryption, established.cek, g_random));
  auto wrong_tag = good;
  wrong_tag.sealed.tag = flipped(good.sealed.tag, 3);
  auto again = must(seal_content({plaintext, header}, algorithms.encryption, established.cek, g_random));
  again.sealed.tag = flipped(again.sealed.tag, again.sealed.tag.size() - 1);
  for (auto& kind : kinds) {
    const std::string_view name = kind.name;
    std::string encrypted_key = established.encrypted_key;
    JweContent content = good;
    if (name == "wrong tag") content = wrong_tag;
    if (name == "wrong tag again") content = again;
    if (name == "wrong padding") content = with_bad_padding(good, algorithms.encryption, established.cek);
    if (name == "wrong encrypted key") encrypted_key = flipped(encrypted_key, 9);
    kind.messages.push_back(joined(header, encrypted_key, content));
  }
}

std::vector<Kind> make_kinds(const Jwk& key, const JweAlgorithms& algorithms) {
  std::vector<Kind> kinds = {{"wrong tag"}, {"wrong tag again"}};
  if (!has_no_encrypted_key(algorithms.management)) kinds.push_back({"wrong encrypted key"});
  if (algorithms.encryption <= ContentEncryption::a256cbc_hs512) kinds.push_back({"wrong padding"});
  for (std::size_t i = 0; i < kMessages; ++i) add_messages(kinds, key, algorithms);
  return kinds;
}

void measure(std::vector<Kind>& kinds, const JwkSet& keys, const JwePolicy& policy, std::size_t samples) {
  std::vector<std::size_t> order(kinds.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::mt19937 shuffler(1);  // NOLINT: the order shall only be mixed
  std::string message;
  const std::size_t warm_up = samples / 20;
  for (std::size_t round = 0; round < samples + warm_up; ++round) {
    std::shuffle(order.begin(), order.end(), shuffler);
    for (const auto index : order) {
      message = kinds[index].messages[shuffler() % kMessages];
      const auto begin = std::chrono::steady_clock::now();
      const auto result = decrypt_compact(message, keys, policy, g_random);
      const auto end = std::chrono::steady_clock::now();
      if (result || result.error().code != Errc::bad_signature) std::exit(1);
      if (round >= warm_up) {
        kinds[index].nanoseconds.push_back(std::chrono::duration<double, std::nano>(end - begin).count());
      }
    }
  }
}

void report(const JweAlgorithms& algorithms, const std::vector<Kind>& kinds) {
  std::printf("%s %s\n", std::string(algorithm_name(algorithms.management)).c_str(),
              std::string(algorithm_name(algorithms.encryption)).c_str());
  const auto& reference = kinds.front();
  const double limit = percentile(reference.nanoseconds, 0.9);
  for (const auto& kind : kinds) {
    std::printf("  %-20s median %10.0f ns", kind.name, percentile(kind.nanoseconds, 0.5));
    if (&kind != &reference) {
      std::printf("   t %6.2f   t to 90 %% %6.2f", welch(reference, kind, INFINITY),
                  welch(reference, kind, limit));
    }
    std::printf("\n");
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const long wanted = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100000;
  const auto samples = static_cast<std::size_t>(std::max(wanted, 100L));
  const JwePolicy policy{.algorithms = KeyManagementSet::all(), .encryptions = ContentEncryptionSet::all()};
  const auto rsa = must(generate_rsa(2048, {}));
  const auto ec = must(generate_ec(Curve::p256, {}));
  const auto okp = must(generate_okp(Curve::x25519, {}));
  const auto octets = [](std::size_t size) { return must(Jwk::from_octets(Secret(std::string(size, 'k')))); };
  const std::pair<Jwk, JweAlgorithms> cases[] = {
      {octets(32), {KeyManagement::dir, ContentEncryption::a128cbc_hs256}},
      {octets(64), {KeyManagement::dir, ContentEncryption::a256cbc_hs512}},
      {octets(16), {KeyManagement::a128kw, ContentEncryption::a128cbc_hs256}},
      {octets(32), {KeyManagement::a256kw, ContentEncryption::a256cbc_hs512}},
      {octets(16), {KeyManagement::a128kw, ContentEncryption::a128gcm}},
      {octets(32), {KeyManagement::a256gcmkw, ContentEncryption::a128cbc_hs256}},
      {octets(20), {KeyManagement::pbes2_hs256_a128kw, ContentEncryption::a128cbc_hs256}},
      {ec, {KeyManagement::ecdh_es_a128kw, ContentEncryption::a128cbc_hs256}},
      {okp, {KeyManagement::ecdh_es_a256kw, ContentEncryption::a256gcm}},
      {rsa, {KeyManagement::rsa_oaep, ContentEncryption::a128cbc_hs256}},
      {rsa, {KeyManagement::rsa_oaep_256, ContentEncryption::a256gcm}}};
  for (const auto& [key, algorithms] : cases) {
    auto kinds = make_kinds(*key.with_labels({}), algorithms);
    measure(kinds, JwkSet({*key.with_labels({})}), policy, samples);
    report(algorithms, kinds);
  }
  return 0;
}
