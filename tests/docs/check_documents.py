#!/usr/bin/env python3
"""Checks README.md and doc/: the commands they show exist, with their options, their links lead somewhere, and
the tests they name as proofs are there."""

import argparse
import pathlib
import re
import shlex
import sys

import program_help


def code_lines(text):
    """(number, line) of indented and fenced code, continued lines joined."""
    found, fenced, pending = [], False, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        if not fenced and not line.startswith("    "):
            pending = None
            continue
        start, code = pending if pending else (number, "")
        code += line.strip()
        if code.endswith("\\"):
            pending = (start, code[:-1] + " ")
        else:
            pending = None
            found.append((start, code))
    return found


def invocations(line, program):
    """The argument lists with which a line of shell calls the program."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:
        return []  # no shell
    found, current, first = [], None, True
    for word in words:
        if re.fullmatch(r"[|&;<>()]+", word):
            current, first = None, word not in ("<", ">", ">>")
        elif current is not None:
            current.append(word)
        elif first and not word.endswith("/") and pathlib.PurePath(word).name == program:
            current = []
            found.append(current)
        elif first and (word in ("sudo", "umask") or re.fullmatch(r"\w+=.*", word)):
            pass
        else:
            first = False
    return found


def flaws_of_call(arguments, commands):
    """What a call names that the program does not have."""
    shown = [word.split("=")[0] for word in arguments if word.startswith("--")]
    known = set(commands[()].options)
    words = ()
    for word in arguments:
        if words + (word,) in commands:
            words += (word,)
    real = program_help.runnable(commands)
    if real and words not in real and set(shown) - {"--version", "--help"}:
        return [f"no such command: {' '.join(arguments)}"]
    if real and not words:
        return [] if shown else [f"no such command: {' '.join(arguments)}"]
    known |= commands[words].options | {"--help"}
    return [f"{' '.join(words)} has no option {option}" for option in shown if option not in known]


def broken_links(path, text):
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:|#", target) and not (path.parent / target.split("#")[0]).exists():
            found.append(f"{path.name}: link to {target}, which is not there")
    return found


def tests_of(folder):
    """All tests of the tree, as Suite.Name: GoogleTest's, and programs that ctest runs."""
    found = {".".join(names) for path in folder.rglob("*.cc")
             for names in re.findall(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", path.read_text(encoding="utf-8"), re.M)}
    for path in folder.rglob("CMakeLists.txt"):
        text = path.read_text(encoding="utf-8")
        found.update(re.findall(r"^\s*add_test\(NAME (\w+\.\w+)", text, re.M))
        found.update("Browser." + name for name in re.findall(r"^browser_test\((\w+)", text, re.M))
    return found


def missing_tests(path, text, tests):
    """The tables of documents name tests as proofs; a proof must exist."""
    named = [name for line in text.splitlines() if line.startswith("|")
             for name in re.findall(r"`([A-Z]\w*\.[A-Z]\w*)`", line)]
    return [f"{path.name}: there is no test {name}" for name in named if name not in tests]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--oidcop", required=True)
    parser.add_argument("--responder", required=True)
    parser.add_argument("--source", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    programs = {"oidcop": program_help.commands_of(arguments.oidcop),
                "oidcop.fcgi": program_help.commands_of(arguments.responder)}
    tests = tests_of(arguments.source / "tests")
    found, calls = [], 0
    for path in sorted([*arguments.source.glob("*.md"), *arguments.source.glob("doc/*.md")]):
        text = path.read_text(encoding="utf-8")
        found += broken_links(path, text) + missing_tests(path, text, tests)
        for number, line in code_lines(text):
            for program, commands in programs.items():
                for call in invocations(line, program):
                    calls += 1
                    found += [f"{path.name}:{number}: {flaw}" for flaw in flaws_of_call(call, commands)]
    if calls < 10:
        found.append(f"only {calls} calls were found in the documents: the check does not see them")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
