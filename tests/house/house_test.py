#!/usr/bin/env python3
"""Proves that each rule of the house fires on a bad sample, and only on a bad one."""

import unittest

import floors
import rules


def findings_of(check, files):
    return [str(finding) for finding in check({path: text.splitlines() for path, text in files.items()})]


class FloorsTest(unittest.TestCase):
    def found(self, files):
        return findings_of(floors.check, files)

    def test_downward_and_own_includes_are_fine(self):
        self.assertEqual([], self.found({
            "src/core/include/oidcop/result.h": "#include <string>",
            "src/core/base/url.h": "#include <oidcop/result.h>",
            "src/core/base/url.cc": '#include "base/url.h"',
            "src/core/endpoint/token.cc": '#include "base/url.h"\n#include <oidcop/result.h>',
            "src/core/endpoint/grant/code.h": '#include "base/url.h"',
            "src/core/endpoint/endpoint.cc": '#include "endpoint/grant/code.h"',
        }))

    def test_an_include_upward_is_found_with_its_line(self):
        found = self.found({
            "src/core/store/store.h": "#pragma once",
            "src/core/base/url.h": '#pragma once\n#include "store/store.h"',
        })
        self.assertEqual(["src/core/base/url.h:2: floors: floor 1 includes src/core/store/store.h on floor 4"], found)

    def test_public_headers_include_only_each_other(self):
        found = self.found({
            "src/core/base/url.h": "",
            "src/core/include/oidcop/a.h": '#include "base/url.h"',
        })
        self.assertEqual(1, len(found))

    def test_add_ons_are_built_on_the_public_hooks_alone(self):
        files = {
            "src/core/include/oidcop/hooks.h": "",
            "src/core/base/digest.h": "",
            "src/core/model/client.h": "",
            "src/core/endpoint/endpoint.h": "",
            "src/core/endpoint/add_on/a.h": "#include <oidcop/hooks.h>",
            "src/core/endpoint/add_on/a.cc": '#include "endpoint/add_on/a.h"\n#include "base/digest.h"\n#include <string>',
        }
        self.assertEqual([], self.found(files))
        for inner in ("model/client.h", "endpoint/endpoint.h"):
            found = self.found({**files, "src/core/endpoint/add_on/b.cc": f'#include "{inner}"'})
            self.assertEqual(1, len(found), inner)
            self.assertIn("src/core/endpoint/add_on/b.cc:1: floors: ", found[0])

    def test_what_programs_do_to_themselves_is_for_programs(self):
        files = {"src/core/base/process.h": "", "src/cli/main.cc": '#include "base/process.h"'}
        self.assertEqual([], self.found(files))
        for path in ("src/core/base/a.cc", "src/core/provider/a.cc"):
            found = self.found({**files, path: '#include "base/process.h"'})
            self.assertEqual(1, len(found), path)
            self.assertIn(f"{path}:1: floors: src/core/base/process.h is for ", found[0])

    def test_the_table_of_floors_is_that_of_the_check(self):
        files = ["src/core/include/oidcop/a.h", "src/core/base/a.h", "src/core/jose/a.h", "src/cli/a.cc"]
        rows = ["| 10 | `cli/` | shells |", "| 2 | `jose/` | keys |", "| 1 | `base/` | octets |"]

        def found(rows):
            return [str(finding) for finding in floors.check_table("doc/d.md", ["| Floor | Folders |", *rows], files)]

        self.assertEqual([], found(rows))
        self.assertEqual(["doc/d.md:1: floors: the table of floors lacks `jose/` on floor 2"], found(rows[:1] + rows[2:]))
        self.assertEqual(["doc/d.md:2: floors: `cli/` is not on floor 9"], found(["| 9 | `cli/` |"] + rows[1:]))
        self.assertEqual(["doc/d.md:5: floors: `gone/` is not on floor 3"], found([*rows, "| 3 | `gone/` |"]))

    def test_a_circle_of_rooms_on_one_floor_is_found(self):
        found = self.found({
            "src/core/client/a.h": "",
            "src/core/client/b.cc": '#include "session/a.h"',
            "src/core/session/a.h": "",
            "src/core/session/b.cc": '#include "authn/a.h"',
            "src/core/authn/a.h": "",
            "src/core/authn/b.cc": '#include "client/a.h"',
        })
        self.assertEqual(1, len(found), found)
        self.assertIn("circle: src/core/authn -> src/core/client -> src/core/session -> src/core/authn", found[0])

    def test_a_circle_of_files_is_found(self):
        found = self.found({
            "src/core/base/a.h": '#include "base/b.h"',
            "src/core/base/b.h": '#include "base/a.h"',
        })
        self.assertIn("circle: src/core/base/a.h -> src/core/base/b.h -> src/core/base/a.h", found[0])

    def test_a_file_without_a_room_is_found(self):
        self.assertEqual(1, len(self.found({"src/core/misc/a.h": ""})))
        self.assertEqual(1, len(self.found({"src/core/a.h": ""})))

    def test_a_quoted_include_must_exist(self):
        self.assertEqual(1, len(self.found({"src/core/base/a.cc": '#include "base/absent.h"'})))

    def test_libraries_stay_in_their_rooms(self):
        for path, include in (("src/core/endpoint/a.cc", "<sqlite3.h>"), ("src/core/endpoint/a.cc", "<curl/curl.h>"),
                              ("src/cli/a.cc", "<fcgiapp.h>")):
            self.assertEqual(1, len(self.found({path: f"#include {include}"})), include)
        for path, include in (("src/core/store/sqlite/a.cc", "<sqlite3.h>"), ("src/core/http/a.cc", "<curl/curl.h>"),
                              ("src/fcgi/a.cc", "<fcgiapp.h>")):
            self.assertEqual([], self.found({path: f"#include {include}"}), include)


