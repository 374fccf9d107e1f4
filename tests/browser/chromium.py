"""Chromium, headless, in a profile of its own, that trusts one certificate."""

import base64
import hashlib
import subprocess
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service


def public_key_hash(certificate):
    """Trusts this one key in Chromium, and no other."""
    pem = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True,
                         capture_output=True, text=True).stdout
    body = base64.b64decode("".join(line for line in pem.splitlines() if "-----" not in line))
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def start(test, certificate, javascript=True, foreign_cookies=False):
    """Gives back the driver; browser and profile are gone after the test.

    `foreign_cookies`: frames of other sites get their cookies, which Debian's Chromium refuses them by itself.
    """
    profile = tempfile.TemporaryDirectory()
    test.addCleanup(profile.cleanup)
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--disable-dev-shm-usage", "--window-size=1000,1000", "--lang=en",
                     f"--user-data-dir={profile.name}",
                     f"--ignore-certificate-errors-spki-list={public_key_hash(certificate)}"):
        options.add_argument(argument)
    preferences = {}
    if not javascript:
        preferences["profile.managed_default_content_settings.javascript"] = 2
    if foreign_cookies:
        preferences.update({"profile.block_third_party_cookies": False, "profile.cookie_controls_mode": 0})
    options.add_experimental_option("prefs", preferences)
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    test.addCleanup(browser.quit)
    return browser
