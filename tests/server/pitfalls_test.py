"""What is known to go wrong between web servers and responders, tried on ours.

Needs OIDCOP_ECHO_RESPONDER, OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA.
"""

import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import unittest

import real_provider
import setups
import webservers

RESTARTS = 5
BOUND = 20  # seconds for what takes a responder that keeps connections to itself for ever


def children(process):
    """The processes that this one has started and that still run."""
    found = set()
    for task in pathlib.Path(f"/proc/{process.pid}/task").glob("*/children"):
        found |= {int(pid) for pid in task.read_text().split()}
    return found


class KeptConnections(unittest.TestCase):
    """Apache keeps connections to the responder (enablereuse=on): they must not keep Apache's children from ending."""

    def setUp(self):
        self.bench = webservers.Bench()
        self.addCleanup(self.bench.close)
        program = self.bench.install(os.environ["OIDCOP_ECHO_RESPONDER"])
        self.server = setups.ALL["ApacheProxyFcgi"](setups.Service(self.bench, program))

    def ask(self):
        return self.server.exchange("GET", "/op/x").status

    def await_that(self, is_over, what):
        deadline = time.monotonic() + BOUND
        while not is_over():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.02)

    def test_a_graceful_restart_replaces_all_children_and_loses_no_request(self):
        statuses, ended = [], threading.Event()

        def ask_on_and_on():
            while not ended.is_set():
                try:
                    statuses.append(self.ask())
                except OSError as error:
                    statuses.append(repr(error))

        asking = [threading.Thread(target=ask_on_and_on) for _ in range(4)]
        for thread in asking:
            thread.start()
        try:
            for _ in range(3):
                # None for a moment, when Apache has taken in the restart before and not started new ones yet.
                self.await_that(lambda: children(self.server.process), "there are no children")
                before = children(self.server.process)
                self.server.process.send_signal(signal.SIGUSR1)
                self.await_that(lambda: not before & children(self.server.process), "an old child does not end")
        finally:
            ended.set()
            for thread in asking:
                thread.join()
        self.assertEqual(set(statuses), {200})

    def test_a_graceful_stop_ends_soon(self):
        self.assertEqual([self.ask() for _ in range(20)], [200] * 20)
        self.server.process.send_signal(signal.SIGWINCH)
        self.await_that(lambda: self.server.process.poll() is not None, "Apache does not end")
        self.assertEqual(self.server.process.returncode, 0)


class Restarts(unittest.TestCase):
    """The socket is somebody else's, as with systemd: requests wait in it while the service restarts."""

    def start_service(self):
        process = subprocess.Popen([self.program], stdin=self.listener, stdout=self.log, stderr=self.log,
                                   start_new_session=True, env={}, **self.bench.as_user())
        self.addCleanup(webservers.stop, process)
        return process

    def restart_under_load(self, setup):
        self.bench = webservers.Bench()
        self.addCleanup(self.bench.close)
        self.program = self.bench.install(os.environ["OIDCOP_ECHO_RESPONDER"])
        self.log = self.bench.enter_context(open(self.bench.folder / "restarted.log", "ab"))
        self.listener = self.bench.enter_context(socket.socket(socket.AF_UNIX))
        path = self.bench.folder / "op.sock"
        self.listener.bind(str(path))
        self.listener.listen(128)
        self.bench.give(path)
        service = setups.Service(self.bench, self.program)
        service.on_socket = lambda: path
        server = setups.ALL[setup](service)
        process, statuses, ended = self.start_service(), [], threading.Event()

        def ask_on_and_on():
            while not ended.is_set():
                statuses.append(server.exchange("GET", "/op/x").status)

        asking = [threading.Thread(target=ask_on_and_on) for _ in range(6)]
        for thread in asking:
            thread.start()
        try:
            for _ in range(RESTARTS):
                served = len(statuses)
                deadline = time.monotonic() + BOUND
                while len(statuses) < served + 50 and time.monotonic() < deadline:
                    time.sleep(0.01)
                webservers.stop(process)
                process = self.start_service()
        finally:
            ended.set()
            for thread in asking:
                thread.join()
        self.assertGreaterEqual(len(statuses), 250)
        return statuses

    def test_no_request_is_lost_behind_nginx(self):
        self.assertEqual(set(self.restart_under_load("Nginx")), {200})

    def test_no_request_is_lost_behind_apache_without_reuse(self):
        self.assertEqual(set(self.restart_under_load("ApacheProxyFcgiWithoutReuse")), {200})

    def test_hardly_any_request_is_lost_behind_apache(self):
        # Between the end of an answer and the end of its connection Apache may take that connection for another request
        # (503). Nobody can answer and close at once, so a restart may cost a request, where six are always under way.
        statuses = self.restart_under_load("ApacheProxyFcgi")
        self.assertLessEqual(set(statuses), {200, 503})
        self.assertLessEqual(statuses.count(503), RESTARTS)


