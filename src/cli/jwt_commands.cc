// oidcop jwt verify

#include "base/system_clock.h"
#include "base/system_random.h"
#include "cli/jose_input.h"
#include "cli/output.h"
#include "cli/time_input.h"
#include "jose/nested_jwt.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

struct JwtVerifyOptions {
  KeySource keys;
  std::vector<std::string> algorithms;
  jose::JwtPolicy claims;
  std::int64_t leeway = 0;
  std::string at;
  bool without_exp = false;
  std::filesystem::path decryption_key;  ///< empty: the JWT must not be encrypted
  std::vector<std::string> decryption_algorithms;
  std::vector<std::string> decryption_encryptions;
};

/// A JWT that was accepted, and the header of the JWE around it, if there was one.
struct AcceptedJwt {
  jose::VerifiedJwt jwt;
  std::optional<Message> encryption_header = {};
};

/// Decrypts, then verifies; nothing else than a nested JWT will do.
Result<AcceptedJwt> verify_nested(const std::string& token, const JwtVerifyOptions& options,
                                  const jose::JwkSet& keys, const jose::JwsPolicy& signature, TimePoint now) {
  auto encryption = read_encryption_policy({options.decryption_algorithms, options.decryption_encryptions},
                                           {"--decryption-alg", "--decryption-enc"});
  if (!encryption) return fail(std::move(encryption).error());
  const auto own = load_keys({options.decryption_key, options.keys.passphrase_file}, KeyFileRule::any);
  if (!own) return fail(own.error());
  SystemRandom random;
  auto nested = jose::verify_nested_jwt(token, {*own, keys},
                                        {std::move(*encryption), signature, options.claims}, now, random);
  if (!nested) return fail(refusal(std::move(nested).error()));
  return AcceptedJwt{std::move(nested->jwt), std::move(nested->encryption_header)};
}

Result<AcceptedJwt> verify_signed(const std::string& token, const JwtVerifyOptions& options,
                                  const jose::JwkSet& keys, const jose::JwsPolicy& signature, TimePoint now) {
  if (jose::looks_encrypted(token)) {
    return fail(refusal({Errc::refused, "the JWT is encrypted; --decryption-key is needed"}));
  }
  auto jwt = jose::verify_jwt(token, keys, signature, options.claims, now);
  if (!jwt) return fail(refusal(std::move(jwt).error()));
  return AcceptedJwt{std::move(*jwt)};
}

Result<void> verify(JwtVerifyOptions options, Streams& streams) {
  const auto algorithms = read_algorithms(options.algorithms);
  if (!algorithms) return fail(algorithms.error());
  const auto now = options.at.empty() ? Result<TimePoint>(SystemClock().now()) : parse_time(options.at);
  if (!now) return fail(Errc::malformed, "--at: " + now.error().detail);
  const auto keys = load_keys(options.keys, KeyFileRule::any);
  if (!keys) return fail(keys.error());
  const auto token = read_message(streams);
  if (!token) return fail(token.error());
  options.claims.leeway = Seconds(options.leeway);
  if (options.without_exp) options.claims.required.clear();
  const jose::JwsPolicy signature{.algorithms = *algorithms, .max_octets = kMaxMessage};
  const auto judge = options.decryption_key.empty() ? verify_signed : verify_nested;
  const auto accepted = judge(*token, options, *keys, signature, *now);
  if (!accepted) return fail(accepted.error());
  const auto& jwt = accepted->jwt;
  if (!streams.json) {
    print_json(streams, jwt.claims.json());
    return {};
  }
  Json told = {{"header", jwt.header.json()}, {"claims", jwt.claims.json()}};
  if (accepted->encryption_header) told["encryption"] = accepted->encryption_header->json();
  print_json(streams, told);
  return {};
}

}  // namespace

void setup_jwt(CLI::App& app, const Globals& /*globals*/, Chosen& chosen) {
  CLI::App* jwt = app.add_subcommand("jwt", "JSON Web Tokens of anybody, with any key: verify");
  jwt->require_subcommand(1);
  auto options = std::make_shared<JwtVerifyOptions>();
  CLI::App* command = jwt->add_subcommand("verify", "Verify a JWT from standard input and print its claims");
  add_key_options(*command, options->keys);
  command->get_option("--key")->required();
  command->add_option("--alg", options->algorithms, "The algorithms to allow")->required()->delimiter(',');
  command->add_option("--issuer", options->claims.issuer, "The only iss to accept");
  command->add_option("--audience", options->claims.audiences, "An aud to accept; may be repeated")
      ->expected(1)
      ->take_all();
  command->add_option("--type", options->claims.types, "A typ to accept; may be repeated")
      ->expected(1)
      ->take_all();
  command->add_option("--leeway", options->leeway, "Seconds that clocks may differ")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{86400}));
  command->add_option("--at", options->at, "Judge as if it were this time");
  command->add_flag("--without-exp", options->without_exp, "Accept a JWT that has no exp");
  CLI::Option* decryption =
      command->add_option("--decryption-key", options->decryption_key,
                          "The key that opens an encrypted JWT: a JWK, a JWK Set, or PEM");
  CLI::Option* algorithms = command->add_option("--decryption-alg", options->decryption_algorithms,
                                                "The key management algorithms to allow");
  algorithms->delimiter(',')->needs(decryption);
  decryption->needs(algorithms);
  command
      ->add_option("--decryption-enc", options->decryption_encryptions,
                   "The content encryptions to allow; all when left out")
      ->delimiter(',')
      ->needs(decryption);
  command->callback([&chosen, options] {
    chosen.run = [options](Streams& streams) { return in_one_line(verify(*options, streams)); };
  });
}

}  // namespace oidcop::cli
