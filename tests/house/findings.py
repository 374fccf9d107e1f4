"""What a check of the house has to say."""

import os
from typing import NamedTuple


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


FOREIGN = {"node_modules"}  # other people's code, brought along for tests


def read_tree(root, folders, endings):
    """Path below root -> lines, of all files in the folders whose names end so."""
    files = {}
    for folder in folders:
        for top, subfolders, names in os.walk(os.path.join(root, folder)):
            subfolders[:] = sorted(set(subfolders) - FOREIGN)
            for name in sorted(names):
                if name.endswith(endings):
                    path = os.path.join(top, name)
                    with open(path, encoding="utf-8", errors="replace") as file:
                        files[os.path.relpath(path, root)] = file.read().splitlines()
    return files
