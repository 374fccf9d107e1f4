#!/usr/bin/env python3
"""Checks the rules of the house that no compiler knows.

Usage: check_house.py ROOT

Prints each offending line as path:line: rule: what to do; the exit status is 1 if there was one.
"""

import sys

import floors
import rules
from findings import read_tree


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = sys.argv[1]
    sources = read_tree(root, ("src", "tests"), (".h", ".cc"))
    templates = read_tree(root, ("share/templates",), ("",))
    findings = [*floors.check(sources), *rules.check({**sources, **templates})]
    for path, lines in read_tree(root, ("doc",), ("decisions.md",)).items():
        findings += floors.check_table(path, lines, sources)
    for finding in findings:
        print(finding)
    if not sources:
        sys.exit(f"{root}: no sources found")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
