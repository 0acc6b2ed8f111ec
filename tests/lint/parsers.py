#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves that every parser has a fuzz target, or a sentence why it needs none: docs/operations/fuzzing.md.

A parser is a function of our headers that reads bytes (READS). The page names each in its first column, and in the third the
target below tests/fuzz that feeds it, or a dash and the reason. Every target is named there and has a corpus; every target that is
named exists. Exits 1 and names whatever is missing.
"""
import pathlib
import re
import sys

PAGE = "docs/operations/fuzzing.md"
READS = re.compile(r"\b(pp_\w*_(?:read|parse|sniff|gunzip|unzip|unpack)(?:_\w+)?|pp_(?:read|parse|un[a-z]+|gunzip)_?\w*)\(")
# Not of bytes from outside: the walk over bytes itself, a step of requests, an allocation taken back.
NOT = re.compile(r"pp_scan_\w+|pp_read|pp_xml_un\w+|pp_req_\w+")


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    bad, named, targets_named = [], set(), set()
    for line in (root / PAGE).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("| \n").split("|")] if line.startswith("| `") else []
        if len(cells) != 3:
            continue
        named |= set(re.findall(r"`(\w+)`", cells[0]))
        found = set(re.findall(r"`([a-z]+/[a-z0-9]+)`", cells[2]))
        targets_named |= found
        if not found and not cells[2].startswith("–"):
            bad.append(f"{PAGE}: {cells[0]} has neither a target nor a reason")
    functions = {}
    for header in sorted([*(root / "include").rglob("*.h"), *(root / "server").rglob("*.h")]):
        for name in READS.findall(re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)):
            functions.setdefault(name, header.relative_to(root))
    bad += [f"{where}: {name} reads something: name it in {PAGE}, with the fuzz target that feeds it"
            for name, where in sorted(functions.items()) if name not in named and not NOT.fullmatch(name)]
    targets = set()
    for build in (root / "tests/fuzz").rglob("meson.build"):
        targets |= set(re.findall(r"'([a-z]+/[a-z0-9]+)': *files", build.read_text()))
    bad += [f"{PAGE}: there is no target {name}" for name in sorted(targets_named - targets)]
    bad += [f"{PAGE}: the target {name} is not named" for name in sorted(targets - targets_named)]
    for name in sorted(targets):
        corpus = root / "tests/fuzz/corpus" / name.split("/")[1]
        if not corpus.is_dir() or not any(corpus.rglob("*")):
            bad.append(f"{corpus.relative_to(root)}: the target {name} has no corpus")
    for line in bad:
        print(line)
    if bad:
        return 1
    print(f"{len(functions)} parsers, {len(targets)} fuzz targets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
