"""Starts a program as systemd starts a service with a socket unit: as_systemd.py SOCKET USER GROUP PROGRAM [ARGUMENT...]

Run as root: makes the socket (mode 0660, of USER and GROUP), becomes USER for good, passes the socket as descriptor 3.
"""

import grp
import os
import pwd
import socket
import sys


def main(path, user, group, *command):
    owner = pwd.getpwnam(user)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chown(path, owner.pw_uid, grp.getgrnam(group).gr_gid)
    os.chmod(path, 0o660)
    listener.listen(128)
    os.setgroups([])
    os.setgid(owner.pw_gid)
    os.setuid(owner.pw_uid)
    os.dup2(listener.fileno(), 3)
    os.set_inheritable(3, True)  # it may have been 3 already
    os.execve(command[0], command, {**os.environ, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())})


if __name__ == "__main__":
    main(*sys.argv[1:])
