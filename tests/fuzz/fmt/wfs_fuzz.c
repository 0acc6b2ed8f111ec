/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Requests of WFS: what is understood lies in the document, every geometry passes the check of WKB,
 * names are there, and what is refused has a sentence with its place.
 */
#include <pp/fmt/wfs.h>
#include <pp/fmt/wkb.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_queries(const struct pp_wfs_query *queries, size_t count, size_t size)
{
	PP_MUST(count <= PP_WFS_QUERIES);
	for (size_t i = 0; i < count; i++) {
		PP_MUST(queries[i].at < size);
		for (size_t k = 0; k < queries[i].property_count; k++)
			PP_MUST(queries[i].properties[k].len);
		for (size_t k = 0; k < queries[i].order_count; k++)
			PP_MUST(queries[i].order[k].name.len);
		PP_MUST(!queries[i].filter || queries[i].filter->at < size);
	}
}

static void look_at_action(const struct pp_wfs_action *action, size_t size)
{
	PP_MUST(action->at < size && action->value_count <= PP_WFS_VALUES);
	PP_MUST(action->kind == PP_WFS_NATIVE || action->type.len);
	for (size_t i = 0; i < action->value_count; i++) {
		const struct pp_wfs_value *value = &action->values[i];
		struct pp_wkb_facts facts;
		struct pp_fault fault;

		PP_MUST(value->at < size && value->name.len);
		PP_MUST(!value->wkb.at ||
			pp_wkb_check(value->wkb, PP_WFS_VERTICES, &facts, &fault));
	}
}

static void look_at_kept(struct pp_arena *arena, const struct pp_wfs_request *request,
	const struct pp_wfs_definition *definition)
{
	struct pp_slice alone = pp_wfs_definition_alone(arena, request, definition);
	struct pp_wfs_parameter *parameters = PP_NEW_ARRAY(
		arena, struct pp_wfs_parameter, definition->parameter_count);
	struct pp_wfs_query given = {
		.at = 1, .parameters = parameters, .parameter_count = definition->parameter_count
	};
	const struct pp_wfs_query *queries;
	struct pp_wfs_request kept;
	struct pp_fault fault = { 0 };
	size_t count;

	PP_MUST(pp_wfs_read(arena, alone, &kept, &fault) && kept.definition_count == 1);
	PP_MUST(pp_slice_is(kept.definitions[0].id, definition->id));
	PP_MUST(pp_wfs_definition_check(arena, &kept, &kept.definitions[0], &fault));
	/* A value that has everything in it that XML gives a meaning to. */
	for (size_t i = 0; i < definition->parameter_count; i++) {
		parameters[i].name = definition->parameters[i].name;
		parameters[i].value = PP_S("<Point><pos>1 2</pos></Point>&\"']]>${x}");
	}
	if (pp_wfs_fill(arena, &kept, &kept.definitions[0], &given, &queries, &count, &fault))
		look_at_queries(queries, count, alone.len);
	else
		PP_MUST(fault.problem && fault.detail[0]);
}

static void look_at_definitions(struct pp_arena *arena, const struct pp_wfs_request *request)
{
	for (size_t i = 0; i < request->definition_count; i++) {
		const struct pp_wfs_query *queries;
		struct pp_fault fault = { 0 };
		size_t count;

		if (pp_wfs_read_expression(
			    arena, request, &request->definitions[i], &queries, &count, &fault))
			look_at_queries(queries, count, request->document.len);
		else
			PP_MUST(memcmp(fault.detail, "line ", 5) == 0);
		if (pp_wfs_definition_check(arena, request, &request->definitions[i], &fault))
			look_at_kept(arena, request, &request->definitions[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_wfs_request request;
	struct pp_fault fault = { 0 };
	struct pp_arena arena;

	pp_arena_begin(&arena);
	if (!pp_wfs_read(&arena, pp_slice((const char *)data, size), &request, &fault)) {
		PP_MUST(fault.problem && memcmp(fault.detail, "line ", 5) == 0);
	} else {
		PP_MUST(request.operation < PP_WFS_OPERATIONS);
		look_at_queries(request.queries, request.query_count, size);
		for (size_t i = 0; i < request.action_count; i++)
			look_at_action(&request.actions[i], size);
		look_at_definitions(&arena, &request);
	}
	pp_arena_end(&arena);
	return 0;
}
