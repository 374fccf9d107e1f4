"""Signatures both ways between `oidcop jws` and other people's libraries: jwcrypto (Debian) and jose (npm), the latter also
in its version 4, which uses the cryptography of Node instead of Web Crypto and so knows more curves.

Every algorithm, with a key of every kind that signs, in every serialisation. What a library lacks is listed here, and the
test fails when it no longer lacks it. Needs OIDCOP_PROGRAM, and node_modules beside this file (npm ci).
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from cryptography.hazmat.primitives import serialization
from jwcrypto import jwk, jws
from jwcrypto.common import JWException, base64url_decode, base64url_encode

HERE = pathlib.Path(__file__).resolve().parent
PAYLOAD = '{"sub":"diana","note":"naïve"}'
FORMS = ("compact", "flattened", "general", "unencoded")

KEYS = {
    "RSA": {"kty": "RSA", "size": 2048},
    "P-256": {"kty": "EC", "crv": "P-256"},
    "P-384": {"kty": "EC", "crv": "P-384"},
    "P-521": {"kty": "EC", "crv": "P-521"},
    "secp256k1": {"kty": "EC", "crv": "secp256k1"},
    "Ed25519": {"kty": "OKP", "crv": "Ed25519"},
    "Ed448": {"kty": "OKP", "crv": "Ed448"},
    "oct": {"kty": "oct", "size": 512},
}
ALGORITHMS = (
    [(name, "RSA") for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")] +
    [("ES256", "P-256"), ("ES384", "P-384"), ("ES512", "P-521"), ("ES256K", "secp256k1")] +
    [("EdDSA", "Ed25519"), ("EdDSA", "Ed448"), ("Ed25519", "Ed25519"), ("Ed448", "Ed448")] +
    [(name, "oct") for name in ("HS256", "HS384", "HS512")])

LACKING = {
    "jwcrypto": {("Ed25519", "Ed25519"), ("Ed448", "Ed448")},                            # 1.1: RFC 9864 is younger
    "jose": {("ES256K", "secp256k1"), ("EdDSA", "Ed448"), ("Ed448", "Ed448")},           # 6: no such curves
    "jose4": {("Ed25519", "Ed25519"), ("Ed448", "Ed448")},                               # 4: RFC 9864 is younger
}
JOSE = ("jose", "jose4")


def jwcrypto_sign(alg, key, form):
    token = jws.JWS(PAYLOAD if form == "unencoded" else PAYLOAD.encode())
    header = {"alg": alg, "kid": key["kid"]}
    if form == "unencoded":
        header |= {"b64": False, "crit": ["b64"]}
    token.allowed_algs = [alg]
    token.add_signature(key, None, protected=json.dumps(header))
    if form == "compact":
        return token.serialize(compact=True)
    flattened = json.loads(token.serialize())
    if form == "unencoded":
        del flattened["payload"]
    if form == "general":
        payload = flattened.pop("payload")
        return json.dumps({"payload": payload, "signatures": [flattened]})
    return json.dumps(flattened)


def jwcrypto_verify(alg, key, form, text):
    token = jws.JWS()
    token.allowed_algs = [alg]
    if form == "unencoded":
        text = json.dumps({**json.loads(text), "payload": PAYLOAD})
    token.deserialize(text, key)
    payload = token.payload
    return payload if isinstance(payload, str) else payload.decode()


def ask_jose(package, orders):
    node = HERE / "node_modules" / ".bin" / "node"
    done = subprocess.run([node, HERE / "jose_jws.mjs", package], input=json.dumps(orders), capture_output=True, text=True,
                          timeout=120, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def jose_order(what, alg, key, form, text=None):
    member = json.loads(key.export(private_key=what == "sign") if key["kty"] != "oct" else key.export())
    return {"do": what, "form": form, "alg": alg, "key": member, "payload": PAYLOAD, "jws": text}


class JwsLibraries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-jws-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.keys = {}
        for name, parameters in KEYS.items():
            key = jwk.JWK.generate(kid=name, **parameters)
            cls.keys[name] = key
            cls.write(f"{name}.jwk", key.export())
            if name != "oct":
                cls.write(f"{name}.public.jwk", key.export_public())
                cls.write(f"{name}.pem", key.export_to_pem(private_key=True, password=b"swordfish").decode())
                cls.write(f"{name}.public.pem", key.export_to_pem().decode())
        cls.write("oct.public.jwk", cls.keys["oct"].export())
        cls.write("passphrase", "swordfish\n")
        cls.write("payload", PAYLOAD)

    @classmethod
    def write(cls, name, text):
        path = cls.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    def oidcop(self, *arguments, text):
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "jws", *arguments], input=text.encode(), cwd=self.folder,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr.decode()}")
        return done.stdout.decode()

    def sign(self, alg, key_file, form):
        options = {"unencoded": ("--form", "flattened", "--unencoded", "--detached")}.get(form, ("--form", form))
        return self.oidcop("sign", "--key", key_file, "--alg", alg, *options, text=PAYLOAD).rstrip("\n")

    def verify(self, alg, key_file, form, text):
        detached = ("--payload", "payload") if form == "unencoded" else ()
        return self.oidcop("verify", "--key", key_file, "--alg", alg, *detached, text=text)

    def cases(self, library):
        for alg, kind in ALGORITHMS:
            if (alg, kind) in LACKING[library]:
                continue
            for form in FORMS:
                yield alg, kind, form

    # --- jwcrypto ---

    def test_jwcrypto_verifies_what_we_sign(self):
        for alg, kind, form in self.cases("jwcrypto"):
            with self.subTest(alg=alg, kind=kind, form=form):
                text = self.sign(alg, f"{kind}.jwk", form)
                self.assertEqual(jwcrypto_verify(alg, self.keys[kind], form, text), PAYLOAD)

    def test_we_verify_what_jwcrypto_signs(self):
        for alg, kind, form in self.cases("jwcrypto"):
            with self.subTest(alg=alg, kind=kind, form=form):
                text = jwcrypto_sign(alg, self.keys[kind], form)
                self.assertEqual(self.verify(alg, f"{kind}.public.jwk", form, text), PAYLOAD)

    def test_jwcrypto_lacks_what_is_listed(self):
        for alg, kind in LACKING["jwcrypto"]:
            with self.subTest(alg=alg), self.assertRaises(JWException):
                jwcrypto_sign(alg, self.keys[kind], "compact")

    def test_pem_files_of_jwcrypto_serve_as_keys(self):
        for alg, kind in (("RS256", "RSA"), ("ES384", "P-384"), ("ES256K", "secp256k1"), ("EdDSA", "Ed25519"),
                          ("EdDSA", "Ed448")):
            with self.subTest(kind=kind):
                text = self.oidcop("sign", "--key", f"{kind}.pem", "--passphrase-file", "passphrase", "--alg", alg,
                                   text=PAYLOAD).rstrip("\n")
                self.assertEqual(jwcrypto_verify(alg, self.keys[kind], "compact", text), PAYLOAD)
                self.assertEqual(self.verify(alg, f"{kind}.public.pem", "compact", text), PAYLOAD)

    # --- jose ---

    def test_jose_verifies_what_we_sign(self):
        for package in JOSE:
            cases = list(self.cases(package))
            orders = [jose_order("verify", alg, self.keys[kind], form, self.sign(alg, f"{kind}.jwk", form))
                      for alg, kind, form in cases]
            for case, answer in zip(cases, ask_jose(package, orders), strict=True):
                with self.subTest(package=package, case=case):
                    self.assertEqual(answer, {"result": PAYLOAD})

    def test_we_verify_what_jose_signs(self):
        for package in JOSE:
            cases = list(self.cases(package))
            answers = ask_jose(package, [jose_order("sign", alg, self.keys[kind], form) for alg, kind, form in cases])
            for (alg, kind, form), answer in zip(cases, answers, strict=True):
                with self.subTest(package=package, alg=alg, kind=kind, form=form):
                    self.assertIn("result", answer)
                    self.assertEqual(self.verify(alg, f"{kind}.public.jwk", form, answer["result"]), PAYLOAD)

    def test_jose_lacks_what_is_listed(self):
        for package in JOSE:
            lacking = sorted(LACKING[package])
            answers = ask_jose(package, [jose_order("sign", alg, self.keys[kind], "compact") for alg, kind in lacking])
            for case, answer in zip(lacking, answers, strict=True):
                with self.subTest(package=package, case=case):
                    self.assertIn(answer.get("error"), ("ERR_JOSE_NOT_SUPPORTED", "DataError"))  # DataError: of WebCrypto

    # --- no library of JOSE, but one that signs ---

    def test_only_the_name_ed448_is_known_to_no_library(self):
        unknown = [case for case in ALGORITHMS if all(case in lacking for lacking in LACKING.values())]
        self.assertEqual(unknown, [("Ed448", "Ed448")])

    def test_the_curve_names_of_rfc_9864_stand_for_signatures_that_cryptography_makes_and_takes(self):
        for alg in ("Ed448", "Ed25519"):
            with self.subTest(alg=alg):
                key = serialization.load_pem_private_key(self.keys[alg].export_to_pem(private_key=True, password=None), None)
                protected, payload, signature = self.sign(alg, f"{alg}.jwk", "compact").split(".")
                self.assertEqual(json.loads(base64url_decode(protected))["alg"], alg)
                key.public_key().verify(base64url_decode(signature), f"{protected}.{payload}".encode())

                protected = base64url_encode(json.dumps({"alg": alg, "kid": alg}))
                payload = base64url_encode(PAYLOAD)
                signature = base64url_encode(key.sign(f"{protected}.{payload}".encode()))
                self.assertEqual(self.verify(alg, f"{alg}.public.jwk", "compact", f"{protected}.{payload}.{signature}"),
                                 PAYLOAD)


if __name__ == "__main__":
    unittest.main()
