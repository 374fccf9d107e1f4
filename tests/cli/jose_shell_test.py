"""`oidcop jws` and `oidcop jwt` from the shell: any key, any message, one line that says which check refused.

Needs OIDCOP_PROGRAM, and OIDCOP_JOSE_DATA (tests/data/jose).
"""

import base64
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PAYLOAD = b'{"iss":"https://op.example.org","aud":"wiki","sub":"diana","exp":1000,"iat":900}'


def encoded(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class JoseShell(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-jose-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.run_tool("keys", "generate", "--output", "ec.jwks", "--type", "EC", "--crv", "P-256")
        self.run_tool("keys", "generate", "--output", "ed.jwks", "--type", "OKP", "--crv", "Ed25519")
        self.write("ec.public", self.run_tool("keys", "public", "--key", "ec.jwks"))
        self.data = json.loads((pathlib.Path(os.environ["OIDCOP_JOSE_DATA"]) / "pem_openssl.json").read_text())

    def write(self, name, content, mode=0o600):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)

    def run_tool(self, *arguments, input=b"", code=0):
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], *arguments], cwd=self.folder, capture_output=True, timeout=60,
                              input=input if isinstance(input, bytes) else input.encode(), check=False)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        if code == 0:
            return done.stdout
        self.assertEqual(done.stdout, b"", "a failure says nothing on standard output")
        if code == 1:
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        return done.stderr.decode()

    def sign(self, *arguments, key="ec.jwks", alg="ES256", payload=PAYLOAD):
        return self.run_tool("jws", "sign", "--key", key, "--alg", alg, *arguments, input=payload).decode()

    def verify(self, message, *arguments, key="ec.public", alg="ES256", **named):
        return self.run_tool("jws", "verify", "--key", key, "--alg", alg, *arguments, input=message, **named)

    def jwt(self, message, *arguments, at="950", **named):
        return self.run_tool("jwt", "verify", "--key", "ec.public", "--alg", "ES256", "--at", at, *arguments,
                             input=message, **named)

    # --- jws ---

    def test_the_payload_comes_back_octet_by_octet(self):
        for payload in (PAYLOAD, b"", b"no newline", b"a\nb\n\n", bytes(range(256))):
            for form in ("compact", "flattened", "general"):
                with self.subTest(payload=payload, form=form):
                    self.assertEqual(self.verify(self.sign("--form", form, payload=payload)), payload)

    def test_json_tells_who_signed(self):
        message = self.sign("--type", "example")
        told = json.loads(self.verify(message, "--json"))
        self.assertEqual(told["payload"], encoded(PAYLOAD))
        self.assertEqual(told["signatures"][0]["alg"], "ES256")
        self.assertEqual(told["signatures"][0]["protected"]["typ"], "example")
        self.assertEqual(told["signatures"][0]["kid"], told["signatures"][0]["protected"]["kid"])

    def test_each_refusal_names_its_check(self):
        message = self.sign().strip()
        header, payload, signature = message.split(".")
        for altered, said in ((message[:-2] + ("AA" if message[-2:] != "AA" else "BA"), "bad signature: "),
                              (f"{header}.{encoded(b'other')}.{signature}", "bad signature: "),
                              (f"{header}.{payload}.", "bad signature: "),
                              (f"{header}.{payload}", "malformed: "),
                              (f"{header}.{payload}=.{signature}", "malformed: "),
                              (f" {message}", "malformed: "),
                              (f"{message}\n\n", "malformed: "),
                              ("", "malformed: "),
                              ("{}", "malformed: "),
                              (f"{encoded(b'{}')}.{payload}.{signature}", "malformed: "),
                              (f"""{encoded(b'{"alg":"none"}')}.{payload}.""", "refused: the algorithm none"),
                              (f"""{encoded(b'{"alg":"HS256"}')}.{payload}.{signature}""", "refused: the algorithm HS256"),
                              (f"""{encoded(b'{"alg":"ES256","kid":"x"}')}.{payload}.{signature}""", "no key: "),
                              (f"""{encoded(b'{"alg":"ES256","crit":["x"],"x":1}')}.{payload}.{signature}""",
                               'refused: "crit"')):
            with self.subTest(altered=altered):
                self.assertTrue(self.verify(altered, code=1).startswith(f"oidcop: {said}"), self.verify(altered, code=1))

    def test_json_may_begin_with_white_space(self):
        for form in ("flattened", "general"):
            for space in (" ", "\n", "\r\n\t "):
                self.assertEqual(self.verify(space + self.sign("--form", form) + space), PAYLOAD)
        self.assertIn("malformed", self.verify("\v" + self.sign("--form", "general"), code=1))

    def test_what_is_wrong_with_a_header_or_claims_is_said(self):
        _, payload, signature = self.sign().split(".")
        for header, said in ((b'{"alg":"ES256","alg":"ES256"}', "a member that occurs twice"),
                             (b'{"alg":"ES256","x":36893488147419103232}', "an integer that is too large"),
                             (b'{"alg":"ES256","x":' + b"[" * 20 + b"]" * 20 + b"}", "nesting that is too deep"),
                             (b'{"alg":"ES256","x":"' + b"x" * 20000 + b'"}', "larger than 16384 octets"),
                             (b'{"alg":"ES256","x":"\xff"}', "a syntax error"),
                             (b'\xef\xbb\xbf{"alg":"ES256"}', "byte order mark")):
            with self.subTest(said=said):
                told = self.verify(f"{encoded(header)}.{payload}.{signature}", code=1)
                self.assertTrue(told.startswith("oidcop: malformed: the header of the JWS"), told)
                self.assertIn(said, told)
        self.assertIn("occurs twice", self.jwt(self.sign(payload=b'{"exp":1000,"exp":1000}'), code=1))

    def test_why_no_key_fits_is_said(self):
        message = self.sign()
        public = json.loads((self.folder / "ec.public").read_text())["keys"][0]
        other = json.loads(self.run_tool("keys", "public", "--key", "ed.jwks"))["keys"][0]
        del other["kid"]
        for name, key, said in (("use", public | {"use": "enc"}, "there is one, for another use (enc)"),
                                ("line", public | {"use": "a\nb"}, "there is one, for another use (a\\nb)"),
                                ("alg", public | {"alg": "ES384"}, "there is one, for another algorithm (ES384)"),
                                ("kid", public | {"kid": "x"}, "there is one, with another kid"),
                                ("operations", {n: v for n, v in public.items() if n != "use"} | {"key_ops": ["sign"]},
                                 "there is one, whose key_ops do not permit it"),
                                ("curve", other, "there is one, on the curve Ed25519"),
                                ("empty", {"keys": []}, "there is none"),
                                ("several", {"keys": [other, public | {"kid": "x"}, {"kty": "EC"}]},
                                 'of 3 keys 1 on the curve Ed25519, 1 with another kid, 1 that cannot be used')):
            with self.subTest(name=name):
                self.write("some.jwk", json.dumps(key))
                self.assertIn(f"oidcop: no key: no key fits the header of the JWS: {said}",
                              self.verify(message, key="some.jwk", code=1))
        self.write("short.jwk", json.dumps({"kty": "oct", "k": encoded(b"k" * 16)}))
        mac = f"""{encoded(b'{"alg":"HS256"}')}..AAAA"""
        self.assertIn("there is one, of 128 bits", self.verify(mac, key="short.jwk", alg="HS256", code=1))

    def test_foreign_names_stay_on_one_line(self):
        self.assertIn(r'"foo\nbar" is no signature algorithm', self.verify("a.b.c", alg="foo\nbar", code=1))
        self.assertIn(r"some\nfile", self.verify("a.b.c", key="some\nfile", code=1))
        self.assertIn(r"foo\nbar", self.run_tool("jws", "sign", "--key", "ec.jwks", "--alg", "foo\nbar", code=1))

    def test_only_named_algorithms_pass(self):
        message = self.sign()
        self.assertEqual(self.verify(message, alg="RS256,ES256"), PAYLOAD)
        self.assertEqual(self.verify(message, "--alg", "ES256", alg="RS256"), PAYLOAD)
        self.assertIn("ES256 is not allowed", self.verify(message, alg="RS256", code=1))
        self.assertIn('"es256" is no signature algorithm', self.verify(message, alg="es256", code=1))
        self.run_tool("jws", "verify", "--key", "ec.public", input=message, code=2)

    def test_none_passes_only_by_its_name(self):
        message = f"""{encoded(b'{"alg":"none"}')}.{encoded(PAYLOAD)}."""
        self.assertEqual(self.run_tool("jws", "verify", "--alg", "none", input=message), PAYLOAD)
        self.assertIn("--key is needed", self.run_tool("jws", "verify", "--alg", "none,ES256", input=message, code=1))

    def test_a_detached_payload_comes_from_a_file(self):
        self.write("payload", PAYLOAD)
        for more in ((), ("--unencoded",), ("--form", "general"), ("--form", "flattened", "--unencoded")):
            with self.subTest(more=more):
                message = self.sign("--detached", *more)
                self.assertEqual(self.verify(message, "--payload", "payload"), PAYLOAD)
                self.write("other", PAYLOAD + b"\n")
                self.assertIn("bad signature", self.verify(message, "--payload", "other", code=1))
        self.assertIn("not detached", self.verify(self.sign(), "--payload", "payload", code=1))

    def test_the_caller_decides_about_several_signatures(self):
        first = json.loads(self.sign("--form", "general"))
        second = json.loads(self.sign("--form", "general", key="ed.jwks", alg="EdDSA"))
        both = json.dumps({"payload": first["payload"], "signatures": second["signatures"] + first["signatures"]})
        self.assertIn("EdDSA is not allowed", self.verify(both, code=1))
        third = {"protected": encoded(b'{"alg":"ES256","crit":["x"],"x":1}'), "signature": "AAAA"}
        known = json.dumps({"payload": first["payload"], "signatures": [third] + first["signatures"]})
        self.assertEqual(self.verify(known, "--any"), PAYLOAD)
        self.assertIn('refused: "crit"', self.verify(known, code=1))
        self.assertIn("no key", self.verify(both, alg="ES256,EdDSA", code=1))
        self.assertEqual(self.verify(both, "--any"), PAYLOAD)

    def test_an_unprotected_algorithm_is_asked_for(self):
        k = encoded(b"k" * 32)
        self.write("oct", json.dumps({"kty": "oct", "k": k}))
        message = json.loads(self.sign("--form", "flattened", key="oct", alg="HS256"))
        message["header"] = {"alg": "HS256"}
        del message["protected"]
        said = self.verify(json.dumps(message), key="oct", alg="HS256", code=1)
        self.assertIn('"alg" of the JWS is not protected', said)
        said = self.verify(json.dumps(message), "--unprotected-alg", key="oct", alg="HS256", code=1)
        self.assertIn("bad signature", said)

    def test_encrypted_pem_keys_open_with_a_passphrase_file(self):
        entry = self.data["encrypted"][0]
        self.write("key.pem", entry["private_pem"])
        self.write("public.pem", entry["pem"])
        self.write("passphrase", self.data["passphrase"] + "\n")
        message = self.sign("--passphrase-file", "passphrase", key="key.pem")
        self.assertEqual(self.verify(message, key="public.pem"), PAYLOAD)
        self.write("passphrase", "Swordfish\n")
        arguments = ("jws", "sign", "--key", "key.pem", "--alg", "ES256")
        self.assertIn("the passphrase does not open", self.run_tool(*arguments, "--passphrase-file", "passphrase", code=1))
        self.assertIn("none was given", self.run_tool(*arguments, code=1))
        self.write("passphrase", "\n")
        self.assertIn("no passphrase", self.run_tool(*arguments, "--passphrase-file", "passphrase", code=1))

    def test_a_certificate_serves_to_verify(self):
        self.write("key.pem", self.data["encrypted"][0]["private_pem"])
        self.write("passphrase", self.data["passphrase"])
        self.write("cert.pem", self.data["certificates"][0]["certificate"])
        message = self.sign("--passphrase-file", "passphrase", key="key.pem")
        self.assertEqual(self.verify(message, key="cert.pem"), PAYLOAD)

    def test_signing_keys_are_kept_private(self):
        self.write("ec.jwks", (self.folder / "ec.jwks").read_bytes(), mode=0o644)
        self.assertIn("chmod", self.run_tool("jws", "sign", "--key", "ec.jwks", "--alg", "ES256", code=1))
        self.assertIn("no key may sign", self.run_tool("jws", "sign", "--key", "ed.jwks", "--alg", "ES256", code=1))
        self.assertIn("no signature algorithm", self.run_tool("jws", "sign", "--key", "ed.jwks", "--alg", "none", code=1))

    def test_key_files_that_hold_no_key_are_named(self):
        for content in ("", "hello", "{}", '{"keys":[{"kty":"EC"}]}', '{"kty":"RSA","kty":"RSA"}', "[]"):
            with self.subTest(content=content):
                self.write("bad", content)
                self.assertTrue(self.verify("a.b.c", key="bad", code=1).startswith("oidcop: bad: "))
        self.assertIn("absent", self.verify("a.b.c", key="absent", code=1))

    # --- jwt ---

    def test_a_good_jwt_prints_its_claims(self):
        self.assertEqual(json.loads(self.jwt(self.sign())), json.loads(PAYLOAD))
        told = json.loads(self.jwt(self.sign("--type", "at+jwt"), "--json", "--type", "at+jwt", "--type", "JWT"))
        self.assertEqual(told["header"]["typ"], "at+jwt")
        self.assertEqual(told["claims"]["sub"], "diana")

    def test_each_claim_is_checked(self):
        token = self.sign()
        self.jwt(token, "--issuer", "https://op.example.org", "--audience", "other", "--audience", "wiki")
        for arguments, said in ((("--issuer", "https://op.example.org/"), "refused: iss: wrong issuer"),
                                (("--audience", "wik"), "refused: aud: wrong audience"),
                                (("--type", "at+jwt"), "refused: typ: wrong type")):
            self.assertIn(said, self.jwt(token, *arguments, code=1))
        self.assertIn("missing", self.jwt(self.sign(payload=b"{}"), code=1))
        self.assertIn("not a JSON object", self.jwt(self.sign(payload=b"[]"), code=1))

    def test_a_standard_input_that_cannot_be_read_is_named(self):
        directory = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, directory)
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "jws", "verify", "--key", "ec.public", "--alg", "ES256"],
                              cwd=self.folder, stdin=directory, capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"standard input: cannot be read", done.stderr)

    def test_an_option_whose_value_is_empty_is_refused(self):
        """An empty value is a shell variable that was never set: it must not switch a check off."""
        token = self.sign(payload=b'{"iss":"evil","exp":4102444800}')
        for option in ("--issuer", "--audience", "--type", "--at", "--alg", "--decryption-key", "--decryption-alg",
                       "--passphrase-file"):
            for arguments in ((option, ""), (f"{option}=",)):
                said = self.run_tool("jwt", "verify", "--key", "ec.public", "--alg", "ES256", *arguments, input=token, code=2)
                self.assertIn(option, said)
        self.assertIn("--payload", self.run_tool("jws", "verify", "--key", "ec.public", "--alg", "ES256", "--payload", "",
                                                 input=token, code=2))

    def test_time_is_judged_at_the_time_given(self):
        token = self.sign()
        self.assertIn("expired: exp", self.jwt(token, at="1000", code=1))
        self.jwt(token, "--leeway", "60", at="1059")
        self.assertIn("expired: exp", self.jwt(token, "--leeway", "60", at="1060", code=1))
        self.jwt(token, at="1970-01-01T00:16:39Z")
        self.assertIn("expired: exp", self.jwt(token, at="1970-01-01T00:16:40Z", code=1))
        self.assertIn("issued in the future", self.jwt(token, at="899", code=1))
        for wrong in ("now", "-1", "1970-01-01", "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1e3"):
            self.assertIn("--at", self.jwt(token, at=wrong, code=1))
        self.assertIn("expired", self.run_tool("jwt", "verify", "--key", "ec.public", "--alg", "ES256", input=token, code=1))

    def test_a_jwt_without_exp_passes_when_that_is_asked_for(self):
        token = self.sign(payload=b'{"sub":"diana"}')
        self.assertIn("refused: exp: missing", self.jwt(token, code=1))
        self.assertEqual(json.loads(self.jwt(token, "--without-exp")), {"sub": "diana"})
        self.assertIn("expired", self.jwt(self.sign(), "--without-exp", at="1000", code=1))

    def test_fractions_of_a_second_count_towards_refusal(self):
        token = self.sign(payload=b'{"exp":2000.9,"nbf":1000.9}')
        self.assertIn("not yet valid", self.jwt(token, at="1000", code=1))
        self.jwt(token, at="1001")
        self.jwt(token, at="1999")
        self.assertIn("expired", self.jwt(token, at="2000", code=1))

    def nest(self, token, *arguments):
        return self.run_tool("jwe", "encrypt", "--key", "own.jwk", "--alg", "A256KW", *arguments, input=token.strip()).decode()

    def test_a_nested_jwt_is_decrypted_and_then_verified(self):
        self.write("own.jwk", json.dumps({"kty": "oct", "k": encoded(b"k" * 32)}))
        self.write("other.jwk", json.dumps({"kty": "oct", "k": encoded(b"x" * 32)}))
        options = ("--decryption-key", "own.jwk", "--decryption-alg", "A256KW")
        nested = self.nest(self.sign(), "--content-type", "JWT")
        self.assertEqual(json.loads(self.jwt(nested, *options)), json.loads(PAYLOAD))
        told = json.loads(self.jwt(nested, "--json", "--decryption-enc", "A256GCM", *options))
        self.assertEqual(told["encryption"], {"alg": "A256KW", "enc": "A256GCM", "cty": "JWT"})
        self.assertEqual(told["header"]["alg"], "ES256")
        for message, arguments, said in (
                (nested, (), "refused: the JWT is encrypted; --decryption-key is needed"),
                (self.sign(), options, "malformed: a compact JWE has five parts"),
                (self.nest(self.sign()), options, "malformed: the content type (cty) of the JWE is not JWT"),
                (self.nest("hello", "--content-type", "JWT"), options, "malformed: the content of the JWE is not a signed JWT"),
                (nested, ("--decryption-key", "other.jwk", *options[2:]), "the JWE does not decrypt"),
                (nested, (*options, "--decryption-enc", "A128GCM"), "refused: the algorithm A256GCM is not allowed"),
                (nested, (*options[:2], "--decryption-alg", "dir"), "refused: the algorithm A256KW is not allowed"),
                (nested, (*options[:2], "--decryption-alg", "x"), '--decryption-alg: "x"'),
                (nested, (*options, "--decryption-enc", "x"), '--decryption-enc: "x"'),
                (nested, (*options, "--issuer", "x"), "refused: iss: wrong issuer")):
            with self.subTest(said=said):
                self.assertIn(said, self.jwt(message, *arguments, code=1))
        self.assertIn("expired: exp", self.jwt(nested, *options, at="1000", code=1))
        self.assertIn("--decryption-alg", self.jwt(nested, *options[:2], code=2))

    def test_a_jwt_is_neither_json_nor_unencoded(self):
        self.assertIn("malformed", self.jwt(self.sign("--form", "flattened"), code=1))
        plain = self.sign("--unencoded", payload=b'{"exp":1000}')
        self.assertIn("refused", self.jwt(plain, code=1))


if __name__ == "__main__":
    unittest.main()
