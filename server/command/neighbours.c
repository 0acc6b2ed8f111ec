/* SPDX-License-Identifier: EUPL-1.2 */
/* neighbours: who adjoins a municipality, from a file of boundaries, without a server. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include <pp/fmt/geojson.h>
#include <pp/geo/crs.h>

#include "boundary_file.h"
#include "call.h"
#include "command.h"

static const char about[] =
	"planungsplattform neighbours AGS|all [--cross-border] [--boundaries DATEI] [--kreise "
	"DATEI]\n"
	"                             [--format table|json|geojson|csv]\n\n"
	"Nennt die Gemeinden, die an eine Gemeinde grenzen: entlang einer Linie, mit der Länge "
	"der\n"
	"gemeinsamen Grenze in Metern (EPSG:25832), oder in einem Punkt. Braucht weder Server "
	"noch\n"
	"Datenbank. Ohne --boundaries gelten die mitgelieferten Grenzen (VG250 von 2016, zur "
	"Probe).\n\n"
	"  --cross-border    nur Gemeinden eines anderen Landes\n"
	"  --boundaries F    GeoPackage, FlatGeobuf, Shape, GeoJSON oder GML, auch als .zip oder "
	".gz\n"
	"  --kreise F        Namen der Kreise zu den ersten fünf Ziffern des AGS\n"
	"  --layer L         Ebene der Datei, wo sie mehrere hat\n"
	"  --key F --name F  Felder für Schlüssel und Namen, wo sie nicht AGS und GEN heißen\n"
	"  --format F        table (voreingestellt), json, geojson oder csv\n\n"
	"Names the municipalities that adjoin one: along a line, with the length of the common "
	"border\n"
	"in metres (EPSG:25832), or in a point; `all` for every municipality. Needs neither "
	"server\n"
	"nor database. Exit code 1 for an unknown AGS or an unusable file, 2 for wrong use.\n";

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_GEOJSON, FORMAT_CSV };

struct asked {
	struct pp_boundary_file file;
	const char *ags;
	bool cross_border;
	enum format format;
};

static bool read_format(const char *text, enum format *format)
{
	static const char *const names[] = { "table", "json", "geojson", "csv" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (strcmp(names[i], text) == 0) {
			*format = (enum format)i;
			return true;
		}
	fprintf(stderr, "planungsplattform neighbours: --format %s: table, json, geojson or csv\n",
		text);
	return false;
}

static bool read_options(int argc, char **argv, struct asked *asked)
{
	static const struct option known[] = {
		{ "cross-border", no_argument, NULL, 'x' },
		{ "boundaries", required_argument, NULL, 'b' },
		{ "kreise", required_argument, NULL, 'k' },
		{ "layer", required_argument, NULL, 'l' },
		{ "key", required_argument, NULL, 'K' },
		{ "name", required_argument, NULL, 'n' },
		{ "format", required_argument, NULL, 'f' },
		{ 0 },
	};
	int c;

	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'x')
			asked->cross_border = true;
		else if (c == 'b')
			asked->file.path = optarg;
		else if (c == 'k')
			asked->file.kreise = optarg;
		else if (c == 'l')
			asked->file.areas.layer = pp_slice_of(optarg);
		else if (c == 'K')
			asked->file.areas.key_field = pp_slice_of(optarg);
		else if (c == 'n')
			asked->file.areas.name_field = pp_slice_of(optarg);
		else if (c != 'f' || !read_format(optarg, &asked->format))
			return false;
	}
	if (optind + 1 != argc) {
		fprintf(stderr,
			"planungsplattform neighbours: one AGS, or all, is needed; --help\n");
		return false;
	}
	asked->ags = argv[optind];
	return true;
}

/* What a format writes around and for each neighbour. */
struct writer {
	struct pp_buf *out;
	struct pp_geo *geo;
	struct pp_boundaries *all;
	const struct asked *asked;
	bool is_first; /* of the list that is being written */
};

static const char *contact_of(const struct pp_neighbour *neighbour)
{
	return neighbour->is_line ? "line" : "point";
}

