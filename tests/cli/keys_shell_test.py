"""The provider's key files from the shell: who may write them, and what a changed configuration does to them."""

import json
import subprocess
import unittest

from shell import Shell

OTHER_KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-384", "use": ["sig"]}]


class ReadOnlyKeys(Shell):
    def setUp(self):
        super().setUp()
        self.private = self.config.parent / "private"

    def test_init_makes_no_keys_where_they_are_read_only(self):
        self.config.parent.mkdir(mode=0o755)
        self.config.write_text(json.dumps({"issuer": "https://op.example.org", "keys": {"read_only": True}}))
        said = self.run_tool("init", code=1)
        self.assertIn(str(self.private / "jwks.json"), said)
        self.assertIn("keys.read_only", said)
        self.assertEqual([path.name for path in self.config.parent.iterdir()], ["oidcop.json"], "nothing was made")

    def test_init_says_which_of_the_read_only_files_is_missing(self):
        self.init()
        self.fragment("keys", keys={"read_only": True})
        (self.private / "secrets.json").unlink()
        before = sorted(self.folder.rglob("*"))
        said = self.run_tool("init", code=1)
        self.assertIn(f"oidcop: {self.private / 'secrets.json'}: ", said)
        self.assertEqual(sorted(self.folder.rglob("*")), before)

    def test_init_keeps_read_only_keys_as_they_are(self):
        self.init()
        self.fragment("keys", keys={"read_only": True, "public_path": "public.json"})
        before = self.files(), sorted(self.folder.rglob("*"))
        self.assertIn("kept", self.run_tool("init"))
        self.assertEqual((self.files(), sorted(self.folder.rglob("*"))), before, "the public copy is a key file, too")

    def test_no_command_changes_read_only_keys(self):
        self.init()
        kid = self.json("keys", "list")[0]["kid"]
        self.fragment("keys", keys={"read_only": True, "key_defs": OTHER_KEYS})
        before = self.files()
        for command in (("generate",), ("rotate",), ("rotate", "--now"), ("retire", "--compromised", kid)):
            self.assertIn("keys.read_only: is set", self.run_tool("keys", *command, code=1), command)
        self.assertEqual(self.json("maintain")["key_changes"], [])
        self.assertEqual(self.files(), before)
        self.run_tool("keys", "list")
        self.run_tool("keys", "public")


class Pem(Shell):
    def setUp(self):
        super().setUp()
        self.key = self.folder / "key.jwks"
        self.run_tool("keys", "generate", "--output", str(self.key), "--type", "EC", "--crv", "P-256")

    def openssl(self, pem, *arguments):
        return subprocess.run(["openssl", "pkey", *arguments], input=pem, text=True, capture_output=True, check=True).stdout

    def test_a_public_key_is_for_openssl_to_read(self):
        pem = self.run_tool("keys", "pem", "--key", str(self.key))
        self.assertEqual(self.openssl(pem, "-pubin", "-pubout"), pem)
        told = self.json("keys", "pem", "--key", str(self.key))
        self.assertEqual(told, {"kid": json.loads(self.key.read_text())["keys"][0]["kid"], "pem": pem})

    def test_a_private_key_is_under_a_passphrase_unless_told_otherwise(self):
        public = self.run_tool("keys", "pem", "--key", str(self.key))
        private = ("keys", "pem", "--private", "--key", str(self.key))
        plain = self.run_tool(*private, "--no-passphrase")
        self.assertTrue(plain.startswith("-----BEGIN PRIVATE KEY-----"))
        self.assertEqual(self.openssl(plain, "-pubout"), public)
        passphrase = self.folder / "passphrase"
        passphrase.write_text("open sesame\nsecond line\n")
        passphrase.chmod(0o600)
        locked = self.run_tool(*private, "--new-passphrase-file", str(passphrase))
        self.assertTrue(locked.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        self.assertEqual(self.openssl(locked, "-pubout", "-passin", "pass:open sesame"), public)
        again = self.folder / "locked.pem"
        again.write_text(locked)
        again.chmod(0o600)
        self.assertEqual(self.run_tool("keys", "pem", "--key", str(again), "--passphrase-file", str(passphrase)), public)
        self.assertIn("no terminal", self.run_tool(*private, code=1))
        passphrase.chmod(0o644)
        self.assertIn("chmod", self.run_tool(*private, "--new-passphrase-file", str(passphrase), code=1))
        self.key.chmod(0o644)
        self.assertIn("chmod", self.run_tool(*private, "--no-passphrase", code=1))
        self.run_tool("keys", "pem", "--key", str(self.key), "--no-passphrase", code=2)

    def test_of_several_keys_one_is_chosen(self):
        self.init()
        kids = [key["kid"] for key in self.json("keys", "list")]
        self.assertGreater(len(kids), 1)
        self.assertIn("--kid says which one", self.run_tool("keys", "pem", code=1))
        self.assertIn("no key of this kid", self.run_tool("keys", "pem", "--kid", "x", code=1))
        for kid in kids:
            pem = self.run_tool("keys", "pem", "--kid", kid)
            self.assertEqual(self.openssl(pem, "-pubin", "-pubout"), pem)

    def test_what_has_no_such_form_is_refused(self):
        self.key.write_text('{"kty":"oct","k":"c2VjcmV0"}')
        self.assertIn("no PEM form", self.run_tool("keys", "pem", "--key", str(self.key), code=1))
        public = self.folder / "public"
        public.write_text('{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}')
        public.chmod(0o600)
        self.run_tool("keys", "pem", "--key", str(public))
        self.assertIn("no private half",
                      self.run_tool("keys", "pem", "--private", "--no-passphrase", "--key", str(public), code=1))


class Definitions(Shell):
    def states(self):
        return {key["kid"]: key["state"] for key in self.json("keys", "list")}

    def generate(self, key_defs):
        self.fragment("keys", keys={"key_defs": key_defs})
        return self.json("keys", "generate")["changes"]

    def test_keys_generate_retires_what_key_defs_no_longer_wants(self):
        self.init()
        kinds = {key["type"]: key["kid"] for key in self.json("keys", "list")}
        self.assertEqual(set(kinds), {"RSA", "EC"})
        change, = self.generate([{"type": "RSA", "use": ["sig"]}])
        self.assertIn(kinds["EC"], change)
        self.assertEqual(self.states(), {kinds["RSA"]: "active", kinds["EC"]: "retired"})
        published = {key["kid"] for key in json.loads(self.run_tool("keys", "public"))["keys"]}
        self.assertEqual(published, set(kinds.values()), "what the old key signed can still be verified")
        self.assertEqual(self.json("keys", "generate")["changes"], [], "once is enough")

    def test_keys_generate_keeps_an_unwanted_key_until_all_wanted_ones_can_sign(self):
        self.init()
        kinds = {key["type"]: key["kid"] for key in self.json("keys", "list")}
        self.generate(OTHER_KEYS)
        new, = set(self.states()) - set(kinds.values())
        self.assertEqual(self.states(), {kinds["RSA"]: "active", kinds["EC"]: "active", new: "next"})
        self.run_tool("keys", "rotate", "--now")
        self.generate(OTHER_KEYS)
        self.assertEqual((self.states()[kinds["EC"]], self.states()[new]), ("retired", "active"))


if __name__ == "__main__":
    unittest.main()
