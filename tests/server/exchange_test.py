"""The same exchanges through every web server: the answers are those of the responder itself, octet by octet, apart from
what is the server's own.

Needs OIDCOP_ECHO_RESPONDER, OIDCOP_SHARE, and for the provider OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_DATA.
"""

import copy
import dataclasses
import io
import json
import os
import re
import socket
import ssl
import struct
import unittest

import exchange_table
import fastcgi_peer
import real_provider
import setups
import webservers

# What a web server says about itself and about its connection with the client; and the id that each answer has anew.
# lighttpd answers Range by itself, and says so.
OWN_HEADERS = {"accept-ranges", "server", "date", "connection", "keep-alive", "transfer-encoding", "content-length",
               "x-request-id"}


class Answer:
    """One answer as it came from a web server, or from the responder itself."""

    def __init__(self, file, method):
        line = file.readline().decode("latin-1").split(" ", 2)
        if len(line) < 2:
            raise ConnectionError("no answer")
        self.status, self.headers = int(line[1]), []  # "HTTP/1.1 200 OK" or "Status: 200 OK"
        while (header := file.readline().decode("latin-1").rstrip("\r\n")):
            name, value = header.split(":", 1)
            self.headers.append((name.lower(), value.strip()))
        self.body = b"" if method == "HEAD" or self.status in (204, 304) else self._read_body(file)

    def get(self, name):
        return next((value for known, value in self.headers if known == name), None)

    def _read_body(self, file):
        if (self.get("transfer-encoding") or "").lower() == "chunked":
            body = b""
            while size := int(file.readline().split(b";")[0], 16):
                body += file.read(size)
                file.readline()
            file.readline()
            return body
        length = self.get("content-length")
        return file.read() if length is None else file.read(int(length))

    def essence(self, masked):
        """Everything that must be equal under all servers."""
        headers = sorted((name, value) for name, value in self.headers if name not in OWN_HEADERS)
        body = self.body
        if identity := self.get("x-request-id"):
            body = body.replace(identity.encode(), b"<request id>")
        text = (self.status, headers, body)
        return re.sub(r"[A-Za-z0-9_-]{22,}", "<random>", repr(text)) if masked else text


def ask(server, octets, *methods):
    """Sends these octets and reads an answer for each method. \\return the answers"""
    with server.connect() as connection, connection.makefile("rb") as file:
        try:
            connection.sendall(octets)
        except OSError:
            pass  # refused before it was read in whole; the answer is there
        return [Answer(file, method) for method in methods]


def hang_up(server, row, at):
    """Does what the row says, and goes away."""
    octets = row.row.octets(at)
    with server.connect() as connection:
        if row.resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            # `sends` counts without `at`.
            connection.sendall(octets if row.sends is None else octets[:row.sends and row.sends + len(at)])
            if row.reads:
                connection.recv(row.reads)
        except OSError:
            pass  # the server was quicker


def ask_responder(listening, row, at):
    """Puts a row to the responder without any web server. \return the answer"""
    return Answer(io.BytesIO(fastcgi_peer.exchange(listening, fastcgi_peer.records(row.parameters(at), row.whole_body()))),
                  row.method)


class Table:
    """Mixed into a test case per setup and place. `listening` is the socket of a responder that no server is before."""

    setup, at = None, None

    def check(self, rows):
        for row in rows:
            with self.subTest(row.name):
                got = ask(self.server, row.octets(self.at), row.method)[0]
                if row.malformed is None:
                    self.check_equal(row, self.reference(row), got)
                elif not self.is_refused_as_told(row, got):
                    self.assertIn(got.status, row.status, got.body[:500])

    def check_hang_ups(self, rows, witness):
        """`witness` is asked after each, often enough to meet every process that was left alone."""
        expected = self.reference(witness).essence(witness.varies)
        for row in rows:
            with self.subTest(row.name):
                for _ in range(3):
                    hang_up(self.server, row, self.at)
                for _ in range(3):
                    got = ask(self.server, witness.octets(self.at), witness.method)[0]
                    self.assertEqual(got.essence(witness.varies), expected)

    def reference(self, row):
        """What the responder itself says; and that this is right."""
        answer = ask_responder(self.listening, row, self.at)
        expected = row.status if isinstance(row.status, tuple) else (row.status,)
        self.assertIn(answer.status, expected, f"{answer.headers} {answer.body[:500]}")
        self.assertIn(row.holds, answer.body)
        if answer.status == 200 and row.arrives:
            arrived = json.loads(answer.body)
            for name, value in row.arrives.items():
                self.assertEqual(arrived[name], self.at + value if name == "path" else value)
        return answer

    def check_equal(self, row, reference, got):
        if self.is_refused_as_told(row, got):
            return
        if unlike := self.unlike(row):
            reference = ask_responder(self.listening, dataclasses.replace(row, **unlike.changes), self.at)
        self.assertEqual(got.essence(row.varies), reference.essence(row.varies))

    def unlike(self, row):
        return next((row.unlike[name] for name in setups.families(self.setup, self.at) if name in row.unlike), None)

    def is_refused_as_told(self, row, got):
        unlike = self.unlike(row)
        if not isinstance(unlike, exchange_table.Refuses):
            return False
        self.assertEqual(got.status, unlike.status, f"{unlike.why}: {got.headers} {got.body[:500]}")
        return True


