"""A person's part of the device authorization grant in real Chromium; the device is played by a few lines.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA; pictures go to OIDCOP_SCREENSHOTS.
"""

import json
import os
import pathlib
import ssl
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import chromium

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "server"))
import real_provider  # noqa: E402
import webservers  # noqa: E402

PATIENCE = 60
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Device(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.provider = real_provider.RealProvider(cls.bench)
        cls.provider.configure({"endpoint": {
            "provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {}, "device_authorization": {}}})
        cls.op = cls.provider.start_lighttpd()
        cls.provider.oidcop("client", "register", "--id", "tv", "--name", "Living room", "--public", "--native",
                            "--grant-type", GRANT, "--grant-type", "refresh_token")
        cls.pictures = pathlib.Path(os.environ["OIDCOP_SCREENSHOTS"])
        cls.pictures.mkdir(parents=True, exist_ok=True)
        cls.trust = ssl.create_default_context(cafile=str(cls.bench.certificate))

    def post(self, path, **fields):
        """What the device sends. \return the answer, an error's, too"""
        body = urllib.parse.urlencode({"client_id": "tv", **fields}).encode()
        try:
            with urllib.request.urlopen(f"{self.provider.issuer}/{path}", body, timeout=30, context=self.trust) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)

    def codes(self):
        return self.post("device_authorization", scope="openid profile offline_access")

    def poll(self, codes):
        return self.post("token", grant_type=GRANT, device_code=codes["device_code"])

    def begin(self, url, javascript=True):
        self.browser = chromium.start(self, self.bench.certificate, javascript)
        self.browser.get(url)

    def wait_for(self, element_id):
        try:
            return WebDriverWait(self.browser, PATIENCE).until(lambda b: b.find_element(By.ID, element_id))
        except Exception as problem:
            raise AssertionError(f"no #{element_id} at {self.browser.current_url}:\n{self.browser.page_source[:2000]}\n"
                                 f"{self.op.log()[-2000:]}") from problem

    def picture(self, name):
        self.browser.save_screenshot(str(self.pictures / f"{name}.png"))

    def log_in(self):
        self.wait_for("username").send_keys("alice")
        self.browser.find_element(By.ID, "password").send_keys(real_provider.PASSWORD)
        self.browser.find_element(By.ID, "login-submit").click()

    def test_typed_code_login_and_yes_without_javascript(self):
        codes = self.codes()
        self.begin(codes["verification_uri"], javascript=False)
        code = self.wait_for("user-code")
        self.assertEqual(self.browser.switch_to.active_element, code, "one can type at once")
        self.picture("device-code")
        code.send_keys(codes["user_code"].lower().replace("-", " ") + Keys.ENTER)
        self.log_in()
        self.assertEqual(self.wait_for("device-user-code").text, codes["user_code"])
        self.picture("device-confirm")
        self.assertIn("Living room", self.browser.find_element(By.TAG_NAME, "main").text)
        self.assertEqual(self.poll(codes)["error"], "authorization_pending")
        self.browser.find_element(By.ID, "device-allow").click()
        self.wait_for("device-done")
        self.picture("device-done")
        tokens = self.poll(codes)
        self.assertEqual(tokens["scope"], "openid profile offline_access")
        self.assertTrue(tokens["id_token"] and tokens["refresh_token"])
        self.assertEqual(self.poll(codes)["error"], "invalid_grant", "once")

    def test_a_link_fills_in_the_code_and_no_means_no(self):
        codes = self.codes()
        self.begin(codes["verification_uri_complete"])
        self.assertEqual(self.wait_for("user-code").get_attribute("value"), codes["user_code"])
        self.assertEqual(self.poll(codes)["error"], "authorization_pending")
        self.browser.find_element(By.ID, "device-code-submit").click()
        self.log_in()
        self.wait_for("device-deny").click()
        self.wait_for("device-done")
        self.assertEqual(self.poll(codes)["error"], "access_denied")

    def test_an_unknown_code_is_said_and_can_be_mended(self):
        codes = self.codes()
        self.begin(codes["verification_uri"])
        self.wait_for("user-code").send_keys("BCDF-GHJK" + Keys.ENTER)
        alert = self.wait_for("device-error")
        self.assertEqual(alert.get_attribute("role"), "alert")
        code = self.browser.find_element(By.ID, "user-code")
        self.assertEqual(code.get_attribute("value"), "BCDF-GHJK")
        self.picture("device-unknown-code")
        code.clear()
        code.send_keys(codes["user_code"] + Keys.ENTER)
        self.wait_for("login-form")


if __name__ == "__main__":
    unittest.main()
