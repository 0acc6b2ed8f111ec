/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/openapi.h>

#include <stdlib.h>

static void add_fields(struct pp_buf *out, const struct pp_field *fields);

static void add_choices(struct pp_buf *out, const struct pp_field *field)
{
	struct pp_slice rest = pp_slice_of(field->choices);
	const char *before = "\"type\":\"string\",\"enum\":[";

	while (rest.len) {
		pp_buf_text(out, before);
		pp_buf_json(out, pp_slice_cut(rest, '|', &rest));
		before = ",";
	}
	pp_buf_text(out, "]");
}

static void add_bounds(
	struct pp_buf *out, const struct pp_field *field, const char *min, const char *max)
{
	if (field->min)
		pp_buf_format(out, ",\"%s\":%lld", min, (long long)field->min);
	if (field->max)
		pp_buf_format(out, ",\"%s\":%lld", max, (long long)field->max);
}

static const char *const schemas[] = {
	[PP_TEXT] = "\"type\":\"string\"",
	[PP_ID] = "\"type\":\"string\",\"format\":\"uuid\"",
	[PP_AGS] = "\"type\":\"string\",\"pattern\":\"^(0[1-9]|1[0-6])[0-9]{6}$\"",
	[PP_BODY_KEY] = "\"type\":\"string\",\"minLength\":2,\"maxLength\":40",
	[PP_DATE] = "\"type\":\"string\",\"format\":\"date\"",
	[PP_INSTANT] = "\"type\":\"string\",\"format\":\"date-time\"",
	[PP_INTEGER] = "\"type\":\"integer\"",
	[PP_NUMBER] = "\"type\":\"number\"",
	[PP_BOOLEAN] = "\"type\":\"boolean\"",
	[PP_BBOX] = "\"type\":\"string\"",
	[PP_EMAIL] = "\"type\":\"string\",\"format\":\"email\"",
	[PP_GEOMETRY] = "\"$ref\":\"#/components/schemas/geometry\"",
};

static void add_schema(struct pp_buf *out, const struct pp_field *field)
{
	pp_buf_text(out, "{");
	switch (field->kind) {
	case PP_CHOICE:
		add_choices(out, field);
		break;
	case PP_OBJECT:
		if (field->fields)
			add_fields(out, field->fields);
		else
			pp_buf_text(out, "\"type\":\"object\"");
		break;
	case PP_LIST:
		pp_buf_text(out, "\"type\":\"array\",\"items\":");
		add_schema(out, field->fields);
		add_bounds(out, field, "minItems", "maxItems");
		break;
	default:
		pp_buf_text(out, schemas[field->kind]);
	}
	if (field->kind == PP_TEXT)
		add_bounds(out, field, "minLength", "maxLength");
	if (field->kind == PP_INTEGER || field->kind == PP_NUMBER)
		add_bounds(out, field, "minimum", "maximum");
	/* OpenAPI 3.0: beside $ref nothing else counts. */
	if (field->nullable && field->kind != PP_GEOMETRY)
		pp_buf_text(out, ",\"nullable\":true");
	if (field->about && field->kind != PP_GEOMETRY) {
		pp_buf_text(out, ",\"description\":");
		pp_buf_json(out, pp_slice_of(field->about));
	}
	pp_buf_text(out, "}");
}

static void add_fields(struct pp_buf *out, const struct pp_field *fields)
{
	const char *before = "";

	pp_buf_text(out, "\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	for (const struct pp_field *field = fields; field->name; field++) {
		pp_buf_text(out, before);
		pp_buf_json(out, pp_slice_of(field->name));
		pp_buf_text(out, ":");
		add_schema(out, field);
		before = ",";
	}
	pp_buf_text(out, "}");
	before = ",\"required\":[";
	for (const struct pp_field *field = fields; field->name; field++) {
		if (!field->required)
			continue;
		pp_buf_text(out, before);
		pp_buf_json(out, pp_slice_of(field->name));
		before = ",";
	}
	if (before[1] == '\0')
		pp_buf_text(out, "]");
}

static void add_header_param(struct pp_buf *out, const char *name, bool required, const char *about)
{
	pp_buf_format(out,
		"{\"name\":\"%s\",\"in\":\"header\",\"required\":%s,\"schema\":{\"type\":"
		"\"string\"},\"description\":\"%s\"}",
		name, required ? "true" : "false", about);
}

static bool changes(enum pp_method method)
{
	return method == PP_PUT || method == PP_PATCH || method == PP_DELETE;
}

/* What a part of a path stands for: the rest are UUIDs. */
static enum pp_field_kind kind_of(struct pp_slice part)
{
	if (pp_slice_is(part, PP_S("{ags}")))
		return PP_AGS;
	if (pp_slice_is(part, PP_S("{body_key}")))
		return PP_BODY_KEY;
	return pp_slice_is(part, PP_S("{version}")) ? PP_INTEGER : PP_ID;
}

