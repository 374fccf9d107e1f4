#pragma once

#include "config/sources.h"
#include "config/value.h"

namespace oidcop::config {

/// Fills `config` row by row from the merged files; what is not there keeps its default, relative to no
/// folder yet. Values that do not fit are passed over (check_source reports them); reports secrets that
/// cannot be read, values that do not apply, and aliases that disagree with the row they stand for.
void fill(Config& config, const Merged& merged, const FillContext& context, ConfigProblems& problems);

/// Makes every relative path of `config` (defaults included) count from the folder.
void resolve_paths(Config& config, const std::filesystem::path& folder);

/// All places of the merged tree that a row is about, with their values, in order.
std::vector<std::pair<Place, const Json*>> matches(const Field& row, const Json& tree);

/// All places of a configuration that a row is about.
std::vector<Place> places(const Field& row, const Config& config);

}  // namespace oidcop::config
