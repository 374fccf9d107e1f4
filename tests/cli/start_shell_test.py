"""The responder when it cannot start: who is told, and what a web server has to pass on."""

import os
import re
import subprocess
import unittest

from shell import Shell


class CannotStart(Shell):
    def test_standard_error_says_why_it_cannot_listen_wherever_the_log_goes(self):
        self.init()
        nowhere = self.folder / "nowhere" / "op.sock"
        for target in ("stderr", "syslog"):
            self.fragment("log", log={"target": target})
            done = subprocess.run([os.environ["OIDCOP_FCGI"], "--config", self.config, "--listen", f"unix:{nowhere}"],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
                                  env={"PATH": "/usr/bin:/bin"})
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, rf"(?m)^oidcop\.fcgi: .*{re.escape(str(nowhere.parent))}", target)

    def test_a_cgi_answer_that_it_cannot_start_has_an_id_that_the_error_log_names(self):
        self.init()
        self.config.write_text("no JSON")
        head, body = self.cgi("/.well-known/openid-configuration", fails=True)
        self.assertIn("500", head.splitlines()[0])
        request_id = re.search(r"(?im)^x-request-id: (\S+)\r?$", head)[1]
        self.assertIn(request_id, self.said)
        self.assertIn(request_id.encode(), body)

    def test_a_cgi_answer_to_head_has_no_body(self):
        self.init()
        self.config.write_text("no JSON")
        head, body = self.cgi("/.well-known/openid-configuration", fails=True, REQUEST_METHOD="HEAD")
        self.assertIn("500", head.splitlines()[0])
        self.assertEqual(body, b"")


if __name__ == "__main__":
    unittest.main()
