#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::config {

/// How many insertions, deletions, replacements and swaps of neighbours make one text the other. Letter case
/// and
/// '-' for '_' do not count. Texts of more than 64 characters are far from everything.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that a mistyped name most likely means; empty when none is near (more than a third of it
/// differs).
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace oidcop::config
