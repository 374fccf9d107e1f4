"""openid-client (npm) as relying party of the running provider behind lighttpd: login, refresh and userinfo, with
every client authentication method, registered by the administrator or by itself; pushed and signed requests, a hybrid flow, an encrypted ID Token.

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
        folder = cls.bench.folder / "home" / "oidcop.json.d"
        folder.mkdir(mode=0o700)
        cls.bench.give(folder)
        cls.bench.write("home/oidcop.json.d/registration.json", json.dumps({"endpoint": {
            "provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {}, "revocation": {},
            "pushed_authorization": {}, "end_session": {}, "registration": {}, "registration_api": {},
            "device_authorization": {"interval": 1}}}))
        cls.server = cls.provider.start_lighttpd()

    def register(self, method, *more):
        """\\return its secret, if it has one; each test has a client of its own"""
        document = self.provider.oidcop("--json", "client", "register", "--id", self.id(), "--name", method, "--method", method,
                               "--redirect-uri", REDIRECT, "--grant-type", "authorization_code",
                               "--grant-type", "refresh_token", *more)
        return json.loads(document).get("client_secret", "")

    def run_script(self, script, **environment):
        node = HERE / "node_modules" / ".bin" / "node"
        done = subprocess.run([node, HERE / script], capture_output=True, text=True, timeout=120, check=False,
                              env={"PATH": "/usr/bin:/bin", "NODE_EXTRA_CA_CERTS": str(self.bench.certificate),
                                   "ISSUER": self.provider.issuer, "CLIENT_ID": self.id(),
                                   "USERNAME": "alice", "PASSWORD": real_provider.PASSWORD, **environment})
        self.assertEqual(done.returncode, 0, f"{done.stderr}\n{self.server.log()[-3000:]}")
        return json.loads(done.stdout)

    def log_in(self, method, **environment):
        learnt = self.run_script("openid_client.mjs", CLIENT_METHOD=method, REDIRECT_URI=REDIRECT, **environment)
        self.assertEqual(learnt["id_token"]["iss"], self.provider.issuer)
        self.assertEqual(learnt["userinfo"]["email"], "alice@example.org")
        self.assertIs(learnt["userinfo"]["email_verified"], True)
        self.assertEqual(learnt["again"], learnt["userinfo"])
        self.assertTrue(learnt["rotated"])
        return learnt

    def test_a_client_that_registers_itself(self):
        token = json.loads(self.provider.oidcop("--json", "client", "token", "issue", "--uses", "2"))["initial_access_token"]
        for method in ("client_secret_basic", "client_secret_post"):
            registered = self.log_in(method, INITIAL_ACCESS_TOKEN=token)["registered"]
            self.assertEqual(registered["token_endpoint_auth_method"], method)
            self.assertEqual(registered["client_name#de"], "Klient")
            shown = json.loads(self.provider.oidcop("--json", "client", "show", registered["client_id"]))
            self.assertEqual(shown["origin"], "initial_access_token")

    def test_client_secret_basic(self):
        self.log_in("client_secret_basic", CLIENT_SECRET=self.register("client_secret_basic"))

    def test_client_secret_post(self):
        self.log_in("client_secret_post", CLIENT_SECRET=self.register("client_secret_post"))

    def test_client_secret_jwt(self):
        self.log_in("client_secret_jwt", CLIENT_SECRET=self.register("client_secret_jwt"))

    def test_a_public_client(self):
        self.register("none")
        self.log_in("none")

    def key_pair(self):
        """A private JWK without what says what it is for, and the file of its public half."""
        private = self.bench.folder / f"{self.id()}-key.json"
        self.bench.run([self.provider.tool, "keys", "generate", "--output", private, "--type", "EC", "--crv", "P-256"])
        key = json.loads(private.read_text())["keys"][0]
        wanted = {name: key[name] for name in ("kty", "crv", "x", "y", "d", "kid")}
        half = {name: value for name, value in wanted.items() if name != "d"}
        return json.dumps(wanted), self.bench.write(f"{self.id()}-public.json", json.dumps({"keys": [half]}))

    def metadata(self, **members):
        return "--metadata", self.bench.write(f"{self.id()}.json", json.dumps(members))

    def test_private_key_jwt(self):
        key, public = self.key_pair()
        self.register("private_key_jwt", "--jwks", public)
        self.log_in("private_key_jwt", CLIENT_KEY=key)

    def test_pushed_requests(self):
        secret = self.register("client_secret_basic", *self.metadata(require_pushed_authorization_requests=True))
        learnt = self.log_in("client_secret_basic", CLIENT_SECRET=secret, REQUEST="par")
        self.assertEqual(sorted(learnt["request"]), ["client_id", "request_uri"])

    def test_signed_requests_by_value_and_pushed(self):
        key, public = self.key_pair()
        self.register("private_key_jwt", "--jwks", public,
                      *self.metadata(require_signed_request_object=True, request_object_signing_alg="ES256"))
        self.assertIn("request", self.log_in("private_key_jwt", CLIENT_KEY=key, REQUEST="jar")["request"])
        self.assertIn("request_uri", self.log_in("private_key_jwt", CLIENT_KEY=key, REQUEST="both")["request"])

    def test_a_device_is_allowed(self):
        for method, public in (("none", True), ("client_secret_basic", False)):
            document = self.provider.oidcop("--json", "client", "register", "--replace", "--id", self.id(), "--name", "Device",
                                            "--method", method, "--grant-type", "refresh_token",
                                            "--grant-type", "urn:ietf:params:oauth:grant-type:device_code")
            secret = {} if public else {"CLIENT_SECRET": json.loads(document)["client_secret"]}
            learnt = self.run_script("openid_client_device.mjs", ANSWER="allow", **secret)
            self.assertEqual(learnt["userinfo"]["email"], "alice@example.org")
            self.assertEqual(learnt["id_token"]["aud"], self.id())
            self.assertTrue(learnt["refreshed"])

    def test_a_device_is_refused(self):
        self.provider.oidcop("client", "register", "--id", self.id(), "--name", "Device", "--public",
                             "--grant-type", "urn:ietf:params:oauth:grant-type:device_code")
        self.assertEqual(self.run_script("openid_client_device.mjs", ANSWER="deny")["error"], "access_denied")

    def test_a_hybrid_flow(self):
        self.register("none", "--grant-type", "implicit", "--response-type", "code id_token")
        learnt = self.log_in("none", REQUEST="hybrid")
        self.assertNotIn("c_hash", learnt["id_token"], "it is the token endpoint's")

    def test_an_encrypted_id_token(self):
        key, public = self.key_pair()
        self.register("private_key_jwt", "--jwks", public,
                      *self.metadata(id_token_encrypted_response_alg="ECDH-ES", id_token_encrypted_response_enc="A256GCM"))
        self.log_in("private_key_jwt", CLIENT_KEY=key, ENCRYPTED="1")


if __name__ == "__main__":
    unittest.main()
