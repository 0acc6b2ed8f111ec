/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/filejob.h>

#include <stdio.h>

/* A payload is the fields of its structure in the order of its table. */
enum field_type { TEXT, NUMBER, TEXTS };

struct field {
	enum field_type type;
	size_t at;
};

#define FIELD(type, structure, member)                                                             \
	{                                                                                          \
		type, offsetof(struct structure, member)                                           \
	}

static const struct field plans_fields[] = {
	FIELD(TEXT, pp_filejob_plans, name),
	FIELD(TEXT, pp_filejob_plans, media_type),
	FIELD(TEXT, pp_filejob_plans, layer),
	FIELD(TEXT, pp_filejob_plans, plan),
};

static const struct field areas_fields[] = {
	FIELD(TEXT, pp_filejob_areas, name),
	FIELD(TEXT, pp_filejob_areas, layer),
	FIELD(TEXT, pp_filejob_areas, key_field),
	FIELD(TEXT, pp_filejob_areas, ars_field),
	FIELD(TEXT, pp_filejob_areas, name_field),
	FIELD(TEXT, pp_filejob_areas, designation_field),
	FIELD(TEXT, pp_filejob_areas, parent),
};

static const struct field table_fields[] = {
	FIELD(TEXT, pp_filejob_table, name),
	FIELD(TEXT, pp_filejob_table, layer),
	FIELD(TEXTS, pp_filejob_table, columns),
};

static const struct field clean_fields[] = {
	FIELD(TEXT, pp_filejob_clean, name),
	FIELD(TEXT, pp_filejob_clean, media_type),
};

static const struct field check_fields[] = {
	FIELD(TEXT, pp_filejob_check, name),
	FIELD(TEXT, pp_filejob_check, media_type),
};

static const struct field sheet_fields[] = {
	FIELD(TEXT, pp_filejob_sheet, title),
	FIELD(TEXT, pp_filejob_sheet, author),
	FIELD(TEXT, pp_filejob_sheet, lang),
	FIELD(TEXT, pp_filejob_sheet, made_at),
	FIELD(TEXT, pp_filejob_sheet, foot),
	FIELD(TEXT, pp_filejob_sheet, attached_name),
	FIELD(TEXT, pp_filejob_sheet, attached_type),
	FIELD(TEXT, pp_filejob_sheet, attached),
	FIELD(TEXTS, pp_filejob_sheet, blocks),
};

static const struct field geopackage_fields[] = {
	FIELD(TEXT, pp_filejob_geopackage, name),
	FIELD(TEXT, pp_filejob_geopackage, layer),
	FIELD(TEXT, pp_filejob_geopackage, title),
	FIELD(TEXT, pp_filejob_geopackage, about),
	FIELD(TEXT, pp_filejob_geopackage, made_at),
	FIELD(TEXTS, pp_filejob_geopackage, days),
	FIELD(NUMBER, pp_filejob_geopackage, has_geometry),
	FIELD(NUMBER, pp_filejob_geopackage, most_mb),
};

static const struct field plan_fields[] = {
	FIELD(NUMBER, pp_filejob_plan, place),
	FIELD(TEXT, pp_filejob_plan, name),
	FIELD(TEXT, pp_filejob_plan, number),
	FIELD(TEXT, pp_filejob_plan, object),
	FIELD(TEXT, pp_filejob_plan, version),
	FIELD(TEXT, pp_filejob_plan, kind),
	FIELD(TEXT, pp_filejob_plan, plan_art),
	FIELD(TEXT, pp_filejob_plan, verfahren),
	FIELD(TEXT, pp_filejob_plan, rechtsstand),
	FIELD(NUMBER, pp_filejob_plan, vorhabenbezogen),
	FIELD(TEXTS, pp_filejob_plan, ags),
	FIELD(NUMBER, pp_filejob_plan, epsg),
	FIELD(NUMBER, pp_filejob_plan, vertices),
	FIELD(TEXT, pp_filejob_plan, wkb),
};

static const struct field choice_fields[] = {
	FIELD(NUMBER, pp_filejob_choice, place),
	FIELD(TEXT, pp_filejob_choice, name),
	FIELD(TEXT, pp_filejob_choice, number),
	FIELD(TEXT, pp_filejob_choice, object),
};

static const struct field warning_fields[] = {
	FIELD(NUMBER, pp_filejob_warning, place),
	FIELD(TEXT, pp_filejob_warning, text),
};

static const struct field municipality_fields[] = {
	FIELD(NUMBER, pp_filejob_municipality, row),
	FIELD(TEXT, pp_filejob_municipality, key),
	FIELD(TEXT, pp_filejob_municipality, ars),
	FIELD(TEXT, pp_filejob_municipality, name),
	FIELD(TEXT, pp_filejob_municipality, designation),
	FIELD(TEXT, pp_filejob_municipality, remark),
	FIELD(NUMBER, pp_filejob_municipality, gf),
	FIELD(TEXT, pp_filejob_municipality, wkb),
};

