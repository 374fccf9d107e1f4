"""What foreign texts can do to the terminal of an administrator: nothing. And which user names there can be."""

import base64
import json
import re
import sqlite3
import unittest

from shell import Shell

HOSTILE = "a\x1b]0;owned\x07\x1b[2Jb\x9b31mc\u202ed\u2066e\x7ff"
TREACHEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]")


def segment(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Terminal(Shell):
    def assert_harmless(self, text):
        self.assertIsNone(TREACHEROUS.search(text), repr(text))

    def put_into_the_database(self):
        """What the shell itself would not take: a user and a client of hostile names."""
        with sqlite3.connect(self.config.parent / "state" / "oidcop.db") as database:
            database.execute("UPDATE users SET username = ?, claims = ?", (HOSTILE, json.dumps({"name": HOSTILE})))
        database.close()

    def test_texts_of_the_database_are_escaped(self):
        self.init()
        self.put_into_the_database()
        listed = self.run_tool("user", "list")
        self.assert_harmless(listed)
        self.assertIn("\\u001b", listed)
        as_json = self.run_tool("--json", "user", "list")
        self.assert_harmless(as_json)
        self.assertIn("\\u009b", as_json)
        self.assertEqual(json.loads(as_json)[0]["username"], HOSTILE, "for a program it is the same text")
        changed = self.run_tool("user", "passwd", HOSTILE, "--password-stdin", input="looking-glass\n")
        self.assert_harmless(changed)

    def test_columns_stay_aligned(self):
        self.init()
        self.put_into_the_database()
        self.run_tool("user", "add", "bob", "--password-stdin", input="hatter-hatter\n")
        columns = {line.index(word) for line, word in zip(self.run_tool("user", "list").splitlines(),
                                                          ("STATE", "enabled", "enabled"), strict=True)}
        self.assertEqual(len(columns), 1)

    def test_a_token_is_decoded_without_obeying_it(self):
        token = ".".join((segment({"alg": "RS256", "typ": HOSTILE}), segment({"sub": HOSTILE, HOSTILE: 1}), "AAAA"))
        self.assert_harmless(self.run_tool("token", "inspect", "--offline", input=token))
        as_json = self.run_tool("--json", "token", "inspect", "--offline", input=token)
        self.assert_harmless(as_json)
        self.assertEqual(json.loads(as_json)["claims"], {"sub": HOSTILE, HOSTILE: 1})

    def test_errors_are_escaped_and_keep_their_lines(self):
        self.init()
        for command in (("client", "show", HOSTILE), ("user", "passwd", HOSTILE), ("user", "add", HOSTILE)):
            self.assert_harmless(self.run_tool(*command, input="x\n", code=1))
        self.assert_harmless(self.run_tool("dance", HOSTILE, code=2))
        self.fragment("wrong", kyes={}, **{HOSTILE: 1})
        said = self.run_tool("config", "check", code=1)
        self.assert_harmless(said)
        self.assertGreaterEqual(len(said.splitlines()), 2, said)


class UserNames(Shell):
    def test_names_that_nobody_could_tell_apart_are_refused(self):
        self.init()
        for name, why in (("", "is empty"), (" ", "space"), (" bob", "begins with a space"), ("bob ", "ends with a space"),
                          ("bob\u00a0", "ends with a space"), ("b\tob", "cannot be seen"), ("b\u202eob", "cannot be seen"),
                          ("b\u200bob", "cannot be seen"), ("b" * 257, "longer than 256 octets")):
            said = self.run_tool("user", "add", "--password-stdin", "--", name, input="hatter-hatter\n", code=1)
            self.assertRegex(said, r"^oidcop: user name: ")
            self.assertIn(why, said)
        self.assertEqual([user["username"] for user in self.json("user", "list")], ["alice"])
        self.run_tool("user", "add", "--password-stdin", "b" * 256, input="hatter-hatter\n")

    def test_init_refuses_such_a_name_before_it_makes_anything(self):
        for name in ("bob ", "b\u202eob"):
            said = self.run_tool("init", "--issuer", "https://op.example.org", "--user", name, "--password-stdin",
                                 input="hatter-hatter\n", code=1)
            self.assertRegex(said, r"^oidcop: user name: ")
            self.assertFalse(self.config.parent.exists())


if __name__ == "__main__":
    unittest.main()
