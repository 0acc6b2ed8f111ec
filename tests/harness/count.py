#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Counts test results: prints "PASSED FAILED SKIPPED", then the name of everything that failed.

    count.py tap FILE|FOLDER...     raw TAP as prove dumps it
    count.py node FILE...           what node --test --test-reporter=tap printed
    count.py meson FILE...          meson's testlog.junit.xml
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

LINE = re.compile(r"(not )?ok\b *\d* *(?:- )?(.*?)(?:\s+# *(skip|todo)\S*\b(.*))?$", re.I)


def count_tap(path, result, failed):
    """One result a line; a file that skips as a whole counts once."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if re.match(r"1\.\.0\s*# *skip", line, re.I):
            result[2] += 1
        elif line.startswith("Bail out!"):
            result[1] += 1
            failed.append(f"{path.name}: {line}")
        match = LINE.match(line)
        if not match:
            continue
        if (match.group(3) or "").lower() == "skip":
            result[2] += 1
        elif match.group(1) and not match.group(3):
            result[1] += 1
            failed.append(f"{path.name}: {match.group(2)}")
        else:
            result[0] += 1


def count_node(path, result, failed):
    """The summary at the end. It leaves out suites that were skipped as a whole: one each."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    summary = {}
    for number, line in enumerate(lines):
        match = re.match(r"# (pass|fail|cancelled|skipped|todo) (\d+)$", line)
        if match:
            summary[match.group(1)] = int(match.group(2))
        match = LINE.match(line.strip())
        if not match:
            continue
        kind = next((found.group(1) for found in (re.match(r"\s*type: '(\w+)'", after)
            for after in lines[number + 1:number + 6]) if found), "test")
        if (match.group(3) or "").lower() == "skip" and kind == "suite":
            result[2] += 1
        elif match.group(1) and not match.group(3) and kind == "test":
            failed.append(f"{path.stem}: {match.group(2)}")
    if not summary:
        result[1] += 1
        failed.append(f"{path.stem}: node has not come to its end")
        return
    result[0] += summary.get("pass", 0)
    result[1] += summary.get("fail", 0) + summary.get("cancelled", 0)
    result[2] += summary.get("skipped", 0) + summary.get("todo", 0)


def count_meson(path, result, failed):
    for suite in ElementTree.parse(path).iter("testsuite"):
        for case in suite.iter("testcase"):
            if case.find("skipped") is not None:
                result[2] += 1
            elif case.find("failure") is not None or case.find("error") is not None:
                result[1] += 1
                failed.append(f"{suite.get('name')}: {case.get('name')}")
            else:
                result[0] += 1


def main():
    counters = {"tap": count_tap, "node": count_node, "meson": count_meson}
    counter = counters[sys.argv[1]]
    result, failed = [0, 0, 0], []
    for name in sys.argv[2:]:
        path = pathlib.Path(name)
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            counter(file, result, failed)
    print(*result)
    print("\n".join(failed))


if __name__ == "__main__":
    main()
