"""Session management in real Chromium: a relying party on another site watches the provider's frame.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA.
"""

import json
import pathlib
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

# As OpenID Connect Session Management 1.0, 3.1 has it: asks again and again, and shows the last answer. `said` counts
# the answers, so that a test can wait for a new one.
WATCHER = """<!DOCTYPE html><title>Watcher</title><p id="answer"></p><iframe id="op" src="@FRAME@"></iframe><script>
const state = new URLSearchParams(location.search).get("session_state");
let question = "watcher " + state, said = 0;
const frame = document.getElementById("op");
addEventListener("message", event => {
  if (event.origin !== new URL("@FRAME@").origin || event.source !== frame.contentWindow) return;
  document.getElementById("answer").textContent = event.data;
  said += 1;
});
setInterval(() => frame.contentWindow.postMessage(question, "@FRAME@"), 100);
</script>"""


class WatchedSession:
    """A relying party at `host`, which is another origin than the provider's in any case."""

    host, foreign_cookies = None, None

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.provider = real_provider.RealProvider(cls.bench)
        cls.provider.configure({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
                                             "userinfo": {}, "end_session": {}, "check_session": {}}})
        cls.provider.oidcop("user", "add", "bob", "--password-stdin", input=real_provider.PASSWORD + "\n")
        cls.op = cls.provider.start_lighttpd()
        cls.party = listening_party.ListeningParty(cls.bench.certificate, cls.bench.key)
        cls.addClassCleanup(cls.party.stop)
        metadata = json.loads(cls.op.exchange("GET", "/.well-known/openid-configuration").body)
        cls.rp = cls.party.url.replace("127.0.0.1", cls.host)
        cls.party.pages["/cb"] = WATCHER.replace("@FRAME@", metadata["check_session_iframe"])
        cls.provider.oidcop("client", "register", "--id", "watcher", "--name", "Watcher", "--public",
                            "--redirect-uri", cls.rp + "/cb", "--consent", "implicit")

    def setUp(self):
        self.browser = chromium.start(self, self.bench.certificate, foreign_cookies=self.foreign_cookies)

    def wait(self, holds, what):
        try:
            return WebDriverWait(self.browser, PATIENCE).until(holds)
        except Exception as problem:
            raise AssertionError(f"{what}: {self.browser.current_url}\n{self.browser.page_source[:2000]}\n"
                                 f"{self.browser.get_log('browser')}\n{self.op.log()[-2000:]}") from problem

    def find(self, element_id):
        return self.wait(lambda b: b.find_element(By.ID, element_id), f"no #{element_id}")

    def go(self, **changes):
        self.browser.get(self.provider.issuer + "/authorization?" + urllib.parse.urlencode({
            "client_id": "watcher", "redirect_uri": self.rp + "/cb", "response_type": "code", "scope": "openid",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
            **changes}))

    def log_in(self, name, **changes):
        self.go(**changes)
        self.find("username").clear()
        self.find("username").send_keys(name)
        self.find("password").send_keys(real_provider.PASSWORD)
        self.find("login-submit").click()
        self.find("answer")

    def assert_frame_says(self, answer):
        said = self.browser.execute_script("return said")
        self.wait(lambda b: b.execute_script("return said") > said + 2, "the frame is silent")
        self.assertEqual(self.find("answer").text, answer, self.browser.get_log("browser"))

    def in_another_tab(self, do):
        watching = self.browser.current_window_handle
        self.browser.switch_to.new_window("tab")
        do()
        self.browser.close()
        self.browser.switch_to.window(watching)

    def sign_out(self):
        self.browser.get(self.provider.issuer + "/session")
        self.find("logout-confirm").click()
        self.find("logout-done")

    def test_signing_out_changes_the_state(self):
        self.log_in("alice")
        self.assert_frame_says("unchanged")
        self.in_another_tab(self.sign_out)
        self.assert_frame_says("changed")


class OfTheSameSite(WatchedSession, unittest.TestCase):
    host, foreign_cookies = "localhost", False


class OfAnotherSite(WatchedSession, unittest.TestCase):
    host, foreign_cookies = "127.0.0.1", True

    def test_somebody_else_changes_the_state(self):
        self.log_in("alice")
        self.assert_frame_says("unchanged")
        self.in_another_tab(lambda: self.log_in("bob", prompt="login"))
        self.assert_frame_says("changed")

    def test_another_visit_of_the_same_person_changes_nothing(self):
        self.log_in("alice")
        self.in_another_tab(lambda: (self.go(prompt="none"), self.assert_frame_says("unchanged")))
        self.assert_frame_says("unchanged")

    def test_what_is_no_question_is_an_error(self):
        self.log_in("alice")
        for question in ('"nonsense"', '"watcher x"', "null", '{"a": 1}', '" " + state', '""'):
            self.browser.execute_script(f"question = {question}")
            self.assert_frame_says("error")

    def test_the_state_of_another_client_is_not_told(self):
        self.log_in("alice")
        self.browser.execute_script('question = "other " + state')
        self.assert_frame_says("changed")


if __name__ == "__main__":
    unittest.main()
