/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Versions of the rules for affected municipalities. They are law-like: everybody reads them, only
 * operators make a new version, and a version never changes. A text is read by the engine's
 * own reader before it is stored, so that what is in force can be applied.
 */
#include <errno.h>
#include <unistd.h>

#include <pp/core/req.h>
#include <pp/geo/rules.h>

#include "../rooms.h"

#define TSV        "text/tab-separated-values"
#define TEXT_LIMIT (UINT64_C(1) << 20)

struct version {
	struct pp_rows *text;
};

static enum pp_next show_ask(struct pp_req *req)
{
	struct version *v = pp_state(req, struct version);

	if (pp_accepts(req, PP_S(TSV)))
		pp_ask(req, "rule_version_text", &v->text);
	else
		pp_ask(req, "rule_version_show", &req->rows);
	return PP_WAIT;
}

static enum pp_next show_reply(struct pp_req *req)
{
	struct version *v = pp_state(req, struct version);

	pp_reply_field(req, "Vary", PP_S("Accept"));
	if (!v->text)
		return pp_reply_rows(req, req->rows);
	return pp_reply_tagged(req, TSV "; charset=utf-8", pp_cell(v->text, 0, 0));
}

static pp_step *const show_steps[] = { show_ask, show_reply, NULL };

/* A file of at most a megabyte, in the page cache since it came: reading it does not wait. */
static bool read_file(struct pp_req *req, struct pp_slice *text)
{
	size_t size = (size_t)req->exchange->body_size, got = 0;
	char *bytes = pp_alloc(req->arena, size + 1);

	while (got < size) {
		ssize_t part = pread(req->exchange->body_fd, bytes + got, size - got, (off_t)got);

		if (part == 0 || (part < 0 && errno != EINTR))
			return false;
		got += part > 0 ? (size_t)part : 0;
	}
	*text = pp_slice(bytes, size);
	return true;
}

/* A cell as the text has it; numbers and truth values as JSON writes them, null as nothing. */
static void write_cell(struct pp_buf *out, const struct pp_json *value)
{
	enum pp_json_kind kind = value ? pp_json_kind(value) : PP_JSON_NULL;

	if (kind == PP_JSON_TEXT)
		pp_buf_slice(out, pp_json_text(value));
	else if (kind != PP_JSON_NULL)
		pp_json_write(value, out);
}

static bool is_one_cell(const struct pp_json *value)
{
	enum pp_json_kind kind = pp_json_kind(value);
	struct pp_slice text = pp_json_text(value);

	return kind != PP_JSON_LIST && kind != PP_JSON_OBJECT && !memchr(text.at, '\t', text.len) &&
		!memchr(text.at, '\n', text.len);
}

/* The columns of the first row, id first, are those of all. */
static size_t read_columns(struct pp_req *req, const struct pp_json *row, struct pp_slice **names)
{
	struct pp_json *value;
	struct pp_slice name;
	size_t count = 1;

	for (size_t i = 0; pp_json_member_at(row, i, &name, &value); i++)
		count++;
	*names = PP_NEW_ARRAY(req->arena, struct pp_slice, count);
	(*names)[0] = PP_S("id");
	count = 1;
	for (size_t i = 0; pp_json_member_at(row, i, &name, &value); i++)
		if (!pp_slice_is(name, PP_S("id")))
			(*names)[count++] = name;
	return count;
}

static bool has_column(const struct pp_slice *names, size_t count, struct pp_slice name)
{
	for (size_t i = 0; i < count; i++)
		if (pp_slice_is(names[i], name))
			return true;
	return false;
}

static void check_row(struct pp_req *req, const struct pp_json *row, size_t number,
	const struct pp_slice *names, size_t count)
{
	struct pp_json *value;
	struct pp_slice name;

	for (size_t i = 0; pp_json_member_at(row, i, &name, &value); i++) {
		struct pp_slice pointer = pp_format(
			req->arena, "/rows/%zu/%.*s", number, PP_SHOW(name));

		if (!has_column(names, count, name))
			pp_wrong(req, pointer, "is not among the columns of the first row");
		else if (!is_one_cell(value))
			pp_wrong(
				req, pointer, "must be one line of text without tabs, or a number");
	}
}

