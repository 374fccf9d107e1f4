"""Answers that do not arrive, and secrets that are shown once: what holds afterwards."""

import contextlib
import json
import os
import pty
import re
import sqlite3
import subprocess
import unittest

from shell import ISSUER, Shell


class UnheardAnswer(Shell):
    def run_unheard(self, *arguments, input=""):
        """Runs the tool with a full disk for its standard output. \\return what it says"""
        with open("/dev/full", "wb") as full:
            done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "--config", self.config, *arguments], input=input,
                                  stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^oidcop: standard output: the answer could not be written")
        return done.stderr

    def run_unread(self, *arguments):
        """Runs the tool into a pipe that nobody reads."""
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "--config", self.config, *arguments], stdout=writer,
                              stderr=subprocess.PIPE, timeout=60, check=False)
        os.close(writer)
        self.assertNotEqual(done.returncode, 0)

    @contextlib.contextmanager
    def database(self):
        database = sqlite3.connect(self.config.parent / "state" / "oidcop.db", isolation_level=None)
        with contextlib.closing(database):
            yield database

    def tokens(self):
        with self.database() as database:
            return database.execute("SELECT count(*) FROM tokens").fetchone()[0]

    def test_a_client_whose_secret_nobody_saw_is_not_registered(self):
        self.init()
        command = ("client", "register", "--id", "wiki", "--redirect-uri", "https://wiki.example.com/cb")
        for json_or_not in ((), ("--json",)):
            self.assertIn("nothing was registered", self.run_unheard(*json_or_not, *command))
            self.run_unread(*json_or_not, *command)
        self.assertEqual(self.json("client", "list"), [])
        self.run_tool(*command)

    def test_a_client_keeps_its_record_when_the_new_one_was_not_shown(self):
        self.init()
        self.register("--public")
        before = self.json("client", "show", "wiki")
        self.run_unheard("client", "register", "--replace", "--id", "wiki", "--redirect-uri", "https://x.example/cb")
        self.assertEqual(self.json("client", "show", "wiki"), before)

    def test_a_token_that_nobody_saw_is_not_issued(self):
        self.init()
        self.register()
        command = ("token", "mint", "--user", "alice", "--client", "wiki")
        self.assertIn("no token was issued", self.run_unheard(*command))
        self.run_unread(*command)
        self.assertEqual(self.tokens(), 0)
        self.run_tool(*command)
        self.assertGreater(self.tokens(), 0)

    def test_what_shows_no_secret_is_done_and_says_so(self):
        self.init()
        self.register()
        self.assertIn("the client was deleted", self.run_unheard("client", "delete", "wiki"))
        self.assertEqual(self.json("client", "list"), [])
        added = self.run_unheard("user", "add", "bob", "--password-stdin", input="hatter-hatter\n")
        self.assertIn("the user was added", added)
        self.assertEqual(len(self.json("user", "list")), 2)
        changed = self.run_unheard("user", "passwd", "bob", "--password-stdin", input="looking-glass\n")
        self.assertIn("the password was changed", changed)
        self.assertIn("the keys were changed", self.run_unheard("keys", "rotate"))
        self.assertIn("next", [key["state"] for key in self.json("keys", "list")])
        self.assertIn("what was made stays", self.run_unheard("init"))

    def test_what_was_printed_before_a_commit_that_failed_is_said_to_be_worthless(self):
        self.init()
        self.register()
        with self.database() as database:
            database.execute("BEGIN IMMEDIATE")
            for command in (("client", "register", "--id", "mail", "--redirect-uri", "https://mail.example.com/cb"),
                            ("token", "mint", "--user", "alice", "--client", "wiki")):
                done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "--config", self.config, *command], text=True,
                                      capture_output=True, timeout=60, check=False)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertRegex(done.stderr, r"^oidcop: .*printed (is|are) worthless\n$")
            database.execute("ROLLBACK")
        self.assertEqual([client["client_id"] for client in self.json("client", "list")], ["wiki"])
        self.assertEqual(self.tokens(), 0)


