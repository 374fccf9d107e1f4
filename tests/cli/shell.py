"""What the tests of the program `oidcop` share: a folder of its own, and ways to run the programs in it.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI (run as a CGI program, to compare with what is served live) and OIDCOP_DATA.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ISSUER = "https://op.example.org"


class Shell(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-shell-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "etc" / "oidcop.json"

    def run_tool(self, *arguments, input="", code=0):
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "--config", self.config, *arguments], input=input, text=True,
                              capture_output=True, timeout=60, check=False, env={"PATH": "/usr/bin:/bin"})
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        if code:
            self.assertEqual(done.stdout, "", "a failure says nothing on standard output")
            self.assertRegex(done.stderr, r"^oidcop: [^:\n]+: \S" if code == 1 else r"^oidcop: \S")
        return done.stdout if code == 0 else done.stderr

    def json(self, *arguments, **named):
        return json.loads(self.run_tool("--json", *arguments, **named))

    def init(self, *more, issuer=ISSUER, password="wonderland\n", **named):
        return self.run_tool("init", "--issuer", issuer, "--data-dir", os.environ["OIDCOP_DATA"], "--user", "alice",
                             "--password-stdin", "--email", "alice@example.org", *more, input=password, **named)

    def register(self, *more):
        return self.json("client", "register", "--id", "wiki", "--name", "Wiki",
                         "--redirect-uri", "https://wiki.example.com/cb", *more)

    def cgi(self, path, fails=False, body=None, **environment):
        """One request to the provider as a CGI program; with a body it is the POST of a form.
        \\return headers and body; `said` is its standard error"""
        if body is not None:
            environment = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/x-www-form-urlencoded",
                           "CONTENT_LENGTH": str(len(body)), **environment}
        done = subprocess.run([os.environ["OIDCOP_FCGI"]], capture_output=True, timeout=60, check=not fails,
                              input=body or b"",
                              env={"GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": "GET",
                                   "REQUEST_URI": path, "SCRIPT_NAME": path, "QUERY_STRING": "", "HTTPS": "on",
                                   "HTTP_HOST": "op.example.org", "REMOTE_ADDR": "192.0.2.1",
                                   "OIDCOP_CONFIG": str(self.config), **environment})
        self.said = done.stderr.decode()
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        return head.decode(), body

    def fragment(self, name, **settings):
        """Settings in a file beside the configuration; those of the same name are replaced."""
        folder = self.config.with_name("oidcop.json.d")
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(settings))

    def files(self):
        return {path: path.read_bytes() for path in self.folder.rglob("*.json")}
