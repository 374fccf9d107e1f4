"""Real Chromium, a real relying party (Apache with mod_auth_openidc), the real provider behind lighttpd.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA; pictures go to OIDCOP_SCREENSHOTS.
"""

import html
import json
import os
import pathlib
import re
import secrets
import shutil
import sys
import unittest
import urllib.parse

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import chromium

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "server"))
import real_provider  # noqa: E402
import webservers  # noqa: E402

PASSWORD = real_provider.PASSWORD
PATIENCE = 60

# Contrast of each text with what lies behind it (WCAG 2.1, 1.4.3), and the lightness of the page's own ground.
MEASURE = """
const channel = part => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const colour = text => text.match(/[\\d.]+/g).map(Number);
const ground = element => {
  for (; element; element = element.parentElement) {
    const [r, g, b, alpha = 1] = colour(getComputedStyle(element).backgroundColor);
    if (alpha === 1) return [r, g, b];
  }
  return [255, 255, 255];
};
const texts = [];
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.data.trim()).join(" ").trim();
  const text = own || (element.tagName === "INPUT" && element.type !== "hidden" ? element.id : "");
  if (!text || !element.checkVisibility() || element.closest(".unseen")) continue;
  const [one, other] = [luminance(colour(getComputedStyle(element).color)), luminance(ground(element))];
  texts.push([text, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)]);
}
return {ground: luminance(ground(document.body)), card: luminance(ground(document.querySelector(".card"))), texts: texts};
"""


