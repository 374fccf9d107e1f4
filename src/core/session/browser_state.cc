#include "session/browser_state.h"

#include "base/base64url.h"
#include "base/digest.h"

namespace oidcop::session {

std::string session_state(std::string_view client_id, std::string_view origin, std::string_view state,
                          std::string_view salt) {
  std::string text;
  for (const auto part : {client_id, origin, state, salt}) {
    if (!text.empty()) text += ' ';
    text += part;
  }
  return base64url_encode(sha256(text).octets()) + '.' + std::string(salt);
}

}  // namespace oidcop::session
