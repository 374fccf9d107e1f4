"""CPU time of the processes that serve, from /proc. Seconds, user and system together."""

import os
import pathlib

TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    """comm, and the fields of /proc/PID/stat from `state` (field 3) on; comm may hold anything but is in brackets."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()


def of(pid):
    """What the process itself used, all its threads together."""
    _, fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICK


def of_ended_children(pid):
    """What children used that ended and were waited for: of a web server, its CGI programs."""
    _, fields = _stat(pid)
    return (int(fields[13]) + int(fields[14])) / TICK


def child(pid, name):
    """The running child of that name. \\param name  as the kernel keeps it, 15 octets at most"""
    for pids in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for found in pids.read_text().split():
            if _stat(found)[0] == name[:15]:
                return int(found)
    raise RuntimeError(f"process {pid} has no child {name}")


class Meter:
    """CPU of a web server, of a program under it, and of CGI programs it ran, since this was made."""

    def __init__(self, server, program=None):
        self.server, self.program = server, program
        self.begin = self._now()

    def _now(self):
        return (of(self.server), of(self.program) if self.program else 0, of_ended_children(self.server))

    def since(self):
        """\\return seconds: of the web server, of what it ran"""
        server, program, ended = (now - then for now, then in zip(self._now(), self.begin))
        return server, program + ended
