#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Documents that lead somewhere and tables that are as the program has them.

Every relative link in a Markdown file must lead to a file (and a heading), every path that is
named as code must exist, docs/api/problems.md has the rows of problem.def, docs/dependencies.md
names every package of tests/harness/packages, and between the marks
`<!-- made by: planungsplattform document NAME -->` and `<!-- end -->` stands what that command
prints; --fix writes it there. PP_BUILD names the build (default build/); without a program that
comparison is left out.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MADE = re.compile(r"(<!-- made by: planungsplattform document (\w+) -->\n)(.*?)(<!-- end -->\n)", re.S)
PROBLEMS = ROOT / "docs/api/problems.md"
PROBLEM = re.compile(r'^PP_PROBLEM\((\w+), (\d+), "(\w+)", "(.*)", "(.*)"\)$', re.M)
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


def check_made(path, fix, bad):
    """What the program prints about itself, for settings and rights."""
    build = pathlib.Path(os.environ.get("PP_BUILD", ROOT / "build"))
    program = build / "server/planungsplattform"
    text = path.read_text(encoding="utf-8")
    if not MADE.search(text):
        return
    if not program.exists():
        print(f"{program} is not built: {path.relative_to(ROOT)} is not compared")
        return

    def made(match):
        printed = subprocess.run([program, "document", match.group(2)], check=True,
            capture_output=True, text=True).stdout
        return match.group(1) + printed + match.group(4)

    fresh = MADE.sub(made, text)
    if fresh == text:
        return
    if fix:
        path.write_text(fresh, encoding="utf-8")
    else:
        bad.append(f"{path.relative_to(ROOT)} is not what the program has: tests/lint/documents.py --fix")


def check_problems(bad):
    """Each refusal has its row: id, status, both titles."""
    rows = PROBLEM.findall((ROOT / "include/pp/base/problem.def").read_text(encoding="utf-8"))
    held = PROBLEMS.read_text(encoding="utf-8").splitlines()
    expected = [f"| `{name}` | {status} | {de} | {en} |" for name, status, _, de, en in rows]
    for row in expected:
        if not any(line.startswith(row) for line in held):
            bad.append(f"docs/api/problems.md lacks: {row}")
    known = {name for name, *_ in rows}
    for name in re.findall(r"^\| `(\w+)` \| \d", "\n".join(held), re.M):
        if name not in known:
            bad.append(f"docs/api/problems.md: there is no problem {name}")


def check_packages(bad):
    """Whatever we install is accounted for: licence, use, reason."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    for line in (ROOT / "tests/harness/packages").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            for package in line.split("\t")[2].split("|"):
                if f"`{package}`" not in text:
                    bad.append(f"docs/dependencies.md does not account for {package}")


def main():
    bad = []
    listed = documents()
    for path in listed:
        check_links(path, bad)
        check_made(path, "--fix" in sys.argv, bad)
    check_problems(bad)
    check_packages(bad)
    print("\n".join(bad) if bad else f"{len(listed)} documents lead somewhere")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
