#pragma once

namespace oidcop::program {

/// What a process that holds keys and passwords owes its users, before it reads any: no core dumps, no
/// debugger of the same user (PR_SET_DUMPABLE), files that only we may read (umask 077). Call first in
/// main().
void harden_process();

/// For programs that serve: a peer that hangs up must not end us (SIGPIPE).
void outlive_peers();

}  // namespace oidcop::program
