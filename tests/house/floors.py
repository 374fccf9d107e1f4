"""Which folder of src/ may include from which: from itself and from floors below, and in no circle."""

import os
import re

from findings import Finding

# folder -> floor; of several that contain a file, the longest counts. The public headers lie under all of them.
FLOORS = {
    "src/core/include": 0,
    "src/core/base": 1,
    "src/core/jose": 2,
    "src/core/http": 2,
    "src/core/config": 2,
    "src/core/model": 3,
    "src/core/page": 3,
    "src/core/store": 4,
    "src/core/client": 5,
    "src/core/session": 5,
    "src/core/authn": 5,
    "src/core/claims": 5,
    "src/core/token": 6,
    "src/core/logout": 7,
    "src/core/endpoint": 8,
    "src/core/provider": 9,
    "src/cli": 10,
    "src/fcgi": 10,
}

# Libraries that one room hides from all others.
HIDDEN = {
    "sqlite3.h": ("src/core/store/",),
    "curl/": ("src/core/http/",),
    "fcgi": ("src/fcgi/",),
}

# Folders that may include less than their floor allows: folder -> where everything it includes must be.
# The add-ons are the proof that the public extension points are enough.
NARROW = {
    "src/core/endpoint/add_on/": ("src/core/endpoint/add_on/", "src/core/include/oidcop/", "src/core/base/"),
}

# Files that only some may include: what a program does to itself is no business of the library.
ONLY_FOR = {
    "src/core/base/process.h": ("src/core/base/process.cc", "src/cli/", "src/fcgi/"),
}

ROOTS = ("", "src", "src/core", "src/core/include", "src/cli", "src/fcgi")
TABLE_ROW = re.compile(r"^\| (\d+) \|([^|]*)\|")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def room_of(path):
    rooms = [room for room in FLOORS if path.startswith(room + "/")]
    return max(rooms, key=len, default=None)


def includes_of(lines):
    """The (line number, is quoted, name) of each include."""
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == '"', match.group(2)


def resolve(path, name, files):
    for root in (os.path.dirname(path), *ROOTS):
        target = os.path.normpath(os.path.join(root, name))
        if target in files:
            return target
    return None


def check(files):
    """files: path below the project -> lines. Yields findings."""
    sources = {path: lines for path, lines in files.items() if path.startswith("src/")}
    between_files, between_rooms = {}, {}
    for path, lines in sorted(sources.items()):
        room = room_of(path)
        if room is None:
            yield Finding(path, 1, "floors", "stands in no room of the house")
            continue
        for number, quoted, name in includes_of(lines):
            yield from check_hidden(path, number, name)
            target = resolve(path, name, sources)
            if target is None:
                if quoted:
                    yield Finding(path, number, "floors", f'"{name}" is not a file of ours')
                continue
            for folder, allowed in NARROW.items():
                if path.startswith(folder) and not target.startswith(allowed):
                    yield Finding(path, number, "floors", f"{folder} includes nothing but {', '.join(allowed)}")
            if target in ONLY_FOR and not path.startswith(ONLY_FOR[target]):
                yield Finding(path, number, "floors", f"{target} is for {', '.join(ONLY_FOR[target])} alone")
            between_files.setdefault(path, {})[target] = (path, number)
            there = room_of(target)
            if there is None or there == room:
                continue
            between_rooms.setdefault(room, {}).setdefault(there, (path, number))
            if FLOORS[there] > FLOORS[room]:
                yield Finding(path, number, "floors",
                              f"floor {FLOORS[room]} includes {target} on floor {FLOORS[there]}")
    yield from circles(between_rooms)
    yield from circles(between_files)


def check_table(path, lines, files):
    """That the table in `path` (rows of "| floor | `folder/` … | …") has each room where it stands, and no other."""
    told = {}
    for number, line in enumerate(lines, 1):
        row = TABLE_ROW.match(line)
        for name in re.findall(r"`(\w+)/`", row.group(2)) if row else ():
            told[name] = (int(row.group(1)), number)
    rooms = {room_of(file) for file in files if file.startswith("src/")} - {None, "src/core/include"}
    standing = {room.rsplit("/", 1)[-1]: FLOORS[room] for room in rooms}
    for name in sorted(standing.keys() - told.keys()):
        yield Finding(path, 1, "floors", f"the table of floors lacks `{name}/` on floor {standing[name]}")
    for name, (floor, number) in sorted(told.items()):
        if standing.get(name) != floor:
            yield Finding(path, number, "floors", f"`{name}/` is not on floor {floor}")


def check_hidden(path, number, name):
    for library, rooms in HIDDEN.items():
        if name.startswith(library) and not path.startswith(rooms):
            yield Finding(path, number, "floors", f"<{name}> is for {', '.join(rooms)} alone")


def circles(arrows):
    """Each circle once, reported at the include that closes it."""
    done, way = set(), []

    def visit(node):
        if node in done:
            return
        way.append(node)
        for target in sorted(arrows.get(node, {})):
            if target in way:
                path, number = arrows[node][target]
                ring = " -> ".join(way[way.index(target):] + [target])
                yield Finding(path, number, "floors", f"circle: {ring}")
            else:
                yield from visit(target)
        way.pop()
        done.add(node)

    for start in sorted(arrows):
        yield from visit(start)