class AuthorizationHeader(unittest.TestCase):
    """Apache keeps it from the program unless told otherwise: then every client seems to present nothing."""

    def ask_for_a_token(self, change):
        with webservers.Bench() as bench:
            provider = real_provider.RealProvider(bench, issuer="https://op.example/op")
            service = setups.Service(bench, provider.program, provider.config)
            snippet = service.snippet("apache/oidcop.conf", socket=service.on_socket())
            self.assertIn("CGIPassAuth On", snippet)
            server = bench.start_apache(change(snippet))
            body = "grant_type=authorization_code&code=x"
            reply = server.raw(("POST /op/token HTTP/1.1\r\nHost: op.example\r\nAuthorization: Basic cnA6eA==\r\n"
                                "Content-Type: application/x-www-form-urlencoded\r\n"
                                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}").encode())
            return reply.status, bench.service_log()

    def test_the_log_tells_what_is_missing_in_the_configuration_of_the_server(self):
        status, log = self.ask_for_a_token(lambda snippet: snippet.replace("CGIPassAuth On", ""))
        self.assertEqual(status, 401)
        self.assertIn("CGIPassAuth On", log)

    def test_with_the_snippet_it_arrives(self):
        status, log = self.ask_for_a_token(lambda snippet: snippet)
        self.assertEqual(status, 401)  # nobody is called rp
        self.assertNotIn("CGIPassAuth", log)


class Fcgid(unittest.TestCase):
    """mod_fcgid gives each process one request at a time, and waits for a second when it has no free one."""

    def setUp(self):
        self.bench = webservers.Bench()
        self.addCleanup(self.bench.close)
        program = self.bench.install(os.environ["OIDCOP_ECHO_RESPONDER"])
        self.service = setups.Service(self.bench, program)

    def start(self, more="", common=""):
        return self.bench.start_apache(self.service.snippet("apache/oidcop-fcgid.conf") + more,
                                       modules=("alias", "fcgid"), common=common)

    def ask_at_once(self, server, count):
        replies = []

        def ask():
            replies.append(server.exchange("GET", "/op/sleep").status)

        threads = [threading.Thread(target=ask) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return replies

    def test_a_rush_is_answered_as_the_server_comes_out_of_the_box(self):
        self.assertEqual(self.ask_at_once(self.start(), 24), [200] * 24)

    def test_more_requests_than_processes_are_all_answered(self):
        snippet = self.service.snippet("apache/oidcop-fcgid.conf").replace("FcgidMaxProcessesPerClass 32",
                                                                           "FcgidMaxProcessesPerClass 4")
        server = self.bench.start_apache(snippet, modules=("alias", "fcgid"))
        self.assertEqual(self.ask_at_once(server, 12), [200] * 12)

    def test_processes_that_it_killed_for_being_idle_come_again(self):
        server = self.start(more="FcgidIdleTimeout 1\nFcgidMinProcessesPerClass 0\n",
                            common="FcgidIdleScanInterval 1\nFcgidZombieScanInterval 1\nFcgidErrorScanInterval 1")
        self.assertEqual(self.ask_at_once(server, 2), [200] * 2)
        deadline = time.monotonic() + BOUND
        while "exit(idle timeout)" not in server.log() and "terminated" not in server.log():
            self.assertLess(time.monotonic(), deadline, server.log()[-2000:])
            time.sleep(0.05)
        self.assertEqual(self.ask_at_once(server, 2), [200] * 2)
        self.assertNotIn("SIGKILL", server.log())


if __name__ == "__main__":
    unittest.main()
