#include "endpoint/error_text.h"

namespace oidcop::endpoint {

std::string error_text(std::string text) {
  for (char& c : text) {
    if (c == '"') c = '\'';
    if (c < ' ' || c > '~' || c == '\\') c = '?';
  }
  return text;
}

}  // namespace oidcop::endpoint
