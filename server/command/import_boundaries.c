/* SPDX-License-Identifier: EUPL-1.2 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pp/io/secret.h>

#include "import.h"
#include "queries.h"

/* COPY takes lines in pieces of this size. */
enum { PIECE = 1 << 20 };

bool pp_import_read_boundaries(struct pp_boundary_file *file, struct pp_arena *arena,
	struct pp_boundaries **all, struct pp_fault *fault)
{
	struct pp_geo *geo = pp_geo_open(arena, fault);

	if (!geo)
		return false;
	*all = pp_boundary_file_read(file, geo, arena, fault);
	return *all != NULL;
}

/* Lines on their way to COPY. */
struct stage {
	const struct pp_import *import;
	struct pp_admin *db;
	struct pp_buf *lines;
	struct pp_fault *fault;
};

static void tell(const struct stage *stage, const char *what, uint32_t done, uint32_t total)
{
	stage->import->progress(stage->import->ctx, what, done, total);
}

static void add_field(struct stage *stage, struct pp_slice value, char end)
{
	pp_admin_copy_field(stage->lines, value, false);
	pp_buf_add(stage->lines, &end, 1);
}

static bool send_lines(struct stage *stage, size_t least)
{
	if (stage->lines->len < least || stage->lines->len == 0)
		return true;
	if (!pp_admin_copy_write(stage->db, pp_buf_all(stage->lines), stage->fault))
		return false;
	pp_buf_clear(stage->lines);
	return true;
}

static bool stage_municipalities(struct stage *stage, const struct pp_boundaries *all)
{
	uint32_t count = pp_boundaries_count(all);
	struct pp_buf wkb, hex;
	bool done = pp_admin_copy_begin(stage->db,
		"copy import_municipality (ags, ars, name, designation, kreis_name, "
		"unincorporated, wkb) from stdin",
		stage->fault);

	pp_buf_begin(&wkb);
	pp_buf_begin(&hex);
	for (uint32_t i = 0; done && i < count; i++) {
		const struct pp_municipality *m = pp_boundaries_at(all, i);

		pp_buf_clear(&wkb);
		pp_buf_clear(&hex);
		pp_boundaries_wkb(all, i, &wkb);
		pp_buf_text(&hex, "\\x");
		pp_buf_hex(&hex, pp_buf_all(&wkb));
		add_field(stage, m->ags, '\t');
		add_field(stage, m->ars, '\t');
		add_field(stage, m->name, '\t');
		add_field(stage, m->designation, '\t');
		add_field(stage, m->kreis, '\t');
		add_field(stage, m->unincorporated ? PP_S("t") : PP_S("f"), '\t');
		add_field(stage, pp_buf_all(&hex), '\n');
		done = send_lines(stage, PIECE);
		tell(stage, "store", i + 1, count);
	}
	pp_buf_end(&wkb);
	pp_buf_end(&hex);
	return done && send_lines(stage, 1) && pp_admin_copy_end(stage->db, stage->fault);
}

static bool stage_state_borders(struct stage *stage, const struct pp_boundaries *all)
{
	size_t count = pp_boundaries_state_border_count(all);
	bool done = pp_admin_copy_begin(
		stage->db, "copy import_state_border (state, name, wkb) from stdin", stage->fault);
	struct pp_buf hex;

	pp_buf_begin(&hex);
	for (size_t i = 0; done && i < count; i++) {
		const struct pp_state_border *border = pp_boundaries_state_border(all, i);

		pp_buf_clear(&hex);
		pp_buf_text(&hex, "\\x");
		pp_buf_hex(&hex, border->wkb);
		add_field(stage, border->state, '\t');
		add_field(stage, border->name, '\t');
		add_field(stage, pp_buf_all(&hex), '\n');
		done = send_lines(stage, PIECE);
	}
	pp_buf_end(&hex);
	return done && send_lines(stage, 1) && pp_admin_copy_end(stage->db, stage->fault);
}

/* Each pair once, from its smaller AGS: the order in which they are kept. */
static bool stage_adjacency(
	struct stage *stage, struct pp_boundaries *all, struct pp_imported *tally)
{
	uint32_t count = pp_boundaries_count(all);
	bool done = pp_admin_copy_begin(stage->db,
		"copy import_adjacency (ags, neighbour, contact, shared_border_m) from stdin",
		stage->fault);

	for (uint32_t i = 0; done && i < count; i++) {
		size_t neighbours;
		const struct pp_neighbour *list = pp_boundaries_neighbours(all, i, &neighbours);

		for (size_t n = 0; n < neighbours; n++) {
			if (list[n].municipality < i)
				continue;
			add_field(stage, pp_boundaries_at(all, i)->ags, '\t');
			add_field(stage, pp_boundaries_at(all, list[n].municipality)->ags, '\t');
			add_field(stage, list[n].is_line ? PP_S("line") : PP_S("point"), '\t');
			pp_buf_format(stage->lines, "%.6f\n", list[n].shared_border_m);
			tally->pairs++;
			tally->lines += list[n].is_line;
			tally->cross_border += list[n].cross_border;
		}
		done = send_lines(stage, PIECE);
		tell(stage, "neighbours", i + 1, count);
	}
	return done && send_lines(stage, 1) && pp_admin_copy_end(stage->db, stage->fault);
}

