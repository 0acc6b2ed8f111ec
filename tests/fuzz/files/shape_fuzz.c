/* SPDX-License-Identifier: EUPL-1.2 */
/* Geometry as GDAL hands it over, curves included: refused, or written as WKB that our own reader
 * takes or refuses by its own rules. */
#include <pp/fmt/wkb.h>

#include "../../../server/files/shape.h"

#define VERTICES_MOST 10000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice wkb = { (const char *)data, size };
	struct pp_fault fault = { 0 };
	struct pp_shape shape;
	struct pp_arena arena;

	if (size > 65536)
		return 0;
	pp_arena_begin(&arena);
	pp_shape_begin(&shape, &arena, VERTICES_MOST);
	pp_shape_measure(&shape, (enum pp_shape_units)0);
	if (!pp_shape_wkb(&shape, &arena, wkb, &fault)) {
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
	} else if (!pp_shape_is_empty(&shape)) {
		struct pp_buf *out = pp_buf_make(&arena);

		pp_shape_write(&shape, out);
		PP_MUST(out->len > 5);
	}
	pp_arena_end(&arena);
	return 0;
}