class Echo(Table):

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        service = setups.Service(cls.bench, cls.bench.install(os.environ["OIDCOP_ECHO_RESPONDER"]), at=cls.at,
                                 certificates=True)
        cls.listening = service.on_socket()
        cls.server = setups.ALL[cls.setup](service)

    def test_every_row_is_answered_alike(self):
        self.check(exchange_table.ECHO)

    def test_a_verified_certificate_of_the_client_arrives_and_no_other(self):
        server = copy.copy(self.server)
        self.assertNotIn("client_certificate", json.loads(server.exchange("GET", self.at + "/x").body))
        server.tls = ssl.create_default_context(cafile=self.bench.certificate)
        server.tls.load_cert_chain(self.bench.certificate, self.bench.key)
        arrived = json.loads(server.exchange("GET", self.at + "/x").body)["client_certificate"]
        self.assertEqual(ssl.PEM_cert_to_DER_cert(arrived),
                         ssl.PEM_cert_to_DER_cert(self.bench.certificate.read_text()))

    def test_who_hangs_up_harms_nobody(self):
        post = exchange_table.Exchange("post", "POST", "/x?a=b", headers=(exchange_table.FORM,), body=b"a=c")
        self.check_hang_ups(exchange_table.ECHO_HANG_UPS, post)

    def test_pipelined_requests_are_answered_in_order(self):
        head = f"HTTP/1.1\r\nHost: op.example\r\n"
        last = "Connection: close\r\n\r\n"
        octets = (f"GET {self.at}/first {head}\r\n" + f"POST {self.at}/second {head}Content-Length: 3\r\n\r\nabc"
                  + f"HEAD {self.at}/third {head}\r\n" + f"GET {self.at}/fourth {head}{last}")
        answers = ask(self.server, octets.encode(), "GET", "POST", "HEAD", "GET")
        self.assertEqual([answer.status for answer in answers], [200] * 4)
        first, second, _, fourth = (json.loads(answer.body or b"{}") for answer in answers)
        self.assertEqual([first["path"], second["path"], fourth["path"]],
                         [self.at + path for path in ("/first", "/second", "/fourth")])
        self.assertEqual((first["body"], second["body"], fourth["body"]), ("", "abc", ""))


class Provider(Table):

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        provider = real_provider.RealProvider(cls.bench, issuer=f"https://op.example{cls.at}")
        uri = ("--redirect-uri", "https://rp.example/cb")
        provider.oidcop("client", "register", "--id", "rp", "--name", "RP", *uri)
        provider.oidcop("client", "register", "--id", "spa", "--name", "SPA", "--public", *uri)
        service = setups.Service(cls.bench, provider.program, provider.config, at=cls.at)
        cls.listening = service.on_socket()
        cls.server = setups.ALL[cls.setup](service)

    def test_every_row_is_answered_alike(self):
        self.check(exchange_table.PROVIDER)

    def test_browsers_need_not_fetch_again_what_they_have(self):
        for path in ("/static/oidcop.css", "/jwks.json", "/.well-known/openid-configuration"):
            with self.subTest(path):
                known = (exchange_table.COMPRESSED, ("Host", "op.example"))
                first = self.server.exchange("GET", self.at + path, known)
                again = self.server.exchange("GET", self.at + path, (*known, ("If-None-Match", first.header("etag"))))
                self.assertEqual((first.status, again.status), (200, 304))

    def test_who_hangs_up_harms_nobody(self):
        self.check_hang_ups(exchange_table.PROVIDER_HANG_UPS, exchange_table.Exchange("jwks", target="/jwks.json"))


# One test case for each table, setup and place, such as EchoNginx and ProviderNginxAtRoot.
for _table in (Echo, Provider):
    for _setup in setups.ALL:
        for _suffix, _at in (("", "/op"), ("AtRoot", "")):
            _name = _table.__name__ + _setup + _suffix
            globals()[_name] = type(_name, (_table, unittest.TestCase), {"setup": _setup, "at": _at})


if __name__ == "__main__":
    unittest.main()
