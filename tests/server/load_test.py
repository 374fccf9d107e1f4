"""Thousands of mixed requests over connections that are used again, through each web server: none is lost, and none gets
the answer to another.

Needs OIDCOP_ECHO_RESPONDER (the program under test) and OIDCOP_SHARE (the shipped snippets). OIDCOP_LOAD_REQUESTS says
how many; without it 10,000, and 1,000 where each request is a process, which takes its time.
"""

import json
import os
import queue
import threading
import unittest

import setups
import webservers
from exchange_test import Answer

CONNECTIONS = 8


def request(at, number):
    """The number-th request: method, octets, and how to tell its answer. They differ in method, size and form."""
    mark = f"n={number}"
    head = f"HTTP/1.1\r\nHost: op.example\r\nCookie: {mark}\r\n"
    kind = number % 8
    if kind == 0:
        return "POST", f"POST {at}/x?{mark} {head}Content-Length: {len(mark)}\r\n\r\n{mark}", 200
    if kind == 1:
        body = "x" * (number % 40000)
        return "POST", f"POST {at}/x?{mark} {head}Content-Length: {len(body)}\r\n\r\n{body}", 200
    if kind == 2:
        chunks = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        return "POST", f"POST {at}/x?{mark} {head}Transfer-Encoding: chunked\r\n\r\n{chunks}", 200
    if kind == 3:
        return "HEAD", f"HEAD {at}/x?{mark} {head}\r\n", 200
    if kind == 4:
        return "GET", f"GET {at}/redirect?{mark} {head}\r\n", 302
    if kind == 5:
        return "GET", f"GET {at}/not-modified?{mark} {head}\r\n", 304
    return "GET", f"GET {at}/x?{mark} {head}Authorization: Bearer {number}\r\n\r\n", 200


class Client(threading.Thread):
    """Takes numbers from a queue and makes these requests, all over one connection for as long as the server likes."""

    def __init__(self, server, at, numbers):
        super().__init__()
        self.server, self.at, self.numbers = server, at, numbers
        self.answered, self.connections, self.failures = 0, 0, []
        self.connection = self.file = None

    def run(self):
        while True:
            try:
                number = self.numbers.get_nowait()
            except queue.Empty:
                return self.hang_up()
            try:
                self.ask(number)
                self.answered += 1
            except (OSError, ValueError, AssertionError) as error:
                self.failures.append(f"{number}: {error!r}")
                self.hang_up()

    def ask(self, number):
        method, octets, status = request(self.at, number)
        if self.connection is None:
            self.connections += 1
            self.connection = self.server.connect()
            self.file = self.connection.makefile("rb")
        self.connection.sendall(octets.encode())
        answer = Answer(self.file, method)
        if (answer.get("connection") or "").lower() == "close":
            self.hang_up()
        if answer.status != status:
            raise AssertionError(f"{answer.status} instead of {status}: {answer.body[:200]}")
        if method != "HEAD" and status == 200 and json.loads(answer.body)["query"] != f"n={number}":
            raise AssertionError("the answer to another request")

    def hang_up(self):
        if self.connection is not None:
            self.file.close()
            self.connection.close()
            self.connection = None


class Load:
    """Mixed into a test case per setup."""

    setup, at, requests = None, "/op", 10000

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        program = cls.bench.install(os.environ["OIDCOP_ECHO_RESPONDER"])
        cls.server = setups.ALL[cls.setup](setups.Service(cls.bench, program, at=cls.at))

    def test_none_of_many_requests_is_lost(self):
        numbers = queue.SimpleQueue()
        for number in range(self.requests):
            numbers.put(number)
        clients = [Client(self.server, self.at, numbers) for _ in range(CONNECTIONS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        failures = [failure for client in clients for failure in client.failures]
        self.assertEqual(failures[:10], [], f"{len(failures)} lost\n{self.server.log()[-2000:]}")
        self.assertEqual(sum(client.answered for client in clients), self.requests)
        self.assertLess(sum(client.connections for client in clients), self.requests / 20, "one connection each?")


for _setup in setups.ALL:
    _requests = int(os.environ.get("OIDCOP_LOAD_REQUESTS") or
                    (1000 if _setup in ("LighttpdCgi", "ApacheCgid") else 10000))
    globals()[_setup] = type(_setup, (Load, unittest.TestCase), {"setup": _setup, "requests": _requests})


class ApacheFcgidReplacingProcesses(Load, unittest.TestCase):
    """mod_fcgid ends each process after some requests, and starts another. Each such change counts three points, of which
    it forgives one a second; beyond FcgidSpawnScoreUpLimit requests wait. So there are fewer changes than that."""

    requests = 3000

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        service = setups.Service(cls.bench, cls.bench.install(os.environ["OIDCOP_ECHO_RESPONDER"]), at=cls.at)
        snippet = service.snippet("apache/oidcop-fcgid.conf")
        cls.server = cls.bench.start_apache(snippet + "FcgidMaxRequestsPerProcess 200\n", modules=("alias", "fcgid"),
                                            common="FcgidSpawnScoreUpLimit 64")


if __name__ == "__main__":
    unittest.main()