/* What was changed on the way, kept with the version: every repair and every overlap. */
static struct pp_slice write_report(struct pp_arena *arena, const struct pp_boundaries *all,
	struct pp_slice name, const struct pp_imported *tally)
{
	struct pp_buf *out = pp_buf_make(arena);
	size_t count;
	const struct pp_boundary_note *notes = pp_boundaries_notes(all, &count);

	pp_buf_text(out, "{\"file\":");
	pp_buf_json(out, name);
	pp_buf_format(out, ",\"municipalities\":%u,\"pairs\":%u,\"cross_border\":%u,\"notes\":[",
		pp_boundaries_count(all), tally->pairs, tally->cross_border);
	for (size_t i = 0; i < count; i++) {
		pp_buf_format(out, "%s{\"kind\":\"%s\",\"ags\":", i ? "," : "",
			notes[i].kind == PP_NOTE_REPAIRED ? "repaired" : "overlap");
		pp_buf_json(out, notes[i].ags);
		if (notes[i].other.len) {
			pp_buf_text(out, ",\"other\":");
			pp_buf_json(out, notes[i].other);
		}
		pp_buf_text(out, ",\"text\":");
		pp_buf_json(out, notes[i].text);
		pp_buf_text(out, ",\"text_de\":");
		pp_buf_json(out, notes[i].text_de);
		pp_buf_text(out, ",\"x\":");
		pp_buf_fixed(out, notes[i].x, 3);
		pp_buf_text(out, ",\"y\":");
		pp_buf_fixed(out, notes[i].y, 3);
		pp_buf_text(out, ",\"area_before_m2\":");
		pp_buf_fixed(out, notes[i].area_before_m2, 1);
		pp_buf_text(out, ",\"area_after_m2\":");
		pp_buf_fixed(out, notes[i].area_after_m2, 1);
		pp_buf_text(out, "}");
	}
	pp_buf_text(out, "]}");
	return pp_buf_all(out);
}

static void say_notes(const struct pp_boundaries *all)
{
	size_t count;
	const struct pp_boundary_note *notes = pp_boundaries_notes(all, &count);

	for (size_t i = 0; i < count; i++)
		printf("%s %.*s%s%.*s: %.*s (EPSG:25832 %.3f %.3f)\n",
			notes[i].kind == PP_NOTE_REPAIRED ? "repaired" : "overlap",
			PP_SHOW(notes[i].ags), notes[i].other.len ? " " : "",
			PP_SHOW(notes[i].other), PP_SHOW(notes[i].text), notes[i].x, notes[i].y);
}

static bool hash_file(const char *path, unsigned char digest[PP_SHA256_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	void *bytes = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &about) == 0 && about.st_size > 0)
		bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (bytes == MAP_FAILED)
		return false;
	pp_sha256(pp_slice(bytes, (size_t)about.st_size), digest);
	munmap(bytes, (size_t)about.st_size);
	return true;
}

static struct pp_slice or_null(struct pp_slice value)
{
	return value.len ? value : pp_slice(NULL, 0);
}

static bool stage_all(struct stage *stage, struct pp_boundaries *all, struct pp_imported *done)
{
	struct pp_rows *rows;

	if (!stage_municipalities(stage, all) || !stage_state_borders(stage, all) ||
		!stage_adjacency(stage, all, done))
		return false;
	if (!stage->import->keeps)
		return true;
	if (!pp_admin_query(stage->db, stage->import->arena, &pp_queries[PP_Q_boundary_import_keep],
		    NULL, &rows, stage->fault))
		return false;
	done->kreise = pp_cell(rows, 0, PP_C_boundary_import_keep_kreise);
	done->borders = pp_cell(rows, 0, PP_C_boundary_import_keep_borders);
	return true;
}

bool pp_import_boundaries(const struct pp_import *import, const struct pp_import_level *level,
	const char *path, struct pp_slice name, struct pp_boundaries *all, struct pp_imported *done,
	struct pp_fault *fault)
{
	struct stage stage = { import, import->db, pp_buf_make(import->arena), fault };
	const struct pp_boundary_version *version = pp_boundaries_version(all);
	unsigned char digest[PP_SHA256_SIZE];
	struct pp_rows *rows;

	*done = (struct pp_imported){ 0 };
	if (!hash_file(path, digest))
		return pp_fault(fault, PP_file_unreadable, "%.200s went away.", path);
	if (!stage_all(&stage, all, done))
		return false;
	struct pp_slice params[] = { level->level, or_null(level->parent), version->dataset,
		version->date, pp_format(import->arena, "%.3f", version->accuracy_m),
		pp_slice((const char *)digest, sizeof(digest)),
		write_report(import->arena, all, name, done), import->at };

	tell(&stage, "enforce", 0, 0);
	if (!pp_admin_query(import->db, import->arena, &pp_queries[PP_Q_boundaries_import], params,
		    &rows, fault))
		return false;
	done->version = pp_cell(rows, 0, 0);
	return true;
}

void pp_import_boundaries_print(const struct pp_import_level *level,
	const struct pp_boundaries *all, const struct pp_imported *done)
{
	const struct pp_boundary_version *version = pp_boundaries_version(all);

	say_notes(all);
	printf("%u %s, %u pairs of neighbours (%u across a Land's border), %u of them by a line; "
	       "version %.*s: %.*s %.*s\n",
		pp_boundaries_count(all), level->parent.len ? "districts" : "municipalities",
		done->pairs, done->cross_border, done->lines, PP_SHOW(done->version),
		PP_SHOW(version->dataset), PP_SHOW(version->date));
}
