"""Signing out in real Chromium: by Apache's mod_auth_openidc, in frames, by the provider's messages.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA, OIDCOP_FETCH_MODULE.
"""

import json
import pathlib
import secrets
import sys
import unittest
import urllib.parse

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import chromium

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "server"))
import listening_party  # noqa: E402
import real_provider  # noqa: E402
import webservers  # noqa: E402

PATIENCE = 60


class Logout(unittest.TestCase):
    """A wiki (mod_auth_openidc) that is told by messages, and a shop that only listens."""

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.provider = real_provider.RealProvider(cls.bench)
        cls.provider.let_it_fetch()
        cls.op = cls.provider.start_lighttpd()
        cls.shop = listening_party.ListeningParty(cls.bench.certificate, cls.bench.key)
        cls.addClassCleanup(cls.shop.stop)
        cls.register("shop", cls.shop.url + "/cb", token_endpoint_auth_method="none",
                     frontchannel_logout_uri=cls.shop.url + "/frame", frontchannel_logout_session_required=True,
                     backchannel_logout_uri=cls.shop.url + "/out", post_logout_redirect_uris=[cls.shop.url + "/bye"])
        cls.start_wiki()

    @classmethod
    def register(cls, name, redirect_uri, **metadata):
        path = cls.bench.write(f"{name}.json", json.dumps({"client_name": name, "redirect_uris": [redirect_uri], **metadata}))
        return json.loads(cls.provider.oidcop("--json", "client", "register", "--id", name, "--metadata", path,
                                              "--consent", "implicit"))

    @classmethod
    def start_wiki(cls):
        port = webservers.free_port()
        cls.wiki = f"https://127.0.0.1:{port}"
        redirect_uri = cls.wiki + "/protected/redirect_uri"
        client = cls.register("wiki", redirect_uri, backchannel_logout_uri=redirect_uri + "?logout=backchannel",
                              backchannel_logout_session_required=True,
                              post_logout_redirect_uris=[cls.wiki + "/public.html"])
        pages = cls.bench.folder / "pages"
        (pages / "protected").mkdir(parents=True)
        (pages / "protected" / "index.html").write_text("<!DOCTYPE html><title>Wiki</title><p id='inside'>in</p>")
        (pages / "public.html").write_text("<!DOCTYPE html><title>Wiki</title><p id='outside'>out</p>")
        cls.apache = cls.bench.start_apache(f"""
DocumentRoot {pages}
OIDCProviderMetadataURL {cls.provider.issuer}/.well-known/openid-configuration
OIDCCABundlePath {cls.bench.certificate}
OIDCClientID wiki
OIDCClientSecret {client["client_secret"]}
OIDCRedirectURI {redirect_uri}
OIDCCryptoPassphrase {secrets.token_hex(16)}
OIDCScope "openid"
OIDCPKCEMethod S256
OIDCRemoteUserClaim sub
<Directory {pages}>
    DirectoryIndex index.html
    Require all granted
</Directory>
<Location /protected>
    AuthType openid-connect
    Require valid-user
</Location>
""", modules=("authz_user", "dir", "auth_openidc"), port=port)

    def setUp(self):
        self.browser = chromium.start(self, self.bench.certificate)
        self.shop.posts.clear()
        self.shop.gets.clear()

    def wait_for(self, *element_ids):
        """\\return the id of the first of them that the page has"""
        def present(browser):
            return next((name for name in element_ids if browser.find_elements(By.ID, name)), None)
        try:
            return WebDriverWait(self.browser, PATIENCE).until(present)
        except Exception as problem:
            raise AssertionError(f"none of {element_ids} at {self.browser.current_url}:\n"
                                 f"{self.browser.page_source[:2000]}\n{self.op.log()[-3000:]}\n"
                                 f"{self.apache.log()[-3000:]}") from problem

    def click(self, element_id):
        self.wait_for(element_id)
        self.browser.find_element(By.ID, element_id).click()

    def sign_in_at_wiki(self):
        self.browser.get(self.wiki + "/protected/")
        self.wait_for("username")
        self.browser.find_element(By.ID, "username").send_keys("alice")
        self.browser.find_element(By.ID, "password").send_keys(real_provider.PASSWORD)
        self.click("login-submit")
        self.wait_for("inside")

    def visit_shop(self):
        self.browser.get(self.provider.issuer + "/authorization?" + urllib.parse.urlencode({
            "client_id": "shop", "redirect_uri": self.shop.url + "/cb", "response_type": "code", "scope": "openid",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}))
        self.wait_for("party")

    def is_signed_in_at_wiki(self):
        self.browser.get(self.wiki + "/protected/")
        return self.wait_for("inside", "username") == "inside"

    def test_a_person_leaves_at_the_relying_party_and_comes_back_there(self):
        self.sign_in_at_wiki()
        self.browser.get(self.wiki + "/protected/redirect_uri?logout=" + urllib.parse.quote(self.wiki + "/public.html"))
        self.click("logout-confirm")
        self.wait_for("outside")
        self.assertFalse(self.is_signed_in_at_wiki())

    def test_a_person_may_stay(self):
        self.sign_in_at_wiki()
        self.browser.get(self.provider.issuer + "/session")
        self.click("logout-cancel")
        self.assertTrue(self.is_signed_in_at_wiki())

    def test_leaving_at_the_provider_ends_the_session_at_the_relying_party(self):
        self.sign_in_at_wiki()
        self.assertTrue(self.is_signed_in_at_wiki())
        self.browser.get(self.provider.issuer + "/session")
        self.click("logout-confirm")
        self.wait_for("logout-done")
        was_told = listening_party.wait_until(lambda: not self.is_signed_in_at_wiki())
        self.assertTrue(was_told, f"{self.op.log()[-3000:]}\n{self.apache.log()[-3000:]}")

    def test_relying_parties_are_told_in_frames_and_the_person_goes_on(self):
        self.sign_in_at_wiki()
        self.visit_shop()
        self.shop.gets.clear()
        self.browser.get(self.provider.issuer + "/session?" + urllib.parse.urlencode({
            "client_id": "shop", "post_logout_redirect_uri": self.shop.url + "/bye", "state": "s 1"}))
        self.click("logout-confirm")
        self.wait_for("party")
        self.assertEqual(self.browser.current_url, self.shop.url + "/bye?state=s+1")
        frames = [urllib.parse.urlsplit(path) for path in self.shop.gets if path.startswith("/frame")]
        self.assertEqual(len(frames), 1, self.shop.gets)
        told = dict(urllib.parse.parse_qsl(frames[0].query))
        self.assertEqual(told["iss"], self.provider.issuer)
        self.assertTrue(listening_party.wait_until(lambda: self.shop.posts), self.op.log()[-3000:])
        self.assertEqual(self.shop.posts[0][0], "/out")
        self.assertNotEqual(told["sid"], "")


if __name__ == "__main__":
    unittest.main()