class Login(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.provider = real_provider.RealProvider(cls.bench)
        cls.issuer = cls.provider.issuer
        cls.op = cls.provider.start_lighttpd()
        cls.start_relying_party()
        cls.pictures = pathlib.Path(os.environ["OIDCOP_SCREENSHOTS"])
        cls.pictures.mkdir(parents=True, exist_ok=True)

    @classmethod
    def start_relying_party(cls):
        port = webservers.free_port()
        cls.rp = f"https://127.0.0.1:{port}"
        client = json.loads(cls.provider.oidcop("--json", "client", "register", "--id", "rp", "--name", "Example Wiki",
                                       "--redirect-uri", cls.rp + "/protected/redirect_uri",
                                       "--grant-type", "authorization_code", "--grant-type", "refresh_token"))
        pages = cls.bench.folder / "pages" / "protected"
        pages.mkdir(parents=True)
        shutil.copy(HERE.parent.parent / "share" / "examples" / "claims.cgi", pages / "index.cgi")
        cls.apache = cls.bench.start_apache(f"""
DocumentRoot {pages.parent}
OIDCProviderMetadataURL {cls.issuer}/.well-known/openid-configuration
OIDCCABundlePath {cls.bench.certificate}
OIDCClientID rp
OIDCClientSecret {client["client_secret"]}
OIDCRedirectURI {cls.rp}/protected/redirect_uri
OIDCCryptoPassphrase {secrets.token_hex(16)}
OIDCScope "openid profile email offline_access"
OIDCPKCEMethod S256
OIDCPassClaimsAs environment
OIDCRemoteUserClaim sub
OIDCInfoHook access_token
<Directory {pages}>
    Options +ExecCGI
    DirectoryIndex index.cgi
    <Files "*.cgi">
        SetHandler cgi-script
    </Files>
</Directory>
<Location /protected>
    AuthType openid-connect
    Require valid-user
</Location>
""", modules=("authz_user", "dir", "cgid", "auth_openidc"), port=port)

    def setUp(self):
        self.browser = chromium.start(self, self.bench.certificate)

    def wait_for(self, element_id):
        try:
            return WebDriverWait(self.browser, PATIENCE).until(lambda b: b.find_element(By.ID, element_id))
        except Exception as problem:
            raise AssertionError(f"no #{element_id} at {self.browser.current_url}:\n{self.browser.page_source[:2000]}\n"
                                 f"{self.op.log()[-2000:]}\n{self.apache.log()[-2000:]}") from problem

    def picture(self, name):
        self.browser.save_screenshot(str(self.pictures / f"{name}.png"))

    def open_login(self):
        self.browser.get(self.rp + "/protected/")
        self.wait_for("login-form")

    def log_in(self, password=PASSWORD):
        username = self.wait_for("username")
        username.clear()
        username.send_keys("alice")
        self.browser.find_element(By.ID, "password").send_keys(password)
        self.browser.find_element(By.ID, "login-submit").click()

    def claims(self):
        self.wait_for("claims")
        rows = re.findall(r"<th>(.*?)</th><td>(.*?)</td>", self.browser.page_source)
        return {html.unescape(name): html.unescape(value) for name, value in rows}

    def ask_for_consent_always(self):
        self.provider.oidcop("client", "register", "--replace", "--id", "rp", "--name", "Example Wiki", "--consent", "always",
                    "--redirect-uri", self.rp + "/protected/redirect_uri",
                    "--grant-type", "authorization_code", "--grant-type", "refresh_token")

    def test_login_and_consent_lead_to_the_claims(self):
        self.open_login()
        self.picture("login")
        self.log_in("not the password")
        self.wait_for("login-form")
        alert = self.browser.find_element(By.CSS_SELECTOR, "[role=alert]")
        self.assertTrue(alert.is_displayed())
        self.assertEqual(self.browser.find_element(By.ID, "username").get_attribute("value"), "alice")
        self.picture("login-wrong-password")
        self.log_in()
        self.wait_for("consent-allow")
        self.picture("consent")
        self.browser.find_element(By.ID, "consent-allow").click()
        claims = self.claims()
        self.picture("relying-party")
        self.assertEqual((claims["iss"], claims["email"], claims["name"]),
                         (self.issuer, "alice@example.org", "Alice Liddell"))

        # The relying party refreshes its tokens by itself.
        cookies = {cookie["name"]: cookie for cookie in self.browser.get_cookies()}
        self.assertTrue(cookies)
        self.browser.get(self.rp + "/protected/redirect_uri?info=json")
        info = json.loads(self.browser.find_element(By.TAG_NAME, "pre").text)
        back = urllib.parse.urlencode({"refresh": self.rp + "/protected/", "access_token": info["access_token"]})
        self.browser.get(self.rp + "/protected/redirect_uri?" + back)
        self.assertEqual(self.claims()["sub"], claims["sub"])
        self.browser.get(self.rp + "/protected/redirect_uri?info=json")
        refreshed = json.loads(self.browser.find_element(By.TAG_NAME, "pre").text)
        self.assertNotEqual(refreshed["access_token"], info["access_token"])

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def focus(self):
        """What has the focus: its id, or the value of a box to tick; nothing when it is the page as a whole."""
        return self.browser.execute_script(
            "const e = document.activeElement; return e === document.body || !e ? null : e.id || e.value || e.outerHTML;")

    def focus_order(self):
        """Goes through the page with the Tab key, from wherever the focus is to the end of the page."""
        order = []
        while len(order) < 50:
            self.press(Keys.TAB)
            focus = self.focus()
            if focus is None or focus in order:
                return order
            outline = self.browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
            self.assertNotEqual(outline, "none", f"nobody can see that {focus} has the focus")
            order.append(focus)
        raise AssertionError(f"the focus never leaves the page: {order}")

    def go_to(self, wanted):
        for _ in range(50):
            if self.focus() == wanted:
                return
            self.press(Keys.TAB)
        raise AssertionError(f"the Tab key never comes to {wanted}")

    def test_the_keyboard_alone_gives_and_narrows_consent(self):
        self.ask_for_consent_always()
        self.open_login()
        self.press("alice", Keys.TAB, PASSWORD, Keys.ENTER)
        self.wait_for("consent-allow")
        boxes = [box.get_attribute("value") for box in self.browser.find_elements(By.CSS_SELECTOR, "[type=checkbox]")]
        self.assertIn("email", boxes)
        self.assertEqual(self.focus_order(), [*boxes, "consent-allow", "consent-deny"])
        self.go_to("email")
        self.press(Keys.SPACE)
        self.assertFalse(self.browser.switch_to.active_element.is_selected())
        self.go_to("consent-allow")
        self.press(Keys.ENTER)
        claims = self.claims()
        self.assertEqual(claims["name"], "Alice Liddell")
        self.assertNotIn("email", claims, "it was unticked")

    def test_the_keyboard_alone_refuses_consent(self):
        self.ask_for_consent_always()
        self.open_login()
        self.press("alice", Keys.TAB, PASSWORD, Keys.ENTER)
        self.wait_for("consent-allow")
        self.go_to("consent-deny")
        self.press(Keys.SPACE)
        WebDriverWait(self.browser, PATIENCE).until(lambda b: b.current_url.startswith(self.rp))
        self.assertIn("access_denied", self.browser.current_url + self.browser.page_source)

    def test_the_login_form_has_the_focus_in_the_order_of_reading(self):
        self.open_login()
        self.assertEqual(self.focus(), "username")
        self.assertEqual(self.focus_order(), ["password", "login-submit", "login-cancel"])

    def test_the_keyboard_alone_is_enough(self):
        self.open_login()
        self.assertEqual(self.browser.switch_to.active_element.get_attribute("id"), "username")
        self.browser.switch_to.active_element.send_keys("alice", Keys.TAB)
        self.browser.switch_to.active_element.send_keys(PASSWORD, Keys.ENTER)
        WebDriverWait(self.browser, PATIENCE).until(
            lambda b: b.find_elements(By.ID, "consent-allow") or b.find_elements(By.ID, "claims"))

    def test_cancelling_tells_the_relying_party(self):
        self.open_login()
        self.browser.find_element(By.ID, "login-cancel").click()
        WebDriverWait(self.browser, PATIENCE).until(lambda b: b.current_url.startswith(self.rp))
        self.assertIn("access_denied", self.browser.current_url + self.browser.page_source)

    def test_refusing_consent_tells_the_relying_party(self):
        self.ask_for_consent_always()
        self.open_login()
        self.log_in()
        self.wait_for("consent-deny").click()
        WebDriverWait(self.browser, PATIENCE).until(lambda b: b.current_url.startswith(self.rp))
        self.assertIn("access_denied", self.browser.current_url + self.browser.page_source)

    def test_a_bad_redirect_uri_ends_on_a_page_that_says_so(self):
        query = urllib.parse.urlencode({"client_id": "rp", "response_type": "code", "scope": "openid",
                                        "redirect_uri": "https://attacker.example/cb"})
        self.browser.get(f"{self.issuer}/authorization?{query}")
        text = self.wait_for("op-error").text
        self.picture("error")
        self.assertIn("invalid_request", text)
        self.assertIn("redirect_uri", text)
        self.assertNotIn("attacker.example", self.browser.page_source)

    def prefer(self, scheme):
        """Light or dark; and no motion, so that colours are at once what they will be."""
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"features": [{"name": "prefers-color-scheme", "value": scheme},
                                                   {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def assert_readable(self, scheme):
        """Every text has contrast enough, and the page is as dark or light as was asked for."""
        measured = self.browser.execute_script(MEASURE)
        self.assertGreater(len(measured["texts"]), 5)
        for text, ratio in measured["texts"]:
            self.assertGreaterEqual(ratio, 4.5, f"{scheme}: {text}")
        for ground in (measured["ground"], measured["card"]):
            if scheme == "dark":
                self.assertLess(ground, 0.05)
            else:
                self.assertGreater(ground, 0.8)

    def test_pages_are_light_or_dark_as_the_person_prefers_and_can_be_read(self):
        self.ask_for_consent_always()
        self.open_login()
        self.log_in("not the password")
        for scheme in ("light", "dark"):
            self.prefer(scheme)
            self.wait_for("login-error")
            self.assert_readable(scheme)
        self.log_in()
        self.wait_for("consent-allow")
        self.picture("consent-dark")
        for scheme in ("dark", "light"):
            self.prefer(scheme)
            self.assert_readable(scheme)

    def test_a_narrow_window_in_the_dark(self):
        self.browser.set_window_size(400, 900)
        self.prefer("dark")
        self.open_login()
        self.picture("login-narrow-dark")
        width = self.browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        self.assertLessEqual(width, 0)


if __name__ == "__main__":
    unittest.main()
