// oidcop jws verify, oidcop jws sign

#include "base/base64url.h"
#include "base/file.h"
#include "cli/jose_input.h"
#include "cli/output.h"
#include "jose/jws_json.h"
#include "jose/key_fit.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

struct JwsVerifyOptions {
  KeySource keys;
  std::vector<std::string> algorithms;
  std::filesystem::path payload;
  bool any = false;
  bool unprotected_algorithm = false;
};

struct JwsSignOptions {
  KeySource keys;
  std::string algorithm;
  std::string form = "compact";
  std::string type;
  bool detached = false;
  bool unencoded = false;
};

Json told_of(const jose::VerifiedSignature& signature) {
  Json told = {{"alg", std::string(jose::algorithm_name(signature.algorithm))},
               {"kid", signature.kid},
               {"protected", signature.protected_header.json()}};
  if (!signature.unprotected_header.empty()) told["header"] = signature.unprotected_header.json();
  return told;
}

void print_verified(const jose::VerifiedJsonJws& verified, Streams& streams) {
  if (!streams.json) {
    streams.out << verified.payload;
    return;
  }
  auto signatures = Json::array();
  for (const auto& signature : verified.signatures) signatures.push_back(told_of(signature));
  print_json(streams,
             {{"payload", base64url_encode(verified.payload)}, {"signatures", std::move(signatures)}});
}

/// The compact form, in the words of the other.
Result<jose::VerifiedJsonJws> verify_compact(const std::string& message, const jose::JwkSet& keys,
                                             const jose::JwsPolicy& policy,
                                             const std::optional<std::string>& detached) {
  auto verified = detached ? jose::verify_compact_detached(message, *detached, keys, policy)
                           : jose::verify_compact(message, keys, policy);
  if (!verified) return fail(std::move(verified).error());
  return jose::VerifiedJsonJws{
      std::move(verified->payload),
      {{0, verified->algorithm, std::move(verified->header), {}, std::move(verified->kid)}}};
}

Result<jose::JwkSet> keys_to_verify(const JwsVerifyOptions& options, jose::AlgorithmSet algorithms) {
  if (options.keys.file.empty() && algorithms == jose::AlgorithmSet{jose::Algorithm::none}) {
    return jose::JwkSet();
  }
  if (options.keys.file.empty()) return fail(Errc::malformed, "--key is needed for every algorithm but none");
  return load_keys(options.keys, KeyFileRule::any);
}

Result<void> verify(const JwsVerifyOptions& options, Streams& streams) {
  const auto algorithms = read_algorithms(options.algorithms);
  if (!algorithms) return fail(algorithms.error());
  const auto keys = keys_to_verify(options, *algorithms);
  if (!keys) return fail(keys.error());
  const auto message = read_message(streams);
  if (!message) return fail(message.error());
  std::optional<std::string> detached;
  if (!options.payload.empty()) {
    auto payload = read_file(options.payload, kMaxMessage);
    if (!payload) return fail(std::move(payload).error());
    detached = std::move(*payload);
  }
  jose::JwsPolicy policy{
      .algorithms = *algorithms, .max_octets = kMaxMessage, .unencoded = jose::UnencodedPayload::allowed};
  if (options.unprotected_algorithm) policy.algorithm_place = jose::AlgorithmPlace::any_header;
  const auto rule = options.any ? jose::SignatureRule::any : jose::SignatureRule::all;
  const auto verified = is_json_form(*message) ? jose::verify_json(*message, *keys, policy, rule, detached)
                                               : verify_compact(*message, *keys, policy, detached);
  if (!verified) return fail(refusal(verified.error()));
  print_verified(*verified, streams);
  return {};
}

