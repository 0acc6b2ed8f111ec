/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The one check before GEOS: what it passes can be walked to its end, adds up to the facts, and
 * lies within them.
 */
#include <math.h>

#include <pp/fmt/geojson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct pp_slice wkb, const struct pp_wkb_facts *facts)
{
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;
	uint32_t vertices = 0;
	unsigned open = 0;

	pp_wkb_walk_begin(&walk, wkb);
	while ((event = pp_wkb_walk_next(&walk)) != PP_WKB_END) {
		open += event == PP_WKB_OPEN;
		if (event == PP_WKB_CLOSE) {
			PP_MUST(open);
			open--;
		}
		if (event != PP_WKB_POSITIONS)
			continue;
		vertices += walk.count;
		for (uint32_t i = 0; i < walk.count; i++) {
			double x, y;

			pp_wkb_position(&walk, i, &x, &y);
			PP_MUST(isfinite(x) && isfinite(y));
			PP_MUST(x >= facts->min_x && x <= facts->max_x);
			PP_MUST(y >= facts->min_y && y <= facts->max_y);
		}
	}
	PP_MUST(!open && vertices == facts->vertices);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice wkb = { (const char *)data, size };
	struct pp_wkb_facts facts;
	struct pp_fault fault;
	struct pp_buf text;

	if (!pp_wkb_check(wkb, 1000, &facts, &fault)) {
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
		return 0;
	}
	walk(wkb, &facts);
	pp_buf_begin(&text);
	pp_geojson_write(&text, wkb, 3);
	PP_MUST(text.len > 0);
	pp_buf_end(&text);
	return 0;
}
