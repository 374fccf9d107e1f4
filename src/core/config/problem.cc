#include "config/problem.h"

namespace oidcop::config {

std::string ConfigProblem::text() const {
  std::string text;
  for (const auto& part : {file, path, message}) {
    if (!part.empty()) text += (text.empty() ? "" : ": ") + part;
  }
  if (!nearest.empty()) text += " (did you mean \"" + nearest + "\"?)";
  return text;
}

std::string to_text(const ConfigProblems& problems) {
  std::string text;
  for (const auto& problem : problems) text += problem.text() + "\n";
  return text;
}

}  // namespace oidcop::config
