/* SPDX-License-Identifier: EUPL-1.2 */
/* cql2: whether a filter can be read, and what it is in the other language; without server and
 * database. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <pp/fmt/filter.h>

#include "command.h"

static const char about[] =
	"planungsplattform cql2 --from text|json --to text|json DATEI|-\n\n"
	"Liest einen Filter in CQL2 (OGC 21-065r2) und schreibt ihn als Text oder als JSON. "
	"Geprüft\n"
	"wird alles, wofür man die Eigenschaften der Objekte nicht kennen muss.\n\n"
	"  --from F    Sprache der Eingabe: text (voreingestellt) oder json\n"
	"  --to F      Sprache der Ausgabe: text oder json (voreingestellt)\n"
	"  -           die Eingabe kommt von der Standardeingabe\n\n"
	"Reads a filter in CQL2 and writes it as text or as JSON. Everything is checked that can "
	"be\n"
	"without knowing the properties of the features. Exit code 1 for a filter that cannot be "
	"read,\n"
	"with line and column (of JSON that is well-formed: with a pointer into it), 2 for wrong "
	"use.\n";

struct call {
	bool from_json, to_text;
	const char *path;
};

static bool read_call(int argc, char **argv, struct call *call)
{
	static const struct option known[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ 0 },
	};
	int c;

	*call = (struct call){ 0 };
	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		bool is_text = optarg && strcmp(optarg, "text") == 0;

		if (c == '?' || (!is_text && strcmp(optarg, "json") != 0))
			return false;
		if (c == 'f')
			call->from_json = !is_text;
		else
			call->to_text = is_text;
	}
	call->path = optind < argc ? argv[optind] : NULL;
	return optind + 1 == argc;
}

/* One byte more than a filter may have, so that a longer one is refused as such. */
static bool read_input(struct pp_arena *arena, const char *path, struct pp_slice *text)
{
	bool is_input = strcmp(path, "-") == 0;
	FILE *file = is_input ? stdin : fopen(path, "r");
	char *bytes = pp_alloc(arena, PP_FILTER_TEXT_MOST + 1);
	bool good = file;

	if (file) {
		*text = pp_slice(bytes, fread(bytes, 1, PP_FILTER_TEXT_MOST + 1, file));
		good = !ferror(file);
	}
	if (!good)
		fprintf(stderr, "planungsplattform cql2: %s: %s\n", path, strerror(errno));
	if (file && !is_input)
		fclose(file);
	return good;
}

static bool translate(
	const struct call *call, struct pp_arena *arena, struct pp_slice text, struct pp_buf *out)
{
	struct pp_fault fault = { 0 };
	struct pp_filter *filter = call->from_json ? pp_cql2_read_json(arena, text, &fault)
						   : pp_cql2_read_text(arena, text, &fault);
	bool good = filter;

	if (good && call->to_text)
		good = pp_cql2_write_text(out, filter, &fault);
	else if (good)
		pp_cql2_write_json(out, filter);
	if (!good)
		fprintf(stderr, "planungsplattform cql2: %s%s%s\n", fault.pointer,
			fault.pointer[0] ? ": " : "", fault.detail);
	return good;
}

int pp_command_cql2(int argc, char **argv)
{
	struct pp_arena arena;
	struct pp_slice text;
	struct pp_buf *out;
	struct call call;
	bool good;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(about, stdout);
		return 0;
	}
	if (!read_call(argc, argv, &call)) {
		fputs("planungsplattform cql2: --from and --to are text or json; then a file or "
		      "-\n",
			stderr);
		return 2;
	}
	pp_arena_begin(&arena);
	out = pp_buf_make(&arena);
	good = read_input(&arena, call.path, &text) && translate(&call, &arena, text, out);
	if (good) {
		fwrite(out->at, 1, out->len, stdout);
		fputc('\n', stdout);
	}
	pp_arena_end(&arena);
	return good ? 0 : 1;
}
