#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Turns the named queries of sql/queries into C tables (see include/pp/io/db.h).

	sqlgen.py --header queries.h --source queries.c sql/queries/*.sql

A query is a signature, its lanes and one statement:

	-- procedure_show(procedure uuid, at timestamptz) -> reply
	-- lane: read public
	select (r).* from pp_api.procedure_show($1, $2) r;

Arguments are bound by name, the first one is $1. A long signature goes on in the next comment line.
`-> reply` stands for the columns of pp.reply; otherwise name each column with its type, or write
`-> nothing`. Whatever is malformed is an error that names file and line.
"""
import argparse
import re
import sys

# SQL type -> enum pp_type of db.h; geometry travels as WKB.
TYPES = {
	"uuid": "UUID", "text": "TEXT", "int": "INT", "bigint": "BIGINT", "bool": "BOOL",
	"date": "DATE", "timestamptz": "TIMESTAMPTZ", "jsonb": "JSONB", "json": "JSON",
	"bytea": "BYTEA", "numeric": "NUMERIC", "text[]": "TEXT_ARRAY", "geometry": "BYTEA",
}
# The first five are the web worker's (enum pp_lane); the others name a process that keeps a
# connection of its own, under its own role.
LANES = ["read", "write", "slow", "public", "public_slow", "clerk", "geometry", "owner", "audit"]
OWN_LANES = ["clerk", "geometry", "owner", "audit"]
REPLY = [("status", "int"), ("location", "text"), ("etag", "text"), ("next", "text"),
	("body", "json")]
LIMIT = 24  # PP_QUERY_PARAMS, PP_QUERY_COLUMNS
NAME = r"[a-z][a-z0-9_]*"


class Malformed(Exception):
	pass


class Query:
	def __init__(self, path, line, name, params, columns, is_reply):
		self.path, self.line, self.name = path, line, name
		self.params, self.columns, self.is_reply = params, columns, is_reply
		self.lanes, self.sql = [], ""


def fail(path, line, message):
	raise Malformed(f"{path}:{line}: {message}")


def read_fields(path, line, text, what):
	fields = []
	for field in filter(None, re.split(r"\s*,\s*", text.strip())) if text.strip() else []:
		m = re.fullmatch(rf"({NAME})\s+([a-z]+(?:\[\])?)", field)
		if not m:
			fail(path, line, f"'{field}' is no {what}: write a name and a type")
		if m[2] not in TYPES:
			fail(path, line, f"unknown type '{m[2]}' of {what} '{m[1]}'")
		if m[1] in [name for name, _ in fields]:
			fail(path, line, f"{what} '{m[1]}' appears twice")
		fields.append((m[1], m[2]))
	if text.count(",") != max(len(fields) - 1, 0):
		fail(path, line, f"a comma too many between the {what}s")
	if len(fields) > LIMIT:
		fail(path, line, f"more than {LIMIT} {what}s")
	return fields


def read_signature(path, line, text):
	m = re.fullmatch(rf"({NAME})\(([^()]*)\)\s*->\s*(\S.*)", text)
	if not m:
		fail(path, line, "a signature reads: -- name(argument type, ...) -> reply | columns | nothing")
	result = m[3].strip()
	columns = {"reply": REPLY, "nothing": []}.get(result)
	if columns is None:
		columns = read_fields(path, line, result, "column")
	return Query(path, line, m[1], read_fields(path, line, m[2], "argument"), columns,
		result == "reply")


def read_lanes(query, line, text):
	query.lanes = text.split()
	for lane in query.lanes:
		if lane not in LANES:
			fail(query.path, line, f"unknown lane '{lane}'")
	if not query.lanes or len(set(query.lanes)) != len(query.lanes):
		fail(query.path, line, "name each lane once")


def end_query(query):
	"""One statement, and exactly the arguments that the signature names."""
	if not query.lanes:
		fail(query.path, query.line, f"{query.name} has no lane")
	bare = re.sub(r"'(?:[^']|'')*'", "''", query.sql)  # what is left holds no quoted text
	if bare.rstrip().count(";") != 1 or not bare.rstrip().endswith(";"):
		fail(query.path, query.line, f"{query.name} is one statement that ends with ';'")
	used = {int(n) for n in re.findall(r"\$(\d+)", bare)}
	if used != set(range(1, len(query.params) + 1)):
		fail(query.path, query.line, f"{query.name} names {len(query.params)} arguments but uses "
			+ (", ".join(f"${n}" for n in sorted(used)) or "none"))
	query.sql = query.sql.strip().rstrip(";").rstrip()
	return query


def read_queries(path):
	queries, signature, query = [], None, None  # signature: (line, text) while it is being read
	with open(path, encoding="utf-8") as file:
		lines = file.read().split("\n")
	for number, text in enumerate(lines, 1):
		comment = re.fullmatch(r"--\s*(.*)", text)
		if comment and re.match(rf"{NAME}\s*\(", comment[1]) and not signature:
			if query:
				queries.append(end_query(query))
			query, signature = None, (number, comment[1])
		elif comment and signature and comment[1].startswith("lane:"):
			query = read_signature(path, *signature)
			read_lanes(query, number, comment[1][5:])
			signature = None
		elif comment and signature:
			signature = (signature[0], signature[1] + " " + comment[1])
		elif signature:
			fail(path, number, "a signature is followed by its '-- lane:'")
		elif comment or not text.strip():
			continue
		elif query:
			query.sql += text.rstrip() + "\n"
		else:
			fail(path, number, "a statement without a signature")
	if signature:
		fail(path, signature[0], "a signature without a statement")
	if query:
		queries.append(end_query(query))
	return queries


def c_string(sql):
	escaped = [line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("?", "\\?")
		for line in sql.split("\n")]
	return "\n".join(f'\t\t\t"{line}\\n"' for line in escaped)


def c_fields(fields):
	return "{ " + ", ".join(f'{{ "{n}", PP_TYPE_{TYPES[t]} }}' for n, t in fields) + " }"


def write_header(queries):
	yield "/* Generated by sql/sqlgen.py from sql/queries: do not edit. */\n#pragma once\n"
	yield "#include <pp/io/db.h>\n\n"
	yield "/* Lanes of the processes that keep one connection of their own. */\nenum pp_own_lane {\n"
	for i, lane in enumerate(OWN_LANES):
		yield f"\tPP_LANE_{lane.upper()}" + (" = PP_LANES" if i == 0 else "") + ",\n"
	yield "};\n\nenum pp_query_id {\n"
	yield "".join(f"\tPP_Q_{q.name},\n" for q in queries)
	yield "\tPP_Q_COUNT\n};\n\nextern const struct pp_query pp_queries[PP_Q_COUNT];\n"
	for q in queries:
		if q.columns and not q.is_reply:
			names = ", ".join(f"PP_C_{q.name}_{n}" for n, _ in q.columns)
			yield f"\nenum {{ {names} }};"
	yield "\n"