static void write_members(struct writer *writer, const struct pp_neighbour *neighbour)
{
	const struct pp_municipality *m = pp_boundaries_at(writer->all, neighbour->municipality);
	struct pp_buf *out = writer->out;

	pp_buf_text(out, "\"ags\":");
	pp_buf_json(out, m->ags);
	pp_buf_text(out, ",\"name\":");
	pp_buf_json(out, m->name);
	pp_buf_text(out, ",\"kreis\":");
	if (m->kreis.len)
		pp_buf_json(out, m->kreis);
	else
		pp_buf_text(out, "null");
	pp_buf_text(out, ",\"land\":");
	pp_buf_json(out, m->land);
	pp_buf_format(out, ",\"contact\":\"%s\",\"shared_border_m\":", contact_of(neighbour));
	pp_buf_fixed(out, neighbour->shared_border_m, 3);
	pp_buf_format(out, ",\"cross_border\":%s", neighbour->cross_border ? "true" : "false");
}

static void write_json(struct writer *writer, uint32_t of, const struct pp_neighbour *neighbour)
{
	(void)of;
	pp_buf_text(writer->out, writer->is_first ? "{" : ",{");
	write_members(writer, neighbour);
	pp_buf_text(writer->out, "}");
}

/* RFC 7946: longitude and latitude of WGS 84. */
static void write_geojson(struct writer *writer, uint32_t of, const struct pp_neighbour *neighbour)
{
	struct pp_arena arena;
	struct pp_fault fault;
	struct pp_slice degrees;
	struct pp_buf wkb;

	pp_arena_begin(&arena);
	pp_buf_begin(&wkb);
	pp_boundaries_wkb(writer->all, neighbour->municipality, &wkb);
	PP_MUST(pp_crs_write(writer->geo, &arena, PP_CRS84, PP_AXES_EAST_NORTH, pp_buf_all(&wkb),
		&degrees, &fault));
	pp_buf_text(writer->out, writer->is_first ? "" : ",\n");
	pp_buf_text(writer->out, "{\"type\":\"Feature\",\"properties\":{\"of\":");
	pp_buf_json(writer->out, pp_boundaries_at(writer->all, of)->ags);
	pp_buf_text(writer->out, ",");
	write_members(writer, neighbour);
	pp_buf_text(writer->out, "},\"geometry\":");
	pp_geojson_write(writer->out, degrees, 8);
	pp_buf_text(writer->out, "}");
	pp_buf_end(&wkb);
	pp_arena_end(&arena);
}

static void write_csv(struct writer *writer, uint32_t of, const struct pp_neighbour *neighbour)
{
	const struct pp_municipality *m = pp_boundaries_at(writer->all, neighbour->municipality);
	const struct pp_slice cells[] = { pp_boundaries_at(writer->all, of)->ags, m->ags, m->name,
		m->kreis, m->land };

	for (size_t i = 0; i < PP_LENGTH(cells); i++) {
		pp_buf_csv(writer->out, cells[i]);
		pp_buf_text(writer->out, ",");
	}
	pp_buf_format(writer->out, "%s,", contact_of(neighbour));
	pp_buf_fixed(writer->out, neighbour->shared_border_m, 3);
	pp_buf_format(writer->out, ",%s\r\n", neighbour->cross_border ? "true" : "false");
}

static void write_padded(struct pp_buf *out, struct pp_slice text, size_t width)
{
	pp_buf_padded(out, text, width);
	pp_buf_text(out, " ");
}

static void write_row(struct writer *writer, uint32_t of, const struct pp_neighbour *neighbour)
{
	const struct pp_municipality *m = pp_boundaries_at(writer->all, neighbour->municipality);

	if (strcmp(writer->asked->ags, "all") == 0)
		write_padded(writer->out, pp_boundaries_at(writer->all, of)->ags, 8);
	write_padded(writer->out, m->ags, 8);
	write_padded(writer->out, m->land, 4);
	write_padded(writer->out, m->name, 32);
	write_padded(writer->out, m->kreis, 24);
	write_padded(writer->out, neighbour->is_line ? PP_S("Linie") : PP_S("Punkt"), 7);
	pp_buf_format(writer->out, "%12.1f  %s\n", neighbour->shared_border_m,
		neighbour->cross_border ? "ja" : "nein");
}

