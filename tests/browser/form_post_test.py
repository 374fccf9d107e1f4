"""Response mode form_post in real Chromium, with and without JavaScript, at a relying party on another origin.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA.
"""

import html
import http.server
import json
import pathlib
import re
import ssl
import sys
import threading
import unittest
import urllib.parse

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import chromium

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "server"))
import real_provider  # noqa: E402
import webservers  # noqa: E402

PATIENCE = 60


class RelyingParty(http.server.BaseHTTPRequestHandler):
    """Shows what was posted to it."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        posted = {"type": self.headers["Content-Type"], "origin": self.headers["Origin"], "path": self.path,
                  "fields": dict(urllib.parse.parse_qsl(body, strict_parsing=True))}
        page = f"<!DOCTYPE html><title>RP</title><pre id='posted'>{html.escape(json.dumps(posted))}</pre>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


class FormPost(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.provider = real_provider.RealProvider(cls.bench)
        cls.op = cls.provider.start_lighttpd()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RelyingParty)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.bench.certificate, cls.bench.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.redirect_uri = f"https://127.0.0.1:{server.server_address[1]}/cb?tenant=1"
        cls.provider.oidcop("client", "register", "--id", "rp", "--name", "Example Wiki", "--public",
                            "--redirect-uri", cls.redirect_uri, "--consent", "implicit",
                            "--response-type", "code", "--response-type", "code id_token token",
                            "--response-type", "id_token")

    def request(self, **changes):
        return self.provider.issuer + "/authorization?" + urllib.parse.urlencode({
            "client_id": "rp", "redirect_uri": self.redirect_uri, "response_type": "code id_token token",
            "response_mode": "form_post", "scope": "openid email", "nonce": "n-0S6_WzA2Mj",
            "state": "\"><script>document.title='stolen'</script>&amp; é",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
            **changes})

    def log_in(self, browser):
        WebDriverWait(browser, PATIENCE).until(lambda b: b.find_element(By.ID, "username")).send_keys("alice")
        browser.find_element(By.ID, "password").send_keys(real_provider.PASSWORD)
        browser.find_element(By.ID, "login-submit").click()

    def posted(self, browser):
        try:
            pre = WebDriverWait(browser, PATIENCE).until(lambda b: b.find_element(By.ID, "posted"))
        except Exception as problem:
            raise AssertionError(f"nothing came: {browser.current_url}\n{browser.page_source[:2000]}\n"
                                 f"{browser.get_log('browser')}\n{self.op.log()[-2000:]}") from problem
        return json.loads(pre.text)

    def assert_answer(self, posted):
        self.assertEqual(posted["type"], "application/x-www-form-urlencoded")
        self.assertEqual(posted["path"], "/cb?tenant=1")
        fields = posted["fields"]
        self.assertEqual(fields["state"], "\"><script>document.title='stolen'</script>&amp; é")
        self.assertEqual(fields["iss"], self.provider.issuer)
        self.assertEqual(set(fields), {"state", "iss", "code", "id_token", "access_token", "token_type", "expires_in",
                                       "scope"})

    def test_the_page_posts_itself(self):
        browser = chromium.start(self, self.bench.certificate)
        browser.get(self.request())
        self.log_in(browser)
        self.assert_answer(self.posted(browser))
        self.assertEqual(browser.title, "RP")
        # Signed in already, so that the very first answer is the page: an error travels the same way.
        browser.get(self.request(prompt="none", max_age="0"))
        self.assertEqual(self.posted(browser)["fields"]["error"], "login_required")

    def test_without_javascript_there_is_a_button(self):
        browser = chromium.start(self, self.bench.certificate, javascript=False)
        browser.get(self.request())
        self.log_in(browser)
        button = WebDriverWait(browser, PATIENCE).until(lambda b: b.find_element(By.ID, "form-post-submit"))
        self.assertTrue(button.is_displayed())
        self.assertTrue(re.search("Example Wiki", browser.page_source))
        self.assertNotIn("stolen", browser.title)
        button.click()
        self.assert_answer(self.posted(browser))


if __name__ == "__main__":
    unittest.main()
