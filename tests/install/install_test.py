"""What `cmake --install` puts where, and that it is enough for a program of somebody else.

Needs OIDCOP_BUILD (a build folder), OIDCOP_LIBDIR (lib, below the prefix), OIDCOP_CXX (the compiler of the build).
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BUILD = os.environ["OIDCOP_BUILD"]
LIBDIR = os.environ["OIDCOP_LIBDIR"]


def run(*command, **named):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **named)
    if done.returncode != 0:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Install(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="oidcop-install-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / "usr"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)

    def test_everything_lies_where_the_filesystem_hierarchy_standard_has_it(self):
        for name in ("bin/oidcop", "libexec/oidcop/oidcop.fcgi", "share/oidcop/templates/login.mustache",
                     "share/oidcop/static/oidcop.css", "share/oidcop/apache/oidcop.conf", "share/oidcop/nginx/oidcop_params",
                     "share/oidcop/lighttpd/oidcop.conf", "share/man/man1/oidcop.1", "share/man/man5/oidcop.json.5",
                     "share/man/man8/oidcop.fcgi.8", "lib/systemd/system/oidcop.service", "lib/systemd/system/oidcop.socket",
                     "lib/sysusers.d/oidcop.conf", "lib/tmpfiles.d/oidcop.conf", f"{LIBDIR}/liboidcop.a",
                     f"{LIBDIR}/oidcop/oidcop-fetch.so", "include/oidcop/provider.h", f"{LIBDIR}/cmake/oidcop/oidcopConfig.cmake"):
            with self.subTest(name):
                self.assertTrue((self.prefix / name).is_file(), name)
        known = {"bin", "libexec", "share", "lib", "include"}
        self.assertEqual({path.name for path in self.prefix.iterdir()} - known, set())

    def test_a_program_of_somebody_else_can_be_a_provider(self):
        example = next((self.prefix / "share/doc").rglob("embedding"))
        run("cmake", "-G", "Ninja", "-S", example, "-B", self.folder / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={os.environ['OIDCOP_CXX']}", f"-DCMAKE_CXX_FLAGS={os.environ['OIDCOP_CXX_FLAGS']}")
        run("cmake", "--build", self.folder / "build")
        home = self.folder / "home"
        home.mkdir(mode=0o700)
        config = home / "oidcop.json"
        run(self.prefix / "bin/oidcop", "--config", config, "init", "--issuer", "https://op.example", "--data-dir",
            self.prefix / "share/oidcop", "--user", "alice", "--password-stdin", input="wonderland-wonderland\n")
        metadata, status = run(self.folder / "build/embedding", config, "op.example").splitlines()
        self.assertEqual(json.loads(metadata)["issuer"], "https://op.example")
        self.assertEqual(json.loads(metadata)["operator"], "Example, Ltd.")
        self.assertEqual(status, "400", "an authorization request of nothing")


if __name__ == "__main__":
    unittest.main()
