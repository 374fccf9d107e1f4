"""Rules about single lines: what may stand in sources and in templates, and how long a file may be."""

import re

from findings import Finding

LONGEST = {"src/": 450, "tests/": 500}

# rule, pattern, what to do instead, prefixes of paths where it is allowed

# These see the code with the texts in quotes emptied, as a whole: a call may go over several lines.
JSON_RULES = [
    ("json-numbers",
     re.compile(r"(?:\.|->|\btemplate)\s*get(?:_ref|_ptr)?\s*<\s*"
                r"(?!(?:const\s+)?(?:std::string|bool|(?:nlohmann::)?(?:Json|json)::(?:object|array)_t)\s*[&*]?\s*>)"),
     "read numbers and lists of JSON through base/json.h: a raw conversion of 1e300 is undefined behaviour",
     ("src/core/base/json.cc",)),
    ("json-numbers", re.compile(r"(?:\.|->)\s*get_to\s*\("),
     "read members of JSON through base/json.h: get_to() throws or converts numbers unchecked",
     ("src/core/base/json.cc",)),
    ("json-numbers", re.compile(r"(?:\.|->)\s*value\s*\((?:[^(),;]|\([^()]*\))*,"),
     "read members of JSON through base/json.h: value(name, default) throws or converts numbers unchecked",
     ("src/core/base/json.cc",)),
    ("json-numbers", re.compile(r"(?:\.|->)\s*at\s*\(\s*(?:\"\"|k[A-Z]\w*|\w+_pointer\b|\"\"_json_pointer)\s*\)"),
     "read members of JSON through base/json.h: what at(name) gives converts unchecked",
     ("src/core/base/json.cc",)),
    ("json-numbers", re.compile(r"\[\s*\"\"\s*\](?!\s*(?:=(?!=)|\[))"),
     "read members of JSON through base/json.h: what [name] gives converts and compares unchecked",
     ("src/core/base/json.cc",)),
    ("json-numbers",
     re.compile(r"static_cast\s*<[^<>]*>\s*\(\s*[\w.]+(?:->\w+)*\s*(?:\[\s*k[A-Z]\w*\s*\]|(?:\.|->)\s*at\s*\()"),
     "read members of JSON through base/json.h: a cast converts unchecked", ("src/core/base/json.cc",)),
]

SOURCE_RULES = [
    ("clock", re.compile(r"(?<![\w.>:])(?:std\s*::\s*|::\s*)time\s*\("), "take a const Clock&", ("src/core/base/",)),
    ("clock", re.compile(r"(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0|&\s*\w+)\s*\)"), "take a const Clock&",
     ("src/core/base/",)),
    ("clock", re.compile(r"\bsystem_clock\s*::\s*now\b|\bgettimeofday\b|\bCLOCK_REALTIME\b"),
     "take a const Clock&", ("src/core/base/",)),
    ("random", re.compile(r"(?<![\w.>])(?:s?rand|rand_r|[dlm]rand48)\s*\(|(?<!\w)::\s*s?random\s*\(|\bstd\s*::\s*s?rand\b|\bmt19937|"
                          r"\brandom_device\b|\bRAND_(?:priv_)?bytes\b|\bgetrandom\b|\bgetentropy\b|\barc4random"),
     "take a Random&", ("src/core/base/",)),
]

HEADER_RULES = [
    ("json-header", re.compile(r"^\s*#\s*include\s*[<\"]nlohmann/json\.hpp[>\"]"),
     "headers include nlohmann/json_fwd.hpp: json.hpp costs every includer a second of compile time", ()),
]

TEMPLATE_RULES = [
    ("template", re.compile(r"\{\{\{|\{\{\s*&"), "every value is escaped; a page's markup stands in the template", ()),
    ("template", re.compile(r"\{\{\s*="), "changed delimiters would hide unescaped tags from this check", ()),
    ("template", re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.I), "scripts are files: the policy allows no inline one",
     ()),
    ("template", re.compile(r"<style\b|(?:^|[\s\"'/])style\s*=", re.I), "styles are in the stylesheet", ()),
    ("template", re.compile(r"(?:^|[\s\"'/])on[a-z]+\s*=", re.I), "no event handlers in markup", ()),
    ("template", re.compile(r"javascript\s*:", re.I), "no script addresses", ()),
]


def without_comments(lines):
    """The lines with comments blanked out. Texts in quotes stay, for the rules that look into them."""
    token = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'|//.*|/\*|\*/')
    inside, result = False, []
    for line in lines:
        kept, at = "", 0
        for match in token.finditer(line):
            if inside:
                if match.group() == "*/":
                    inside, at = False, match.end()
                continue
            if match.start() < at:
                continue
            kept += line[at:match.start()]
            at = match.end()
            if match.group().startswith("//"):
                at = len(line)
                break
            if match.group() == "/*":
                inside = True
            else:
                kept += match.group()
        result.append(kept if inside else kept + line[at:])
    return result


def without_texts(code):
    """Code without comments as one string; of texts and characters in quotes only the quotes stay."""
    return re.sub(r'"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'', lambda match: match.group()[0] * 2, "\n".join(code))


def apply_across_lines(path, text, rules):
    for rule, pattern, instead, allowed in rules:
        if not path.startswith(allowed):
            for match in pattern.finditer(text):
                yield Finding(path, text.count("\n", 0, match.start()) + 1, rule, instead)


def apply(path, lines, rules):
    for rule, pattern, instead, allowed in rules:
        if path.startswith(allowed):
            continue
        for number, line in enumerate(lines, 1):
            if pattern.search(line):
                yield Finding(path, number, rule, instead)


def check(files):
    """files: path below the project -> lines. Yields findings."""
    for path, lines in sorted(files.items()):
        for folder, most in LONGEST.items():
            if path.startswith(folder) and path.endswith((".h", ".cc")) and len(lines) > most:
                yield Finding(path, len(lines), "length", f"over {most} lines: look for the second concept")
        if path.startswith("src/") and path.endswith((".h", ".cc")):
            code = without_comments(lines)
            yield from apply(path, code, SOURCE_RULES)
            yield from apply_across_lines(path, without_texts(code), JSON_RULES)
            if path.endswith(".h"):
                yield from apply(path, code, HEADER_RULES)
        if path.startswith("share/templates/") and not path.endswith(".md"):
            yield from apply(path, lines, TEMPLATE_RULES)