Result<jose::Jwk> key_to_sign(const KeySource& source, jose::Algorithm algorithm) {
  const auto set = load_keys(source, KeyFileRule::private_only);
  if (!set) return fail(set.error());
  const auto& keys = set->keys();
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [algorithm](const jose::Jwk& each) { return each.can_sign(algorithm); });
  if (key != keys.end()) return *key;
  const auto reasons = jose::tell_reasons(
      *set, [algorithm](const jose::Jwk& each) { return jose::why_not_sign(each, algorithm); });
  return fail(Errc::refused, source.file.string() + ": no key may sign with " +
                                 std::string(jose::algorithm_name(algorithm)) + ": " + reasons);
}

Result<std::string> make_jws(const std::string& payload, const jose::JwsSigner& signer,
                             const JwsSignOptions& options) {
  const auto place = options.detached ? jose::PayloadPlace::detached : jose::PayloadPlace::included;
  if (options.form == "general") return jose::sign_general(payload, {signer}, place);
  if (options.form == "flattened") return jose::sign_flattened(payload, signer, place);
  return options.detached ? jose::sign_compact_detached(payload, signer.key, signer.algorithm, signer.header)
                          : jose::sign_compact(payload, signer.key, signer.algorithm, signer.header);
}

Result<void> sign(const JwsSignOptions& options, Streams& streams) {
  const auto algorithm = jose::parse_algorithm(options.algorithm);
  if (!algorithm || *algorithm == jose::Algorithm::none) {
    return fail(Errc::malformed, "--alg: \"" + options.algorithm + "\" is no signature algorithm");
  }
  const auto key = key_to_sign(options.keys, *algorithm);
  if (!key) return fail(key.error());
  const auto payload = read_input(streams);
  if (!payload) return fail(payload.error());
  jose::JwsHeader header{.typ = options.type};
  if (options.unencoded) header.encoding = jose::PayloadEncoding::unencoded;
  const auto jws = make_jws(*payload, {*key, *algorithm, std::move(header)}, options);
  if (!jws) return fail(jws.error());
  streams.out << *jws << '\n';
  return {};
}

void setup_verify(CLI::App& jws, Chosen& chosen) {
  auto options = std::make_shared<JwsVerifyOptions>();
  CLI::App* command = jws.add_subcommand("verify", "Verify a JWS from standard input and print its payload");
  add_key_options(*command, options->keys);
  command->add_option("--alg", options->algorithms, "The algorithms to allow")->required()->delimiter(',');
  command->add_option("--payload", options->payload, "The payload, when it is detached");
  command->add_flag("--any", options->any, "One good signature of several is enough");
  command->add_flag("--unprotected-alg", options->unprotected_algorithm,
                    "Allow \"alg\" in the unprotected header");
  command->callback([&chosen, options] {
    chosen.run = [options](Streams& streams) { return in_one_line(verify(*options, streams)); };
  });
}

void setup_sign(CLI::App& jws, Chosen& chosen) {
  auto options = std::make_shared<JwsSignOptions>();
  CLI::App* command = jws.add_subcommand("sign", "Sign standard input and print the JWS");
  add_key_options(*command, options->keys);
  command->get_option("--key")->required();
  command->add_option("--alg", options->algorithm, "The algorithm")->required();
  command->add_option("--form", options->form, "compact, flattened or general")
      ->check(CLI::IsMember({"compact", "flattened", "general"}))
      ->capture_default_str();
  command->add_option("--type", options->type, "The header's typ");
  command->add_flag("--detached", options->detached, "Leave the payload out");
  command->add_flag("--unencoded", options->unencoded, "Sign the payload as it is (\"b64\": false)");
  command->callback([&chosen, options] {
    chosen.run = [options](Streams& streams) { return in_one_line(sign(*options, streams)); };
  });
}

}  // namespace

void setup_jws(CLI::App& app, const Globals& /*globals*/, Chosen& chosen) {
  CLI::App* jws = app.add_subcommand("jws", "Signed messages (JWS), with any key: verify, sign");
  jws->require_subcommand(1);
  setup_verify(*jws, chosen);
  setup_sign(*jws, chosen);
}

}  // namespace oidcop::cli
