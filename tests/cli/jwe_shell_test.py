"""`oidcop jwe` from the shell: any key, any message, one line that says which check refused, and the same line for
everything that does not decrypt.

Needs OIDCOP_PROGRAM, and OIDCOP_JOSE_DATA (tests/data/jose).
"""

import base64
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PLAINTEXT = b'{"sub":"diana"}'
DOES_NOT_DECRYPT = "oidcop: the JWE does not decrypt\n"


def encoded(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class JweShell(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-jwe-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.run_tool("keys", "generate", "--output", "rsa.jwks", "--type", "RSA")
        self.write("oct.jwk", json.dumps({"kty": "oct", "k": encoded(b"k" * 32)}))
        self.data = json.loads((pathlib.Path(os.environ["OIDCOP_JOSE_DATA"]) / "rfc_jwe.json").read_text())

    def write(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def run_tool(self, *arguments, input=b"", code=0):
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], *arguments], cwd=self.folder, capture_output=True, timeout=60,
                              input=input if isinstance(input, bytes) else input.encode(), check=False)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        if code == 0:
            self.assertEqual(done.stderr, b"")
            return done.stdout
        self.assertEqual(done.stdout, b"", "a failure says nothing on standard output")
        if code == 1:
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        return done.stderr.decode()

    def encrypt(self, *arguments, key="oct.jwk", alg="dir", plaintext=PLAINTEXT, **named):
        made = self.run_tool("jwe", "encrypt", "--key", key, "--alg", alg, *arguments, input=plaintext, **named)
        return made.decode() if isinstance(made, bytes) else made

    def decrypt(self, message, *arguments, key="oct.jwk", alg="dir", **named):
        return self.run_tool("jwe", "decrypt", "--key", key, "--alg", alg, *arguments, input=message, **named)

    def test_the_plaintext_comes_back_octet_by_octet(self):
        for plaintext in (PLAINTEXT, b"", b"no newline", b"a\nb\n\n", bytes(range(256))):
            for form in ("compact", "flattened", "general"):
                self.assertEqual(self.decrypt(self.encrypt("--form", form, plaintext=plaintext)), plaintext)

    def test_keys_on_montgomery_curves_are_made_for_encryption(self):
        for curve in ("X25519", "X448"):
            with self.subTest(curve):
                self.run_tool("keys", "generate", "--output", f"{curve}.jwks", "--type", "OKP", "--crv", curve)
                key = json.loads((self.folder / f"{curve}.jwks").read_text())["keys"][0]
                self.assertEqual((key["crv"], key["use"]), (curve, "enc"))
                public = json.loads(self.run_tool("keys", "public", "--key", f"{curve}.jwks"))
                self.assertNotIn("d", public["keys"][0])
                self.write("public.jwks", json.dumps(public))
                message = self.encrypt(key="public.jwks", alg="ECDH-ES+A256KW")
                self.assertEqual(self.decrypt(message, key=f"{curve}.jwks", alg="ECDH-ES+A256KW"), PLAINTEXT)

    def test_messages_of_the_rfcs_decrypt_and_those_that_must_not_do_not(self):
        for case in self.data["cases"]:
            self.write("key", json.dumps(case["keys"][0]))
            for form, message in case["messages"].items():
                with self.subTest(f"{case['name']}, {form}"):
                    text = message if form == "compact" else json.dumps(message)
                    if "refused" in case or "unanswered" in case:
                        alg = "A128KW,A256GCMKW,ECDH-ES+A256KW" if case["alg"] == "RSA1_5" else case["alg"]
                        self.assertIn(case.get("refused", "no key"), self.decrypt(text, key="key", alg=alg, code=1))
                    else:
                        self.assertEqual(self.decrypt(text, "--enc", case["enc"], key="key", alg=case["alg"]),
                                         decoded(case["plaintext"]))

    def test_json_tells_what_was_protected(self):
        message = self.encrypt("--type", "JOSE", "--content-type", "text/plain", "--form", "flattened")
        told = json.loads(self.run_tool("--json", "jwe", "decrypt", "--key", "oct.jwk", "--alg", "dir", input=message))
        self.assertEqual(decoded(told["plaintext"]), PLAINTEXT)
        self.assertEqual(told["protected"], {"alg": "dir", "enc": "A256GCM", "typ": "JOSE", "cty": "text/plain"})

    def test_keys_are_jwk_sets_pem_and_passwords(self):
        self.write("rsa.public", self.run_tool("keys", "public", "--key", "rsa.jwks"))
        self.run_tool("jwe", "encrypt", "--key", "rsa.public", "--alg", "RSA-OAEP", input=b"x", code=1)  # it is for signing
        subprocess.run(["openssl", "genpkey", "-algorithm", "X25519", "-out", "plain.pem"], cwd=self.folder, check=True,
                       capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", "plain.pem", "-pubout", "-out", "public.pem"], cwd=self.folder, check=True)
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", "plain.pem", "-passout", "pass:open sesame", "-out", "locked.pem"],
                       cwd=self.folder, check=True)
        self.write("passphrase", "open sesame\n")
        (self.folder / "passphrase").chmod(0o600)
        message = self.encrypt(key="public.pem", alg="ECDH-ES")
        self.assertEqual(self.decrypt(message, key="plain.pem", alg="ECDH-ES"), PLAINTEXT)
        self.assertEqual(self.decrypt(message, "--passphrase-file", "passphrase", key="locked.pem", alg="ECDH-ES"), PLAINTEXT)
        self.assertIn("passphrase", self.decrypt(message, key="locked.pem", alg="ECDH-ES", code=1))
        self.assertIn("no key", self.decrypt(message, key="public.pem", alg="ECDH-ES", code=1))
        self.write("password", "Thus from my lips, by yours, my sin is purged.\n")
        case = next(case for case in self.data["cases"] if case["name"] == "RFC 7517 C")
        self.assertEqual(self.decrypt(case["messages"]["compact"], "--password", key="password", alg="PBES2-HS256+A128KW"),
                         decoded(case["plaintext"]))

    def test_everything_that_does_not_decrypt_gives_the_same_line(self):
        self.write("kw.jwk", json.dumps({"kty": "oct", "k": encoded(b"w" * 16)}))
        self.write("other.jwk", json.dumps({"kty": "oct", "k": encoded(b"x" * 16)}))
        message = self.encrypt("--enc", "A128CBC-HS256", key="kw.jwk", alg="A128KW").strip()
        self.assertEqual(self.decrypt(message, key="other.jwk", alg="A128KW", code=1), DOES_NOT_DECRYPT)
        parts = message.split(".")
        for place in (1, 2, 3, 4):
            octets = bytearray(decoded(parts[place]))
            octets[0] ^= 1
            altered = ".".join(parts[:place] + [encoded(bytes(octets))] + parts[place + 1:])
            self.assertEqual(self.decrypt(altered, key="kw.jwk", alg="A128KW", code=1), DOES_NOT_DECRYPT)
        shorter = ".".join([parts[0], encoded(decoded(parts[1])[:-1])] + parts[2:])
        self.assertEqual(self.decrypt(shorter, key="kw.jwk", alg="A128KW", code=1), DOES_NOT_DECRYPT)

    def test_what_a_message_shows_by_itself_is_named(self):
        message = self.encrypt().strip()
        self.assertIn("refused: the algorithm dir is not allowed", self.decrypt(message, alg="A256KW", code=1))
        self.assertIn("refused: the algorithm A256GCM is not allowed", self.decrypt(message, "--enc", "A128GCM", code=1))
        self.assertIn("malformed: the authentication tag", self.decrypt(message[:-2], code=1))
        self.assertIn("malformed: a compact JWE has five parts", self.decrypt("a.b.c", code=1))
        self.assertIn("malformed", self.decrypt("{}", code=1))
        self.assertIn("no key", self.decrypt(message, key="rsa.jwks", code=1))
        for alg in ("RSA1_5", "none", "HS256", "DIR"):
            self.assertIn("--alg", self.decrypt(message, alg=alg, code=1))
        self.assertIn("--enc", self.decrypt(message, "--enc", "A512GCM", code=1))

    def test_an_option_whose_value_is_empty_is_refused(self):
        message = self.encrypt().strip()
        for option in ("--alg", "--enc", "--key", "--passphrase-file"):
            self.assertIn(f"{option}: the value is empty", self.decrypt(message, option, "", code=2))

    def test_json_may_begin_with_white_space(self):
        for form in ("flattened", "general"):
            self.assertEqual(self.decrypt("\n " + self.encrypt("--form", form)), PLAINTEXT)

    def test_why_no_key_fits_is_said(self):
        message = self.encrypt().strip()
        self.write("short.jwk", json.dumps({"kty": "oct", "k": encoded(b"k" * 16)}))
        self.assertIn("no key: no key fits the header of the JWE: there is one, of 128 bits",
                      self.decrypt(message, key="short.jwk", code=1))
        self.assertIn("no key may encrypt with A128KW and A256GCM: there is one, of 256 bits",
                      self.encrypt(alg="A128KW", code=1))
        self.assertIn(r'--alg: "foo\nbar"', self.decrypt(message, alg="foo\nbar", code=1))

    def test_what_goes_with_a_message_is_authentic(self):
        self.run_tool("keys", "generate", "--output", "ec.jwks", "--type", "OKP", "--crv", "X25519")
        self.write("aad", "in the clear\n")
        arguments = {"key": "ec.jwks", "alg": "ECDH-ES"}
        message = self.encrypt("--apu", "Alice", "--apv", "Bob", "--form", "flattened", "--aad", "aad", **arguments)
        told = json.loads(self.decrypt(message, "--json", **arguments))
        self.assertEqual((told["protected"]["apu"], told["protected"]["apv"]), (encoded(b"Alice"), encoded(b"Bob")))
        self.assertEqual(decoded(told["aad"]), b"in the clear\n")
        altered = json.dumps(json.loads(message) | {"aad": encoded(b"in the cleat\n")})
        self.assertEqual(self.decrypt(altered, **arguments, code=1), DOES_NOT_DECRYPT)
        self.assertIn("1024 octets", self.encrypt("--apv", "x" * 1025, **arguments, code=1))
        self.assertIn("--aad: is for the forms", self.encrypt("--aad", "aad", **arguments, code=1))
        self.assertIn("absent", self.encrypt("--aad", "absent", "--form", "general", **arguments, code=1))

    def test_a_key_of_web_crypto_receives(self):
        self.run_tool("keys", "generate", "--output", "x.jwks", "--type", "OKP", "--crv", "X25519")
        private = json.loads((self.folder / "x.jwks").read_text())["keys"][0]
        exported = {name: private[name] for name in ("kty", "crv", "x")} | {"key_ops": [], "ext": True}
        self.write("exported.jwk", json.dumps(exported))
        message = self.encrypt(key="exported.jwk", alg="ECDH-ES")
        self.assertEqual(self.decrypt(message, key="x.jwks", alg="ECDH-ES"), PLAINTEXT)

    def test_iterations_are_bounded(self):
        self.write("password", "correct horse battery staple\n")
        message = self.encrypt("--password", "--iterations", "5000", key="password", alg="PBES2-HS512+A256KW")
        self.assertEqual(self.decrypt(message, "--password", key="password", alg="PBES2-HS512+A256KW"), PLAINTEXT)
        self.assertIn("p2c", self.decrypt(message, "--password", "--max-iterations", "4999", key="password",
                                          alg="PBES2-HS512+A256KW", code=1))
        self.encrypt("--password", "--iterations", "999", key="password", alg="PBES2-HS512+A256KW", code=1)
        keys = [{"kty": "oct", "k": encoded(word)} for word in (b"another", b"correct horse battery staple")]
        self.write("both.jwks", json.dumps({"keys": keys}))
        arguments = {"key": "both.jwks", "alg": "PBES2-HS512+A256KW"}
        self.assertEqual(self.decrypt(message, "--max-iterations", "10000", **arguments), PLAINTEXT)
        self.assertEqual(self.decrypt(message, "--max-iterations", "9999", **arguments, code=1),
                         "oidcop: the JWE does not decrypt (tried: 1 of 2 keys that fit)\n")

    def test_the_general_form_is_for_all_keys_of_a_set(self):
        keys = [{"kty": "oct", "kid": kid, "k": encoded(kid.encode() * 16)} for kid in "ab"]
        self.write("both.jwks", json.dumps({"keys": keys}))
        message = self.encrypt("--form", "general", key="both.jwks", alg="A128KW")
        self.assertEqual(len(json.loads(message)["recipients"]), 2)
        for key in keys:
            self.write("one.jwk", json.dumps(key))
            self.assertEqual(self.decrypt(message, key="one.jwk", alg="A128KW"), PLAINTEXT)


if __name__ == "__main__":
    unittest.main()
