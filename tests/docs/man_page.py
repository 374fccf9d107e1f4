"""What a manual page says about commands and options, and whether it is well-formed."""

import re
import shutil
import subprocess

MACROS = {"TH", "SH", "SS", "TP", "PP", "B", "I", "BR", "RB", "BI", "IB", "RI", "IR", "EX", "EE", "br"}


def plain(text):
    """Text of a line without font changes and escapes."""
    text = re.sub(r"\\f[BIRP]", "", text)
    return text.replace("\\-", "-").replace('"', "")


def tags(lines):
    """The line after each .TP, with its continuations."""
    found, i = [], 0
    while i < len(lines):
        if lines[i] == ".TP" and i + 1 < len(lines):
            i += 1
            tag = lines[i]
            while tag.endswith("\\") and i + 1 < len(lines):
                i += 1
                tag = tag[:-1] + lines[i]
            found.append(plain(tag))
        i += 1
    return found


def options(lines):
    found = set()
    for tag in tags(lines):
        found.update(re.findall(r"(?<![\w-])--[a-z][a-z-]*", tag))
    return found - {"--help"}


def blocks(text):
    """Lines below each heading: ("SH", title) or ("SS", title)."""
    found, lines = {}, []
    for line in text.splitlines():
        heading = re.fullmatch(r"\.(SH|SS) (.*)", line)
        if heading:
            lines = found.setdefault((heading[1], plain(heading[2])), [])
        else:
            lines.append(line)
    return found


def documented_commands(text):
    """words -> (options, positionals), of the subsections that are titled with a command"""
    found = {}
    for (kind, title), lines in blocks(text).items():
        if kind != "SS":
            continue
        words = title.split()[1:]
        positionals = [word.strip("[]").lower() for word in words if word.strip("[]").isupper()]
        found[tuple(word for word in words if word.islower())] = (options(lines), positionals)
    return found


def flaws(name, text):
    """What is wrong with the page as such."""
    found, example = [], False
    for number, line in enumerate(text.splitlines(), 1):
        at = f"{name}:{number}: "
        macro = re.match(r"\.\s*(\S*)", line)
        if macro and macro[1] not in MACROS and not line.startswith('.\\"'):
            found.append(at + f"unknown macro .{macro[1]}")
        if line.startswith("'"):
            found.append(at + "a line that begins with ' is taken for a macro")
        if line != line.rstrip() or (not line and not example):
            found.append(at + "blank line or blanks at the end")
        if re.search(r"@[A-Z_]+@", line):
            found.append(at + "a placeholder was left in")
        if re.search(r"(?<![\\\w-])--[a-z]", line):
            found.append(at + "an option needs \\-\\-, else it cannot be copied")
        if macro and macro[1] in ("EX", "EE"):
            if example == (macro[1] == "EX"):
                found.append(at + "unpaired ." + macro[1])
            example = macro[1] == "EX"
    if example:
        found.append(f"{name}: .EX without .EE")
    if not text.startswith(".TH "):
        found.append(f"{name}:1: does not begin with .TH")
    return found


def formatter_warnings(path):
    """What groff warns of; nothing where there is no groff."""
    if shutil.which("groff") is None:
        return []
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", str(path)], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.stderr.splitlines()
