"""openid-client (npm) as relying party of the running provider behind lighttpd: login, refresh and userinfo, with
every client authentication method.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA, and node_modules beside this file (npm ci).
"""

import json
import os
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "server"))
import real_provider  # noqa: E402
import webservers  # noqa: E402

REDIRECT = "https://rp.example/cb"


class OpenidClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.provider = real_provider.RealProvider(cls.bench)
        cls.server = cls.provider.start_lighttpd()

    def register(self, method, *more):
        document = self.provider.oidcop("--json", "client", "register", "--id", method, "--name", method, "--method", method,
                               "--redirect-uri", REDIRECT, "--grant-type", "authorization_code",
                               "--grant-type", "refresh_token", *more)
        return json.loads(document).get("client_secret", "")

    def log_in(self, method, **environment):
        node = HERE / "node_modules" / ".bin" / "node"
        done = subprocess.run([node, HERE / "openid_client.mjs"], capture_output=True, text=True, timeout=120, check=False,
                              env={"PATH": "/usr/bin:/bin", "NODE_EXTRA_CA_CERTS": str(self.bench.certificate),
                                   "ISSUER": self.provider.issuer, "CLIENT_ID": method, "CLIENT_METHOD": method,
                                   "REDIRECT_URI": REDIRECT, "USERNAME": "alice", "PASSWORD": real_provider.PASSWORD, **environment})
        self.assertEqual(done.returncode, 0, f"{done.stderr}\n{self.server.log()[-3000:]}")
        learnt = json.loads(done.stdout)
        self.assertEqual(learnt["id_token"]["iss"], self.provider.issuer)
        self.assertEqual(learnt["userinfo"]["email"], "alice@example.org")
        self.assertIs(learnt["userinfo"]["email_verified"], True)
        self.assertEqual(learnt["again"], learnt["userinfo"])
        self.assertTrue(learnt["rotated"])
        return learnt

    def test_client_secret_basic(self):
        self.log_in("client_secret_basic", CLIENT_SECRET=self.register("client_secret_basic"))

    def test_client_secret_post(self):
        self.log_in("client_secret_post", CLIENT_SECRET=self.register("client_secret_post"))

    def test_client_secret_jwt(self):
        self.log_in("client_secret_jwt", CLIENT_SECRET=self.register("client_secret_jwt"))

    def test_a_public_client(self):
        self.register("none")
        self.log_in("none")

    def test_private_key_jwt(self):
        private = self.bench.folder / "client-key.json"
        self.bench.run([self.provider.tool, "keys", "generate", "--output", private, "--type", "EC", "--crv", "P-256"])
        public = self.bench.write("client-public.json", self.bench.run([self.provider.tool, "keys", "public", "--key", private]))
        self.register("private_key_jwt", "--jwks", public)
        key = json.loads(private.read_text())["keys"][0]
        wanted = {name: key[name] for name in ("kty", "crv", "x", "y", "d", "kid")}
        self.log_in("private_key_jwt", CLIENT_KEY=json.dumps(wanted))


if __name__ == "__main__":
    unittest.main()