/* Rows of JSON become the text that stands for them from then on. */
static struct pp_slice write_rows(struct pp_req *req, const struct pp_json *rows)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice *names;
	size_t count = read_columns(req, pp_json_element(rows, 0), &names);

	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "\t" : "");
		pp_buf_slice(out, names[i]);
	}
	pp_buf_text(out, "\n");
	for (size_t r = 0; r < pp_json_length(rows); r++) {
		const struct pp_json *row = pp_json_element(rows, r);

		check_row(req, row, r, names, count);
		for (size_t i = 0; i < count; i++) {
			pp_buf_text(out, i ? "\t" : "");
			write_cell(out, pp_json_member(row, names[i]));
		}
		pp_buf_text(out, "\n");
	}
	return pp_buf_all(out);
}

/* False where the request was refused. */
static bool read_text(struct pp_req *req, struct pp_slice *text)
{
	struct pp_json *given, *rows;

	if (req->has_file) {
		if (read_file(req, text))
			return true;
		pp_refuse(req, PP_file_unreadable, "the text could not be read");
		return false;
	}
	given = pp_json_member(req->body, PP_S("text"));
	rows = pp_json_member(req->body, PP_S("rows"));
	if (!given == !rows) {
		pp_wrong(req, PP_S("/text"), "send either text or rows");
	} else if (given) {
		*text = pp_json_text(given);
	} else {
		*text = write_rows(req, rows);
	}
	if (req->wrong)
		pp_refuse_wrong(req, PP_invalid_body);
	return !req->wrong;
}

static enum pp_next create_ask(struct pp_req *req)
{
	struct pp_slice text;
	struct pp_fault fault;

	if (!read_text(req, &text))
		return PP_DONE;
	if (!pp_rules_check(text, &fault)) {
		pp_wrong(req, PP_S("/text"), "%s", fault.detail);
		return pp_refuse_wrong(req, PP_invalid_body);
	}
	pp_bind(req, "text", text);
	pp_ask(req, "rule_version_create", &req->rows);
	return PP_WAIT;
}

static pp_step *const create_steps[] = { create_ask, pp_reply_route, NULL };

static const struct pp_field list_params[] = { PP_LIST_PARAMS, { 0 } };

static const struct pp_field create_params[] = {
	{ "source", PP_TEXT, .min = 1, .max = 500,
		.about = "Where the text comes from: a decree, a file, a decision" },
	{ 0 },
};

static const struct pp_field row_list[] = { { .kind = PP_OBJECT }, { 0 } };

static const struct pp_field create_body[] = {
	{ "text", PP_TEXT, .min = 1, .max = 1000000,
		.about = "The rules, tab separated, the first line names the columns" },
	{ "rows", PP_LIST, .min = 1, .max = 1000, .fields = row_list,
		.about = "Instead of the text: an object per rule, named as the columns are" },
	{ 0 },
};

const struct pp_route rule_routes[] = {
	{ PP_GET, "/rule-versions", PP_ANYONE, .query = "rule_version_list", .params = list_params,
		.rate = PP_RATE_PUBLIC,
		.summary = "Versions of the rules for affected municipalities, newest first" },
	{ PP_POST, "/rule-versions", PP_OPERATOR, create_steps, .params = create_params,
		.body = create_body, .media_types = TSV, .file_limit = TEXT_LIMIT,
		.rate = PP_RATE_COSTLY, .creates = true,
		.summary = "Put a new version of the rules in force" },
	{ PP_GET, "/rule-versions/{version}", PP_ANYONE, show_steps, .rate = PP_RATE_PUBLIC,
		.summary = "One version of the rules: its rows, or its text as it was imported" },
	{ 0 },
};
