/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The result of `affected` in the formats of the command line. */
#include <pp/geo/affected.h>

enum pp_affected_format {
	PP_AFFECTED_TABLE,
	PP_AFFECTED_JSON,
	PP_AFFECTED_GEOJSON,
	PP_AFFECTED_CSV,
	PP_AFFECTED_FORMATS
};

/* "table" and so on. */
extern const char *const pp_affected_formats[PP_AFFECTED_FORMATS];

/* One plan and who is affected by it. */
struct pp_affected_print {
	enum pp_affected_format format;
	bool several; /* plans: the output names each */
	struct pp_slice language;
	uint32_t place;
	struct pp_slice name, kind;
	struct pp_slice wkb; /* EPSG:25832 */
	struct pp_geo *geo;
	const struct pp_boundaries *all;
	const struct pp_affected *result;
};

/* Begin and end once, a plan in between for each; all append. */
void pp_affected_print_begin(struct pp_buf *out, const struct pp_affected_print *print);
void pp_affected_print_plan(
	struct pp_buf *out, const struct pp_affected_print *print, bool is_first);
void pp_affected_print_end(struct pp_buf *out, const struct pp_affected_print *print);
