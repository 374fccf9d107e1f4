#!/usr/bin/env python3
"""Checks that the manual pages name exactly the commands and options that the programs have."""

import argparse
import pathlib
import sys

import man_page
import program_help


def differences(where, documented, real):
    return ([f"{where}: {name} is not documented" for name in sorted(real - documented)] +
            [f"{where}: {name} is documented but not there" for name in sorted(documented - real)])


def check_program(page, text, commands):
    documented_options = man_page.options(man_page.blocks(text).get(("SH", "OPTIONS"), []))
    found = differences(f"{page}: OPTIONS", documented_options, commands[()].options)
    real = program_help.runnable(commands)
    documented = man_page.documented_commands(text)
    found += differences(page, {" ".join(words) for words in documented}, {" ".join(words) for words in real})
    for words in sorted(documented.keys() & real.keys()):
        where = f"{page}: {' '.join(words)}"
        options, positionals = documented[words]
        found += differences(where, options, real[words].options)
        found += differences(where, set(positionals), set(real[words].positionals))
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--oidcop", required=True)
    parser.add_argument("--responder", required=True)
    parser.add_argument("--pages", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    found = []
    programs = {"oidcop.1": arguments.oidcop, "oidcop.fcgi.8": arguments.responder, "oidcop.json.5": None}
    for page, program in programs.items():
        path = arguments.pages / page
        text = path.read_text(encoding="utf-8")
        found += man_page.flaws(page, text) + man_page.formatter_warnings(path)
        if program:
            found += check_program(page, text, program_help.commands_of(program))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
