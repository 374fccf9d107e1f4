#!/usr/bin/env python3
"""Proves that clang-tidy's cache forgets what it must, and that a finding is never kept as clean."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import tidy

CLEAN = '#include "b.h"\nint a() { return b(); }\n'
BAD = "#include <string>\n#include <utility>\nvoid take(std::string&&);\n" \
      "char a(std::string s) {\n  take(std::move(s));\n  return s[0];\n}\n"


class TidyTest(unittest.TestCase):
    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.write(".clang-tidy", "Checks: -*,bugprone-use-after-move\nWarningsAsErrors: '*'\n")
        self.write("src/a.cc", CLEAN)
        self.write("src/b.h", '#pragma once\n#include "c.h"\ninline int b() { return c(); }\n')
        self.write("src/c.h", "#pragma once\ninline int c() { return 1; }\n")
        self.write("src/other.h", "#pragma once\n")
        self.entry = {"directory": self.root, "file": os.path.join(self.root, "src/a.cc"),
                      "command": f"c++ -I{self.root}/src -std=c++20 -o a.o -c {self.root}/src/a.cc"}

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def key(self, version=b"14"):
        return tidy.key_of(self.entry, tidy.Sources(self.root), version)

    def test_the_key_depends_on_all_that_the_answer_depends_on(self):
        keys = [self.key(), self.key(b"15")]
        for path, text in (("src/a.cc", CLEAN + "\n"), ("src/b.h", '#pragma once\n#include "c.h"\nint b();\n'),
                           ("src/c.h", "#pragma once\nint c();\n"), (".clang-tidy", "Checks: -*\n"),
                           ("src/.clang-tidy", "InheritParentConfig: true\n")):
            self.write(path, text)
            keys.append(self.key())
        self.entry["command"] += " -DX=1"
        keys.append(self.key())
        self.assertEqual(len(keys), len(set(keys)))

    def test_the_key_depends_on_nothing_else(self):
        before = self.key()
        self.write("src/other.h", "#pragma once\nint other();\n")
        self.entry["command"] = self.entry["command"].replace("-o a.o", "-o b.o")
        self.assertEqual(before, self.key())

    def run_tidy(self):
        self.write("build/compile_commands.json", json.dumps([self.entry]))
        environment = {name: value for name, value in os.environ.items() if name != "OIDCOP_TIDY_CACHE"}
        return subprocess.run([sys.executable, tidy.__file__, self.root, os.path.join(self.root, "build")],
                              capture_output=True, text=True, check=False, env=environment)

    @unittest.skipUnless(shutil.which("clang-tidy-14"), "clang-tidy-14 is not installed")
    def test_only_clean_files_are_kept(self):
        self.assertIn("1 examined, 0 with findings", self.run_tidy().stdout)
        again = self.run_tidy()
        self.assertEqual(0, again.returncode)
        self.assertIn("0 examined, 0 with findings", again.stdout)
        self.write("src/a.cc", BAD)
        for _ in range(2):
            found = self.run_tidy()
            self.assertEqual(1, found.returncode)
            self.assertIn("bugprone-use-after-move", found.stdout)
            self.assertIn("1 examined, 1 with findings", found.stdout)


if __name__ == "__main__":
    unittest.main()
