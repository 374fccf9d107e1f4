#pragma once

namespace oidcop::fcgi {

/// What a process that holds keys and passwords owes its users, before it reads any: no core dumps, no
/// debugger of the same user (PR_SET_DUMPABLE), files that only we may read (umask 077). A peer that hangs up
/// must not end us either: SIGPIPE is ignored. Call first in main().
void harden_process();

}  // namespace oidcop::fcgi
