"""The password prompt at a real (pseudo) terminal: signals leave the terminal as they found it.

Needs OIDCOP_PROGRAM.
"""

import fcntl
import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import sys
import tempfile
import termios
import unittest

# The shell's part: a job in the foreground of its own, which it is told about when the job stops or ends. It leads the
# session, so that the job is none of an orphaned process group, which nothing can stop.
SHELL = """
import os, signal, sys, termios
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
tell = int(sys.argv[1])
job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[2], sys.argv[2:])
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    echo = bool(termios.tcgetattr(0)[3] & termios.ECHO)
    if not os.WIFSTOPPED(status):
        os.write(tell, f"ended {os.waitstatus_to_exitcode(status)} {echo}\\n".encode())
        break
    os.write(tell, f"stopped {echo}\\n".encode())
    os.kill(job, signal.SIGCONT)
"""


class PasswordPrompt(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-prompt-")
        self.addCleanup(folder.cleanup)
        self.tool = [os.environ["OIDCOP_PROGRAM"], "--config", str(pathlib.Path(folder.name) / "oidcop.json")]
        subprocess.run([*self.tool, "init", "--issuer", "https://op.example.org", "--user", "alice", "--password-stdin"],
                       input=b"wonderland-1\n", check=True, capture_output=True, timeout=60)
        self.main, self.side = pty.openpty()
        self.addCleanup(os.close, self.main)
        self.addCleanup(os.close, self.side)
        self.seen = b""

    def start(self, *command, **options):
        process = subprocess.Popen(command, stdin=self.side, stdout=self.side, stderr=self.side, start_new_session=True,
                                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def echo(self):
        return bool(termios.tcgetattr(self.main)[3] & termios.ECHO)

    def wait_for(self, text, count=1):
        while self.seen.count(text) < count:
            self.assertTrue(select.select([self.main], [], [], 60)[0], f"no {text} in {self.seen}")
            self.seen += os.read(self.main, 1024)

    def ask(self, **options):
        process = self.start(*self.tool, "user", "passwd", "alice", **options)
        self.wait_for(b"Password: ")
        self.assertFalse(self.echo(), "it shows what is typed")
        return process

    def test_a_signal_ends_it_and_the_terminal_shows_again_what_is_typed(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(number.name):
                self.seen = b""
                process = self.ask()
                process.send_signal(number)
                self.assertEqual(process.wait(60), -number, "it dies by the signal, and its parent sees that")
                self.assertTrue(self.echo())

    def test_keys_end_it_like_signals_and_what_was_typed_is_gone(self):
        for key, number in ((b"\x03", signal.SIGINT), (b"\x1c", signal.SIGQUIT)):
            with self.subTest(number.name):
                self.seen = b""
                process = self.ask()
                os.write(self.main, b"half a password" + key)
                self.assertEqual(process.wait(60), -number)
                self.assertTrue(self.echo())
                os.write(self.main, b"next\n")
                self.assertEqual(os.read(self.side, 1024), b"next\n", "the next program reads none of the password")
                self.assertNotIn(b"half", self.seen)

    def test_at_the_second_prompt_it_is_the_same(self):
        process = self.ask()
        os.write(self.main, b"looking-glass\n")
        self.wait_for(b"again: ")
        os.write(self.main, b"\x03")
        self.assertEqual(process.wait(60), -signal.SIGINT)
        self.assertTrue(self.echo())

    def test_what_is_ignored_stays_ignored(self):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            process = self.ask(restore_signals=False)
        finally:
            signal.signal(signal.SIGHUP, before)
        process.send_signal(signal.SIGHUP)
        for prompt in (b"Password: ", b"again: "):
            self.wait_for(prompt)
            os.write(self.main, b"looking-glass\n")
        self.assertEqual(process.wait(60), 0)
        self.assertTrue(self.echo())

    def test_when_it_was_stopped_it_goes_on_in_silence(self):
        listen, tell = os.pipe()
        self.addCleanup(os.close, listen)
        shell = self.start(sys.executable, "-c", SHELL, str(tell), *self.tool, "user", "passwd", "alice", pass_fds=[tell])
        os.close(tell)
        self.wait_for(b"Password: ")
        for stops in (1, 2):
            os.write(self.main, b"half a pass\x1a")
            self.assertEqual(os.read(listen, 1024), b"stopped True\n")
            self.wait_for(b"Password: ", count=stops + 1)
            self.assertFalse(self.echo())
        os.write(self.main, b"looking-glass\n")
        self.wait_for(b"again: ")
        os.write(self.main, b"looking-glass\n")
        self.assertEqual(os.read(listen, 1024), b"ended 0 True\n")
        self.assertEqual(shell.wait(60), 0)
        self.assertNotIn(b"looking-glass", self.seen)

    def test_a_private_key_is_printed_under_the_passphrase_that_was_typed(self):
        kid = json.loads(subprocess.run([*self.tool, "--json", "keys", "list"], capture_output=True, check=True).stdout)[0]["kid"]
        process = self.start(*self.tool, "keys", "pem", "--private", "--kid", kid)
        for prompt in (b"Password: ", b"Password again: "):
            self.wait_for(prompt)
            os.write(self.main, b"open sesame\n")
        self.wait_for(b"-----END ENCRYPTED PRIVATE KEY-----\r\n")
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertNotIn(b"open sesame", self.seen)
        pem = self.seen[self.seen.index(b"-----BEGIN"):].replace(b"\r", b"")
        opened = subprocess.run(["openssl", "pkey", "-pubout", "-passin", "pass:open sesame"], input=pem, capture_output=True,
                                check=True).stdout
        self.assertEqual(opened, subprocess.run([*self.tool, "keys", "pem", "--kid", kid], capture_output=True, check=True).stdout)


if __name__ == "__main__":
    unittest.main()
