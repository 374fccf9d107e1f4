"""scripts/demo as an administrator meets it: what it refuses, what it starts, and that it stops that and no more.

Needs OIDCOP_DEMO (the script) and OIDCOP_BUILD (a folder with the built programs). Nothing is installed: in place of
apt-get and sudo stand programs that fail.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

PATIENCE = 300  # seconds until a demo that does not say what it should is an error


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def has_ipv6():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def processes():
    """pid -> (parent, session, name) of all that run; zombies are gone already."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name, rest = re.fullmatch(r"\d+ \((.*)\) (.*)", (folder / "stat").read_text(), re.S).groups()
            state, parent, _, session = rest.split()[:4]
            if state not in "ZX":
                found[int(folder.name)] = (int(parent), int(session), name)
    return found


def below(root):
    """The processes that descend from this one; itself included."""
    found, everybody = {root}, processes()
    while more := {pid for pid, (parent, _, _) in everybody.items() if parent in found} - found:
        found |= more
    return {pid: everybody[pid] for pid in found if pid in everybody}


class Demo:
    """A run of the script in a session of its own, as a terminal starts it."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True)
        self.output = ""
        self.said = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.said:
                self.output += line
                self.said.notify_all()
        with self.said:
            self.process.stdout.close()
            self.said.notify_all()

    def wait_for(self, text):
        with self.said:
            self.said.wait_for(lambda: text in self.output or self.process.stdout.closed, PATIENCE)
            if text not in self.output:
                raise AssertionError(f'the demo did not say "{text}":\n{self.output}')

    def end(self):
        """Waits until it has ended. \\return its status"""
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return status

    def kill(self):
        for pid, (_, session, _) in below(self.process.pid).items():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(session, signal.SIGKILL) if pid == session else os.kill(pid, signal.SIGKILL)
        self.process.wait()


class DemoTest(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="oidcop-demo-test-"))
        self.addCleanup(shutil.rmtree, self.home)
        self.home.chmod(0o755)  # as root, the servers run as www-data
        stubs = self.home / "stubs"
        stubs.mkdir()
        for name in ("apt-get", "sudo"):
            (stubs / name).write_text(f"#!/bin/sh\necho '{name} was called' >&2\nexit 1\n")
            (stubs / name).chmod(0o755)
        self.temporary = self.home / "tmp"
        self.temporary.mkdir()
        self.environment = {"PATH": f"{stubs}:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.home),
                            "TMPDIR": str(self.temporary)}
        self.folder = self.home / "a folder's \"name\""
        self.op_port, self.rp_port = free_port(), free_port()

    def command(self, *options):
        return [os.environ["OIDCOP_DEMO"], "--use-build", os.environ["OIDCOP_BUILD"], "--folder", str(self.folder),
                "--op-port", str(self.op_port), "--rp-port", str(self.rp_port), *options]

    def run_demo(self, *options):
        """\\return (status, output) of a run that ends by itself"""
        demo = self.start_demo(*options)
        return demo.end(), demo.output

    def start_demo(self, *options):
        demo = Demo(self.command(*options), self.environment)
        self.addCleanup(demo.kill)
        return demo

    def assert_all_gone(self, pids):
        self.assertEqual({}, {pid: processes()[pid] for pid in pids if pid in processes()})
        self.assertFalse(answers(self.op_port))
        self.assertFalse(answers(self.rp_port))


class Refusals(DemoTest):
    def assert_refused(self, options, status, text):
        ended, output = self.run_demo(*options)
        self.assertEqual(status, ended, output)
        self.assertIn(text, output)
        self.assertNotIn("starting", output)

    def test_wrong_options_end_with_status_2(self):
        for options, text in ((["--chekc"], "unknown option --chekc"), (["demo"], "unknown option demo"),
                              (["--folder"], "--folder needs a value"), (["--op-port", ""], "--op-port needs a value"),
                              (["--op-port", "https"], '"https" is no port number'),
                              (["--rp-port=0"], '"0" is no port number'),
                              (["--rp-port=65536"], '"65536" is no port number'),
                              (["--op-port=0x1f90"], '"0x1f90" is no port number'),
                              (["--op-port", str(self.rp_port)], "the two ports must differ")):
            with self.subTest(options=options):
                self.assert_refused(options, 2, text)
                self.assertFalse(self.folder.exists())

    def test_help_is_no_error(self):
        status, output = self.run_demo("--help")
        self.assertEqual(0, status)
        for option in ("--check", "--op-port", "--rp-port", "--folder", "--screenshots", "--use-build"):
            self.assertIn(option, output)

    def test_a_busy_port_is_an_error_before_anything_is_done(self):
        for name, address in (("op_port", "127.0.0.1"), ("rp_port", "0.0.0.0")):
            with self.subTest(port=name, address=address):
                self.assert_busy(name, socket.AF_INET, address)

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_a_port_that_is_busy_on_ipv6_is_busy(self):
        self.assert_busy("op_port", socket.AF_INET6, "::1")

    def assert_busy(self, name, family, address):
        with socket.socket(family) as other:
            other.bind((address, 0))
            other.listen()
            setattr(self, name, other.getsockname()[1])
            self.assert_refused([], 1, f"port {getattr(self, name)} is in use")
            self.assertFalse(self.folder.exists())

    def test_a_folder_with_something_else_in_it_is_left_alone(self):
        (self.folder / "run").mkdir(parents=True)
        (self.folder / "run" / "precious").write_text("x")
        self.assert_refused([], 1, "has something else in it")
        self.assertEqual(["run"], [path.name for path in self.folder.iterdir()])
        self.assertTrue((self.folder / "run" / "precious").exists())

    def test_a_folder_is_for_one_demo_at_a_time(self):
        self.folder.mkdir()
        mark = self.folder / ".oidcop-demo"
        mark.touch()
        with subprocess.Popen(["flock", mark, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            other.stdin.write(b"locked\n")
            other.stdin.flush()
            self.assertEqual(b"locked\n", other.stdout.readline())
            self.assert_refused([], 1, "another demo is using")

    def test_a_folder_without_programs_is_no_build(self):
        self.assert_refused(["--use-build", str(self.home)], 1, "nothing is built in")

    def test_a_configuration_that_is_wrong_is_reported_with_its_reason(self):
        home = self.folder / f"op-{self.op_port}"
        home.mkdir(parents=True)
        (self.folder / ".oidcop-demo").touch()
        (home / "oidcop.json").write_text('{"issuer": 7}')
        self.assert_refused([], 1, "failed at: the provider")
        self.assert_refused([], 1, "issuer")

    @unittest.skipUnless(os.geteuid() == 0, "only root's servers run as another user")
    def test_a_folder_that_the_servers_cannot_enter_is_refused(self):
        closed = self.home / "closed"
        closed.mkdir(mode=0o700)
        self.folder = closed / "demo"
        self.assert_refused([], 1, "www-data, as which the servers run, cannot get into")


class Ends(DemoTest):
    def start_servers(self):
        """\\return the demo, and the processes it runs, once it waits"""
        demo = self.start_demo()
        demo.wait_for("Ctrl-C stops both servers")
        self.assertTrue(answers(self.op_port))
        self.assertTrue(answers(self.rp_port))
        running = below(demo.process.pid)
        names = {name for _, _, name in running.values()}
        self.assertTrue({"lighttpd", "apache2", "oidcop.fcgi"} <= names, names)
        self.short_folders = re.findall(r"/tmp/oidcop-demo\.\w+", self.command_line(running, "lighttpd"))
        self.assertTrue(self.short_folders)
        return demo, running

    @staticmethod
    def pid_of(running, name):
        """The first of them with this name: the one that leads its session."""
        return next(pid for pid, (_, session, known) in running.items() if known == name and pid == session)

    def command_line(self, running, name):
        return pathlib.Path(f"/proc/{self.pid_of(running, name)}/cmdline").read_text()

    def assert_ended(self, demo, running, status):
        self.assertEqual(status, demo.end(), demo.output)
        self.assert_all_gone(running)
        for folder in self.short_folders:
            self.assertFalse(pathlib.Path(folder).exists())

    def bystander(self):
        """A process that has nothing to do with the demo, but the servers' user and working folder."""
        user = {"user": "www-data", "group": "www-data", "extra_groups": []} if os.geteuid() == 0 else {}
        process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, cwd=self.home, **user)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        return process

    def test_ctrl_c_stops_what_was_started_and_nothing_else(self):
        other = self.bystander()
        demo, running = self.start_servers()
        os.killpg(demo.process.pid, signal.SIGINT)
        self.assert_ended(demo, running, 0)
        self.assertIsNone(other.poll())

    def test_sigterm_to_the_script_alone_stops_what_was_started(self):
        demo, running = self.start_servers()
        demo.process.terminate()
        self.assert_ended(demo, running, 0)

    def test_a_closed_terminal_stops_what_was_started(self):
        demo, running = self.start_servers()
        os.killpg(demo.process.pid, signal.SIGHUP)
        self.assert_ended(demo, running, 0)

    def test_when_a_server_crashes_the_other_is_stopped(self):
        for name in ("lighttpd", "apache2"):
            with self.subTest(server=name):
                demo, running = self.start_servers()
                os.kill(self.pid_of(running, name), signal.SIGKILL)
                self.assert_ended(demo, running, 1)
                self.assertIn(f"{name.removesuffix('2')} ended by itself", demo.output)


