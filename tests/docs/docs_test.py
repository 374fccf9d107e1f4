#!/usr/bin/env python3
"""Proves that the checks of the documents fire on bad samples, and only on bad ones."""

import pathlib
import unittest

import check_documents
import check_man
import man_page
import program_help

HELP = """A program
Usage: prog [OPTIONS] name

Positionals:
  name TEXT REQUIRED          Who

Options:
  -h,--help                   Print this help message and exit
  --output TEXT=a             Where to; see --other
                              --more about it
  --flag                      A flag

Subcommands:
  run                         Do it
"""

PAGE = r""".TH P 1
.SH OPTIONS
.TP
.B \-\-json
Text, unlike
.B \-\-prose
.SH COMMANDS
.SS "prog run NAME"
.TP
.BI \-\-output " FILE"
To a file.
.TP
\fB\-\-one\fR, \
\fB\-\-two\fR
Both.
"""

COMMANDS = {
    (): program_help.Command((), {"--json"}, []),
    ("keys",): program_help.Command(("keys",), set(), []),
    ("keys", "list"): program_help.Command(("keys", "list"), {"--all"}, []),
}


class HelpTest(unittest.TestCase):
    def test_names_are_told_from_descriptions(self):
        self.assertEqual(({"--output", "--flag"}, ["name"], ["run"]), program_help.parse(HELP))

    def test_a_group_of_commands_is_no_command(self):
        self.assertEqual([("keys", "list")], list(program_help.runnable(COMMANDS)))


class ManPageTest(unittest.TestCase):
    def test_options_are_read_from_tags_alone(self):
        self.assertEqual({"--json"}, man_page.options(man_page.blocks(PAGE)[("SH", "OPTIONS")]))
        self.assertEqual({("run",): ({"--output", "--one", "--two"}, ["name"])}, man_page.documented_commands(PAGE))

    def test_both_directions_of_a_difference_are_found(self):
        self.assertEqual(["x: b is not documented", "x: a is documented but not there"],
                         check_man.differences("x", {"a"}, {"b"}))

    def test_a_good_page_has_no_flaws(self):
        self.assertEqual([], man_page.flaws("p", PAGE))

    def test_each_flaw_is_found(self):
        for line in (".XX a", "'quoted' first", "", "a ", "@PROJECT_VERSION@", "the option --output", ".EE", ".EX"):
            self.assertEqual(1, len(man_page.flaws("p", ".TH P 1\n" + line + "\n")), line)


class DocumentsTest(unittest.TestCase):
    def flaws(self, line):
        return [flaw for call in check_documents.invocations(line, "prog")
                for flaw in check_documents.flaws_of_call(call, COMMANDS)]

    def test_real_commands_pass(self):
        for line in ("prog keys list --all", "x | prog --json keys list | sort --reverse", "sudo prog keys list",
                     "A=1 prog keys list > prog", "echo prog --bad", "prog --version"):
            self.assertEqual([], self.flaws(line), line)

    def test_what_is_not_there_is_found(self):
        for line in ("prog keys list --every", "prog keys shuffle --all", "true && prog nothing"):
            self.assertEqual(1, len(self.flaws(line)), line)

    def test_a_proof_that_is_not_there_is_found(self):
        text = "| `A.Real` | `A.Gone` |\nNo table: `A.Other`\n"
        self.assertEqual(["d.md: there is no test A.Gone"],
                         check_documents.missing_tests(pathlib.Path("d.md"), text, {"A.Real"}))

    def test_continued_lines_are_one_call(self):
        self.assertEqual([(2, "prog keys  list")], check_documents.code_lines("text\n    prog keys \\\n    list\nend\n"))


if __name__ == "__main__":
    unittest.main()