static void add_params(struct pp_buf *out, const struct pp_route *route)
{
	struct pp_slice rest = pp_slice_of(route->path);
	const char *before = ",\"parameters\":[";

	while (rest.len) {
		struct pp_slice part = pp_slice_cut(rest, '/', &rest);

		if (part.len == 0 || part.at[0] != '{')
			continue;
		pp_buf_format(out,
			"%s{\"name\":\"%.*s\",\"in\":\"path\",\"required\":true,\"schema\":{%s}}",
			before, (int)part.len - 2, part.at + 1, schemas[kind_of(part)]);
		before = ",";
	}
	for (const struct pp_field *param = route->params; param && param->name; param++) {
		pp_buf_format(out,
			"%s{\"name\":\"%s\",\"in\":\"query\",\"required\":%s,\"schema\":", before,
			param->name, param->required ? "true" : "false");
		add_schema(out, param);
		pp_buf_text(out, "}");
		before = ",";
	}
	if (route->method == PP_POST) {
		pp_buf_text(out, before);
		add_header_param(out, "Idempotency-Key", false,
			"The same key answers the same; kept for 30 days at least");
		before = ",";
	}
	if (route->by_token) {
		pp_buf_text(out, before);
		add_header_param(out, "Status-Token", true, "The secret of a receipt");
		before = ",";
	}
	if (route->by_link) {
		pp_buf_text(out, before);
		add_header_param(out, "Invitation-Link", true, "The secret of an invitation link");
		before = ",";
	}
	if (route->by_upload) {
		pp_buf_text(out, before);
		add_header_param(out, "Upload-Token", false,
			"The secret that came with the first attachment");
		before = ",";
	}
	/* Of bytes that go on where others ended the offset says what was seen; a whole file has
	 * none. */
	if (route->file_streams && route->method == PP_PATCH) {
		pp_buf_text(out, before);
		add_header_param(out, "Upload-Offset", true, "How many bytes are stored already");
		before = ",";
	} else if (changes(route->method) && !route->file_streams && !route->has_no_etag) {
		pp_buf_text(out, before);
		add_header_param(
			out, "If-Match", !pp_route_is_gis(route), "The ETag of what is changed");
		before = ",";
	}
	if (before[1] == '\0')
		pp_buf_text(out, "]");
}

static const char *add_types(
	struct pp_buf *out, const char *before, const char *types, const char *schema)
{
	struct pp_slice rest = pp_slice_of(types);

	while (rest.len) {
		pp_buf_text(out, before);
		pp_buf_json(out, pp_slice_cut(rest, ' ', &rest));
		pp_buf_format(out, ":{\"schema\":{%s}}", schema);
		before = ",";
	}
	return before;
}

static void add_body(struct pp_buf *out, const struct pp_route *route)
{
	const char *before = ",\"requestBody\":{\"content\":{";

	if (route->body) {
		pp_buf_text(out, before);
		pp_buf_text(out, "\"application/json\":{\"schema\":{");
		add_fields(out, route->body);
		pp_buf_text(out, "}}");
		before = ",";
	}
	before = add_types(
		out, before, route->media_types, "\"type\":\"string\",\"format\":\"binary\"");
	before = add_types(out, before, route->text_types, "\"type\":\"object\"");
	if (before[1] == '\0')
		pp_buf_text(out, "}}");
}

/* "POST /rounds/{round}/close" -> "post_rounds_round_close" */
static void write_operation_id(struct pp_buf *id, const struct pp_route *route)
{
	for (const char *c = pp_method_names[route->method]; *c; c++)
		pp_buf_u8(id, (uint8_t)(*c - 'A' + 'a'));
	for (const char *c = route->path; *c; c++) {
		if (*c == '/')
			pp_buf_u8(id, '_');
		else if (*c != '{' && *c != '}')
			pp_buf_u8(id, *c == '-' || *c == '.' ? '_' : (uint8_t)*c);
	}
}

static int order_answer(const void *id, const void *answer)
{
	const struct pp_answer *other = answer;

	return pp_slice_order(*(const struct pp_slice *)id, pp_slice_of(other->operation));
}

static void add_success(
	struct pp_buf *out, const struct pp_route *route, const struct pp_answer *answer)
{
	const char *status = "200", *what = "OK";

	if (route->creates) {
		status = "201";
		what = "Created";
	} else if (route->ends) {
		status = "204";
		what = "Done, and nothing to say about it";
	} else if (route->accepts) {
		status = "202";
		what = "Taken; the answer is the same whatever comes of it";
	}
	pp_buf_format(out, "\"%s\":{\"description\":\"%s\"", status, what);
	if (answer && answer->content.len) {
		pp_buf_text(out, ",\"content\":");
		pp_buf_slice(out, answer->content);
	}
	pp_buf_text(out, "}");
	if (answer && answer->also.len) {
		pp_buf_text(out, ",");
		pp_buf_slice(out, answer->also);
	}
}

static void add_responses(struct pp_buf *out, const struct pp_route *route, struct pp_slice id,
	const struct pp_answers *answers)
{
	pp_buf_text(out, ",\"responses\":{");
	add_success(out, route,
		bsearch(&id, answers->list, answers->count, sizeof(*answers->list), order_answer));
	pp_buf_text(out,
		",\"4XX\":{\"$ref\":\"#/components/responses/problem\"},\"5XX\":{\"$ref\":"
		"\"#/components/responses/problem\"}}");
}

