"""What a program says about itself: its commands, their options and positional arguments, read from --help."""

import re
import subprocess


class Command:
    """One command as its --help shows it; `words` is () for the program itself."""

    def __init__(self, words, options, positionals):
        self.words, self.options, self.positionals = words, options, positionals


def sections(text):
    """The blocks of a help text: their headings and the lines below."""
    found, lines = {}, None
    for line in text.splitlines():
        heading = re.fullmatch(r"([A-Z][a-z]+):", line)
        if heading:
            lines = found.setdefault(heading[1], [])
        elif lines is not None and line.strip():
            lines.append(line)
    return found


def first_words(lines):
    """Names stand two columns in; what is further in continues a description."""
    return [match[1] for match in (re.match(r"  (\S+)", line) for line in lines) if match]


def parse(text):
    """-> options (long names without --help), names of positionals, names of subcommands"""
    found = sections(text)
    options = set()
    for word in first_words(found.get("Options", [])):
        options.update(name for name in word.split(",") if name.startswith("--"))
    return options - {"--help"}, first_words(found.get("Positionals", [])), first_words(found.get("Subcommands", []))


def help_of(program, words):
    return subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout


def commands_of(program):
    """All commands of a program by their words, the program itself under ()."""
    found, waiting = {}, [()]
    while waiting:
        words = waiting.pop()
        options, positionals, below = parse(help_of(program, words))
        found[words] = Command(words, options, positionals)
        waiting.extend(words + (word,) for word in below)
    return found


def runnable(commands):
    """Those that do something by themselves: not the program, not a group of commands."""
    groups = {words[:-1] for words in commands}
    return {words: command for words, command in commands.items() if words and words not in groups}
