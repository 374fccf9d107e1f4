#include "logout/logout_question.h"

#include <algorithm>

namespace oidcop::logout {
namespace {

/// A hint without `sid` is about the client's session below this one, if there is any.
bool is_of_this_session(const LogoutQuestion& question) {
  return std::any_of(question.client_sessions.begin(), question.client_sessions.end(),
                     [&](const model::ClientSession& session) {
                       return session.client == question.client &&
                              (question.hint->sid.empty() || session.sid == question.hint->sid);
                     });
}

}  // namespace

std::string_view name_of(AskReason reason) {
  switch (reason) {
    case AskReason::always_asked:
      return "always_asked";
    case AskReason::no_hint:
      return "no_hint";
    case AskReason::other_user:
      return "other_user";
    case AskReason::other_session:
      return "other_session";
  }
  return "unknown";
}

std::vector<AskReason> reasons_to_ask(const LogoutQuestion& question) {
  std::vector<AskReason> reasons;
  if (question.confirmation == Confirmation::always) reasons.push_back(AskReason::always_asked);
  if (question.hint == nullptr) {
    reasons.push_back(AskReason::no_hint);
    return reasons;
  }
  if (question.hint->subject != question.session_subject) reasons.push_back(AskReason::other_user);
  if (!is_of_this_session(question)) reasons.push_back(AskReason::other_session);
  return reasons;
}

}  // namespace oidcop::logout
