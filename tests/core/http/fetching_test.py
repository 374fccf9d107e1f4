"""The real fetcher against servers that mean harm.

Needs OIDCOP_FETCH_PROBE (fetch_probe.cc) and OIDCOP_FETCH_MODULE (oidcop-fetch.so).
"""

import contextlib
import gzip
import http.server
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

PROBE = os.environ["OIDCOP_FETCH_PROBE"]
MODULE = os.environ["OIDCOP_FETCH_MODULE"]
HOST = "rp.example"


class Hostile(http.server.BaseHTTPRequestHandler):
    """What the server does depends on the path; what it got is kept in server.seen."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.reply(200, b"thank you")

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers), b""))
        getattr(self, self.path.strip("/").split("?")[0].replace("-", "_"))()

    def reply(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def document(self):
        self.reply(200, b'{"keys": []}', Content_Type="application/json", Cache_Control="max-age=60")

    def missing(self):
        self.reply(404, b"no such thing")

    def elsewhere(self):
        self.reply(302, b"", Location=f"https://{HOST}:{self.server.server_port}/document")

    def insecure(self):
        self.reply(301, b"", Location="http://127.0.0.1/")

    def ten_gigabytes(self):
        self.endless(announced=10 << 30)

    def endless(self, announced=None):
        self.send_response(200)
        if announced is not None:
            self.send_header("Content-Length", str(announced))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(announced >> 16 if announced else 1 << 20):
                self.wfile.write(b"x" * 65536)

    def endless_headers(self):
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(1 << 20):
                self.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")

    def bomb(self):
        self.reply(200, gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip")

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.drop_by_drop(b"x")

    def drip_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.drop_by_drop(b"X-A: b\r\n")

    def drop_by_drop(self, drop):
        with contextlib.suppress(OSError):
            while not self.server.closing.wait(0.05):
                self.wfile.write(drop)
                self.wfile.flush()

    def silence(self):
        self.server.closing.wait()


class Server(http.server.ThreadingHTTPServer):
    """An https server on 127.0.0.1 with this certificate."""

    daemon_threads = True

    def __init__(self, certificate):
        super().__init__(("127.0.0.1", 0), Hostile)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.with_suffix(".pem"), certificate.with_suffix(".key"))
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.seen, self.closing = [], threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # the other side hangs up on us all the time

    def stop(self):
        self.closing.set()
        self.shutdown()
        self.server_close()


class FetchingTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-fetch-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for name, host in (("good", HOST), ("other", "other.example")):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-keyout",
                            cls.folder / f"{name}.key", "-out", cls.folder / f"{name}.pem"], check=True,
                           capture_output=True)
        cls.server = Server(cls.folder / "good")
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.server.seen.clear()

    def probe(self, *options, path="/document", url=None, allow=("127.0.0.0/8",), ca_file="good", names=(f"{HOST}=127.0.0.1",),
              environment=None):
        command = [PROBE, "--module", MODULE, "--url", url or f"https://{HOST}:{self.server.server_port}{path}"]
        for network in allow:
            command += ["--allow", network]
        for name in names:
            command += ["--resolve", name]
        if ca_file:
            command += ["--ca-file", self.folder / f"{ca_file}.pem"]
        done = subprocess.run(command + list(options), capture_output=True, text=True, check=True, timeout=60,
                              env={**os.environ, **(environment or {})})
        return json.loads(done.stdout)

    def fetch(self, *options, **named):
        return self.probe(*options, **named)["outcomes"][0]

    def assert_refused(self, outcome, why):
        self.assertEqual(outcome.get("refused"), True, outcome)
        self.assertIn(why, outcome["detail"])

    def assert_unavailable(self, outcome, why=""):
        self.assertEqual(outcome.get("refused"), False, outcome)
        self.assertIn(why, outcome["detail"])

    def test_a_document_arrives_with_its_headers(self):
        outcome = self.fetch()
        self.assertEqual((outcome["status"], outcome["body"]), (200, '{"keys": []}'))
        self.assertIn(["Cache-Control", "max-age=60"], outcome["headers"])
        _, headers, _ = self.server.seen[0]
        self.assertEqual(headers["Accept"], "application/json")
        self.assertTrue(headers["User-Agent"].startswith("oidcop/"))
        self.assertNotIn("Accept-Encoding", headers)

    def test_a_message_is_posted_as_it_is(self):
        outcome = self.fetch("--body", "logout_token=a.b.c", path="/backchannel")
        self.assertEqual(outcome["status"], 200)
        path, headers, body = self.server.seen[0]
        self.assertEqual((path, body), ("/backchannel", b"logout_token=a.b.c"))
        self.assertEqual(headers["Content-Type"], "application/x-www-form-urlencoded")
        self.assertNotIn("Expect", headers)

    def test_an_error_status_is_an_answer(self):
        self.assertEqual(self.fetch(path="/missing")["status"], 404)

    def test_each_fetch_has_a_connection_and_a_look_up_of_its_own(self):
        done = self.probe("--times", "3")
        self.assertEqual([outcome["status"] for outcome in done["outcomes"]], [200, 200, 200])
        self.assertEqual(done["lookups"], {HOST: 3})

    def test_only_https_is_fetched(self):
        for scheme in ("http", "ftp", "file", "gopher", "ldap", "dict"):
            with self.subTest(scheme):
                self.assert_refused(self.fetch(url=f"{scheme}://{HOST}:{self.server.server_port}/document"), "only https")
        self.assertEqual(self.server.seen, [])

    def test_a_redirect_is_not_followed(self):
        for path, status in (("/elsewhere", 302), ("/insecure", 301)):
            with self.subTest(path):
                self.server.seen.clear()
                self.assertEqual(self.fetch(path=path)["status"], status)
                self.assertEqual([seen[0] for seen in self.server.seen], [path])

    def test_an_address_that_is_not_public_is_not_connected_to(self):
        port = self.server.server_port
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "169.254.169.254",
                     "192.168.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"):
            with self.subTest(host):
                self.assert_refused(self.fetch(url=f"https://{host}:{port}/document", allow=()), "is not public")
        self.assert_refused(self.fetch(allow=()), "127.0.0.1 is not public")
        self.assertEqual(self.server.seen, [])

    def test_spellings_of_loopback_that_a_resolver_takes_are_no_way_around(self):
        port = self.server.server_port
        for host in ("0x7f.1", "2130706433", "0177.0.0.1", "127.1"):
            with self.subTest(host):
                self.assert_refused(self.fetch(url=f"https://{host}:{port}/document", allow=()), "no URL")

    def test_a_name_that_is_rebound_is_judged_by_what_is_connected_to(self):
        # A check of its own before connecting would see the public address, and the connection the other one.
        done = self.probe(allow=(), names=(f"{HOST}=192.88.0.1,127.0.0.1",), *("--timeout-ms", "300", "--times", "2"))
        first, second = done["outcomes"]
        self.assert_unavailable(first)
        self.assert_refused(second, "127.0.0.1 is not public")
        self.assertEqual(done["lookups"], {HOST: 2}, "one look-up for each fetch: there is no second answer to use")
        self.assertEqual(self.server.seen, [])

    def test_of_several_addresses_each_is_judged(self):
        done = self.fetch(names=(f"{HOST}=10.9.8.7+127.0.0.1",))
        self.assertEqual(done.get("status"), 200, done)
        self.assert_refused(self.fetch(names=(f"{HOST}=10.9.8.7+127.0.0.1",), allow=()), "is not public")

    def test_a_certificate_for_another_host_is_refused(self):
        other = Server(self.folder / "other")
        try:
            outcome = self.fetch(url=f"https://{HOST}:{other.server_port}/document", ca_file="other")
            self.assert_unavailable(outcome, HOST)
            self.assertEqual(other.seen, [])
        finally:
            other.stop()

    def test_a_certificate_of_an_unknown_authority_is_refused(self):
        self.assert_unavailable(self.fetch(ca_file=None), "certificate")
        self.assert_unavailable(self.fetch(ca_file="other"), "certificate")
        self.assertEqual(self.server.seen, [])

    def test_a_large_answer_is_cut_off(self):
        for path in ("/ten-gigabytes", "/endless", "/endless-headers"):
            with self.subTest(path):
                began = time.monotonic()
                self.assert_refused(self.fetch("--max-octets", "100000", path=path), "larger than allowed")
                self.assertLess(time.monotonic() - began, 4)

    def test_nothing_is_decompressed(self):
        outcome = self.fetch("--max-octets", "100000", path="/bomb")
        self.assertEqual(outcome["status"], 200)
        self.assertLess(len(outcome["body"]), 100000)

    def test_a_slow_drip_is_cut_off_at_the_deadline(self):
        for path in ("/drip", "/drip-headers", "/silence"):
            with self.subTest(path):
                began = time.monotonic()
                self.assert_unavailable(self.fetch("--timeout-ms", "500", path=path))
                self.assertLess(time.monotonic() - began, 4)

    def test_a_handshake_that_never_ends_is_cut_off_at_the_deadline(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            self.assert_unavailable(self.fetch("--timeout-ms", "300", url=f"https://{HOST}:{port}/"))

    def test_the_environments_proxies_are_ignored(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
            names = ("https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "http_proxy")
            self.assertEqual(self.fetch(environment=dict.fromkeys(names, proxy))["status"], 200)
            self.assertRaises(BlockingIOError, listener.accept)

    def test_passwords_of_a_netrc_are_not_sent(self):
        (self.folder / ".netrc").write_text(f"machine {HOST} login eve password secret\n", encoding="utf-8")
        self.assertEqual(self.fetch(environment={"HOME": str(self.folder)})["status"], 200)
        self.assertNotIn("Authorization", self.server.seen[0][1])

    def test_a_module_that_others_can_write_is_not_loaded(self):
        copy = self.folder / "oidcop-fetch.so"
        copy.write_bytes(pathlib.Path(MODULE).read_bytes())
        copy.chmod(0o757)
        self.assert_refused(self.fetch("--module", copy), "others cannot write")
        copy.chmod(0o755)
        self.assertEqual(self.fetch("--module", copy)["status"], 200)

    def test_a_module_that_is_not_there_is_an_error_that_says_where(self):
        outcome = self.fetch("--module", self.folder / "none.so")
        self.assert_unavailable(outcome, "httpc_params.module_path")


if __name__ == "__main__":
    unittest.main()
