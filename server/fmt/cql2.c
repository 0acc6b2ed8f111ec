/* SPDX-License-Identifier: EUPL-1.2 */
#include "cql2.h"

#include <stdio.h>
#include <stdlib.h>

#include <pp/base/clock.h>

static const struct pp_cql2_type types[] = {
	{ "POINT", "Point", PP_CQL2_POINT, 0, 1 },
	{ "LINESTRING", "LineString", PP_CQL2_LINE, 0, 2 },
	{ "POLYGON", "Polygon", PP_CQL2_POLYGON, 0, 0 },
	{ "MULTIPOINT", "MultiPoint", 4, PP_CQL2_POINT, 0 },
	{ "MULTILINESTRING", "MultiLineString", 5, PP_CQL2_LINE, 0 },
	{ "MULTIPOLYGON", "MultiPolygon", 6, PP_CQL2_POLYGON, 0 },
	{ "GEOMETRYCOLLECTION", "GeometryCollection", PP_CQL2_COLLECTION, PP_CQL2_ANY, 0 },
};

const struct pp_cql2_type *pp_cql2_type_of(unsigned type)
{
	PP_MUST(type >= 1 && type <= PP_LENGTH(types));
	return &types[type - 1];
}

const struct pp_cql2_type *pp_cql2_type_wkt(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(types); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(types[i].wkt)))
			return &types[i];
	return NULL;
}

const struct pp_cql2_type *pp_cql2_type_geojson(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(types); i++)
		if (pp_slice_is(name, pp_slice_of(types[i].geojson)))
			return &types[i];
	return NULL;
}

bool pp_cql2_is_reserved(struct pp_slice name)
{
	static const char *const words[] = { "AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS",
		"NULL", "DIV", "TRUE", "FALSE", "DATE", "TIMESTAMP", "INTERVAL", "BBOX", "Z" };

	for (size_t i = 0; i < PP_LENGTH(words); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(words[i])))
			return true;
	return pp_cql2_type_wkt(name);
}

bool pp_cql2_is_timestamp(struct pp_slice text)
{
	char copy[40];
	int64_t utc;

	if (text.len < 20 || text.len >= sizeof(copy) || text.at[10] != 'T' ||
		text.at[text.len - 1] != 'Z')
		return false;
	return pp_clock_read_rfc3339(text, &utc);
}

bool pp_cql2_is_date(struct pp_slice text)
{
	char instant[24];

	if (text.len != 10)
		return false;
	snprintf(instant, sizeof(instant), "%.10sT00:00:00Z", text.at);
	return pp_cql2_is_timestamp(pp_slice_of(instant));
}

void pp_cql2_write_number(struct pp_buf *out, double number)
{
	char text[40] = "0"; /* whichever sign a zero has */

	for (int digits = 15; digits <= 17 && number != 0; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	pp_buf_text(out, text);
}

void pp_cql2_list_begin(struct pp_cql2_list *list, struct pp_arena *arena, size_t size)
{
	*list = (struct pp_cql2_list){ .arena = arena, .size = size };
}

void *pp_cql2_list_add(struct pp_cql2_list *list)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 4;
		void *more = pp_alloc_array(list->arena, room, list->size);

		if (list->count)
			memcpy(more, list->at, list->count * list->size);
		list->at = more;
		list->room = room;
	}
	return (char *)list->at + list->count++ * list->size;
}
