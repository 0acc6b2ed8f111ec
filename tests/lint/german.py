#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Every English sentence with which somebody may be refused has its German row in include/pp/core/german, and no row is left over.

  german.py             exit 1 and one line each for what is missing, left over or has other gaps
  german.py --missing   rows to be filled in
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
table = root / "include/pp/core/german"
# What people meet who send requests or files; the command line speaks English.
rooms = ["core", "feature", "files", "fmt", "geo", "io", "law", "rooms"]
# Of the command line: what operators are shown who upload boundaries.
shown = ["server/command/import_job.c"]
# Functions that get a sentence, and words that one is assigned to.
functions = r"pp_element_wrong|pp_wfs_wrong|pp_wfs_fault|pp_fes_wrong|pp_gml_wrong|pp_translation_wrong|pp_cql2_wrong|pp_cql2_wrong_at|pp_refuse|pp_fault|pp_wrong|pp_check_refuse|pp_json_text_broken|phrase|stop|refuse|refuse_at|refuse_row|refuse_numbers|wrong"
words = r"why|expected|what"
quoted = r'"(?:[^"\\]|\\.)*"'


def plain(text):
    """A format with its gaps as %s; gaps next to each other are one."""
    text = re.sub(r"%(?:%|[-+ #0-9.*]*(?:hh|h|ll|l|z|j)?[a-zA-Z])", lambda m: "\0" if m.group() == "%%" else "%s", text)
    return re.sub(r"(?:%s)+", "%s", text).replace("\0", "%")


def arguments(text, at, quote):
    """What stands between the parenthesis before `at` and its partner."""
    depth, inside, start = 1, False, at
    while depth:
        c = text[at]
        if inside and c == "\\" and quote == '"':
            at += 1
        elif c == quote:
            inside = not inside
        elif not inside:
            depth += (c == "(") - (c == ")")
        at += 1
    return text[start:at - 1]


# For whoever starts the server, for its log, or for whoever writes a client that speaks no HTTP.
unsaid = ("server/core/openapi.c", "server/core/route.c", "server/core/secrets.c", "server/io/admin.c", "server/io/mail.c", "server/io/signing_key.c", "server/io/scan.c", "server/geo/geo.c", "server/geo/raw.c")


def is_sentence(text):
    return " " in text.strip() and re.search(r"[a-zäöüß]{2}", re.sub("%s", "", text)) and not text.startswith((" ", ","))


def c_sentences(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    # A condition chooses between two sentences: the pieces of each are joined, not the two.
    chunks = [arguments(text, m.end(), '"') for m in re.finditer(rf"\b(?:{functions})\(", text)]
    chunks += re.findall(rf"\b(?:{words}) = (?:[^;\"]*?){quoted}[^;]*;", text)
    chunks += re.findall(rf"\breturn (?:[^;\"]*?){quoted}[^;]*;", text) if path.name in ("authorization.c", "field.c", "origin.c", "http_body.c") else []
    chunks += re.findall(r"\{[^{}]*, PP_\w+, ([^{}]*)\}", text) if path.name == "db_result.c" else []
    for chunk in chunks:
        for run in re.findall(rf"{quoted}(?:\s*{quoted})*", chunk):
            yield plain("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', run)).replace('\\"', '"'))


def sql_sentences(path):
    text = re.sub(r"--[^\n]*", "", path.read_text())
    for m in re.finditer(r"pp\.refuse\(|pp_api\.plan_draft_wrong\(", text):
        joined = re.sub(r"(?<!')'(?:\s*\|\|\s*|\s*\n\s*)'(?!')", "", arguments(text, m.end(), "'"))
        for literal in re.findall(r"'((?:[^']|'')*)'", joined):
            if not literal.startswith("/"):
                yield plain(literal.replace("''", "'"))


def main():
    used = {}
    for room in rooms:
        for path in sorted((root / "server" / room).rglob("*.c")):
            if str(path.relative_to(root)) in unsaid or path.name.startswith("http"):
                continue
            for sentence in c_sentences(path):
                used.setdefault(sentence, path)
    for path in (root / name for name in shown):
        for sentence in c_sentences(path):
            used.setdefault(sentence, path)
    for path in sorted((root / "sql").rglob("*.sql")):
        for sentence in sql_sentences(path):
            used.setdefault(sentence, path)
    used = {sentence: path for sentence, path in used.items() if is_sentence(sentence)}
    rows, wrong = {}, 0
    for english, german in re.findall(r'PP_GERMAN\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)', "".join(path.read_text() for path in sorted(table.glob("*.def")))):
        english, german = ("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', side)).replace('\\"', '"') for side in (english, german))
        if english.replace("%t", "%s") in rows:
            print(f"{table.name}: there twice: {english}")
            wrong += 1
        # %t is a gap whose words are a sentence of the table themselves.
        rows[english.replace("%t", "%s")] = german
        gaps = len(re.findall(r"%[st]", english))
        places = sorted(re.findall(r"%([1-9])", german))
        if places != [str(n + 1) for n in range(gaps)] if places else len(re.findall("%s", german)) != gaps:
            print(f"{table.name}: other gaps in German: {english}")
            wrong += 1
    missing = [(sentence, path) for sentence, path in used.items() if sentence not in rows]
    if "--missing" in sys.argv:
        for sentence, path in missing:
            escaped = sentence.replace('"', '\\"')
            print(f'PP_GERMAN("{escaped}", "") /* {path.relative_to(root)} */')
        return 0
    for sentence, path in missing:
        print(f"{path.relative_to(root)}: no German for: {sentence}")
    for sentence in rows.keys() - used.keys():
        print(f"{table.name}: nobody says: {sentence}")
    if missing:
        print(f"give each a row of {table.relative_to(root)}: what to do, in words that its readers use")
    wrong += len(missing) + len(rows.keys() - used.keys())
    print(f"{len(rows)} sentences are there in German")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
