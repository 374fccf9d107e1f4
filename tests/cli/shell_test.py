"""The program `oidcop` from the shell: what it prints, how it ends, what it leaves behind.

What it needs is in shell.py.
"""

import base64
import contextlib
import grp
import json
import os
import pty
import pwd
import shutil
import stat
import subprocess
import unittest

from shell import ISSUER, Shell


class ShellTest(Shell):
    # --- init ---

    def test_init_makes_everything_and_keeps_it_the_second_time(self):
        self.init()
        before = self.files()
        again = self.init(password="another\n")
        self.assertIn("kept", again)
        self.assertEqual(self.files(), before)
        self.assertEqual([user["username"] for user in self.json("user", "list")], ["alice"])

    def test_init_refuses_another_issuer(self):
        self.init()
        before = self.files()
        self.assertIn(ISSUER, self.init(issuer="https://other.example.org", code=1))
        self.assertEqual(self.files(), before)

    def test_init_needs_an_https_issuer(self):
        for issuer in ("", "op.example.org", "http://op.example.org", "https://op.example.org/?x=1"):
            self.init(issuer=issuer, code=1 if issuer else 2)
            self.assertFalse(self.config.exists(), "what is no good would be in the way of the next run")
        self.init("--listen", "nowhere", code=1)
        self.assertFalse(self.config.exists())
        self.init()

    def test_private_files_are_private(self):
        self.init()
        for path in self.folder.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            if path.parent.name in ("private", "state") or path.name in ("private", "state"):
                self.assertEqual(mode & 0o077, 0, path)

    def test_a_key_file_that_others_can_read_is_refused_with_the_remedy(self):
        self.init()
        keys = self.config.parent / "private" / "jwks.json"
        keys.chmod(0o644)
        self.assertIn("chmod", self.run_tool("keys", "list", code=1))

    def test_half_a_configuration_is_never_left_behind(self):
        self.config.parent.mkdir()
        (self.config.parent / "private").write_text("a file where a folder should be")
        self.init(code=1)
        self.assertEqual([path.name for path in self.config.parent.iterdir() if ".tmp" in path.name], [])

    # --- init --owner ---

    def as_service(self, *arguments, **named):
        """Runs something as www-data. \\return what subprocess.run does"""
        return subprocess.run(["setpriv", "--reuid=www-data", "--regid=www-data", "--init-groups", "--", *arguments],
                              text=True, capture_output=True, timeout=60, check=False, **named)

    def as_service_tool(self, *arguments, program="OIDCOP_PROGRAM", **named):
        """Runs the tool as www-data, from a place where that user can read it."""
        copy = self.folder / os.environ[program].rsplit("/", 1)[1]
        if not copy.exists():
            shutil.copy(os.environ[program], copy)
        copy.chmod(0o755)
        return self.as_service(copy, *arguments, **named)

    def own(self, path):
        status = path.stat()
        return (pwd.getpwuid(status.st_uid).pw_name, grp.getgrgid(status.st_gid).gr_name,
                oct(stat.S_IMODE(status.st_mode)))

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_init_owner_lets_the_service_read_the_keys_and_own_the_state(self):
        self.folder.chmod(0o755)
        for run in range(2):  # the second finds files of the service's
            self.init("--owner", "www-data")
            etc = self.config.parent
            for path in (etc / "private" / "jwks.json", etc / "private" / "secrets.json"):
                self.assertEqual(self.own(path), ("root", "www-data", "0o640"), run)
            self.assertEqual(self.own(etc / "private"), ("root", "www-data", "0o750"))
            self.assertEqual(self.own(etc / "state"), ("www-data", "www-data", "0o700"))
            for path in (etc / "state").iterdir():
                self.assertEqual(self.own(path), ("www-data", "www-data", "0o600"), path)
            self.assertEqual(self.own(self.config)[0], "root", "the service does not change its configuration")
            added = self.as_service_tool("--config", self.config, "user", "add", f"user{run}", "--password-stdin",
                                         input="a-long-password\n")
            self.assertEqual(added.returncode, 0, added.stderr)
            self.register() if run == 0 else self.run_tool("keys", "rotate")  # as root, into the service's files
        replaced = self.as_service_tool("--config", self.config, "keys", "rotate", "--now")
        self.assertEqual(replaced.returncode, 1, "the service must not replace its keys")
        self.assertIn("Permission denied", replaced.stderr)
        self.assertEqual(self.own(etc / "private" / "jwks.json"), ("root", "www-data", "0o640"), "rotation keeps them")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_init_owner_takes_a_group_and_lets_it_read_a_closed_configuration(self):
        self.folder.chmod(0o755)
        self.init()
        self.config.chmod(0o600)
        self.init("--owner", "www-data:nogroup")
        self.assertEqual(self.own(self.config), ("root", "nogroup", "0o640"))
        self.assertEqual(self.own(self.config.parent / "private" / "jwks.json"), ("root", "nogroup", "0o640"))
        self.assertEqual(self.own(self.config.parent / "state"), ("www-data", "nogroup", "0o700"))

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_init_owner_says_when_a_folder_above_is_closed(self):
        self.folder.chmod(0o700)
        said = self.init("--owner", "www-data", code=1)
        self.assertIn(f"oidcop: {self.config}: www-data cannot read it", said)

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_init_owner_gives_nothing_away_that_is_not_the_state(self):
        self.folder.chmod(0o755)
        self.init()
        state = self.config.parent / "state"
        (state / "payroll.txt").write_text("not the provider's")
        self.assertIn("payroll.txt", self.init("--owner", "www-data", code=1))
        self.assertEqual(self.own(state / "payroll.txt")[0], "root")
        (state / "payroll.txt").rename(self.folder / "payroll.txt")
        (state / "oidcop.db.link").symlink_to(self.folder / "payroll.txt")  # what an intruder as www-data would try
        self.init("--owner", "www-data")
        self.assertEqual(self.own(self.folder / "payroll.txt")[0], "root")
        os.link(self.folder / "payroll.txt", state / "oidcop.db.other")
        self.assertIn("hard links", self.init("--owner", "www-data", code=1))
        self.assertEqual(self.own(self.folder / "payroll.txt")[0], "root")

    def test_init_owner_is_checked_before_anything_is_made(self):
        for owner in ("nobody-of-that-name", "www-data:nothing-of-that-name", ":www-data", ""):
            self.init("--owner", owner, code=1 if owner else 2)
            self.assertFalse(self.config.parent.exists(), owner)

    @unittest.skipUnless(os.geteuid() == 0, "becomes somebody else")
    def test_init_owner_needs_root(self):
        self.folder.chmod(0o777)
        done = self.as_service_tool("--config", self.config, "init", "--issuer", ISSUER, "--owner", "www-data")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("oidcop: --owner: only root", done.stderr)
        self.assertFalse(self.config.parent.exists())

    def test_a_full_disk_leaves_the_old_files_and_no_others(self):
        self.config.parent.mkdir(mode=0o755)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=755", "tmpfs", self.config.parent],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode:
            self.skipTest("needs the right to mount a small disk: " + mounted.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", self.config.parent], check=True)
        self.init()
        filler = self.config.parent / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        before = self.files(), sorted(self.config.parent.rglob("*"))
        for command in (("keys", "rotate", "--now"), ("keys", "generate", "--output", self.config.parent / "own.json")):
            self.assertIn("No space left on device", self.run_tool(*command, code=1))
        first, self.config = self.config, self.config.parent / "second.json"
        self.assertIn("No space left on device", self.run_tool("init", "--issuer", ISSUER, code=1))
        self.config = first
        self.assertEqual((self.files(), sorted(self.config.parent.rglob("*"))), before)
        filler.unlink()
        self.run_tool("keys", "rotate", "--now")

    @unittest.skipUnless(os.geteuid() == 0, "becomes somebody else")
    def test_a_folder_that_cannot_be_written_to_is_named(self):
        self.folder.chmod(0o755)
        done = self.as_service_tool("--config", self.folder / "mine" / "oidcop.json", "init", "--issuer", ISSUER)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"oidcop: {self.folder / 'mine'}: Permission denied", done.stderr)

    def test_an_answer_that_cannot_be_written_is_a_failure(self):
        self.init()
        with open("/dev/full", "wb") as full:
            done = subprocess.run([os.environ["OIDCOP_PROGRAM"], "--config", self.config, "config", "show"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "oidcop: standard output: the answer could not be written\n"))

    def test_json_is_json_everywhere(self):
        self.init()
        self.register()
        for command in (("config", "check"), ("config", "show"), ("config", "reference"), ("config", "schema"),
                        ("keys", "list"), ("keys", "rotate"), ("keys", "public"), ("keys", "generate"),
                        ("keys", "generate", "--output", self.folder / "own.json"), ("discovery", "print"),
                        ("client", "list"), ("client", "show", "wiki"), ("user", "list"), ("maintain",),
                        ("token", "mint", "--user", "alice", "--client", "wiki"), ("token", "inspect", "unknown"),
                        ("init",), ("client", "delete", "wiki")):
            self.json(*command)
        self.assertFalse((self.folder / "own.json.lock").exists())

    def test_what_was_decided_about_a_client_is_changed_and_shown(self):
        self.init()
        self.register()
        usual = self.json("client", "show", "wiki")["policy"]
        self.assertEqual(usual, {"consent": "remember", "access_token_format": "default", "id_token_claims": False,
                                 "allowed_groups": [], "denied_groups": []})
        self.json("client", "update", "wiki", "--allow-group", "staff", "--allow-group", "board", "--deny-group",
                  "guests", "--consent-lifetime", "30d", "--access-token-format", "jwt", "--id-token-claims")
        changed = self.json("client", "show", "wiki")["policy"]
        self.assertEqual(changed, {"consent": "remember", "consent_lifetime": 30 * 86400, "access_token_format": "jwt",
                                   "id_token_claims": True, "allowed_groups": ["staff", "board"],
                                   "denied_groups": ["guests"]})
        shown = self.run_tool("client", "show", "wiki")
        self.assertIn("staff board but not guests", shown)
        self.json("client", "update", "wiki", "--any-group", "--consent", "implicit", "--consent-lifetime", "default",
                  "--access-token-format", "default", "--no-id-token-claims")
        self.assertEqual(self.json("client", "show", "wiki")["policy"], {**usual, "consent": "implicit"})
        self.run_tool("client", "update", "wiki", "--consent-lifetime", "soon", code=1)
        self.run_tool("client", "update", "nobody", "--consent", "always", code=1)

    def test_a_client_without_people_needs_no_redirect_uri(self):
        self.init()
        self.json("client", "register", "--id", "batch", "--grant-type", "client_credentials")
        self.run_tool("client", "register", "--id", "app", "--public", "--grant-type", "client_credentials", code=1)

    # --- ends ---

    def test_usage_errors_end_with_2_and_failures_with_1(self):
        self.run_tool("dance", code=2)
        self.run_tool("keys", code=2)
        self.run_tool("client", "show", code=2)
        self.run_tool("token", "mint", code=2)
        self.run_tool("token", "mint", "--key", "key.json", "--issuer", ISSUER, code=2)
        self.run_tool("client", "register", "--consent", "perhaps", code=2)
        self.run_tool("client", "update", code=2)
        self.run_tool("client", "list", code=1)
        self.init()
        for missing in (("client", "show", "nobody"), ("client", "delete", "nobody"), ("user", "passwd", "nobody"),
                        ("token", "mint", "--user", "nobody", "--client", "nobody")):
            self.run_tool(*missing, input="x\n", code=1)

    def test_configuration_errors_name_file_path_and_the_nearest_key(self):
        self.init()
        self.config.write_text('{"issuer": "https://op.example.org", "kyes": {}}')
        said = self.run_tool("config", "check", code=1)
        for part in (str(self.config), "kyes", "keys"):
            self.assertIn(part, said)

    def test_folders_that_everybody_can_write_to_are_named_and_refused(self):
        self.init()
        self.assertEqual(self.json("config", "check")["warnings"], [])
        state = self.config.parent / "state"
        state.chmod(0o777)
        warning, = self.json("config", "check")["warnings"]
        for part in (str(state / "oidcop.db"), f"chmod o-w {state}"):
            self.assertIn(part, warning)
        head, body = self.cgi("/.well-known/openid-configuration", fails=True)
        self.assertIn("500", head.splitlines()[0])
        self.assertNotIn(b"oidcop.db", body)
        self.assertIn(f"chmod o-w {state}", self.said)
        state.chmod(0o700)
        head, _ = self.cgi("/.well-known/openid-configuration")
        self.assertIn("200", head.splitlines()[0])

    def test_private_files_below_the_document_root_are_refused(self):
        self.init()
        head, body = self.cgi("/.well-known/openid-configuration", DOCUMENT_ROOT=str(self.folder))
        self.assertIn("500", head.splitlines()[0])
        self.assertNotIn(b"jwks.json", body)
        self.assertIn("event=files.exposed", self.said)
        self.assertIn(str(self.config.parent / "private" / "jwks.json"), self.said)
        head, _ = self.cgi("/.well-known/openid-configuration", DOCUMENT_ROOT="/var/www/html",
                           HTTP_DOCUMENT_ROOT=str(self.folder))
        self.assertIn("200", head.splitlines()[0])

    @unittest.skipUnless(shutil.which("nm"), "needs nm (binutils)")
    def test_both_programs_wipe_memory_that_they_give_back(self):
        for program in (os.environ["OIDCOP_PROGRAM"], os.environ["OIDCOP_FCGI"]):
            symbols = subprocess.run(["nm", "--defined-only", program], capture_output=True, text=True, check=True).stdout
            if "__asan_" in symbols or "__tsan_" in symbols:
                self.skipTest("a sanitizer's runtime brings its own operator delete")
            for operator in ("_ZdlPv", "_ZdlPvm"):
                self.assertRegex(symbols, rf"(?m) T {operator}$", f"{program} has the library's operator delete")

    # --- documents ---

    def test_documents_from_the_shell_are_those_served(self):
        self.init()
        head, body = self.cgi("/.well-known/openid-configuration")
        self.assertIn("200", head.splitlines()[0])
        self.assertEqual(self.run_tool("discovery", "print", "--compact").encode(), body + b"\n")
        self.assertEqual(json.loads(self.run_tool("discovery", "print")), json.loads(body))
        _, jwks = self.cgi(json.loads(body)["jwks_uri"].removeprefix(ISSUER))
        self.assertEqual(self.run_tool("keys", "public").encode(), jwks + b"\n")
        for key in json.loads(jwks)["keys"]:
            self.assertFalse({"d", "p", "q", "k"} & set(key), "nothing private is published")

    def test_keys_rotate_publishes_first_and_signs_later(self):
        self.init()
        active = {key["kid"] for key in self.json("keys", "list") if key["state"] == "active"}
        self.run_tool("keys", "rotate")
        states = {key["kid"]: key["state"] for key in self.json("keys", "list")}
        self.assertEqual({kid for kid, state in states.items() if state == "active"}, active)
        self.assertIn("next", states.values())
        self.run_tool("keys", "rotate", "--now")
        states = {key["kid"]: key["state"] for key in self.json("keys", "list")}
        self.assertEqual({states[kid] for kid in active}, {"retired"})

    def test_a_compromised_key_ends_with_what_it_signed(self):
        self.init()
        self.register()
        (self.config.parent / "oidcop.json.d").mkdir()
        (self.config.parent / "oidcop.json.d" / "jwt.json").write_text(
            '{"token_handler_args": {"token": {"format": "jwt"}}, "keys": {"public_path": "public.json"}}')

        def mint():
            return self.json("token", "mint", "--user", "alice", "--client", "wiki")["access_token"]

        def userinfo(token):
            head, _ = self.cgi("/userinfo", HTTP_AUTHORIZATION="Bearer " + token)
            return head.splitlines()[0].split()[1]

        old = mint()
        kid = json.loads(base64.urlsafe_b64decode(old.split(".")[0] + "=="))["kid"]
        self.assertEqual((userinfo(old), self.json("token", "inspect", input=old)["state"]), ("200", "active"))
        changes = self.json("keys", "retire", "--compromised", kid)["changes"]
        self.assertTrue(any(kid in change and "compromised" in change for change in changes), changes)
        self.assertNotIn(kid, self.run_tool("keys", "list"))
        self.assertNotIn(kid, self.run_tool("keys", "public"))
        self.assertNotIn(kid, (self.config.parent / "public.json").read_text())
        self.assertEqual((userinfo(old), self.json("token", "inspect", input=old)["state"]), ("401", "revoked"))
        self.assertEqual(userinfo(mint()), "200", "another key signs at once")
        before = self.files()
        self.assertIn(f"{kid}: no key has this kid", self.run_tool("keys", "retire", "--compromised", kid, code=1))
        self.run_tool("keys", "retire", "--compromised", "-kids-may-begin-like-this", code=1)
        self.run_tool("keys", "retire", code=2)
        self.assertEqual(self.files(), before)

    # --- clients and users ---

    def test_a_client_is_registered_shown_listed_and_deleted(self):
        self.init()
        registered = self.register()
        self.assertGreaterEqual(len(registered["client_secret"]), 43)
        shown = self.json("client", "show", "wiki")
        self.assertNotIn("client_secret", shown)
        self.assertEqual(shown["redirect_uris"], ["https://wiki.example.com/cb"])
        self.assertNotIn(registered["client_secret"].encode(), b"".join(
            path.read_bytes() for path in (self.config.parent / "state").iterdir()))
        self.run_tool("client", "register", "--id", "wiki", "--redirect-uri", "https://x.example/cb", code=1)
        self.run_tool("client", "delete", "wiki")
        self.assertEqual(self.json("client", "list"), [])

    def test_bad_client_metadata_is_refused_by_name(self):
        self.init()
        said = self.run_tool("client", "register", "--redirect-uri", "https://x.example/cb#fragment", code=1)
        self.assertIn("invalid_redirect_uri", said)
        said = self.run_tool("client", "register", "--redirect-uri", "https://x.example/cb", "--method", "guess", code=1)
        self.assertIn("token_endpoint_auth_method", said)
        self.assertEqual(self.json("client", "list"), [])

    def test_a_client_can_be_registered_for_a_method_that_the_embedding_program_brings_along(self):
        self.init()
        fragment = self.config.with_name("oidcop.json.d") / "badge.json"
        fragment.parent.mkdir()
        fragment.write_text('{"add_on": {"client_authn_method": ["company_badge"]}}')
        self.assertIn("no endpoint's", self.run_tool("config", "check"))
        said = self.run_tool("client", "register", "--redirect-uri", "https://x.example/cb", "--method", "company_badge",
                             code=1)
        self.assertIn("private_key_jwt", said, "it says what there is")
        config = json.loads(self.run_tool("config", "show"))
        token = {"client_authn_method": ["client_secret_basic", "company_badge"]}
        fragment.write_text(json.dumps({"add_on": {"client_authn_method": ["company_badge"]},
                                        "endpoint": {name: {} for name in config["endpoint"]} | {"token": token}}))
        self.assertIn("oidcop.fcgi does not start with it", self.run_tool("config", "check"))
        with self.assertRaises(subprocess.CalledProcessError) as refusal:
            self.cgi("/.well-known/openid-configuration")
        self.assertIn(b"company_badge", refusal.exception.stderr)
        registered = self.register("--method", "company_badge")
        self.assertEqual(registered["token_endpoint_auth_method"], "company_badge")
        self.assertNotIn("client_secret", registered)
        self.assertIn("company_badge", self.run_tool("client", "list"))
        self.assertIn("company_badge", self.run_tool("client", "show", "wiki"))
        self.assertIn("company_badge", json.loads(self.run_tool("discovery", "print"))["token_endpoint_auth_methods_supported"])
        minted = self.json("token", "mint", "--user", "alice", "--client", "wiki", "--scope", "openid")
        self.assertIn("id_token", minted)

    def test_an_option_that_may_be_repeated_takes_one_value_at_a_time(self):
        self.init()
        self.run_tool("user", "add", "--claim", "locale=de", "--group", "staff", "bob", "--password-stdin",
                      input="hatter-hatter\n")
        self.assertEqual([user["username"] for user in self.json("user", "list")], ["alice", "bob"])

    def test_nobody_is_asked_for_the_password_of_a_user_who_is_there_already(self):
        self.init()
        self.assertIn("user alice: is there already", self.run_tool("user", "add", "alice", code=1))

    def test_claims_keep_their_types(self):
        self.init()
        self.run_tool("user", "add", "bob", "--password-stdin", "--claim", "age=42", "--claim", "nickname=bobby",
                      "--claim", 'address={"locality":"Oxford"}', input="hatter-hatter\n")
        bob = next(user for user in self.json("user", "list") if user["username"] == "bob")
        self.assertEqual(bob["claims"], {"age": 42, "nickname": "bobby", "address": {"locality": "Oxford"}})

    def test_a_password_is_asked_for_at_a_terminal_without_showing_it(self):
        self.init()
        main, side = pty.openpty()
        process = subprocess.Popen([os.environ["OIDCOP_PROGRAM"], "--config", self.config, "user", "passwd", "alice"],
                                   stdin=side, stdout=side, stderr=side, close_fds=True)
        os.close(side)
        seen = b""
        for prompt in (b"Password: ", b"again: "):
            while prompt not in seen:
                seen += os.read(main, 1024)
            os.write(main, b"looking-glass\n")
            seen = seen.replace(prompt, b"")
        try:
            while chunk := os.read(main, 1024):
                seen += chunk
        except OSError:  # the terminal is gone with the process
            pass
        self.assertEqual(process.wait(60), 0, seen)
        self.assertNotIn(b"looking-glass", seen)

    # --- tokens ---

    def test_a_minted_token_is_known_to_the_provider(self):
        self.init()
        self.register()
        minted = self.json("token", "mint", "--user", "alice", "--client", "wiki", "--scope", "openid email")
        inspected = self.json("token", "inspect", input=minted["access_token"])
        self.assertEqual((inspected["state"], inspected["client_id"]), ("active", "wiki"))
        _, body = self.cgi("/userinfo", HTTP_AUTHORIZATION="Bearer " + minted["access_token"])
        self.assertEqual(json.loads(body)["email"], "alice@example.org")
        self.assertEqual(self.json("token", "inspect", minted["id_token"])["signature"], "good")
        self.run_tool("client", "delete", "wiki")
        head, _ = self.cgi("/userinfo", HTTP_AUTHORIZATION="Bearer " + minted["access_token"])
        self.assertIn("401", head.splitlines()[0])

    def test_a_token_can_be_minted_with_a_key_file_alone(self):
        key = self.folder / "key.json"
        self.run_tool("keys", "generate", "--output", key, "--type", "OKP", "--crv", "Ed25519")
        token = self.run_tool("token", "mint", "--key", key, "--issuer", ISSUER, "--subject", "robot", "--audience",
                              "https://api.example.org", "--type", "at+jwt", "--claim", "admin=true").strip()
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
        self.assertEqual((header["alg"], header["typ"]), ("EdDSA", "at+jwt"))
        self.assertEqual((claims["iss"], claims["sub"], claims["admin"]), (ISSUER, "robot", True))
        self.assertEqual(self.json("token", "inspect", "--key", key, token)["signature"], "good")
        self.run_tool("keys", "generate", "--output", key, code=1)

    def test_a_key_of_its_own_may_be_on_any_curve_that_signs(self):
        for number, (kind, curve, names) in enumerate((("EC", "P-256", ["ES256"]), ("EC", "P-384", ["ES384"]),
                                                       ("EC", "P-521", ["ES512"]), ("EC", "secp256k1", ["ES256K"]),
                                                       ("OKP", "Ed25519", ["EdDSA", "Ed25519"]),
                                                       ("OKP", "Ed448", ["EdDSA", "Ed448"]))):
            key = self.folder / f"key{number}.json"
            self.run_tool("keys", "generate", "--output", key, "--type", kind, "--crv", curve)
            self.assertEqual(json.loads(key.read_text())["keys"][0]["crv"], curve)
            for name in names:
                token = self.run_tool("token", "mint", "--key", key, "--issuer", ISSUER, "--subject", "robot",
                                      "--audience", ISSUER, "--alg", name).strip()
                self.assertEqual(json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["alg"], name)
                self.assertEqual(self.json("token", "inspect", "--key", key, token)["signature"], "good", name)
        key = self.folder / "named.json"
        self.run_tool("keys", "generate", "--output", key, "--type", "OKP", "--alg", "Ed25519")
        mint = ("token", "mint", "--key", key, "--issuer", ISSUER, "--subject", "robot", "--audience", ISSUER)
        self.run_tool(*mint, "--alg", "EdDSA", code=1)
        refused = subprocess.run([os.environ["OIDCOP_PROGRAM"], "keys", "generate", "--output", self.folder / "bad.json",
                                  "--type", "OKP", "--alg", "Ed448"], capture_output=True, text=True, check=False)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn('"alg" of the key definition must be EdDSA or Ed25519', refused.stderr)
        self.assertFalse((self.folder / "bad.json").exists())

    def test_maintain_says_what_it_did(self):
        self.init()
        self.assertEqual(self.json("maintain"), {"removed_rows": 0, "key_changes": [],
                                                 "logouts": {"delivered": 0, "failed": 0, "given_up": 0}})

    def test_maintain_keeps_the_public_copy_as_the_keys_are(self):
        self.init()
        self.config.write_text(self.config.read_text().rstrip().rstrip("}") + ', "keys": {"public_path": "public.json"}}')
        self.run_tool("keys", "rotate", "--now")
        keys = self.config.parent / "private" / "jwks.json"
        old = json.loads(keys.read_text())
        for key in old["keys"]:
            if key["oidcop_state"] == "retired":
                key["oidcop_retired_at"] = 1
        keys.write_text(json.dumps(old))
        archived = [key["kid"] for key in old["keys"] if key["oidcop_state"] == "retired"]
        self.assertEqual(len(self.json("maintain")["key_changes"]), len(archived))
        published = (self.config.parent / "public.json").read_text()
        self.assertFalse([kid for kid in archived if kid in published])
        self.assertEqual(published + "\n", self.run_tool("keys", "public"))


if __name__ == "__main__":
    unittest.main()
