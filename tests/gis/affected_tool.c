/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The engine on its own, for tests that compare it with a referee:
 *     affected_tool BOUNDARIES RULES ACCURACY      reads plans, writes one JSON object a line
 *     affected_tool BOUNDARIES neighbours          writes every pair of neighbours
 *     affected_tool BOUNDARIES import              writes notes and one row a municipality
 * BOUNDARIES has lines of ags, name, Kreis, whether unincorporated, WKB in hex, with tabs between
 * them, or for a border of the state "state", name, state, nothing, WKB in hex;
 * several rows of an AGS are united (all but `import` take the rows as they are when each AGS
 * stands once). A plan is a line of kind, date, AGS with commas, applicant's Land, subjects with
 * blanks, WKB in hex. A subject is NAME:PARAMETER=VALUE,… with catchment=HEX (WKB, EPSG:25832) and
 * study=AGS:PERCENT+AGS:PERCENT. The answer to a plan that cannot be answered is {"fault":…}.
 */
#include <stdio.h>
#include <stdlib.h>

#include <pp/geo/affected.h>
#include <pp/geo/validate.h>

enum { FIELDS = 6 };

static struct pp_slice read_all(struct pp_arena *arena, const char *path)
{
	struct pp_buf *buf = pp_buf_make(arena);
	FILE *file = fopen(path, "rb");
	size_t got;

	if (!file) {
		perror(path);
		exit(2);
	}
	do {
		got = fread(pp_buf_room(buf, 1 << 20), 1, 1 << 20, file);
		buf->len += got;
	} while (got);
	fclose(file);
	return pp_buf_all(buf);
}

static struct pp_slice unhex(struct pp_arena *arena, struct pp_slice hex)
{
	char *bytes = pp_alloc(arena, hex.len / 2);

	for (size_t i = 0; i + 1 < hex.len; i += 2) {
		char two[3] = { hex.at[i], hex.at[i + 1], 0 };

		bytes[i / 2] = (char)strtoul(two, NULL, 16);
	}
	return pp_slice(bytes, hex.len / 2);
}

static void split(struct pp_slice line, struct pp_slice fields[FIELDS])
{
	for (int i = 0; i < FIELDS; i++)
		fields[i] = pp_slice_cut(line, '\t', &line);
}

static void fail(const struct pp_fault *fault)
{
	fprintf(stderr, "%s: %s\n", pp_problem_row(fault->problem)->id, fault->detail);
	exit(1);
}

static struct pp_boundaries *read_boundaries(
	struct pp_arena *arena, struct pp_geo *geo, const char *path, double accuracy)
{
	struct pp_boundaries *all = pp_boundaries_begin(arena, geo, PP_ROWS_RAW,
		&(struct pp_boundary_version){
			PP_S(""), PP_S("VG250"), PP_S("2016-01-01"), accuracy });
	struct pp_slice text = read_all(arena, path);
	struct pp_fault fault;

	while (text.len) {
		struct pp_slice fields[FIELDS];
		struct pp_arena row;
		bool done;

		pp_arena_begin(&row);
		split(pp_slice_cut(text, '\n', &text), fields);
		if (pp_slice_is(fields[0], PP_S("state"))) {
			const struct pp_state_border border = { fields[2], fields[1],
				unhex(&row, fields[4]) };

			if (!pp_boundaries_add_state_border(all, &border, &fault))
				fail(&fault);
			pp_arena_end(&row);
			continue;
		}
		done = pp_boundaries_add(all,
			&(struct pp_boundary_row){ .ags = fields[0],
				.ars = PP_S(""),
				.name = fields[1],
				.designation = PP_S(""),
				.kreis = fields[2],
				.unincorporated = pp_slice_is(fields[3], PP_S("1")),
				.wkb = unhex(&row, fields[4]) },
			&fault);
		pp_arena_end(&row);
		if (!done)
			fail(&fault);
	}
	if (!pp_boundaries_end(all, &fault))
		fail(&fault);
	return all;
}

static void print_neighbours(struct pp_boundaries *all)
{
	for (uint32_t i = 0; i < pp_boundaries_count(all); i++) {
		const struct pp_neighbour *list;
		size_t count;

		list = pp_boundaries_neighbours(all, i, &count);
		for (size_t n = 0; n < count; n++)
			printf("%.*s\t%.*s\t%s\t%.6f\t%d\n", PP_SHOW(pp_boundaries_at(all, i)->ags),
				PP_SHOW(pp_boundaries_at(all, list[n].municipality)->ags),
				list[n].is_line ? "line" : "point", list[n].shared_border_m,
				list[n].cross_border);
	}
}

static void print_import(struct pp_boundaries *all)
{
	const struct pp_boundary_note *notes;
	size_t count;

	notes = pp_boundaries_notes(all, &count);
	for (size_t i = 0; i < count; i++)
		printf("note\t%.*s\t%.*s\t%.*s\t%.3f\t%.3f\n", PP_SHOW(notes[i].ags),
			PP_SHOW(notes[i].other), PP_SHOW(notes[i].text), notes[i].x, notes[i].y);
	for (uint32_t i = 0; i < pp_boundaries_count(all); i++) {
		struct pp_buf wkb, hex;

		pp_buf_begin(&wkb);
		pp_buf_begin(&hex);
		pp_boundaries_wkb(all, i, &wkb);
		pp_buf_hex(&hex, pp_buf_all(&wkb));
		printf("row\t%.*s\t%.6f\t%.*s\n", PP_SHOW(pp_boundaries_at(all, i)->ags),
			pp_boundaries_at(all, i)->area_m2, PP_SHOW(pp_buf_all(&hex)));
		pp_buf_end(&wkb);
		pp_buf_end(&hex);
	}
}

