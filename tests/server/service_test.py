"""The real provider as a FastCGI service: what it does with its configuration, with signals, and with a bad database.

Needs OIDCOP_PROGRAM (the shell tool), OIDCOP_FCGI (the provider), OIDCOP_DATA (share/).
"""

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest
import urllib.parse

import fastcgi_peer
import real_provider
import webservers

REDIRECT = "https://rp.example/cb"
QUERY = urllib.parse.urlencode(
    {"client_id": "rp", "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid", "state": "s",
     "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbZWbuRJUqxo", "code_challenge_method": "S256"})


def status(answer):
    """Of a CGI answer; 200 when it does not say."""
    found = re.match(rb"(?s).*?^Status: (\d+)", answer, re.MULTILINE)
    return int(found[1]) if found else 200


class ServiceCase(unittest.TestCase):
    def setUp(self):
        self.bench = webservers.Bench()
        self.addCleanup(self.bench.close)
        self.provider = real_provider.RealProvider(self.bench)
        self.provider.oidcop("client", "register", "--id", "rp", "--name", "RP", "--redirect-uri", REDIRECT)
        self.home = self.provider.config.parent
        self.host = urllib.parse.urlsplit(self.provider.issuer).netloc

    def configure(self, settings):
        folder = self.home / "oidcop.json.d"
        folder.mkdir(exist_ok=True, mode=0o700)
        self.bench.give(folder)
        text = settings if isinstance(settings, str) else json.dumps(settings)
        self.bench.write("home/oidcop.json.d/test.json", text)

    def command(self):
        return [self.provider.program, "--config", self.provider.config]

    def start(self):
        self.path = self.bench.start_program(self.command())
        found = subprocess.run(["pgrep", "-f", f"unix:{self.path}$"], capture_output=True, text=True, check=True)
        self.pid = int(found.stdout.split()[0])

    def ask(self, path, method="GET", body=b"", query="", **parameters):
        target = path + ("?" + query if query else "")
        return fastcgi_peer.exchange(self.path, fastcgi_peer.request(target, method, body, HTTP_HOST=self.host,
                                                                     QUERY_STRING=query, **parameters))

    def login_page(self):
        return self.ask("/authorization", query=QUERY)

    def log_in(self):
        """Posts the login form with the right password. \\return the answer"""
        page = self.login_page().decode()
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        action = re.search(r'<form[^>]* action="([^"]+)"', page)[1]
        cookies = "; ".join(re.findall(r"(?m)^Set-Cookie: ([^;]+)", page))
        body = urllib.parse.urlencode({**fields, "username": "alice", "password": real_provider.PASSWORD}).encode()
        return self.ask(urllib.parse.urlsplit(action).path, "POST", body, HTTP_COOKIE=cookies,
                        CONTENT_TYPE="application/x-www-form-urlencoded", HTTP_ORIGIN=self.provider.issuer)

    def await_log(self, text, times=1):
        deadline = time.monotonic() + webservers.PATIENCE
        while (log := self.bench.service_log()).count(text) < times:
            self.assertLess(time.monotonic(), deadline, f"the log does not say {text}:\n{log}")
            time.sleep(0.02)
        return log


class Reload(ServiceCase):
    def reload(self):
        os.kill(self.pid, signal.SIGHUP)

    def test_a_changed_setting_counts_from_then_on(self):
        self.start()
        self.assertNotIn("Another Name", self.login_page().decode())
        self.configure({"ui": {"op_name": "Another Name"}})
        self.reload()
        self.await_log("event=configuration.reloaded")
        self.assertIn("Another Name", self.login_page().decode())

    def test_a_broken_configuration_leaves_the_old_one_and_says_why(self):
        self.configure({"ui": {"op_name": "The Old Name"}})
        self.start()
        for broken, reason in (('{"ui": {"op_nmae": "x"}}', "op_name"), ("{", "test.json"),
                               ('{"issuer": "https://other.example"}', "issuer")):
            with self.subTest(broken):
                self.configure(broken)
                already = self.bench.service_log().count("event=reload.failed")
                self.reload()
                log = self.await_log("event=reload.failed", already + 1)
                self.assertIn(reason, [line for line in log.splitlines() if "event=reload.failed" in line][-1])
                self.assertIn("The Old Name", self.login_page().decode())

    def test_another_database_has_to_wait_for_a_restart(self):
        self.start()
        self.configure({"database": {"path": "elsewhere.db"}})
        self.reload()
        self.assertIn("restart", self.await_log("event=reload.failed"))
        self.assertEqual(status(self.login_page()), 200)

    def test_the_log_follows_the_configuration(self):
        self.configure({"log": {"level": "error"}})
        self.start()
        self.configure({"log": {"level": "info", "format": "json"}})
        self.reload()
        self.await_log('"event":"configuration.reloaded"')

    def test_what_waits_for_a_restart_is_named(self):
        self.start()
        self.configure({"responder": {"workers": 2}, "database": {"busy_timeout": "1s"}})
        self.reload()
        log = self.await_log("event=configuration.waits_for_restart", 2)
        self.assertIn("detail=responder.workers", log)
        self.assertIn("detail=database.busy_timeout", log)

    def test_a_wish_that_comes_during_the_start_waits_for_its_end(self):
        command = [str(part) for part in self.command()]
        for delay in (0.005, 0.01, 0.02, 0.04):
            path = self.bench.folder / f"early-{delay}.sock"
            process = subprocess.Popen([*command, "--listen", f"unix:{path}"], stderr=subprocess.DEVNULL,
                                       **self.bench.as_user())
            self.addCleanup(webservers.stop, process)
            deadline = time.monotonic() + webservers.PATIENCE
            # Once main() has begun, which is when the program no longer lets others look inside it.
            while "SigBlk:\t0000000000000001" not in self.status_of(process) and not webservers.connects(str(path)):
                self.assertIsNone(process.poll(), "it ended by itself")
                self.assertLess(time.monotonic(), deadline)
            time.sleep(delay)  # to another part of the start each time; any part will do
            process.send_signal(signal.SIGHUP)
            while not webservers.connects(str(path)):
                self.assertIsNone(process.poll(), f"SIGHUP after {delay} s ended it")
                self.assertLess(time.monotonic(), deadline)

    @staticmethod
    def status_of(process):
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            return file.read()