class LineRulesTest(unittest.TestCase):
    def rules_found(self, path, text):
        found = rules.check({path: text.splitlines()})
        return sorted({finding.rule for finding in found})

    def assert_fires(self, rule, path, samples):
        for sample in samples:
            self.assertEqual([rule], self.rules_found(path, sample), sample)

    def assert_silent(self, path, samples):
        for sample in samples:
            self.assertEqual([], self.rules_found(path, sample), sample)

    def test_raw_json_numbers(self):
        bad = ("x = j.get<int>();", "x = j.get<std::int64_t>();", "x = j.get<uint32_t>();", "j.get<double>()",
               "j.get<unsigned long>()", "j.template get<float>()", "j.get< std::size_t >()", "j->get<int>()",
               "j.get_to(x);", "j->get_to (x)", 'j.value("x", 1)', 'j.value( "max_age" , 0)', 'j->value("x", y)',
               "j.get_ref<const Json::number_integer_t&>()", "j.get_ptr<nlohmann::json::number_float_t*>()",
               "j.get<time_t>()", "j.get<pid_t>()", "j.get<Seconds::rep>()", "j.get<::int64_t>()", "j.get<::std::int64_t>()",
               "j.get<std::vector<int>>()", "j.get<std::vector<std::string>>()", "j.get<std::optional<int>>()",
               "j.get<T>()", "j.get<auto>()", "j.get<const int>()", "j.get\n    <int>()", "j.get<\n    int>()", "j\n    .get<int>()",
               "j.value(kExp, 0)", "j.value(\n    kExp,\n    0)", 'j.value(std::string("exp"), 0)', 'j.value("/a/b"_json_pointer, 0)',
               'int n = json["exp"];', 'static_cast<int>(json["exp"])', 'json["exp"] > 5', 'json["exp"] == 5', 'f(json["a"]["b"]);',
               'json [ "exp" ] + 1', 'const int n = j.at("exp");', "const int n = j.at(kExp);", 'j->at("exp")',
               "static_cast<int>(json[kExp])", "static_cast<std::int64_t>(j.at(name))", "static_cast<int>(claims.json.at(0))",
               'for (const auto& x : json["keys"]) f(x);')
        self.assert_fires("json-numbers", "src/core/token/a.cc", bad)
        for sample in bad:
            self.assertEqual([], self.rules_found("src/core/base/json.cc", sample))

    def test_other_json_access_is_fine(self):
        self.assert_silent("src/core/token/a.cc", (
            "j.get<std::string>()", "j.get_ref<const std::string&>()", "result.value()", 'params.value("x")',
            "std::get<internal::Thing>(v)", "// never j.get<int>()", "/* j.get<int>() */", "widget<int>()", "std::get<std::size_t>(variant)",
            "j.is_boolean() && j.get<bool>()", "j.get_ptr<const std::string*>()", "j.get_ref<Json::object_t&>()",
            'json["exp"] = 5;', 'json["a"]["b"] = 5;', 'text = "[" + index + "]";', 'f("json[\\"exp\\"] > 5");', "parts.at(i)", "parts[kHeader]",
            'g("a", x.value(), "b")', "pointer.get()", "x = f(a.value(), b);", "static_cast<int>(octets[i])", "static_cast<char>(block[kHalf - 1])", "size.value(), 3"))

    def test_a_finding_names_the_line_where_the_call_begins(self):
        found = rules.check({"src/core/token/a.cc": ["// x", "", "x = j.get<", "    int>();"]})
        self.assertEqual([3], [finding.line for finding in found])

    def test_clock(self):
        bad = ("auto t = std::time(nullptr);", "t = ::time(&t);", "t = time(nullptr);", "time( NULL )", "time(0)",
               "std::chrono::system_clock::now()", "system_clock :: now()", "gettimeofday(&tv, nullptr)",
               "clock_gettime(CLOCK_REALTIME, &ts)")
        self.assert_fires("clock", "src/core/token/a.cc", bad)
        for sample in bad:
            self.assertEqual([], self.rules_found("src/core/base/system_clock.cc", sample))

    def test_random(self):
        bad = ("int x = rand();", "std::rand()", "srand(1)", "srand(seed)", "return ::random();", "rand_r(&s)", "drand48()", "std::mt19937 g;", "std::mt19937_64 g;",
               "std::random_device d;", "RAND_bytes(p, 1)", "RAND_priv_bytes(p, 1)", "getrandom(p, 1, 0)",
               "getentropy(p, 1)", "arc4random()")
        self.assert_fires("random", "src/cli/a.cc", bad)
        for sample in bad:
            self.assertEqual([], self.rules_found("src/core/base/system_random.cc", sample))

    def test_words_that_only_look_like_clocks_and_dice(self):
        self.assert_silent("src/core/token/a.cc", (
            "clock.now()", "auth_time(token)", "token.time(0)", "token->time(0)", "TimePoint time(const Token& t);",
            "brand(1)", "Random& random() { return random_; }", "site.random()", "a.rand()", "random_handle(random)", "random.fill(out)", "std::chrono::steady_clock::now()",
            "// std::time(nullptr)", "strftime(out, 1, f, &t)"))

    def test_json_header(self):
        self.assert_fires("json-header", "src/core/token/a.h",
                          ("#include <nlohmann/json.hpp>", '# include "nlohmann/json.hpp"'))
        self.assert_silent("src/core/token/a.h", ("#include <nlohmann/json_fwd.hpp>", "// #include <nlohmann/json.hpp>"))
        self.assert_silent("src/core/token/a.cc", ("#include <nlohmann/json.hpp>",))

    def test_length(self):
        self.assert_fires("length", "src/core/token/a.cc", ("x\n" * 451,))
        self.assert_fires("length", "tests/core/token/a_test.cc", ("x\n" * 501,))
        self.assert_silent("src/core/token/a.h", ("x\n" * 450,))

    def test_templates(self):
        self.assert_fires("template", "share/templates/a.mustache", (
            "{{{name}}}", "{{& name}}", "{{ &name}}", "{{=<% %>=}}", "<script>go()</script>", "<SCRIPT type='x'>",
            "<style>", "<p style='x'>", '<p class="a"style="x">', '<body onload="go()">', "<a/onclick=go()>",
            "<a href='javascript:go()'>", "<p\nonclick='x'>", "<p\n STYLE = 'x'>"))

    def test_plain_templates_are_fine(self):
        self.assert_silent("share/templates/a.mustache", (
            "{{name}} {{#list}}{{.}}{{/list}} {{^no}}{{/no}} {{> head}} {{! note}}",
            '<script src="/static/post.js" defer></script>', '<link rel="stylesheet" href="x">',
            "<p>Sign on = fine</p>".replace(" on =", " on: "), '<input name="consent" value="{{v}}">'))

    def test_comments_are_blanked_and_texts_kept(self):
        self.assertEqual(['a "//x" ', "b ", "", " c", "'\"' d"], [line for line in rules.without_comments(
            ['a "//x" // y', "b /* z", '"still" // here', "*/ c", "'\"' d"])])


if __name__ == "__main__":
    unittest.main()
