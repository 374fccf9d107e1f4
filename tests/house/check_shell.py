#!/usr/bin/env python3
"""Checks every shell script with shellcheck.

Usage: check_shell.py ROOT     (exit status 77: shellcheck is not installed)
"""

import os
import re
import shutil
import subprocess
import sys

from findings import read_tree

SHEBANG = re.compile(r"#!\s*(/usr/bin/env )?(/bin/)?(ba|da)?sh\b")


def is_shell(path, lines):
    return path.endswith(".sh") or bool(lines and SHEBANG.match(lines[0]))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tool = shutil.which("shellcheck")
    if tool is None:
        print("shellcheck is not installed")
        sys.exit(77)
    files = read_tree(sys.argv[1], ("scripts", ".ci", "share", "tests"), ("",))
    scripts = [path for path, lines in files.items() if is_shell(path, lines)]
    if not scripts:
        sys.exit(f"{sys.argv[1]}: no shell scripts found")
    command = [tool, "--external-sources", "--source-path=SCRIPTDIR", *scripts]
    sys.exit(subprocess.run(command, cwd=sys.argv[1], check=False).returncode)


if __name__ == "__main__":
    main()
