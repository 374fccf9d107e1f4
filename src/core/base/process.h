#pragma once

namespace oidcop::program {

/// What a process that holds keys and passwords owes its users, before it reads any: no core dumps, no
/// debugger of the same user (PR_SET_DUMPABLE), files that only we may read (umask 077). Call first in
/// main().
void harden_process();

/// For programs that serve: a peer that hangs up must not end us (SIGPIPE).
void outlive_peers();

/// For programs that read their configuration once and end: SIGHUP, sent to all processes of this name, does
/// not end what they are at.
void ignore_reloads();

/// For programs that will take SIGHUP as a wish to reload: one that comes while they still start waits until
/// they look for it. Call before any other thread is there.
void hold_back_reloads();

}  // namespace oidcop::program
