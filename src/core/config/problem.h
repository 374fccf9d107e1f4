#pragma once

#include <string>
#include <vector>

namespace oidcop::config {

/// One thing that is wrong (or doubtful) in a configuration, for the administrator at the shell.
struct ConfigProblem {
  std::string file;  ///< the file it stands in, as it was opened; empty when it is about several files
  std::string
      path;  ///< the JSON path, e.g. "endpoint.token.path" or "keys.key_defs[0].type"; empty: the file
  std::string message;  ///< a sentence without a value that may be secret, e.g. "unknown key"
  std::string nearest;  ///< the nearest valid key or value; empty when none is near

  /// "FILE: PATH: MESSAGE (did you mean "NEAREST"?)"; control characters of foreign names are escaped.
  std::string text() const;
};

using ConfigProblems = std::vector<ConfigProblem>;

/// One problem per line.
std::string to_text(const ConfigProblems& problems);

}  // namespace oidcop::config
