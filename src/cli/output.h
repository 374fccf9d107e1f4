#pragma once

#include "base/json.h"
#include "cli/command.h"

#include <oidcop/time.h>

#include <string>
#include <utility>
#include <vector>

namespace oidcop::cli {

// What these print never drives a terminal: control and bidi characters are escaped as JSON does it, whether
// they stand in a database, a token or a file.

/// One document, indented, as --json prints it.
void print_json(Streams& streams, const Json& document);

/// Lines "label: value", aligned; empty values are left out.
void print_fields(Streams& streams, const std::vector<std::pair<std::string, std::string>>& fields);

/// Columns under a heading, aligned. Says `nothing` when there are no rows.
void print_table(Streams& streams, const std::vector<std::string>& heading,
                 const std::vector<std::vector<std::string>>& rows, std::string_view nothing);

/// Sends on its way what was printed. Where a secret is shown once this comes before the commit: a credential
/// that nobody got to know must not work. Errors: unavailable, with `consequence` for whoever tries again.
Result<void> deliver(Streams& streams, std::string_view consequence);

/// UTC, "2026-11-23T18:00:00Z".
std::string time_text(TimePoint time);

/// Words joined by spaces.
std::string joined(const std::vector<std::string>& words);

}  // namespace oidcop::cli