static const struct field row_fields[] = {
	FIELD(NUMBER, pp_filejob_row, row),
	FIELD(TEXTS, pp_filejob_row, cells),
};

static void write_fields(
	struct pp_buf *out, const void *structure, const struct field *fields, size_t count)
{
	for (const struct field *field = fields; field < fields + count; field++) {
		const void *value = (const char *)structure + field->at;

		if (field->type == TEXT) {
			pp_buf_bytes(out, *(const struct pp_slice *)value);
		} else if (field->type == NUMBER) {
			pp_buf_u32(out, *(const uint32_t *)value);
		} else {
			const struct pp_filejob_texts *texts = value;

			pp_buf_u32(out, (uint32_t)texts->count);
			for (size_t i = 0; i < texts->count; i++)
				pp_buf_bytes(out, texts->at[i]);
		}
	}
}

static struct pp_filejob_texts scan_texts(struct pp_scan *scan, struct pp_arena *arena)
{
	struct pp_filejob_texts texts = { .count = pp_scan_u32(scan) };

	/* Every text has at least its length: a count beyond that is no count. */
	if (scan->failed || texts.count > (size_t)(scan->end - scan->at) / 4) {
		scan->failed = true;
		return (struct pp_filejob_texts){ 0 };
	}
	texts.at = PP_NEW_ARRAY(arena, struct pp_slice, texts.count);
	for (size_t i = 0; i < texts.count; i++)
		texts.at[i] = pp_scan_bytes(scan);
	return texts;
}

static bool read_fields(struct pp_slice payload, struct pp_arena *arena, void *structure,
	const struct field *fields, size_t count)
{
	struct pp_scan scan;

	pp_scan_begin(&scan, payload);
	for (const struct field *field = fields; field < fields + count; field++) {
		void *value = (char *)structure + field->at;

		if (field->type == TEXT)
			*(struct pp_slice *)value = pp_scan_bytes(&scan);
		else if (field->type == NUMBER)
			*(uint32_t *)value = pp_scan_u32(&scan);
		else
			*(struct pp_filejob_texts *)value = scan_texts(&scan, arena);
	}
	return !scan.failed && scan.at == scan.end;
}

/* Both directions of one structure. */
#define PAYLOAD(name)                                                                              \
	void pp_filejob_write_##name(struct pp_buf *out, const struct pp_filejob_##name *name)     \
	{                                                                                          \
		write_fields(out, name, name##_fields, PP_LENGTH(name##_fields));                  \
	}                                                                                          \
	bool pp_filejob_read_##name(                                                               \
		struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_##name *name)   \
	{                                                                                          \
		*name = (struct pp_filejob_##name){ 0 };                                           \
		return read_fields(payload, arena, name, name##_fields, PP_LENGTH(name##_fields)); \
	}

PAYLOAD(clean)
PAYLOAD(check)
PAYLOAD(sheet)
PAYLOAD(geopackage)
PAYLOAD(plans)
PAYLOAD(areas)
PAYLOAD(table)
PAYLOAD(plan)
PAYLOAD(choice)
PAYLOAD(warning)
PAYLOAD(municipality)
PAYLOAD(row)

void pp_filejob_write_fault(struct pp_buf *out, const struct pp_fault *fault)
{
	pp_buf_bytes(out, pp_slice_of(pp_problem_row(fault->problem)->id));
	pp_buf_bytes(out, pp_slice_of(fault->detail));
	pp_buf_bytes(out, pp_slice_of(fault->pointer));
	pp_buf_u8(out, fault->has_place);
	pp_buf_f64(out, fault->x);
	pp_buf_f64(out, fault->y);
	pp_buf_f64(out, fault->lon);
	pp_buf_f64(out, fault->lat);
}

/* Both programs are built from one problem.def; an id that is not in it is no fault of ours. */
bool pp_filejob_read_fault(struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_slice id, detail, pointer;
	struct pp_scan scan;

	*fault = (struct pp_fault){ 0 };
	pp_scan_begin(&scan, payload);
	id = pp_scan_bytes(&scan);
	detail = pp_scan_bytes(&scan);
	pointer = pp_scan_bytes(&scan);
	fault->has_place = pp_scan_u8(&scan) != 0;
	fault->x = pp_scan_f64(&scan);
	fault->y = pp_scan_f64(&scan);
	fault->lon = pp_scan_f64(&scan);
	fault->lat = pp_scan_f64(&scan);
	if (scan.failed || scan.at != scan.end)
		return false;
	fault->problem = pp_problem_named(id);
	snprintf(fault->detail, sizeof(fault->detail), "%.*s", PP_SHOW(detail));
	snprintf(fault->pointer, sizeof(fault->pointer), "%.*s", PP_SHOW(pointer));
	return fault->problem != PP_no_problem;
}
