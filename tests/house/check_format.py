#!/usr/bin/env python3
"""Checks that every C++ file is as clang-format 14 would write it.

Usage: check_format.py ROOT     (exit status 77: clang-format-14 is not installed)
"""

import os
import shutil
import subprocess
import sys

from findings import read_tree


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tool = shutil.which("clang-format-14")
    if tool is None:
        print("clang-format-14 is not installed")
        sys.exit(77)
    root = sys.argv[1]
    paths = [os.path.join(root, path) for path in read_tree(root, ("src", "tests", "examples"), (".h", ".cc"))]
    sys.exit(subprocess.run([tool, "--dry-run", "-Werror", *paths], check=False).returncode)


if __name__ == "__main__":
    main()
