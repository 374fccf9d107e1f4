"""The real provider under real web servers: discovery, a whole login, keys that change, a database that is locked.

Needs OIDCOP_PROGRAM (the shell tool), OIDCOP_FCGI (the provider), OIDCOP_SHARE (built snippets), OIDCOP_DATA (share/).
"""

import base64
import contextlib
import hashlib
import html.parser
import http.cookies
import json
import os
import shutil
import sqlite3
import threading
import time
import unittest
import urllib.parse

import real_provider
import setups
import webservers

REDIRECT = "https://rp.example/cb"
VERIFIER = "a-code-verifier-of-at-least-forty-three-characters"


class Form(html.parser.HTMLParser):
    """The first form of a page: its action, what it sends if nothing is changed, and its buttons by id."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self.buttons, self._inside = None, {}, {}, False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action, self._inside = attributes.get("action", ""), True
        elif self._inside and tag == "input" and "name" in attributes:
            if attributes.get("type") not in ("checkbox", "radio") or "checked" in attributes:
                self.fields.setdefault(attributes["name"], []).append(attributes.get("value", ""))
        elif self._inside and tag == "button":
            self.buttons[attributes.get("id")] = (attributes.get("name"), attributes.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False


class Browser:
    """Keeps cookies, fills in forms, follows nothing by itself."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def exchange(self, method, target, headers=(), body=None):
        cookie = [("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))]
        reply = self.server.exchange(method, target, [*headers, *(cookie if self.cookies else [])], body)
        for name, value in reply.headers:
            if name == "set-cookie":
                self.cookies.update((key, morsel.value) for key, morsel in http.cookies.SimpleCookie(value).items())
        return reply

    def submit(self, page_target, page, button, **fields):
        form = Form(page.body.decode())
        name, value = form.buttons[button]
        filled = {**form.fields, **fields, **({name: value} if name else {})}
        target = urllib.parse.urlsplit(urllib.parse.urljoin(page_target, form.action))
        return self.exchange("POST", target._replace(scheme="", netloc="", fragment="").geturl(),
                             [("Content-Type", "application/x-www-form-urlencoded"),
                              ("Origin", self.server.url), ("Sec-Fetch-Site", "same-origin")],
                             urllib.parse.urlencode(filled, doseq=True).encode())


class RealProvider:
    """Mixed into a test case per setup and place: the issuer is below the path `at`, or has none."""

    setup, at = None, None

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.port = webservers.free_port()
        cls.issuer = f"https://localhost:{cls.port}{cls.at}"
        cls.tool = cls.bench.install(os.environ["OIDCOP_PROGRAM"], "oidcop")
        cls.program = cls.bench.install(os.environ["OIDCOP_FCGI"])
        cls.home = cls.bench.folder / "home"
        cls.home.mkdir(mode=0o700)
        cls.bench.give(cls.home)
        cls.config = cls.home / "oidcop.json"
        cls.oidcop("init", "--issuer", cls.issuer, "--data-dir", cls.bench.data(), "--user", "diana",
                   "--password-stdin", "--email", "diana@example.org", "--email-verified", input="krall-krall\n")
        client = cls.oidcop("--json", "client", "register", "--id", "rp", "--name", "RP", "--redirect-uri", REDIRECT)
        cls.secret = json.loads(client)["client_secret"]
        cls.server = setups.ALL[cls.setup](setups.Service(cls.bench, cls.program, cls.config, at=cls.at, port=cls.port))

    @classmethod
    def oidcop(cls, *arguments, **named):
        return cls.bench.run([cls.tool, "--config", cls.config, *arguments], **named)

    def get(self, target, *headers):
        reply = self.server.exchange("GET", target, headers)
        self.assertEqual(reply.status, 200, f"{reply}\n{self.server.log()[-2000:]}")
        return reply

    def jwks_path(self):
        metadata = json.loads(self.get(self.at + "/.well-known/openid-configuration").body)
        return metadata["jwks_uri"].removeprefix(self.server.url)

    def kids(self):
        return {key["kid"] for key in json.loads(self.get(self.jwks_path()).body)["keys"]}

    def ask_for_login(self, browser):
        """The login page, and its URL."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        target = self.at + "/authorization?" + urllib.parse.urlencode(
            {"client_id": "rp", "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid email",
             "state": "s", "nonce": "n", "code_challenge": challenge, "code_challenge_method": "S256"})
        page = browser.exchange("GET", target)
        self.assertEqual(page.status, 200, f"{page}\n{self.server.log()[-2000:]}")
        return target, page

    def log_in(self):
        """\\return the code of a new login."""
        browser = Browser(self.server)
        target, page = self.ask_for_login(browser)
        reply = browser.submit(target, page, "login-submit", username="diana", password="krall-krall")
        while not (reply.header("location") or "").startswith(REDIRECT):
            if reply.status == 200:
                reply = browser.submit(target, reply, "consent-allow")
                continue
            self.assertIn(reply.status, (302, 303), f"{reply}\n{self.server.log()[-2000:]}")
            target = urllib.parse.urlsplit(reply.header("location"))._replace(scheme="", netloc="").geturl()
            reply = browser.exchange("GET", target)
        answer = urllib.parse.parse_qs(urllib.parse.urlsplit(reply.header("location")).query)
        self.assertEqual((answer["state"], answer["iss"]), (["s"], [self.issuer]))
        return answer["code"][0]

    def exchange_code(self, code):
        basic = base64.b64encode(f"rp:{self.secret}".encode()).decode()
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return self.server.exchange("POST", self.at + "/token",
                                    [("Authorization", "Basic " + basic),
                                     ("Content-Type", "application/x-www-form-urlencoded")],
                                    urllib.parse.urlencode(body).encode())

    def test_discovery_is_served_and_cached(self):
        reply = self.get(self.at + "/.well-known/openid-configuration")
        self.assertEqual(json.loads(reply.body)["issuer"], self.issuer)
        again = self.server.exchange("GET", self.at + "/.well-known/openid-configuration",
                                     [("If-None-Match", reply.header("etag"))])
        self.assertEqual((again.status, again.body), (304, b""))
        head = self.server.exchange("HEAD", self.at + "/.well-known/openid-configuration")
        self.assertEqual((head.status, head.body, head.header("etag")), (200, b"", reply.header("etag")))

    def test_a_login_leads_to_tokens_and_claims(self):
        reply = self.exchange_code(self.log_in())
        self.assertEqual(reply.status, 200, f"{reply}\n{self.server.log()[-2000:]}")
        token = json.loads(reply.body)["access_token"]
        claims = json.loads(self.get(self.at + "/userinfo", ("Authorization", "Bearer " + token)).body)
        self.assertEqual((claims["email"], claims["email_verified"]), ("diana@example.org", True))

    def test_other_hosts_and_paths_are_not_served(self):
        lines = f"GET {self.jwks_path()} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
        self.assertEqual(self.server.raw(lines.encode()).status, 421)
        self.assertEqual(self.server.exchange("GET", self.at + "/nothing").status, 404)

    def test_a_locked_database_is_503_and_recovers(self):
        browser = Browser(self.server)
        target, page = self.ask_for_login(browser)
        path = next(self.home.rglob("*.db"))
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            reply = browser.submit(target, page, "login-submit", username="diana", password="krall-krall")
            other.execute("ROLLBACK")
        self.assertEqual(reply.status, 503, reply)
        self.assertGreater(int(reply.header("retry-after")), 0)
        self.assertEqual(self.exchange_code(self.log_in()).status, 200)


class KeepsRunning:
    """What only a process that stays can get wrong."""

    def test_new_keys_are_picked_up_without_a_failed_request(self):
        statuses, ended, path = [], threading.Event(), self.jwks_path()

        def ask_on_and_on():
            while not ended.is_set():
                statuses.append(self.server.exchange("GET", path).status)

        before = self.kids()
        asking = threading.Thread(target=ask_on_and_on)
        asking.start()
        try:
            self.oidcop("keys", "rotate")
            deadline = time.monotonic() + 5
            while self.kids() == before:
                self.assertLess(time.monotonic(), deadline, "the new key is not published after 5 s")
                time.sleep(0.05)
        finally:
            ended.set()
            asking.join()
        self.assertEqual(set(statuses), {200})

    def test_a_compromised_key_signs_nothing_after_five_seconds(self):
        def kid():
            id_token = json.loads(self.exchange_code(self.log_in()).body)["id_token"]
            return json.loads(base64.urlsafe_b64decode(id_token.split(".")[0] + "=="))["kid"]

        bad = kid()
        self.oidcop("keys", "retire", "--compromised", bad)
        deadline = time.monotonic() + 5
        while bad in self.kids():
            self.assertLess(time.monotonic(), deadline, "the compromised key is still published after 5 s")
            time.sleep(0.05)
        good = kid()
        self.assertNotEqual(good, bad)
        self.assertIn(good, self.kids())


class LighttpdOverPrivateFiles(unittest.TestCase):
    """A web server whose document root holds the provider's files: it would hand out the keys to anybody."""

    def setUp(self):
        self.bench = webservers.Bench()
        self.addCleanup(self.bench.close)
        self.provider = real_provider.RealProvider(self.bench)
        self.home = self.provider.config.parent

    def check_refused(self, configuration, prefix=""):
        server = self.bench.start_lighttpd(configuration, port=self.provider.port, document_root=self.home)
        for path in ("/.well-known/openid-configuration", "/authorization", "/static/oidcop.css"):
            reply = server.exchange("GET", prefix + path)
            self.assertEqual(reply.status, 500, f"{reply}\n{server.log()[-2000:]}")
            self.assertNotIn(b"jwks", reply.body)
        self.assertIn("event=files.exposed", server.log())
        self.assertIn(str(self.home / "private" / "jwks.json"), server.log())

    def test_nothing_is_answered_over_fastcgi(self):
        self.check_refused(self.bench.snippet("lighttpd/oidcop.conf", program=self.provider.program,
                                              config=self.provider.config, path=""))

    def test_nothing_is_answered_by_a_cgi_program_in_the_same_folder(self):  # as on shared hosting
        shutil.copy(self.provider.program, self.home)
        self.check_refused(f"""
server.modules += ( "mod_cgi", "mod_setenv" )
cgi.assign = ( ".fcgi" => "" )
setenv.set-environment = ( "OIDCOP_CONFIG" => "{self.provider.config}" )
""", "/oidcop.fcgi")


# One test case per setup and place, such as Nginx and NginxAtRoot.
_PROCESS_PER_REQUEST = ("LighttpdCgi", "ApacheCgid", "ApacheFcgid")  # mod_fcgid's come and go as well
for _setup in setups.ALL:
    for _suffix, _at in (("", "/op"), ("AtRoot", "")):
        _kinds = (RealProvider,) if _suffix or _setup in _PROCESS_PER_REQUEST else (RealProvider, KeepsRunning)
        globals()[_setup + _suffix] = type(_setup + _suffix, (*_kinds, unittest.TestCase), {"setup": _setup, "at": _at})


if __name__ == "__main__":
    unittest.main()