static size_t list_of(struct pp_arena *arena, struct pp_slice text, const struct pp_slice **out)
{
	struct pp_slice *list = PP_NEW_ARRAY(arena, struct pp_slice, text.len / 2 + 1);
	size_t count = 0;

	while (text.len)
		list[count++] = pp_slice_cut(text, ',', &text);
	*out = list;
	return count;
}

static void read_study(struct pp_arena *arena, struct pp_slice text, struct pp_subject *subject)
{
	subject->study = PP_NEW_ARRAY(arena, struct pp_study_row, text.len / 8 + 1);
	while (text.len) {
		struct pp_study_row *row = &subject->study[subject->study_count++];
		struct pp_slice percent, one = pp_slice_cut(text, '+', &text);

		row->ags = pp_slice_cut(one, ':', &percent);
		if (!pp_slice_double(percent, &row->percent))
			exit(2);
	}
}

static struct pp_subject subject_of(
	struct pp_geo *geo, struct pp_arena *arena, struct pp_slice text)
{
	struct pp_slice rest, name = pp_slice_cut(text, ':', &rest);
	struct pp_subject subject;
	struct pp_fault fault;

	if (!pp_subject_begin(&subject, name, &fault))
		fail(&fault);
	while (rest.len) {
		struct pp_slice value,
			param = pp_slice_cut(pp_slice_cut(rest, ',', &rest), '=', &value);

		if (pp_slice_is(param, PP_S("catchment"))) {
			subject.catchment = unhex(arena, value);
			subject.catchment_crs = PP_UTM32;
		} else if (pp_slice_is(param, PP_S("study"))) {
			read_study(arena, value, &subject);
		} else if (!pp_subject_set(&subject, param, value, &fault)) {
			fail(&fault);
		}
	}
	if (!pp_subjects_place(geo, arena, &subject, 1, &fault))
		fail(&fault);
	return subject;
}

static void read_subjects(struct pp_geo *geo, struct pp_arena *arena, struct pp_slice text,
	struct pp_affected_query *query)
{
	struct pp_subject *list = PP_NEW_ARRAY(arena, struct pp_subject, PP_SUBJECTS_MAX);

	query->subjects = list;
	while (text.len && query->subject_count < PP_SUBJECTS_MAX)
		list[query->subject_count++] = subject_of(
			geo, arena, pp_slice_cut(text, ' ', &text));
}

static void answer(struct pp_geo *geo, struct pp_boundaries *all, const struct pp_rules *rules,
	struct pp_slice line)
{
	struct pp_slice fields[FIELDS];
	struct pp_affected_query query = { 0 };
	struct pp_affected result;
	struct pp_fault fault;
	struct pp_arena arena;
	enum pp_flaw flaw;
	struct pp_buf json;

	pp_arena_begin(&arena);
	pp_buf_begin(&json);
	split(line, fields);
	query.kind = fields[0];
	query.date = fields[1];
	query.planning_count = list_of(&arena, fields[2], &query.planning);
	query.applicant_land = fields[3];
	read_subjects(geo, &arena, fields[4], &query);
	query.wkb = unhex(&arena, fields[5]);
	if (pp_validate(geo, query.wkb, &flaw, &fault) &&
		pp_affected_ask(all, rules, &query, &arena, &result, &fault)) {
		pp_affected_write(&json, all, pp_geo_engine(geo), &result, PP_S("en"));
	} else {
		pp_buf_format(
			&json, "{\"fault\":\"%s\",\"detail\":", pp_problem_row(fault.problem)->id);
		pp_buf_json(&json, pp_slice_of(fault.detail));
		pp_buf_text(&json, "}");
	}
	printf("%.*s\n", PP_SHOW(pp_buf_all(&json)));
	pp_buf_end(&json);
	pp_arena_end(&arena);
}

int main(int argc, char **argv)
{
	struct pp_boundaries *all;
	struct pp_arena arena;
	struct pp_rules rules;
	struct pp_fault fault;
	struct pp_geo *geo;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (argc < 3)
		return 2;
	pp_arena_begin(&arena);
	geo = pp_geo_open(&arena, &fault);
	if (!geo)
		fail(&fault);
	all = read_boundaries(&arena, geo, argv[1], argc > 3 ? strtod(argv[3], NULL) : 100);
	if (strcmp(argv[2], "neighbours") == 0) {
		print_neighbours(all);
	} else if (strcmp(argv[2], "import") == 0) {
		print_import(all);
	} else {
		if (!pp_rules_read(&arena, read_all(&arena, argv[2]), &rules, &fault))
			fail(&fault);
		while ((length = getline(&line, &room, stdin)) > 0)
			answer(geo, all, &rules, pp_slice(line, (size_t)length - 1));
		free(line);
	}
	pp_arena_end(&arena);
	return 0;
}
