"""The responder as a process: how it is started, asked to reload, and ended.

Needs OIDCOP_ECHO_RESPONDER (the program under test).
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import fastcgi_peer

PROGRAM = os.environ["OIDCOP_ECHO_RESPONDER"]
PATIENCE = 60


def is_running(pid):
    """Whether a process of ours that is no child of ours still runs; a zombie has ended."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Process(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-process-")  # mode 0700
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "op.sock"

    def start(self, *arguments, environment=None, command=(PROGRAM,), **named):
        process = subprocess.Popen([*command, *arguments], env=environment or {}, stderr=subprocess.PIPE,
                                   stdout=subprocess.PIPE, **{"stdin": subprocess.DEVNULL, **named})
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)  # does nothing when it has ended, as it should have
        return process

    def start_on_path(self):
        process = self.start("--listen", f"unix:{self.path}")
        self.await_socket(process, self.path)
        return process

    def await_socket(self, process, address):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return fastcgi_peer.Peer(address).__exit__()
            except OSError:
                self.assertIsNone(process.poll(), "it ended")
                self.assertLess(time.monotonic(), deadline, "nobody listens")
                time.sleep(0.02)

    def assert_serves(self, address):
        self.assertIn(b"Status: 200 OK", fastcgi_peer.exchange(address, fastcgi_peer.request()))

    def assert_ends(self, process, status=0, signal_number=signal.SIGTERM):
        process.send_signal(signal_number)
        self.assertEqual(process.wait(PATIENCE), status)

    def test_every_stop_signal_ends_it_with_success_and_without_a_trace(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            with self.subTest(number):
                process = self.start_on_path()
                self.assert_serves(self.path)
                self.assert_ends(process, signal_number=number)
                self.assertFalse(self.path.exists())

    def test_what_is_in_flight_is_answered_before_the_end(self):
        process = self.start_on_path()
        with fastcgi_peer.Peer(self.path) as working, fastcgi_peer.Peer(self.path) as arriving, \
                fastcgi_peer.Peer(self.path) as idle:
            idle.send(fastcgi_peer.request(keep=True))
            self.assertIn(b"Status: 200", idle.answer())
            whole = fastcgi_peer.request(method="POST", body=b"hello")
            arriving.send(whole[:50])
            working.send(fastcgi_peer.request("/sleep", keep=True))
            process.send_signal(signal.SIGTERM)
            self.assertIn(b"Status: 200", working.answer())
            arriving.send(whole[50:])
            self.assertIn(b"Status: 200", arriving.answer())
            self.assertIsNone(idle.answer())
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_sighup_reloads_and_serves_on(self):
        process = self.start_on_path()
        process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while b"X-Reloads: 1" not in fastcgi_peer.exchange(self.path, fastcgi_peer.request("/reloads")):
            self.assertLess(time.monotonic(), deadline)
        self.assert_ends(process)

    def test_it_serves_a_socket_on_standard_input(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.path))
            listener.listen()
            process = self.start(stdin=listener)
        self.assert_serves(self.path)
        self.assert_ends(process)
        self.assertTrue(self.path.exists(), "the file belongs to whoever made it")

    def test_it_serves_sockets_that_systemd_passes(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.path))
            listener.listen()
            pass_on = ("import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ['LISTEN_PID'] = str(os.getpid());"
                       "os.execv(sys.argv[2], sys.argv[2:])")
            process = self.start(command=(sys.executable, "-c", pass_on, str(listener.fileno()), PROGRAM),
                                 environment={"LISTEN_FDS": "1"}, pass_fds=(listener.fileno(),))
        self.assert_serves(self.path)
        self.assert_ends(process)

    def await_news(self, listener):
        listener.settimeout(PATIENCE)
        return listener.recv(4096).decode().split("\n")

    def test_it_tells_systemd_how_it_is(self):
        for address in (str(self.folder / "notify"), f"\0{self.folder}/notify"):
            with self.subTest(address), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
                listener.bind(address)
                process = self.start("--listen", f"unix:{self.path}",
                                     environment={"NOTIFY_SOCKET": address.replace("\0", "@")})
                self.assertEqual(self.await_news(listener), ["READY=1"])
                self.assert_serves(self.path)
                before = time.monotonic_ns() // 1000
                process.send_signal(signal.SIGHUP)
                reloading, when = self.await_news(listener)
                self.assertEqual(reloading, "RELOADING=1")
                self.assertTrue(before <= int(when.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000, when)
                self.assertEqual(self.await_news(listener), ["READY=1"])
                self.assert_ends(process)
                self.assertEqual(self.await_news(listener), ["STOPPING=1"])

    def test_a_service_manager_that_does_not_listen_changes_nothing(self):
        process = self.start("--listen", f"unix:{self.path}", environment={"NOTIFY_SOCKET": str(self.folder / "nobody")})
        self.await_socket(process, self.path)
        self.assert_serves(self.path)
        self.assert_ends(process)

    def test_spawn_fcgi_starts_it(self):
        pid_file = self.folder / "pid"
        subprocess.run(["spawn-fcgi", "-s", self.path, "-M", "0600", "-P", pid_file, "--", PROGRAM], check=True,
                       capture_output=True, timeout=PATIENCE)
        pid = int(pid_file.read_text())
        self.assert_serves(self.path)
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while is_running(pid):
            self.assertLess(time.monotonic(), deadline, "it does not end")
            time.sleep(0.02)

    def test_identity_over_tcp_is_not_believed(self):
        parameters = {"REMOTE_USER": "diana", "AUTH_TYPE": "Basic", "OIDCOP_MARKER": "echo-marker"}
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            address = listener.getsockname()
            process = self.start(stdin=listener)
        answer = fastcgi_peer.exchange(address, fastcgi_peer.request(**parameters))
        self.assertIn(b"Status: 200", answer)
        self.assertNotIn(b"diana", answer)
        self.assert_ends(process)
        process = self.start_on_path()
        self.assertIn(b'"remote_user":"diana"', fastcgi_peer.exchange(self.path, fastcgi_peer.request(**parameters)))
        self.assert_ends(process)

    def test_it_does_not_serve_sockets_beyond_this_machine(self):
        with socket.socket() as listener:
            listener.bind(("0.0.0.0", 0))
            listener.listen()
            process = self.start(stdin=listener)
        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertIn(b"beyond this machine", process.stderr.read())

    def test_a_second_one_leaves_the_first_alone(self):
        first = self.start_on_path()
        second = self.start("--listen", f"unix:{self.path}")
        self.assertEqual(second.wait(PATIENCE), 1)
        self.assert_serves(self.path)
        self.assert_ends(first)

    def test_after_a_crash_it_starts_again(self):
        process = self.start_on_path()
        process.kill()
        process.wait(PATIENCE)
        self.assertTrue(self.path.exists())
        self.assert_ends(self.start_on_path())

    def test_it_leaves_no_core_and_lets_nobody_look_inside(self):
        process = self.start_on_path()
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        self.assertEqual(os.stat(f"/proc/{process.pid}/mem").st_uid, 0)  # not dumpable: root's
        self.assert_ends(process)

    def test_it_says_how_it_is_used(self):
        process = self.start("--help")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertIn(b"--listen", process.stdout.read())
        self.assertEqual(self.start("--nonsense").wait(PATIENCE), 2)
        process = self.start()
        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertIn(b"--listen", process.stderr.read())

    def test_arguments_are_ignored_under_a_web_server(self):
        process = self.start("--help", environment={"GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET",
                                                    "REQUEST_URI": "/op/x?--help", "QUERY_STRING": "--help"})
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertIn(b"Status: 200 OK", process.stdout.read())


if __name__ == "__main__":
    unittest.main()
