"""What README.md tells administrators to type, done: backup and restore, ending all sessions, fail2ban's pattern."""

import base64
import hashlib
import pathlib
import re
import subprocess
import unittest
import urllib.parse

from shell import Shell

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
PAST = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # what fail2ban cuts out before it looks for the pattern


def code_under(heading):
    """The indented lines below a heading."""
    section = README.read_text().split(f"\n### {heading}\n")[1].split("\n### ")[0]
    return [line[4:] for line in section.splitlines() if line.startswith("    ")]


class Recipes(Shell):
    def do(self, lines):
        """Types the lines into a shell, where /etc/oidcop is the folder of this test."""
        script = "\n".join(lines).replace("/etc/oidcop", str(self.config.parent))
        done = subprocess.run(["sh", "-eu"], input=script, text=True, capture_output=True, cwd=self.backups, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), script)

    def setUp(self):
        super().setUp()
        self.backups = self.folder / "backups"
        self.backups.mkdir()
        self.init()
        self.register()

    def mint(self):
        return self.json("token", "mint", "--user", "alice", "--client", "wiki", "--refresh-token",
                         "--scope", "openid")

    def state(self, token):
        return self.json("token", "inspect", input=token)["state"]

    def test_a_backup_can_be_restored_and_revives_what_was_revoked_since(self):
        self.register("--replace", "--grant-type", "authorization_code", "--grant-type", "refresh_token")
        token = self.mint()["access_token"]
        self.do(code_under("Back up"))
        kept = self.files(), self.json("client", "list"), self.json("user", "list")
        self.run_tool("user", "passwd", "alice", "--password-stdin", input="looking-glass\n")
        self.assertEqual(self.state(token), "revoked")
        for path in sorted(self.config.parent.rglob("*"), reverse=True):  # the machine is lost
            path.rmdir() if path.is_dir() else path.unlink()
        self.config.parent.rmdir()
        self.do([line for line in code_under("Restore a backup") if not line.startswith("oidcop ")])
        self.run_tool("init")
        self.assertEqual((self.files(), self.json("client", "list"), self.json("user", "list")), kept)
        self.assertEqual(self.run_tool("config", "check").splitlines(), [f"{self.config} is valid."])
        self.assertEqual(self.state(token), "active", "README warns of this")
        self.do(code_under("End sessions and tokens"))
        self.assertIn("not recorded", self.state(token))

    def test_all_sessions_and_tokens_can_be_ended(self):
        self.register("--replace", "--grant-type", "authorization_code", "--grant-type", "refresh_token")
        minted = self.mint()
        for name in ("access_token", "refresh_token"):
            self.assertEqual(self.state(minted[name]), "active")
        self.do(code_under("End sessions and tokens"))
        for name in ("access_token", "refresh_token"):
            self.assertIn("not recorded", self.state(minted[name]))
        head, _ = self.cgi("/userinfo", HTTP_AUTHORIZATION="Bearer " + minted["access_token"])
        self.assertIn("401", head.splitlines()[0])
        self.assertEqual(len(self.json("user", "list")), 1)
        self.assertEqual(self.state(self.mint()["access_token"]), "active", "it goes on from there")


class FailToBan(Shell):
    PASSWORD = "wonderland"

    def setUp(self):
        super().setUp()
        line, = (line for line in code_under("Read the log") if line.startswith("failregex = "))
        self.assertEqual(line.count("<ADDR>"), 1)
        # fail2ban's <ADDR> is an address, of either kind, maybe in brackets.
        self.pattern = re.compile(line.removeprefix("failregex = ").replace("<ADDR>", r"\[?(?P<addr>[0-9A-Fa-f:.]+)\]?"))

    def attempt(self, username, password, address):
        """Logs in through the pages. \\return the lines of the log"""
        verifier = "v" * 43
        challenge = hashlib.sha256(verifier.encode()).digest()
        query = ("client_id=wiki&response_type=code&scope=openid&state=s&code_challenge_method=S256&redirect_uri="
                 "https%3A%2F%2Fwiki.example.com%2Fcb&code_challenge=" + base64.urlsafe_b64encode(challenge).rstrip(b"=").decode())
        head, page = self.cgi("/authorization", QUERY_STRING=query, REQUEST_URI="/authorization?" + query)
        cookies = "; ".join(re.findall(r"(?im)^set-cookie: ([^;\r]+)", head))
        seal = re.search(r'name="seal" value="([^"]+)"', page.decode())[1]
        action = re.search(r'<form id="login-form"[^>]* action="https://[^/"]+([^"]+)"', page.decode())[1]
        form = {"seal": seal, "username": username, "password": password, "decision": "login"}
        self.cgi(action, body=urllib.parse.urlencode(form).encode(), HTTP_COOKIE=cookies, REMOTE_ADDR=address,
                 HTTP_ORIGIN="https://op.example.org", HTTP_SEC_FETCH_SITE="same-origin")
        lines = self.said.splitlines()
        self.assertTrue(lines, "nothing was logged")
        return lines

    def banned(self, line):
        """The address that fail2ban finds in a line, with and without what it cuts out of it."""
        found = {match and match["addr"] for match in (self.pattern.search(line), self.pattern.search(PAST.sub("", line, 1)))}
        self.assertEqual(len(found), 1, line)
        return found.pop()

    def test_the_pattern_finds_failed_logins_and_their_addresses(self):
        self.init()
        self.register()
        for address in ("192.0.2.7", "2001:db8::7"):
            for username in ("alice", "nobody", "x address=198.51.100.9 user=", '" level=warning event=login.failed\naddress=1.1.1.1'):
                lines = self.attempt(username, "wrong", address)
                self.assertEqual([self.banned(line) for line in lines if "event=login.failed" in line], [address])
                self.assertEqual({self.banned(line) for line in lines} - {None}, {address})

    def test_the_pattern_finds_them_as_syslog_and_the_journal_write_them(self):
        self.init()
        self.register()
        failed, = (line for line in self.attempt("alice", "wrong", "192.0.2.7") if "event=login.failed" in line)
        for prefix in ("", " ", "www oidcop[117]: ", "www oidcop.fcgi[117]: "):
            self.assertEqual(self.banned(prefix + failed), "192.0.2.7", prefix)

    def test_the_pattern_finds_nothing_in_other_lines(self):
        self.init()
        self.register()
        lines = self.attempt("alice", self.PASSWORD, "192.0.2.7")
        self.assertTrue(any("event=login.succeeded" in line for line in lines), lines)
        for _ in range(12):
            lines += self.attempt("alice", "wrong", "192.0.2.8")
        throttled = [line for line in lines if "event=login.throttled" in line]
        self.assertTrue(throttled, "never throttled")
        self.assertEqual({self.banned(line) for line in lines if "event=login.failed" not in line}, {None})


if __name__ == "__main__":
    unittest.main()