static const struct format_row {
	const char *begin, *end;         /* of the whole, for one municipality */
	const char *all_begin, *all_end; /* for all */
	bool groups;                     /* all: the neighbours of each in an object of its own */
	void (*write)(struct writer *writer, uint32_t of, const struct pp_neighbour *neighbour);
} formats[] = {
	[FORMAT_TABLE] = { "AGS      Land Name                             Kreis                   "
			   " "
			   "Kontakt   Grenze (m)  Landesgrenze\n",
		"",
		"Gemeinde AGS      Land Name                             Kreis                    "
		"Kontakt   Grenze (m)  Landesgrenze\n",
		"", false, write_row },
	[FORMAT_JSON] = { "{\"neighbours\":[", "]}\n", "{\"municipalities\":[", "]}\n", true,
		write_json },
	[FORMAT_GEOJSON] = { "{\"type\":\"FeatureCollection\",\"features\":[", "]}\n",
		"{\"type\":\"FeatureCollection\",\"features\":[", "]}\n", false, write_geojson },
	[FORMAT_CSV] = { "of,ags,name,kreis,land,contact,shared_border_m,cross_border\r\n", "",
		"of,ags,name,kreis,land,contact,shared_border_m,cross_border\r\n", "", false,
		write_csv },
};

/* The neighbours that were asked for, of one municipality. */
static void write_neighbours(struct writer *writer, uint32_t of)
{
	size_t count;
	const struct pp_neighbour *list = pp_boundaries_neighbours(writer->all, of, &count);

	for (size_t i = 0; i < count; i++) {
		if (writer->asked->cross_border && !list[i].cross_border)
			continue;
		formats[writer->asked->format].write(writer, of, &list[i]);
		writer->is_first = false;
	}
}

static void write_group(struct writer *writer, uint32_t of, bool *is_first)
{
	struct pp_buf group, *out = writer->out;

	pp_buf_begin(&group);
	writer->out = &group;
	writer->is_first = true;
	write_neighbours(writer, of);
	writer->out = out;
	if (!writer->is_first) {
		pp_buf_text(out, *is_first ? "\n{\"ags\":" : ",\n{\"ags\":");
		pp_buf_json(out, pp_boundaries_at(writer->all, of)->ags);
		pp_buf_text(out, ",\"neighbours\":[");
		pp_buf_slice(out, pp_buf_all(&group));
		pp_buf_text(out, "]}");
		*is_first = false;
	}
	pp_buf_end(&group);
}

/* In pieces: all of Germany as GeoJSON is a gigabyte. */
static void flush_some(struct pp_buf *out)
{
	if (out->len < (1 << 20))
		return;
	fwrite(out->at, 1, out->len, stdout);
	pp_buf_clear(out);
}

static void write_all(struct writer *writer)
{
	const struct format_row *format = &formats[writer->asked->format];
	bool is_first = true;

	pp_buf_text(writer->out, format->all_begin);
	writer->is_first = true;
	for (uint32_t i = 0; i < pp_boundaries_count(writer->all); i++) {
		if (format->groups)
			write_group(writer, i, &is_first);
		else
			write_neighbours(writer, i);
		flush_some(writer->out);
	}
	pp_buf_text(writer->out, format->all_end);
}

static bool answer(struct asked *asked, struct pp_arena *arena, struct pp_fault *fault)
{
	struct writer writer = { .asked = asked, .out = pp_buf_make(arena), .is_first = true };
	uint32_t place;

	writer.geo = pp_geo_open(arena, fault);
	if (!writer.geo)
		return false;
	writer.all = pp_boundary_file_read(&asked->file, writer.geo, arena, fault);
	if (!writer.all)
		return false;
	if (strcmp(asked->ags, "all") == 0) {
		write_all(&writer);
	} else {
		place = pp_boundaries_find(writer.all, pp_slice_of(asked->ags));
		if (place == PP_NOWHERE)
			return pp_fault(fault, PP_municipality_not_found,
				"no municipality has the AGS \"%.40s\" in %.100s.", asked->ags,
				asked->file.path);
		pp_buf_text(writer.out, formats[asked->format].begin);
		write_neighbours(&writer, place);
		pp_buf_text(writer.out, formats[asked->format].end);
	}
	fwrite(writer.out->at, 1, writer.out->len, stdout);
	return true;
}

static void warn(void *ctx, struct pp_slice sentence)
{
	(void)ctx;
	fprintf(stderr, "planungsplattform neighbours: %.*s\n", PP_SHOW(sentence));
}

int pp_command_neighbours(int argc, char **argv)
{
	struct asked asked = { .file = { .warn = warn } };
	struct pp_arena arena;
	struct pp_fault fault;
	int code = 0;

	if (pp_call_helps(argc, argv, about))
		return 0;
	if (!read_options(argc, argv, &asked))
		return 2;
	pp_arena_begin(&arena);
	if (!answer(&asked, &arena, &fault)) {
		pp_fault_print("neighbours", NULL, &fault);
		code = 1;
	}
	pp_arena_end(&arena);
	return pp_call_end("neighbours", code);
}
