"""JWE both ways between `oidcop jwe` and other people's libraries: jwcrypto (Debian) and jose (npm), for each algorithm
with each content encryption and, for key agreement, on each curve. What one of them lacks is also tried with version 4 of
jose, which uses the cryptography of Node instead of Web Crypto and lacks nothing of it.

Needs OIDCOP_PROGRAM, Debian's Python with its jwcrypto, and node_modules beside this file (npm ci).
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from jwcrypto import jwa, jwe, jwk

HERE = pathlib.Path(__file__).resolve().parent
PLAINTEXT = "{\"sub\":\"diana\"} \u2013 \U0001f511"
CONTENT = {"A128CBC-HS256": 256, "A192CBC-HS384": 384, "A256CBC-HS512": 512, "A128GCM": 128, "A192GCM": 192, "A256GCM": 256}
RSA = ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"]
AGREEMENT = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]
CURVES = ["P-256", "P-384", "P-521", "X25519", "X448"]
WRAP = [f"A{size}{kind}" for size in (128, 192, 256) for kind in ("KW", "GCMKW")]
PASSWORD = ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"]
FORMS = ["compact", "flattened", "general"]

# What a library does not know at all. Each is proven to be lacking below.
JWCRYPTO_LACKS = {"RSA-OAEP-384", "RSA-OAEP-512"}
JOSE_LACKS_CURVES = {"X448"}


def kind_of_key(alg, enc, curve):
    if alg in RSA:
        return "RSA"
    if alg in AGREEMENT:
        return curve
    if alg in PASSWORD:
        return "oct 160"
    return f"oct {CONTENT[enc] if alg == 'dir' else alg[1:4]}"


def cases():
    """name, alg, enc, form, kind of key: compact for each pair, the JSON forms for each algorithm."""
    for alg in RSA + AGREEMENT + WRAP + PASSWORD + ["dir"]:
        for curve in CURVES if alg in AGREEMENT else [None]:
            for enc in CONTENT:
                for form in FORMS if enc in ("A128CBC-HS256", "A256GCM") else ["compact"]:
                    yield f"{alg} {enc} {curve} {form}", alg, enc, form, kind_of_key(alg, enc, curve)


class JweLibraries(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-jwe-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.keys = {"RSA": jwk.JWK.generate(kty="RSA", size=2048)}
        for curve in CURVES:
            cls.keys[curve] = jwk.JWK.generate(kty="OKP" if curve.startswith("X") else "EC", crv=curve)
        for size in (128, 160, 192, 256, 384, 512):
            cls.keys[f"oct {size}"] = jwk.JWK.generate(kty="oct", size=size)
        for kind in cls.keys:
            for half in ("private", "public"):
                path = cls.key_file(kind, half)
                path.write_text(cls.export(kind, half), encoding="utf-8")
                path.chmod(0o600)

    @classmethod
    def export(cls, kind, half):
        key = cls.keys[kind]
        return key.export() if half == "private" or kind.startswith("oct") else key.export_public()

    @classmethod
    def key_file(cls, kind, half):
        return cls.folder / f"{kind}.{half}.json".replace(" ", "-")

    # --- the three who encrypt and decrypt ---

    def oidcop(self, command, alg, enc, kind, text, *more):
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "jwe", command, "--key",
                               self.key_file(kind, "private" if command == "decrypt" else "public"), "--alg", alg, "--enc", enc,
                               *more], input=text.encode(), capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def ours(self, alg, enc, form, kind):
        return self.oidcop("encrypt", alg, enc, kind, PLAINTEXT, "--form", form, "--iterations", "2000").strip()

    def we_read(self, alg, enc, kind, message):
        return self.oidcop("decrypt", alg, enc, kind, message)

    def jwcrypto_encrypts(self, alg, enc, form, kind):
        protected = json.dumps({"alg": alg, "enc": enc})
        token = jwe.JWE(PLAINTEXT.encode(), protected, algs=[alg, enc])
        token.add_recipient(jwk.JWK.from_json(self.export(kind, "public")))
        message = token.serialize(compact=form == "compact")
        if form != "general":
            return message
        flat = json.loads(message)  # jwcrypto writes the general form for several recipients only
        recipient = {name: flat.pop(name) for name in ("header", "encrypted_key") if name in flat}
        return json.dumps({**flat, "recipients": [recipient]})

    def jwcrypto_decrypts(self, alg, enc, kind, message):
        token = jwe.JWE(algs=[alg, enc])
        token.deserialize(message, self.keys[kind])
        return token.payload.decode()

    @staticmethod
    def jose(tasks, package="jose"):
        done = subprocess.run([HERE / "node_modules" / ".bin" / "node", HERE / "jose_jwe.mjs", package], input=json.dumps(tasks),
                              capture_output=True, text=True, timeout=240, check=False, env={"PATH": "/usr/bin:/bin"})
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return json.loads(done.stdout)

    # --- jwcrypto ---

    def test_jwcrypto_decrypts_what_we_encrypt(self):
        count = 0
        for name, alg, enc, form, kind in cases():
            if alg in JWCRYPTO_LACKS:
                continue
            with self.subTest(name):
                self.assertEqual(self.jwcrypto_decrypts(alg, enc, kind, self.ours(alg, enc, form, kind)), PLAINTEXT)
            count += 1
        self.assertEqual(count, 320)

    def test_we_decrypt_what_jwcrypto_encrypts(self):
        count = 0
        for name, alg, enc, form, kind in cases():
            if alg in JWCRYPTO_LACKS:
                continue
            with self.subTest(name):
                self.assertEqual(self.we_read(alg, enc, kind, self.jwcrypto_encrypts(alg, enc, form, kind)), PLAINTEXT)
            count += 1
        self.assertEqual(count, 320)

    def test_what_jwcrypto_lacks_it_still_lacks(self):
        for alg in JWCRYPTO_LACKS:
            with self.assertRaises(jwa.InvalidJWAAlgorithm):
                jwa.JWA.keymgmt_alg(alg)

    # --- jose ---

    def jose_cases(self):
        return [case for case in cases() if case[4] not in JOSE_LACKS_CURVES]

    def test_jose_decrypts_what_we_encrypt(self):
        tasks = []
        for name, alg, enc, form, kind in self.jose_cases():
            message = self.ours(alg, enc, form, kind)
            tasks.append({"name": name, "alg": alg, "enc": enc, "form": form, "key": json.loads(self.export(kind, "private")),
                          "message": message if form == "compact" else json.loads(message)})
        self.assertEqual(len(tasks), 300)
        self.assertEqual(self.jose(tasks), {task["name"]: {"answer": PLAINTEXT} for task in tasks})

    def test_we_decrypt_what_jose_encrypts(self):
        tasks = [{"name": name, "alg": alg, "enc": enc, "form": form, "key": json.loads(self.export(kind, "public")),
                  "plaintext": PLAINTEXT} for name, alg, enc, form, kind in self.jose_cases()]
        self.assertEqual(len(tasks), 300)
        answers = self.jose(tasks)
        for name, alg, enc, form, kind in self.jose_cases():
            with self.subTest(name):
                self.assertIn("answer", answers[name], answers[name])
                message = answers[name]["answer"]
                self.assertEqual(self.we_read(alg, enc, kind, message if form == "compact" else json.dumps(message)), PLAINTEXT)

    def test_what_jose_lacks_it_still_lacks(self):
        for curve in JOSE_LACKS_CURVES:
            task = {"name": "x", "alg": "ECDH-ES", "enc": "A128GCM", "form": "compact", "plaintext": "x",
                    "key": json.loads(self.export(curve, "public"))}
            self.assertIn("error", self.jose([task])["x"])

    def test_what_one_of_them_lacks_goes_both_ways_with_another(self):
        lacking = [case for case in cases() if case[1] in JWCRYPTO_LACKS or case[4] in JOSE_LACKS_CURVES]
        self.assertEqual(len(lacking), 60)
        read = []
        for name, alg, enc, form, kind in lacking:
            message = self.ours(alg, enc, form, kind)
            read.append({"name": name, "alg": alg, "enc": enc, "form": form, "key": json.loads(self.export(kind, "private")),
                         "message": message if form == "compact" else json.loads(message)})
        self.assertEqual(self.jose(read, "jose4"), {task["name"]: {"answer": PLAINTEXT} for task in read})
        written = self.jose([{"name": name, "alg": alg, "enc": enc, "form": form, "plaintext": PLAINTEXT,
                              "key": json.loads(self.export(kind, "public"))} for name, alg, enc, form, kind in lacking], "jose4")
        for name, alg, enc, form, kind in lacking:
            with self.subTest(name):
                self.assertIn("answer", written[name], written[name])
                message = written[name]["answer"]
                self.assertEqual(self.we_read(alg, enc, kind, message if form == "compact" else json.dumps(message)), PLAINTEXT)

    def test_neither_side_takes_what_was_altered(self):
        message = self.ours("A128KW", "A128CBC-HS256", "compact", "oct 128")
        parts = message.split(".")
        parts[4] = ("B" if parts[4][0] == "A" else "A") + parts[4][1:]
        altered = ".".join(parts)
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "jwe", "decrypt", "--key", self.key_file("oct 128", "private"),
                               "--alg", "A128KW"], input=altered.encode(), capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, b"", b"oidcop: the JWE does not decrypt\n"))
        with self.assertRaises(jwe.InvalidJWEData):
            self.jwcrypto_decrypts("A128KW", "A128CBC-HS256", "oct 128", altered)
        task = {"name": "x", "alg": "A128KW", "enc": "A128CBC-HS256", "form": "compact", "message": altered,
                "key": json.loads(self.export("oct 128", "private"))}
        self.assertIn("error", self.jose([task])["x"])


if __name__ == "__main__":
    unittest.main()
