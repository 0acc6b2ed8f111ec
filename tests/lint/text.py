#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What every file of ours keeps to: licence line, length, white space, words that do not belong in.

Reads what git tracks or would track. Exits 1 and names each place.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = {".c", ".h", ".def", ".sql", ".py", ".mjs", ".ts", ".vue", ".sh"}
MOST_LINES = 500
MOST_LINES_OF_A_FUNCTION = 60
# Data as it came, and bytes that are wrong on purpose.
RAW = ("data/fixtures/", "tests/fuzz/corpus/", "tests/gis/data/", "LICENSE", "package-lock.json")
# Spelled so that this file does not contain them.
WORDS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
PLACES = re.compile(r"(?<![\w./~-])/(?:work|root|home)/[\w.]")


def files():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in sorted(set(filter(None, listed.split("\0")))):
        path = ROOT / name
        if path.is_file() and not any(part in name for part in RAW):
            yield name, path


def is_code(path, text):
    return path.suffix in CODE or path.name == "meson.build" or text.startswith("#!")


def check_functions(name, lines, bad):
    """The house's layout puts a function's braces into the first column."""
    begun = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            begun = number
        elif line == "}" and begun:
            if number - begun - 1 > MOST_LINES_OF_A_FUNCTION:
                bad.append(f"{name}:{begun}: a function of {number - begun - 1} lines")
            begun = None


def check(name, path, bad):
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return
    lines = text.split("\n")
    if is_code(path, text):
        if not any("SPDX-License-Identifier: EUPL-1.2" in line for line in lines[:3]):
            bad.append(f"{name}:1: the licence line is missing")
        if len(lines) - 1 > MOST_LINES:
            bad.append(f"{name}: {len(lines) - 1} lines; {MOST_LINES} is the most")
        if path.suffix == ".c":
            check_functions(name, lines, bad)
    if text and not text.endswith("\n"):
        bad.append(f"{name}: no newline at its end")
    for number, line in enumerate(lines, 1):
        if line.endswith("\r"):
            bad.append(f"{name}:{number}: a carriage return")
        elif line != line.rstrip() and path.suffix != ".tsv":
            bad.append(f"{name}:{number}: white space at the end")
        for pattern, what in ((WORDS, "work that is left"), (PLACES, "a place on somebody's machine")):
            match = pattern.search(line)
            if match:
                bad.append(f"{name}:{number}: {what}: {match.group(0)}")


def main():
    bad, count = [], 0
    for name, path in files():
        check(name, path, bad)
        count += 1
    print("\n".join(bad) if bad else f"{count} files are in order")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
