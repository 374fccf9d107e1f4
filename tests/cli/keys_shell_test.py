"""The provider's key files from the shell: who may write them, and what a changed configuration does to them."""

import json
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
