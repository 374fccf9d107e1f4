"""The units for systemd: whether systemd understands them, how tight they are, and the provider started as they start it.

Needs OIDCOP_PROGRAM, OIDCOP_FCGI, OIDCOP_SHARE, OIDCOP_DATA.
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

import real_provider
import setups
import webservers

SHARE = pathlib.Path(os.environ["OIDCOP_SHARE"]) / "systemd"
EXPOSURE = 20  # tenths; systemd calls a service below 2.0 "OK", and one without any sandbox 9.6 "UNSAFE"


class Units(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-units-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("oidcop.service", "oidcop.socket"):  # systemd looks whether the program is there
            text = (SHARE / name).read_text()
            text = re.sub(r"(?m)^(ExecStart=)\S+", rf"\g<1>{os.environ['OIDCOP_FCGI']}", text)
            (self.folder / name).write_text(text)

    def run_tool(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                              env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"})
        return done.returncode, done.stdout + done.stderr

    def test_systemd_has_nothing_to_say_against_them(self):
        units = [self.folder / name for name in ("oidcop.service", "oidcop.socket")]
        self.assertEqual(self.run_tool("systemd-analyze", "verify", "--man=no", *units), (0, ""))

    def test_the_sandbox_is_on(self):
        status, words = self.run_tool("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}",
                                      "--no-pager", self.folder / "oidcop.service")
        self.assertEqual(status, 0, words)

    def test_the_user_is_one_that_systemd_can_make(self):
        status, words = self.run_tool("systemd-sysusers", "--dry-run", SHARE / "sysusers.conf")
        self.assertEqual(status, 0, words)

    def test_the_folder_of_the_socket_is_closed_to_others(self):
        self.assertRegex((SHARE / "tmpfiles.conf").read_text(), r"(?m)^d /run/oidcop 0750 oidcop www-data -$")
        self.assertRegex((SHARE / "oidcop.socket").read_text(), r"(?m)^DirectoryMode=0750$", "if systemd has to make it")


@unittest.skipUnless(os.geteuid() == 0, "two users take root")
class AsAService(unittest.TestCase):
    """The provider runs as one ordinary user, which owns its state; nginx, as another, reaches the socket by its group."""

    def start(self, settings):
        mine, servers = webservers.Bench(user="daemon"), webservers.Bench()
        self.addCleanup(mine.close)
        provider = real_provider.RealProvider(mine, issuer="https://op.example")
        folder = provider.config.parent / "oidcop.json.d"
        folder.mkdir(exist_ok=True, mode=0o700)
        mine.give(folder)
        mine.write("home/oidcop.json.d/service.json", json.dumps(settings))
        self.addCleanup(servers.close)
        path = servers.folder / "op.sock"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as news:
            news.settimeout(webservers.PATIENCE)
            news.bind(f"\0{servers.folder}")
            mine.spawn([sys.executable, "-B", pathlib.Path(__file__).with_name("as_systemd.py"), path, "daemon", "www-data",
                        provider.program, "--config", provider.config],
                       {"NOTIFY_SOCKET": f"@{servers.folder}"}, "service-1.log")
            try:
                self.assertEqual(news.recv(100), b"READY=1")
            except TimeoutError:
                self.fail(mine.service_log())
        self.mine, self.provider = mine, provider
        return servers.start_nginx(setups.Service(servers, provider.program, at="").snippet("nginx/oidcop.conf", socket=path))

    def ask(self, server):
        return server.raw(b"GET /jwks.json HTTP/1.1\r\nHost: op.example\r\nConnection: close\r\n\r\n").status

    def test_it_serves_the_web_server_that_the_configuration_names(self):
        self.assertEqual(self.ask(self.start({"responder": {"allowed_peers": ["www-data"]}})), 200)
        owners = {item.stat().st_uid for item in (self.provider.config.parent / "state").rglob("*")}
        self.assertEqual(owners, {self.mine.user.pw_uid})

    def test_it_serves_nobody_else_whatever_the_mode_of_the_socket(self):
        self.assertEqual(self.ask(self.start({})), 502)
        self.assertIn("event=peer.refused", self.mine.service_log())


if __name__ == "__main__":
    unittest.main()
