#!/usr/bin/env python3
"""Runs clang-tidy 14 over our own files of a compile database, several at once.

Usage: tidy.py ROOT BUILD [PATH...]     (PATH: only files below it; exit status 77: clang-tidy-14 is not installed)

A file that was clean is not examined again until it, a header of ours that it includes, its compiler flags,
.clang-tidy or clang-tidy itself changes. What is known to be clean is kept in BUILD/tidy-cache, or in the folder that
OIDCOP_TIDY_CACHE names, which several build folders may share.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)


class Sources:
    """Our own files: what they include and what they contain. System headers belong to clang-tidy's version."""

    def __init__(self, root):
        self.root = root
        self.known = {}

    def read(self, path):
        if path not in self.known:
            with open(path, encoding="utf-8", errors="replace") as file:
                self.known[path] = file.read()
        return self.known[path]

    def closure(self, path, folders):
        """The file and all of ours that it includes, directly or not."""
        seen, waiting = set(), [path]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            for name in INCLUDE.findall(self.read(current)):
                for folder in (os.path.dirname(current), *folders):
                    target = os.path.normpath(os.path.join(folder, name))
                    if target.startswith(self.root + os.sep) and os.path.isfile(target):
                        waiting.append(target)
                        break
        return sorted(seen)


def flags_of(entry):
    """The compiler's arguments that matter, without paths of outputs."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    return [word for word in words if word.startswith(("-I", "-D", "-std", "-f", "-W", "-isystem"))]


def include_folders(entry):
    return [os.path.normpath(os.path.join(entry["directory"], word[2:])) for word in flags_of(entry)
            if word.startswith("-I") and len(word) > 2]


def configuration_of(path, sources):
    """Every .clang-tidy from the file's folder up to the root."""
    folder = os.path.dirname(path)
    while folder.startswith(sources.root):
        name = os.path.join(folder, ".clang-tidy")
        if os.path.isfile(name):
            yield name
        folder = os.path.dirname(folder)


def key_of(entry, sources, version):
    """Names the question "is this file clean?" by all that the answer depends on."""
    digest = hashlib.sha256(version)
    digest.update(" ".join(flags_of(entry)).replace(sources.root, "").encode())
    ours = sources.closure(entry["file"], include_folders(entry))
    for path in [*configuration_of(entry["file"], sources), *ours]:
        digest.update(os.path.relpath(path, sources.root).encode() + b"\0")
        digest.update(hashlib.sha256(sources.read(path).encode()).digest())
    return digest.hexdigest()


def examine(tool, build, path):
    command = [tool, "-p", build, "--quiet", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # On standard error it counts the warnings of system headers, which tells only when something failed.
    return done.returncode == 0, done.stdout + done.stderr


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tool = shutil.which("clang-tidy-14")
    if tool is None:
        print("clang-tidy-14 is not installed")
        sys.exit(77)
    root, build = (os.path.realpath(path) for path in sys.argv[1:3])
    wanted = tuple(os.path.join(root, path) for path in sys.argv[3:] or ("src/", "tests/", "examples/"))
    cache = os.environ.get("OIDCOP_TIDY_CACHE") or os.path.join(build, "tidy-cache")
    os.makedirs(cache, exist_ok=True)

    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = {entry["file"]: entry for entry in json.load(file) if entry["file"].startswith(wanted)}
    version = subprocess.run([tool, "--version"], capture_output=True, check=True).stdout
    sources = Sources(root)
    keys = {path: key_of(entry, sources, version) for path, entry in entries.items()}
    open_questions = [path for path in sorted(keys) if not os.path.exists(os.path.join(cache, keys[path]))]

    dirty = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(examine, tool, build, path): path for path in open_questions}
        for future in concurrent.futures.as_completed(running):
            path = running[future]
            clean, output = future.result()
            if clean:
                with open(os.path.join(cache, keys[path]), "w", encoding="utf-8") as file:
                    file.write(os.path.relpath(path, root) + "\n")
            else:
                dirty += 1
                print(output, flush=True)
    print(f"clang-tidy: {len(entries)} files, {len(open_questions)} examined, {dirty} with findings")
    sys.exit(1 if dirty or not entries else 0)


if __name__ == "__main__":
    main()
