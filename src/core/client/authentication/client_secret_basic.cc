#include "client/authentication/client_secret_basic.h"

#include "base/base64url.h"
#include "base/form.h"

#include <algorithm>

namespace oidcop::client {
namespace {

constexpr std::string_view kScheme = "basic ";

bool equals_without_case(char lower, char c) {
  return lower == ((c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c);
}

/// The candidate that the specification wants; nothing when the text was not encoded like that.
Result<BasicCandidate> form_decoded(std::string_view id, std::string_view secret) {
  auto decoded_id = form_decode(id);
  if (!decoded_id) return fail(decoded_id.error());
  auto decoded_secret = form_decode(secret);
  if (!decoded_secret) return fail(decoded_secret.error());
  return BasicCandidate{BasicReading::form_decoded, *std::move(decoded_id),
                        Secret(*std::move(decoded_secret))};
}

}  // namespace

std::string_view name_of(BasicReading reading) {
  return reading == BasicReading::form_decoded ? "form-decoded" : "raw";
}

bool is_basic(std::string_view authorization) {
  return authorization.size() > kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), authorization.begin(), equals_without_case);
}

Result<BasicCredential, ProtocolError> parse_basic(std::string_view authorization) {
  if (!is_basic(authorization)) return fail(invalid_client("the Authorization scheme is not Basic"));
  authorization.remove_prefix(kScheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  auto decoded = base64_decode(authorization);
  if (!decoded) return fail(invalid_client("the Basic credential is not base64"));
  const auto text = Secret(*std::move(decoded));
  const auto colon = text.reveal().find(':');
  if (colon == std::string_view::npos) return fail(invalid_client("the Basic credential has no colon"));
  const auto id = text.reveal().substr(0, colon);
  const auto secret = text.reveal().substr(colon + 1);

  BasicCredential credential;
  auto encoded = form_decoded(id, secret);
  const bool reads_the_same = encoded && encoded->client_id == id && encoded->secret.reveal() == secret;
  if (encoded) credential.candidates.push_back(*std::move(encoded));
  if (!reads_the_same) {
    credential.candidates.push_back({BasicReading::raw, std::string(id), Secret(std::string(secret))});
  }
  return credential;
}

}  // namespace oidcop::client
