#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Documents that lead somewhere and tables that are as the program has them.

Every relative link in a Markdown file must lead to a file (and a heading), every path that is
named as code must exist, and docs/operations/config.md must hold what `planungsplattform document
config` prints; --fix writes it there. PP_BUILD names the build (default build/); without a program
that comparison is left out.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = ROOT / "docs/operations/config.md"
BEGIN, END = "<!-- made by: planungsplattform document config -->\n", "<!-- end -->\n"
OURS = re.compile(r"(?:server|include|sql|data|tests|docs|bench|web)/[\w./-]*[\w/]")


def documents():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
        "--", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in sorted(filter(None, set(listed.split("\0")))) if (ROOT / name).is_file()]


def anchors(path):
    """The anchors that a forge makes of the headings."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            title = re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower())
            yield title.replace(" ", "-")


def check_links(path, bad):
    fenced = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.relative_to(ROOT)}:{number}"
        if line.startswith("```"):
            fenced = not fenced
        if fenced:
            continue
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = (path.parent / name) if name else path
            if not file.exists():
                bad.append(f"{where}: leads nowhere: {target}")
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                bad.append(f"{where}: no such heading: {target}")
        for name in re.findall(r"`([^`]+)`", line):
            if OURS.fullmatch(name) and not (ROOT / name).exists():
                bad.append(f"{where}: there is no {name}")


def check_config(fix, bad):
    build = pathlib.Path(os.environ.get("PP_BUILD", ROOT / "build"))
    program = build / "server/planungsplattform"
    if not program.exists():
        print(f"{program} is not built: the settings are not compared")
        return
    made = subprocess.run([program, "document", "config"], check=True, capture_output=True,
        text=True).stdout
    text = CONFIG.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    held, _, after = rest.partition(END)
    if held == made:
        return
    if fix:
        CONFIG.write_text(before + BEGIN + made + END + after, encoding="utf-8")
    else:
        bad.append("docs/operations/config.md is not what the program has: tests/lint/documents.py --fix")


def main():
    bad = []
    listed = documents()
    for path in listed:
        check_links(path, bad)
    check_config("--fix" in sys.argv, bad)
    print("\n".join(bad) if bad else f"{len(listed)} documents lead somewhere")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