def write_source(queries, header):
	yield "/* Generated by sql/sqlgen.py from sql/queries: do not edit. */\n"
	# C17 asks for 4095 bytes in a literal at least; gcc and clang take any.
	yield '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
	yield f'#include "{header}"\n\nconst struct pp_query pp_queries[PP_Q_COUNT] = {{\n'
	for q in queries:
		lanes = " | ".join(f"1u << PP_LANE_{lane.upper()}" for lane in q.lanes)
		yield f"\t[PP_Q_{q.name}] = {{\n\t\t.name = \"{q.name}\",\n\t\t.sql =\n{c_string(q.sql)},\n"
		yield f"\t\t.lanes = {lanes},\n\t\t.is_reply = {str(q.is_reply).lower()},\n"
		for what, fields in (("param", q.params), ("column", q.columns)):
			yield f"\t\t.{what}_count = {len(fields)},\n"
			if fields:
				yield f"\t\t.{what}s = {c_fields(fields)},\n"
		yield "\t},\n"
	yield "};\n"


def main():
	parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	parser.add_argument("--header", required=True)
	parser.add_argument("--source", required=True)
	parser.add_argument("files", nargs="+")
	arguments = parser.parse_args()
	try:
		queries = [q for path in sorted(arguments.files) for q in read_queries(path)]
		for i, q in enumerate(queries):
			if q.name in [other.name for other in queries[:i]]:
				fail(q.path, q.line, f"there is another query named {q.name}")
	except Malformed as error:
		sys.exit(str(error))
	for path, text in ((arguments.header, write_header(queries)),
			(arguments.source, write_source(queries, arguments.header.split("/")[-1]))):
		with open(path, "w", encoding="utf-8") as file:
			file.writelines(text)


if __name__ == "__main__":
	main()
