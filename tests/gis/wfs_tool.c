/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads a request to a WFS from standard input and prints as JSON what was understood. */
#include <stdio.h>

#include <pp/fmt/geojson.h>
#include <pp/fmt/wfs.h>

enum { MOST = 20 << 20 };

static void name_of(struct pp_buf *out, const char *name)
{
	char last = out->len ? out->at[out->len - 1] : '{';

	pp_buf_format(out, "%s\"%s\":", last == '{' || last == '[' ? "" : ",", name);
}

static void text(struct pp_buf *out, const char *name, struct pp_slice value)
{
	if (!value.at || (!value.len && strcmp(name, "text") != 0))
		return;
	name_of(out, name);
	pp_buf_json(out, value);
}

static void number(struct pp_buf *out, const char *name, size_t value)
{
	name_of(out, name);
	pp_buf_format(out, "%zu", value);
}

static void texts(struct pp_buf *out, const char *name, const struct pp_slice *list, size_t count)
{
	if (!count)
		return;
	name_of(out, name);
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "," : "[");
		pp_buf_json(out, list[i]);
	}
	pp_buf_text(out, "]");
}

static void filter(struct pp_buf *out, const struct pp_filter *of)
{
	if (!of)
		return;
	name_of(out, "filter");
	pp_cql2_write_json(out, of);
}

static void parameters(struct pp_buf *out, const struct pp_wfs_parameter *list, size_t count)
{
	if (!count)
		return;
	name_of(out, "parameters");
	pp_buf_text(out, "{");
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, list[i].name);
		pp_buf_text(out, ":");
		pp_buf_json(out, list[i].value);
	}
	pp_buf_text(out, "}");
}

static void query(struct pp_buf *out, const struct pp_wfs_query *of)
{
	pp_buf_text(out, "{");
	text(out, "handle", of->handle);
	texts(out, "types", of->types, of->type_count);
	texts(out, "properties", of->properties, of->property_count);
	text(out, "srs", of->srs);
	text(out, "feature_version", of->feature_version);
	if (of->has_aliases)
		number(out, "aliases", 1);
	filter(out, of->filter);
	for (size_t i = 0; i < of->order_count; i++)
		text(out, of->order[i].descending ? "down" : "up", of->order[i].name);
	text(out, "stored", of->stored);
	parameters(out, of->parameters, of->parameter_count);
	pp_buf_text(out, "}");
}

static void queries(struct pp_buf *out, const struct pp_wfs_query *list, size_t count)
{
	if (!count)
		return;
	name_of(out, "queries");
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "," : "[");
		query(out, &list[i]);
	}
	pp_buf_text(out, "]");
}

static void value(struct pp_buf *out, const struct pp_wfs_value *of)
{
	pp_buf_text(out, "{");
	text(out, "name", of->name);
	text(out, "text", of->text);
	if (of->wkb.at) {
		name_of(out, "geometry");
		pp_geojson_write(out, of->wkb, 9);
	}
	text(out, "srs", of->srs);
	if (of->east_first)
		number(out, "east_first", 1);
	if (of->dropped_z)
		number(out, "dropped_z", 1);
	pp_buf_text(out, "}");
}

static void action(struct pp_buf *out, const struct pp_wfs_action *of)
{
	static const char *const kinds[] = { "insert", "update", "replace", "delete", "native" };

	pp_buf_text(out, "{");
	text(out, "kind", pp_slice_of(kinds[of->kind]));
	number(out, "element", of->element);
	text(out, "handle", of->handle);
	text(out, "type", of->type);
	text(out, "id", of->id);
	text(out, "idgen", of->idgen);
	filter(out, of->filter);
	if (of->value_count) {
		name_of(out, "values");
		for (size_t i = 0; i < of->value_count; i++) {
			pp_buf_text(out, i ? "," : "[");
			value(out, &of->values[i]);
		}
		pp_buf_text(out, "]");
	}
	pp_buf_text(out, "}");
}

static void definition(
	struct pp_buf *out, const struct pp_wfs_request *of, const struct pp_wfs_definition *one)
{
	const struct pp_wfs_query *list;
	struct pp_fault fault = { 0 };
	struct pp_arena arena;
	size_t count;

	pp_buf_text(out, "{");
	text(out, "id", one->id);
	text(out, "title", one->title);
	text(out, "about", one->about);
	texts(out, "returns", one->returns, one->return_count);
	text(out, "language", one->language);
	parameters(out, one->parameters, one->parameter_count);
	pp_arena_begin(&arena);
	if (!pp_wfs_definition_check(&arena, of, one, &fault)) {
		text(out, "fault", pp_slice_of(fault.detail));
		text(out, "locator", pp_slice_of(fault.pointer));
	} else if (pp_wfs_fill(&arena, of, one, NULL, &list, &count, &fault)) {
		queries(out, list, count);
		/* Its title says that it shall be seen alone. */
		if (pp_slice_is(one->title, PP_S("alone")))
			text(out, "alone", pp_wfs_definition_alone(&arena, of, one));
	}
	pp_arena_end(&arena);
	pp_buf_text(out, "}");
}

static void request(struct pp_buf *out, const struct pp_wfs_request *of)
{
	static const char *const dialects[] = { "1.0", "1.1", "2.0" };

	pp_buf_text(out, "{");
	text(out, "operation", pp_slice_of(pp_wfs_operation_name(of->operation)));
	text(out, "dialect", pp_slice_of(dialects[of->dialect]));
	text(out, "service", of->service);
	text(out, "version", of->version);
	text(out, "handle", of->handle);
	texts(out, "accept_versions", of->accept_versions, of->accept_version_count);
	texts(out, "sections", of->sections, of->section_count);
	texts(out, "accept_formats", of->accept_formats, of->accept_format_count);
	text(out, "output_format", of->output_format);
	text(out, "result_type", of->result_type);
	text(out, "start_index", of->start_index);
	text(out, "count", of->count);
	text(out, "value_reference", of->value_reference);
	texts(out, "types", of->types, of->type_count);
	queries(out, of->queries, of->query_count);
	text(out, "lock_id", of->lock_id);
	text(out, "expiry", of->expiry);
	text(out, "lock_action", of->lock_action);
	text(out, "release_action", of->release_action);
	texts(out, "stored_ids", of->stored_ids, of->stored_id_count);
	text(out, "srs", of->srs);
	for (size_t i = 0; i < of->definition_count; i++) {
		name_of(out, "definition");
		definition(out, of, &of->definitions[i]);
	}
	if (of->operation == PP_WFS_TRANSACTION) {
		name_of(out, "actions");
		pp_buf_text(out, "[");
		for (size_t i = 0; i < of->action_count; i++) {
			pp_buf_text(out, i ? "," : "");
			action(out, &of->actions[i]);
		}
		pp_buf_text(out, "]");
	}
	pp_buf_text(out, "}\n");
}

int main(void)
{
	struct pp_wfs_request read;
	struct pp_fault fault = { 0 };
	struct pp_arena arena;
	struct pp_buf *out;
	bool good;
	char *bytes;

	pp_arena_begin(&arena);
	out = pp_buf_make(&arena);
	bytes = pp_alloc(&arena, MOST);
	good = pp_wfs_read(&arena, pp_slice(bytes, fread(bytes, 1, MOST, stdin)), &read, &fault);
	if (good)
		request(out, &read);
	else
		fprintf(stderr, "%s %s\n", pp_problem_row(fault.problem)->id, fault.detail);
	fwrite(out->at, 1, out->len, stdout);
	pp_arena_end(&arena);
	return good ? 0 : 1;
}