class FirstRun(Shell):
    def init_arguments(self, *more):
        return ("init", "--issuer", ISSUER, "--data-dir", os.environ["OIDCOP_DATA"], "--user", "alice", *more)

    def test_a_password_that_is_no_good_leaves_nothing_behind(self):
        self.run_tool(*self.init_arguments(), code=1)  # no terminal to ask at
        self.assertEqual(list(self.folder.iterdir()), [], "not even a folder")
        for password in ("", "\n", "x" * 2000 + "\n"):
            self.run_tool(*self.init_arguments("--password-stdin"), input=password, code=1)
            self.assertEqual([path for path in self.folder.rglob("*") if path.is_file()], [], password[:3])
        self.run_tool(*self.init_arguments("--password-stdin", "--claim", "nonsense"), input="wonderland\n", code=1)
        self.assertEqual([path for path in self.folder.rglob("*") if path.is_file()], [])

    def test_the_password_is_asked_for_before_anything_is_made(self):
        main, side = pty.openpty()
        process = subprocess.Popen([os.environ["OIDCOP_PROGRAM"], "--config", self.config, *self.init_arguments()],
                                   stdin=side, stdout=side, stderr=side, close_fds=True)
        os.close(side)
        seen = b""
        while b"Password: " not in seen:
            seen += os.read(main, 1024)
        made = list(self.folder.iterdir())
        process.terminate()  # as Ctrl-C does
        process.wait(60)
        os.close(main)
        self.assertEqual(made, [])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_an_earlier_provider_keeps_what_it_has_when_the_password_is_no_good(self):
        self.run_tool("init", "--issuer", ISSUER, "--data-dir", os.environ["OIDCOP_DATA"])
        before = self.files(), sorted(self.folder.rglob("*"))
        self.run_tool(*self.init_arguments("--password-stdin"), input="\n", code=1)
        self.assertEqual((self.files(), sorted(self.folder.rglob("*"))), before)
        self.run_tool(*self.init_arguments("--password-stdin"), input="wonderland\n")
        self.assertEqual(len(self.json("user", "list")), 1)


class ForPeopleAndForPrograms(Shell):
    def test_minted_tokens_are_lines_for_people_and_a_document_for_programs(self):
        self.init()
        self.register()
        command = ("token", "mint", "--user", "alice", "--client", "wiki", "--scope", "openid", "--lifetime", "300")
        said = dict(re.split(r":\s+", line, maxsplit=1) for line in self.run_tool(*command).splitlines())
        document = self.json(*command)
        self.assertEqual(set(said), set(document))
        self.assertEqual((said["token_type"], said["scope"], said["expires_in"]), ("Bearer", "openid", "300 seconds"))
        self.assertEqual(document["expires_in"], 300)
        for token in (said["access_token"], document["access_token"]):
            self.assertEqual(self.json("token", "inspect", input=token)["state"], "active")

    def test_a_token_of_a_key_file_is_a_line_or_a_document(self):
        key = self.folder / "key.json"
        self.run_tool("keys", "generate", "--output", key, "--type", "EC", "--crv", "P-256")
        command = ("token", "mint", "--key", key, "--issuer", ISSUER, "--subject", "robot", "--audience", "api")
        self.assertRegex(self.run_tool(*command), r"^[\w-]+\.[\w-]+\.[\w-]+\n$")
        document = self.json(*command)
        self.assertEqual(set(document), {"token", "claims"})
        self.assertEqual((document["claims"]["sub"], document["claims"]["aud"]), ("robot", "api"))
        inspected = self.json("token", "inspect", "--key", key, input=document["token"])
        self.assertEqual((inspected["signature"], inspected["claims"]), ("good", document["claims"]))

    def test_users_are_told_of_in_both_ways(self):
        self.init()
        added = self.json("user", "add", "bob", "--password-stdin", "--email", "bob@example.org", input="hatter-hatter\n")
        self.assertEqual(added, {"username": "bob", "claims": {"email": "bob@example.org"}})
        self.assertEqual(self.run_tool("user", "add", "eve", "--password-stdin", input="hatter-hatter\n"), "Added user eve.\n")
        changed = self.json("user", "passwd", "bob", "--password-stdin", input="looking-glass\n")
        self.assertEqual(changed, {"username": "bob"})
        said = self.run_tool("user", "passwd", "bob", "--password-stdin", input="looking-glass\n")
        self.assertEqual(said, "Changed the password of bob and ended all sessions.\n")


if __name__ == "__main__":
    unittest.main()
