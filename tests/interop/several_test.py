"""Messages for or of several, and what goes with them, both ways between `oidcop` and jwcrypto (Debian) and jose (npm):
several recipients and signers, data that is authenticated but not encrypted, who agrees with whom (apu and apv), and
nested JWTs.

Needs OIDCOP_PROGRAM, Debian's Python with its jwcrypto, and node_modules beside this file (npm ci).
"""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from jwcrypto import jwe, jwk, jws, jwt

HERE = pathlib.Path(__file__).resolve().parent
TEXT = '{"sub":"diana","note":"naïve"}'
KINDS = {"rsa": {"kty": "RSA", "size": 2048}, "ec": {"kty": "EC", "crv": "P-256"}, "okp": {"kty": "OKP", "crv": "X25519"},
         "oct": {"kty": "oct", "size": 128}, "ed": {"kty": "OKP", "crv": "Ed25519"}}
RECIPIENTS = {"rsa": "RSA-OAEP-256", "ec": "ECDH-ES+A128KW", "okp": "ECDH-ES+A256KW", "oct": "A128KW"}
SIGNERS = {"ec": "ES256", "ed": "EdDSA", "rsa": "PS256"}


def ask_jose(task, **named):
    node = HERE / "node_modules" / ".bin" / "node"
    done = subprocess.run([node, HERE / "jose_several.mjs"], input=json.dumps({"task": task, **named}), capture_output=True,
                          text=True, timeout=60, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Several(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-several-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.keys = {}
        for name, parameters in KINDS.items():
            cls.keys[name] = jwk.JWK.generate(kid=name, **parameters)
            cls.write(f"{name}.jwk", cls.keys[name].export())

    @classmethod
    def write(cls, name, text):
        path = cls.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    @classmethod
    def private(cls, name):
        return json.loads(cls.keys[name].export())

    @classmethod
    def public(cls, name):
        return cls.private(name) if name == "oct" else json.loads(cls.keys[name].export_public())

    def oidcop(self, *arguments, text):
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], *arguments], input=text.encode(), cwd=self.folder,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr.decode()}")
        return done.stdout.decode()

    def we_decrypt(self, message, name, alg, *more):
        return self.oidcop("jwe", "decrypt", "--key", f"{name}.jwk", "--alg", alg, *more, text=message)

    # --- several recipients ---

    def test_each_recipient_of_others_is_one_of_ours(self):
        protected = json.dumps({"enc": "A128CBC-HS256"})
        token = jwe.JWE(TEXT.encode(), protected, algs=[*RECIPIENTS.values(), "A128CBC-HS256"], aad=b"in the clear")
        for name, alg in RECIPIENTS.items():
            token.add_recipient(jwk.JWK(**self.public(name)), json.dumps({"alg": alg, "kid": name}))
        theirs = {"jwcrypto": token.serialize(),
                  "jose": json.dumps(ask_jose("encrypt", text=TEXT, aad="in the clear", recipients=[
                      {"alg": alg, "key": self.public(name)} for name, alg in RECIPIENTS.items()]))}
        for library, message in theirs.items():
            self.assertEqual(len(json.loads(message)["recipients"]), len(RECIPIENTS))
            for name, alg in RECIPIENTS.items():
                with self.subTest(library=library, name=name):
                    self.assertEqual(self.we_decrypt(message, name, alg), TEXT)
                    told = json.loads(self.we_decrypt(message, name, alg, "--json"))
                    self.assertEqual((told["aad"], told["header"]["kid"]), ("aW4gdGhlIGNsZWFy", name))

    def test_each_recipient_of_ours_is_one_of_others(self):
        for kind, alg in RECIPIENTS.items():
            both = [jwk.JWK.generate(kid=kid, **KINDS[kind]) for kid in ("first", "second")]
            half = "export" if kind == "oct" else "export_public"
            self.write("both.jwks", json.dumps({"keys": [json.loads(getattr(key, half)()) for key in both]}))
            message = self.oidcop("jwe", "encrypt", "--form", "general", "--key", "both.jwks", "--alg", alg, text=TEXT)
            self.assertEqual(len(json.loads(message)["recipients"]), 2)
            for key in both:
                with self.subTest(alg=alg, kid=key["kid"]):
                    token = jwe.JWE(algs=[alg, "A256GCM"])
                    token.deserialize(message, key)
                    self.assertEqual(token.payload.decode(), TEXT)
                    private = json.loads(key.export())
                    self.assertEqual(ask_jose("decrypt", message=json.loads(message), key=private, alg=alg), TEXT)

    # --- who agrees with whom ---

    def test_party_information_of_others_goes_into_the_key(self):
        for name in ("ec", "okp"):
            for alg in ("ECDH-ES", "ECDH-ES+A192KW"):
                header = {"alg": alg, "enc": "A128GCM", "apu": "QWxpY2U", "apv": "Qm9i"}
                token = jwe.JWE(TEXT.encode(), json.dumps(header), algs=[alg, "A128GCM"])
                token.add_recipient(jwk.JWK(**self.public(name)))
                theirs = {"jwcrypto": token.serialize(compact=True),
                          "jose": ask_jose("agree", text=TEXT, key=self.public(name), alg=alg, apu="Alice", apv="Bob")}
                for library, message in theirs.items():
                    with self.subTest(library=library, name=name, alg=alg):
                        self.assertEqual(self.we_decrypt(message, name, alg), TEXT)
                        told = json.loads(self.we_decrypt(message, name, alg, "--json"))
                        self.assertEqual((told["header"]["apu"], told["header"]["apv"]), ("QWxpY2U", "Qm9i"))

    def test_party_information_of_ours_goes_into_the_key(self):
        self.write("aad", "in the clear")
        for name in ("ec", "okp"):
            for alg in ("ECDH-ES", "ECDH-ES+A192KW"):
                with self.subTest(name=name, alg=alg):
                    message = self.oidcop("jwe", "encrypt", "--key", f"{name}.jwk", "--alg", alg, "--apu", "Alice", "--apv", "Bob",
                                          "--form", "general", "--aad", "aad", text=TEXT)
                    flat = json.loads(message)
                    flat |= flat.pop("recipients")[0]
                    token = jwe.JWE(algs=[alg, "A256GCM"])
                    token.deserialize(json.dumps(flat), self.keys[name])
                    self.assertEqual(token.payload.decode(), TEXT)
                    self.assertEqual(token.jose_header["apu"], "QWxpY2U")
                    self.assertEqual(ask_jose("decrypt", message=json.loads(message), key=self.private(name), alg=alg), TEXT)

    # --- several signers ---

    def test_each_signature_of_others_is_verified(self):
        token = jws.JWS(TEXT.encode())
        token.allowed_algs = list(SIGNERS.values())
        for name, alg in SIGNERS.items():
            token.add_signature(self.keys[name], alg, json.dumps({"alg": alg, "kid": name}))
        theirs = {"jwcrypto": token.serialize(), "jose": json.dumps(ask_jose("sign", text=TEXT, signers=[
            {"alg": alg, "key": self.private(name)} for name, alg in SIGNERS.items()]))}
        self.write("all.jwks", json.dumps({"keys": [self.public(name) for name in SIGNERS]}))
        for library, message in theirs.items():
            with self.subTest(library=library):
                told = json.loads(self.oidcop("--json", "jws", "verify", "--key", "all.jwks", "--alg",
                                              ",".join(SIGNERS.values()), text=message))
                self.assertEqual([signature["kid"] for signature in told["signatures"]], list(SIGNERS))
                for name, alg in SIGNERS.items():
                    one = self.oidcop("jws", "verify", "--any", "--key", f"{name}.jwk", "--alg", alg, text=message)
                    self.assertEqual(one, TEXT)

    def test_each_signature_of_ours_is_verified(self):
        ours = [json.loads(self.oidcop("jws", "sign", "--form", "general", "--key", f"{name}.jwk", "--alg", alg, text=TEXT))
                for name, alg in SIGNERS.items()]
        message = {"payload": ours[0]["payload"], "signatures": [one["signatures"][0] for one in ours]}
        for name, alg in SIGNERS.items():
            with self.subTest(name=name):
                token = jws.JWS()
                token.allowed_algs = list(SIGNERS.values())
                token.deserialize(json.dumps(message), self.keys[name])
                self.assertEqual(token.payload.decode(), TEXT)
                self.assertEqual(ask_jose("verify", message=message, key=self.public(name), alg=alg), TEXT)

    # --- nested ---

    def test_nested_jwts_of_others_are_accepted(self):
        claims = {"sub": "diana", "exp": int(time.time()) + 300}
        signed = jwt.JWT(header={"alg": "ES256", "kid": "ec"}, claims=claims)
        signed.make_signed_token(self.keys["ec"])
        outer = jwt.JWT(header={"alg": "RSA-OAEP-256", "enc": "A128CBC-HS256", "cty": "JWT"}, claims=signed.serialize())
        outer.make_encrypted_token(jwk.JWK(**self.public("rsa")))
        theirs = {"jwcrypto": outer.serialize(),
                  "jose": ask_jose("nest", claims=claims, signer={"alg": "ES256", "key": self.private("ec")},
                                   recipient={"alg": "RSA-OAEP-256", "key": self.public("rsa")})}
        for library, message in theirs.items():
            with self.subTest(library=library):
                told = self.oidcop("jwt", "verify", "--key", "ec.jwk", "--alg", "ES256", "--decryption-key", "rsa.jwk",
                                   "--decryption-alg", "RSA-OAEP-256", text=message)
                self.assertEqual(json.loads(told), claims)

    def test_nested_jwts_of_ours_are_accepted(self):
        claims = {"sub": "diana", "exp": int(time.time()) + 300}
        signed = self.oidcop("jws", "sign", "--key", "ec.jwk", "--alg", "ES256", text=json.dumps(claims)).rstrip("\n")
        message = self.oidcop("jwe", "encrypt", "--key", "rsa.jwk", "--alg", "RSA-OAEP-256", "--content-type", "JWT",
                              text=signed).rstrip("\n")
        outer = jwt.JWT(key=self.keys["rsa"], jwt=message, algs=["RSA-OAEP-256", "A256GCM"])
        inner = jwt.JWT(key=self.keys["ec"], jwt=outer.claims, algs=["ES256"])
        self.assertEqual(json.loads(inner.claims), claims)
        self.assertEqual(ask_jose("unnest", message=message, recipient={"alg": "RSA-OAEP-256", "key": self.private("rsa")},
                                  signer={"alg": "ES256", "key": self.public("ec")}), claims)


if __name__ == "__main__":
    unittest.main()
