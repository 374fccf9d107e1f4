#include "session/prompt.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace oidcop::session {
namespace {

constexpr std::array<std::pair<std::string_view, Prompt>, 5> kPrompts{{
    {"none", Prompt::none},
    {"login", Prompt::login},
    {"consent", Prompt::consent},
    {"select_account", Prompt::select_account},
    {"create", Prompt::create},
}};

std::optional<Prompt> prompt_named(std::string_view word) {
  for (const auto& [name, prompt] : kPrompts)
    if (name == word) return prompt;
  return std::nullopt;
}

}  // namespace

Result<PromptSet, ProtocolError> PromptSet::parse(const std::vector<std::string>& words) {
  PromptSet set;
  for (const auto& word : words) {
    auto prompt = prompt_named(word);
    if (!prompt) return fail(invalid_request("prompt has a value that is not supported.", "prompt"));
    set.add(*prompt);
  }
  PromptSet only_none;
  only_none.add(Prompt::none);
  if (set.has(Prompt::none) && set != only_none)
    return fail(invalid_request("prompt=none cannot be combined with another value.", "prompt"));
  return set;
}

}  // namespace oidcop::session