static void add_operation(
	struct pp_buf *out, const struct pp_route *route, const struct pp_answers *answers)
{
	const char *before = ",\"x-may\":[";
	struct pp_buf id;

	pp_buf_begin(&id);
	write_operation_id(&id, route);
	pp_buf_text(out, "\"");
	for (const char *c = pp_method_names[route->method]; *c; c++)
		pp_buf_u8(out, (uint8_t)(*c - 'A' + 'a'));
	pp_buf_text(out, "\":{\"operationId\":");
	pp_buf_json(out, pp_buf_all(&id));
	pp_buf_text(out, ",\"summary\":");
	pp_buf_json(out, pp_slice_of(route->summary));
	for (size_t i = 0; i < PP_MAY_ROLES; i++) {
		if (!pp_may_enter(&pp_may_roles[i], route))
			continue;
		pp_buf_format(out, "%s\"%s\"", before, pp_may_roles[i].name);
		before = ",";
	}
	pp_buf_text(out, "]");
	if (route->may & PP_ANYONE)
		pp_buf_text(out, ",\"security\":[]");
	add_params(out, route);
	add_body(out, route);
	add_responses(out, route, pp_buf_all(&id), answers);
	pp_buf_text(out, "}");
	pp_buf_end(&id);
}

/* Rows of one path may stand apart: each path is written at its first row. */
static bool is_first(const struct pp_route *const *rooms, const struct pp_route *route)
{
	for (; *rooms; rooms++)
		for (const struct pp_route *other = *rooms; other->path; other++)
			if (strcmp(other->path, route->path) == 0)
				return other == route;
	return true;
}

static void add_path(struct pp_buf *out, const struct pp_route *const *rooms,
	const struct pp_route *first, const struct pp_answers *answers)
{
	bool is_api = strncmp(first->path, "//", 2) != 0;
	const char *before = "";

	pp_buf_format(
		out, "\"%s%s\":{", is_api ? "/api/v1" : "", is_api ? first->path : first->path + 1);
	for (; *rooms; rooms++) {
		for (const struct pp_route *route = *rooms; route->path; route++) {
			if (strcmp(route->path, first->path) != 0)
				continue;
			pp_buf_text(out, before);
			add_operation(out, route, answers);
			before = ",";
		}
	}
	pp_buf_text(out, "}");
}

void pp_openapi_write(
	struct pp_buf *out, const struct pp_route *const *rooms, const struct pp_answers *answers)
{
	const char *before = "";

	pp_buf_text(out,
		"{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"Planungsplattform\","
		"\"version\":\"" PP_VERSION "\",\"description\":\"Joint participation in "
		"spatial planning across the border of Länder.\",\"license\":{\"name\":"
		"\"EUPL-1.2\",\"url\":\"https://joinup.ec.europa.eu/collection/eupl/"
		"eupl-text-eupl-12\"}},\"servers\":[{\"url\":\"/\"}],\"security\":[{"
		"\"token\":[]},{\"session\":[]}],\"paths\":{");
	for (const struct pp_route *const *room = rooms; *room; room++) {
		for (const struct pp_route *route = *room; route->path; route++) {
			if (!is_first(rooms, route))
				continue;
			pp_buf_text(out, before);
			add_path(out, rooms, route, answers);
			before = ",";
		}
	}
	pp_buf_text(out,
		"},\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\","
		"\"scheme\":\"bearer\"},\"session\":{\"type\":\"apiKey\",\"in\":"
		"\"cookie\",\"name\":\"__Host-pp_session\"}},\"schemas\":{");
	pp_buf_slice(out, answers->schemas);
	pp_buf_text(out,
		"},\"responses\":{\"problem\":{\"description\":\"Refused\",\"content\":{"
		"\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
		"problem\"}}}}}}}");
}

void pp_rights_write(struct pp_buf *out, const struct pp_route *const *rooms)
{
	pp_buf_text(out, "| method | path | of |");
	for (size_t i = 0; i < PP_MAY_ROLES; i++)
		pp_buf_format(out, " %s |", pp_may_roles[i].name);
	pp_buf_text(out, " what |\n|---|---|---|---|");
	for (size_t i = 0; i < PP_MAY_ROLES; i++)
		pp_buf_text(out, "---|");
	pp_buf_text(out, "\n");
	for (; *rooms; rooms++) {
		for (const struct pp_route *route = *rooms; route->path; route++) {
			bool is_api = strncmp(route->path, "//", 2) != 0;

			pp_buf_format(out, "| %s | %s%s | %s |", pp_method_names[route->method],
				is_api ? "/api/v1" : "", is_api ? route->path : route->path + 1,
				pp_may_sight(route));
			for (size_t i = 0; i < PP_MAY_ROLES; i++)
				pp_buf_text(
					out, pp_may_enter(&pp_may_roles[i], route) ? " ✓ |" : " |");
			pp_buf_format(
				out, " %s%s |\n", route->summary, route->binds ? " *(binds)*" : "");
		}
	}
}