class Check(DemoTest):
    def test_the_login_works_twice_and_a_failing_one_is_named(self):
        for _ in range(2):  # the second time everything is there already
            status, output = self.run_demo("--check")
            self.assertEqual(0, status, output)
            self.assertIn("iss = https://localhost:%d" % self.op_port, output)
            self.assertIn("email = alice@example.org", output)
            self.assertEqual(4, len(list((self.folder / "screenshots").glob("[1-4]-*.png"))))

        program = self.folder / "root/usr/bin/oidcop"
        config = self.folder / f"op-{self.op_port}" / "oidcop.json"
        subprocess.run([program, "--config", config, "user", "passwd", "alice", "--password-stdin"],
                       input="another-password\n", text=True, check=True, capture_output=True)
        status, output = self.run_demo("--check", "--screenshots", str(self.home / "pictures"))
        self.assertEqual(1, status, output)
        self.assertIn("demo-check: failed at: the right password leads to the consent page", output)
        self.assertIn("scripts/demo: failed at: logging in with Chromium", output)
        self.assertTrue(list((self.home / "pictures").glob("*-failed.png")))
        self.assert_all_gone([])

    def test_sigterm_to_the_script_alone_stops_the_browser_too(self):
        demo = self.start_demo("--check")
        demo.wait_for("leads to the login page:")
        running = below(demo.process.pid)
        self.assertTrue({"chromedriver", "chromium"} <= {name for _, _, name in running.values()}, running)
        demo.process.terminate()
        self.assertEqual(143, demo.end(), demo.output)
        self.assertIn("interrupted at: logging in with Chromium", demo.output)
        self.assert_all_gone(running)
        self.assertEqual([], list(self.temporary.glob("oidcop-demo-browser-*")))


if __name__ == "__main__":
    unittest.main()
