#include "claims/subject.h"

#include "base/base64url.h"

#include <algorithm>

namespace oidcop::claims {
namespace {

constexpr std::size_t kMaxSubjectOctets = 255;  // OpenID Connect Core 1.0, 2

bool is_subject_identifier(const std::string& text) {
  return text.size() <= kMaxSubjectOctets &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

Result<std::string> Subjects::subject_of(const model::User& user, const model::Client& client) const {
  if (client.subject_type == model::SubjectType::pairwise) {
    // Without a sector all such clients would share one subject: the opposite of what was asked for.
    if (client.sector_identifier.empty())
      return fail(Errc::internal, "a pairwise client has no sector identifier");
    return base64url_encode(salt_.digest({"pairwise", client.sector_identifier, user.id.text()}).octets());
  }
  if (user.subject.empty()) return base64url_encode(salt_.digest({"public", user.id.text()}).octets());
  if (!is_subject_identifier(user.subject))
    return fail(Errc::malformed, "a user's subject is not usable as sub");
  return user.subject;
}

}  // namespace oidcop::claims
