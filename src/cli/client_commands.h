#pragma once

#include "cli/command.h"
#include "client/secret.h"
#include "model/client.h"

namespace oidcop::cli {

void setup_client_register(CLI::App& parent, const Globals& globals, Chosen& chosen);
void setup_client_token(CLI::App& parent, const Globals& globals, Chosen& chosen);

/// The client as the shell shows it. \param issued  null unless its secret is told now, the only time
void show_client(Streams& streams, const model::Client& client, const client::IssuedSecret* issued);

}  // namespace oidcop::cli