class Cgi(ServiceCase):
    def test_a_wish_to_reload_does_not_end_the_answer(self):
        request = {"GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST", "REQUEST_URI": "/token", "QUERY_STRING": "",
                   "HTTPS": "on", "HTTP_HOST": self.host, "REMOTE_ADDR": "192.0.2.7", "CONTENT_LENGTH": "1",
                   "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        process = subprocess.Popen([str(self.provider.program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, **self.bench.as_user(),
                                   env={"OIDCOP_CONFIG": str(self.provider.config), **request})
        self.addCleanup(webservers.stop, process)
        deadline = time.monotonic() + webservers.PATIENCE
        ignored = 0
        while not ignored & 1 << (signal.SIGHUP - 1):
            self.assertLess(time.monotonic(), deadline, "SIGHUP is not ignored")
            with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                ignored = int(re.search(r"SigIgn:\s*([0-9a-f]+)", file.read())[1], 16)
        process.send_signal(signal.SIGHUP)
        answer, _ = process.communicate(b"x", timeout=webservers.PATIENCE)
        self.assertEqual((process.returncode, status(answer)), (0, 401), answer)


class Limits(ServiceCase):
    def test_the_configured_limits_are_those_of_the_requests(self):
        self.configure({"responder": {"limits": {"body": 5000, "uri": 3000, "parameters": 70,
                                                 "parameter_octets": 9000}}})
        self.start()
        form = {"method": "POST", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        self.assertEqual(status(self.ask("/token", body=b"a=" + b"a" * 4998, **form)), 401)
        self.assertEqual(status(self.ask("/token", body=b"a" * 5001, **form)), 413)
        self.assertEqual(status(self.ask("/jwks.json", query="a" * 2900)), 200)
        self.assertEqual(status(self.ask("/jwks.json", query="a" * 3000)), 414)
        self.assertEqual(status(self.ask("/jwks.json", **{f"HTTP_X_{i}": "" for i in range(70)})), 431)
        self.assertEqual(status(self.ask("/jwks.json", HTTP_X="a" * 9000)), 431)
        self.assertEqual(status(self.ask("/jwks.json")), 200)


class BadDatabase(ServiceCase):
    def assert_passing_trouble(self, answer, word):
        self.assertEqual(status(answer), 503, answer)
        self.assertGreater(int(re.search(rb"(?m)^Retry-After: (\d+)", answer)[1]), 0)
        self.assertRegex(self.bench.service_log(), rf"(?m)level=error .*{word}")

    def test_one_that_is_locked_is_503_in_the_log_and_passes(self):
        self.configure({"database": {"busy_timeout": "1s"}})
        self.start()
        with contextlib.closing(sqlite3.connect(next(self.home.rglob("*.db")), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.assert_passing_trouble(self.log_in(), "locked")
            other.execute("ROLLBACK")
        self.assertIn(status(self.log_in()), (200, 303))

    def test_one_that_is_read_only_is_503_in_the_log_and_passes(self):
        state = next(self.home.rglob("*.db")).parent
        kept = self.bench.folder / "kept"
        shutil.copytree(state, kept, copy_function=shutil.copy2)
        for path in state.iterdir():
            path.unlink()
        for path in kept.iterdir():
            shutil.copy2(path, state / path.name)
            os.chmod(state / path.name, 0o444)
            if os.geteuid() == 0:
                os.chown(state / path.name, 0, 0)
        os.chmod(state, 0o555)
        self.addCleanup(os.chmod, state, 0o700)
        if os.geteuid() == 0:
            os.chown(state, 0, 0)
        self.start()
        self.assert_passing_trouble(self.log_in(), "read.?only")
        self.bench.give(state)
        os.chmod(state, 0o700)
        for path in state.iterdir():
            os.chmod(path, 0o600)
            self.bench.give(path)
        self.assertIn(status(self.log_in()), (200, 303))


if __name__ == "__main__":
    unittest.main()
