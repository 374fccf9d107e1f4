#include "jose/critical.h"

#include <algorithm>

namespace oidcop::jose {

namespace {

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<std::vector<std::string>> read_critical(const Json& header,
                                               std::span<const std::string_view> registered,
                                               const std::vector<std::string>& understood) {
  if (json_member(header, "crit") == nullptr) return std::vector<std::string>();
  auto names = json_texts(header, "crit");
  if (!names || (*names)->empty()) return fail(Errc::malformed, "\"crit\" is not a list of names");
  for (auto name = (*names)->begin(); name != (*names)->end(); ++name) {
    if (contains(registered, *name) || std::find((*names)->begin(), name, *name) != name ||
        json_member(header, *name) == nullptr) {
      return fail(Errc::malformed, "\"crit\" names a member that it must not name");
    }
    if (!contains(understood, *name)) {
      return fail(Errc::refused, "\"crit\" names an extension that is not understood here");
    }
  }
  return std::move(**names);
}

}  // namespace oidcop::jose
