/* SPDX-License-Identifier: EUPL-1.2 */
/* cql2: whether a filter can be read, and what it is in the other language; without server and
 * database. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <pp/feature/collection.h>
#include <pp/fmt/fes.h>

#include "command.h"

static const char about[] =
	"planungsplattform cql2 --from text|json|fes --to text|json DATEI|-\n\n"
	"Liest einen Filter in CQL2 (OGC 21-065r2) oder Filter Encoding (OGC 09-026r2, auch 1.1 "
	"und\n"
	"1.0) und schreibt ihn als CQL2-Text oder -JSON. Geprüft wird alles, wofür man die\n"
	"Eigenschaften der Objekte nicht kennen muss.\n\n"
	"  --from F        Sprache der Eingabe: text (voreingestellt), json oder fes\n"
	"  --to F          Sprache der Ausgabe: text oder json (voreingestellt)\n"
	"  --collection C  die Werte so verstehen, wie es die Eigenschaften der Sammlung "
	"verlangen;\n"
	"                  ohne sie sind Werte aus fes Texte. Bezugssysteme sagt CQL2 nicht.\n"
	"  -               die Eingabe kommt von der Standardeingabe\n\n"
	"Reads a filter in CQL2 or Filter Encoding and writes it as text or as JSON of CQL2.\n"
	"Everything is checked that can be without knowing the properties of the features. "
	"Literals\n"
	"of fes are texts, unless --collection says whose properties they are compared with. Exit\n"
	"code 1 for a filter that cannot be read, with line and column (of JSON that is "
	"well-formed:\n"
	"with a pointer into it), 2 for wrong use.\n";

enum language { TEXT, JSON, FES, LANGUAGES };

static const char *const languages[LANGUAGES] = { "text", "json", "fes" };

struct call {
	enum language from, to;
	const struct pp_collection *collection;
	const char *path;
};

static enum language language_named(const char *name)
{
	enum language language = TEXT;

	while (language < LANGUAGES && strcmp(name, languages[language]) != 0)
		language++;
	return language;
}

static bool read_call(int argc, char **argv, struct call *call)
{
	static const struct option known[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "collection", required_argument, NULL, 'c' },
		{ 0 },
	};
	int c;

	*call = (struct call){ .to = JSON };
	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'f')
			call->from = language_named(optarg);
		else if (c == 't')
			call->to = language_named(optarg);
		else if (c == 'c')
			call->collection = pp_collection_named(pp_slice_of(optarg));
		if (c == '?' || (c == 'c' && !call->collection))
			return false;
	}
	if (call->from == LANGUAGES || call->to >= FES)
		return false;
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

static struct pp_filter *read_filter(const struct call *call, struct pp_arena *arena,
	struct pp_slice text, struct pp_fault *fault)
{
	switch (call->from) {
	case JSON:
		return pp_cql2_read_json(arena, text, fault);
	case FES:
		return pp_fes_read_document(arena, text, PP_S(""), false, fault);
	default:
		return pp_cql2_read_text(arena, text, fault);
	}
}

static bool settle(const struct call *call, struct pp_arena *arena, struct pp_slice text,
	struct pp_filter *filter, struct pp_fault *fault)
{
	const struct pp_filter *at;
	struct pp_fault why = { 0 };

	if (!call->collection ||
		pp_filter_settle(arena, filter, &call->collection->type, &at, &why))
		return true;
	return call->from == JSON
		? pp_fault(fault, why.problem, "%s", why.detail)
		: pp_element_wrong(fault, why.problem, text, at->at, "%s", why.detail);
}

static bool translate(
	const struct call *call, struct pp_arena *arena, struct pp_slice text, struct pp_buf *out)
{
	struct pp_fault fault = { 0 };
	struct pp_filter *filter = read_filter(call, arena, text, &fault);
	bool good = filter && settle(call, arena, text, filter, &fault);

	if (good && call->to == TEXT)
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
		fputs("planungsplattform cql2: --from is text, json or fes, --to text or json, "
		      "--collection one\nof the collections; then a file or -\n",
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
