"""Logout tokens from the real provider: behind lighttpd, killed while it delivers, and as a CGI program.

Needs OIDCOP_PROGRAM (the shell tool), OIDCOP_FCGI (the provider), OIDCOP_SHARE (built snippets), OIDCOP_DATA (share/),
OIDCOP_FETCH_MODULE (oidcop-fetch.so).
"""

import base64
import json
import os
import pathlib
import signal
import unittest
import urllib.parse

import listening_party
import provider_test
import real_provider
import webservers

REQUEST = {"client_id": "rp", "redirect_uri": "https://rp.example/cb", "response_type": "code", "scope": "openid",
           "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class BackChannel(unittest.TestCase):
    def setUp(self):
        self.bench = webservers.Bench()
        self.addCleanup(self.bench.close)
        self.party = listening_party.ListeningParty(self.bench.certificate, self.bench.key)
        self.addCleanup(self.party.stop)
        self.provider = real_provider.RealProvider(self.bench)
        self.provider.let_it_fetch()
        metadata = self.bench.write("client.json", json.dumps({
            "client_name": "RP", "redirect_uris": [REQUEST["redirect_uri"]],
            "token_endpoint_auth_method": "none", "backchannel_logout_uri": self.party.url + "/out",
            "backchannel_logout_session_required": True}))
        self.provider.oidcop("client", "register", "--id", "rp", "--metadata", metadata, "--consent", "implicit")

    def sign_in_and_out(self, server):
        browser = provider_test.Browser(server)
        target = "/authorization?" + urllib.parse.urlencode(REQUEST)
        page = browser.exchange("GET", target)
        self.assertEqual(page.status, 200, f"{page}\n{server.log()[-2000:]}")
        reply = browser.submit(target, page, "login-submit", username="alice", password=real_provider.PASSWORD)
        while not (reply.header("location") or "").startswith(REQUEST["redirect_uri"]):
            self.assertIn(reply.status, (302, 303), f"{reply}\n{server.log()[-2000:]}")
            target = urllib.parse.urlsplit(reply.header("location"))._replace(scheme="", netloc="").geturl()
            reply = browser.exchange("GET", target)
        page = browser.exchange("GET", "/session")
        done = browser.submit("/session", page, "logout-confirm")
        self.assertIn(b"logout-done", done.body, server.log()[-2000:])

    def wait_for_posts(self, count, server):
        heard = listening_party.wait_until(lambda: len(self.party.posts) >= count)
        self.assertTrue(heard, f"{self.party.posts}\n{server.log()[-3000:]}")

    def responders(self):
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "exe") == str(self.provider.program):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def test_is_told_by_the_responder_soon(self):
        server = self.provider.start_lighttpd()
        self.sign_in_and_out(server)
        self.wait_for_posts(1, server)
        path, form = self.party.posts[0]
        self.assertEqual((path, set(form)), ("/out", {"logout_token"}))
        claims = claims_of(form["logout_token"])
        self.assertEqual((claims["iss"], claims["aud"]), (self.provider.issuer, "rp"))
        self.assertTrue(claims["sid"])

    def test_nothing_is_lost_when_the_responder_is_killed_while_it_tells(self):
        server = self.provider.start_lighttpd()
        self.party.mute.set()
        self.sign_in_and_out(server)
        self.wait_for_posts(1, server)
        killed = self.responders()
        self.assertTrue(killed)
        for process in killed:
            os.kill(process, signal.SIGKILL)
        self.assertTrue(listening_party.wait_until(lambda: not set(killed) & set(self.responders())))
        self.party.mute.clear()
        # The web server starts another one for the next request.
        self.assertTrue(listening_party.wait_until(
            lambda: server.exchange("GET", "/.well-known/openid-configuration").status == 200))
        self.wait_for_posts(2, server)
        first, second = (claims_of(form["logout_token"]) for _, form in self.party.posts)
        self.assertEqual(first["sid"], second["sid"])
        self.assertNotEqual(first["jti"], second["jti"])

    def test_a_cgi_program_leaves_to_maintain_what_it_could_not_tell(self):
        snippet = self.bench.snippet("lighttpd/oidcop-cgi.conf", program=self.provider.program,
                                     config=self.provider.config, path="")
        server = self.bench.start_lighttpd(snippet, port=self.provider.port)
        self.party.status = 500
        self.sign_in_and_out(server)
        told_or_left = listening_party.wait_until(lambda: not self.responders())
        self.assertTrue(told_or_left)
        self.party.posts.clear()
        self.party.status = 204

        def tell():
            self.provider.oidcop("--json", "maintain")
            return self.party.posts
        self.assertTrue(listening_party.wait_until(tell))
        report = json.loads(self.provider.oidcop("--json", "maintain"))
        self.assertEqual(report["logouts"], {"delivered": 0, "failed": 0, "given_up": 0})
        self.assertEqual(len(self.party.posts), 1)


if __name__ == "__main__":
    unittest.main()
