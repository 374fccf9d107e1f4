#!/usr/bin/env python3
"""Says which lines of the code that reads foreign input the corpora of the fuzz targets reach.

Usage: coverage.py BUILD FOUND [TARGET...]

BUILD is the build folder of the preset "coverage", its target "fuzzers" built. FOUND/TARGET, where it exists, is what
libFuzzer found beyond the corpus (scripts/fuzz). With OIDCOP_MISSING=1 the lines that were not reached are listed, too.
"""

import json
import os
import pathlib
import subprocess
import sys

SOURCES = {
    "base64url": ["base/base64url"],
    "json": ["base/json"],
    "url": ["base/url", "http/request_target"],
    "form": ["base/form"],
    "cookie": ["base/http", "http/cookie", "http/header_syntax", "session/cookies"],
    "basic": ["client/authentication/client_secret_basic", "http/credentials"],
    "jwk": ["jose/jwk", "jose/jwk_json", "jose/jwk_reading", "jose/jwk_reading_rsa", "jose/jwk_set", "jose/key_check"],
    "pem": ["jose/jwk_pem", "jose/key_check"],
    "jws": ["jose/jws", "jose/jws_header", "jose/jws_json", "jose/signature"],
    "jwe": ["jose/jwe", "jose/jwe_content", "jose/jwe_header", "jose/jwe_json", "jose/key_parameters",
            "jose/key_management", "jose/key_encryption", "jose/key_agreement", "jose/content_encryption", "jose/aes"],
    "jwt": ["jose/jwt", "jose/nested_jwt"],
}


def run(build, target, folders):
    """Forgets what was counted before, and runs the target on the folders."""
    for room in (build / "src", build / "tests/fuzz"):
        for counts in room.rglob("*.gcda"):
            counts.unlink()
    for folder in folders:
        done = subprocess.run([build / "tests/fuzz" / f"fuzz_{target}", folder], stdout=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f"{target} fails on {folder}:\n{done.stdout[-2000:]}")


def lines_of(build, source):
    """Line number -> how often it ran, of one source file."""
    counts = build / "src/core/CMakeFiles/oidcop_core.dir" / f"{source}.cc.gcda"
    report = subprocess.run(["gcov", "--json-format", "--stdout", counts], stdout=subprocess.PIPE, cwd=build, check=True)
    lines = {}
    for file in json.loads(report.stdout)["files"]:
        if file["file"].endswith(f"src/core/{source}.cc"):
            for line in file["lines"]:
                number = line["line_number"]
                lines[number] = max(lines.get(number, 0), line["count"])
    return lines


def ranges(numbers):
    """[1, 2, 3, 7] as "1-3, 7"."""
    spans = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in spans)


def main():
    if len(sys.argv) < 3 or not set(sys.argv[3:]) <= set(SOURCES):
        sys.exit(__doc__)
    build, found = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    corpora = pathlib.Path(__file__).resolve().parent / "corpus"
    for target in sys.argv[3:] or SOURCES:
        folders = [corpora / target]
        if found.joinpath(target).is_dir() and any(path.is_file() for path in found.joinpath(target).iterdir()):
            folders.append(found / target)
        run(build, target, folders)
        for source in SOURCES[target]:
            lines = lines_of(build, source)
            missed = [number for number in sorted(lines) if lines[number] == 0]
            reached = len(lines) - len(missed)
            print(f"{target:10} {source + '.cc':44} {reached:4} of {len(lines):4} lines {100 * reached / len(lines):6.1f} %")
            if missed and os.environ.get("OIDCOP_MISSING"):
                print(f"{'':10} not reached: {ranges(missed)}")


if __name__ == "__main__":
    main()
