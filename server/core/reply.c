/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/req.h>

#include <pp/core/german.h>
#include <pp/core/html.h>
#include <pp/core/ows.h>
#include <pp/core/web.h>
#include <pp/io/secret.h>

struct pp_wrong {
	struct pp_wrong *next;
	struct pp_slice pointer, detail;
};

#define PROBLEM_JSON PP_S("application/problem+json")

void pp_reply_field(struct pp_req *req, const char *name, struct pp_slice value)
{
	pp_http_add(req->exchange, name, value);
}

static void add_place(struct pp_buf *out, const struct pp_fault *fault)
{
	pp_buf_text(out, ",\"place\":{\"x\":");
	pp_buf_fixed(out, fault->x, 3);
	pp_buf_text(out, ",\"y\":");
	pp_buf_fixed(out, fault->y, 3);
	pp_buf_text(out, ",\"crs\":\"EPSG:25832\",\"lon\":");
	pp_buf_fixed(out, fault->lon, 8);
	pp_buf_text(out, ",\"lat\":");
	pp_buf_fixed(out, fault->lat, 8);
	pp_buf_text(out, "}");
}

static void add_error(
	struct pp_buf *out, const char *before, struct pp_slice pointer, struct pp_slice detail)
{
	pp_buf_format(out, "%s{\"pointer\":", before);
	pp_buf_json(out, pointer);
	pp_buf_text(out, ",\"detail\":");
	pp_buf_json(out, detail);
	pp_buf_text(out, "}");
}

static struct pp_slice told(const struct pp_req *req, struct pp_slice english)
{
	return !req || req->english ? english : pp_german(req->arena, english);
}

/* What was collected is told by its first: the list has the others. */
static struct pp_slice detail_of(const struct pp_req *req, const struct pp_fault *fault)
{
	if (req && req->wrong)
		return pp_format(req->arena, "%.*s: %.*s", PP_SHOW(req->wrong->pointer),
			PP_SHOW(told(req, req->wrong->detail)));
	return told(req, pp_slice_of(fault->detail));
}

/* RFC 9457 §3.1, with the extensions `errors` and `place`. */
void pp_problem_write(
	struct pp_buf *out, const struct pp_fault *fault, bool english, const struct pp_req *req)
{
	const struct pp_problem_row *row = pp_problem_row(fault->problem);
	struct pp_slice detail = detail_of(req, fault);

	pp_buf_format(out, "{\"type\":\"/problems/%s\",\"title\":", row->id);
	pp_buf_json(out, pp_slice_of(english ? row->en : row->de));
	pp_buf_format(out, ",\"status\":%d", row->status);
	/* What a bug was about is for the log, not for whoever provoked it. */
	if (detail.len && row->status != 500) {
		pp_buf_text(out, ",\"detail\":");
		pp_buf_json(out, detail);
	}
	if (req)
		pp_buf_format(out, ",\"instance\":\"urn:uuid:%s\"", req->id);
	if (fault->has_place)
		add_place(out, fault);
	if (req && req->wrong) {
		const char *before = ",\"errors\":[";

		for (const struct pp_wrong *wrong = req->wrong; wrong; wrong = wrong->next) {
			add_error(out, before, wrong->pointer, told(req, wrong->detail));
			before = ",";
		}
		pp_buf_text(out, "]");
	} else if (fault->pointer[0]) {
		add_error(out, ",\"errors\":[", pp_slice_of(fault->pointer), detail);
		pp_buf_text(out, "]");
	}
	pp_buf_text(out, "}");
}

static void send_as(
	struct pp_req *req, int status, struct pp_slice type, struct pp_slice body, bool compress)
{
	PP_MUST(req->open);
	req->open = false;
	req->status = status;
	if (req->flowing) {
		/* Too late to say it: the client sees that something is missing. */
		pp_http_stream_break(req->exchange);
		return;
	}
	req->bytes = body.len;
	if (req->gone)
		return;
	/* A refusal of a page may be a page itself. */
	pp_guard_add(req, pp_slice_is(type, PROBLEM_JSON));
	pp_http_reply(req->exchange, status, type, body, compress);
}

static void send(struct pp_req *req, int status, struct pp_slice type, struct pp_slice body)
{
	send_as(req, status, type, body, true);
}

bool pp_accepts(const struct pp_req *req, struct pp_slice media_type)
{
	struct pp_slice rest = pp_http_field(req->exchange, PP_S("accept")), parameters;

	while (rest.len) {
		struct pp_slice range = pp_slice_cut(rest, ',', &rest);

		range = pp_slice_trim(pp_slice_cut(range, ';', &parameters));
		if (pp_slice_is_nocase(range, media_type))
			return true;
	}
	return false;
}

/* People follow links to pages; what refuses them shall be one. */
static bool wants_page(const struct pp_req *req)
{
	return req->route && req->route->content == PP_CONTENT_PAGE &&
		pp_accepts(req, PP_S("text/html"));
}

/* Whoever opens an address of no page in a browser, or one of a page that there is not, gets the
 * application, which says so. */
static bool wants_application(const struct pp_req *req)
{
	static const char *const programs[] = { "/api/", "/ogc", "/wfs", "/assets/" };
	struct pp_slice format = pp_param(req, "f");

	if (!req->server->web || req->exchange->method > PP_HEAD)
		return false;
	if (req->route && req->route->is_page_too && format.at)
		return pp_slice_is(format, PP_S("html"));
	if (!pp_accepts(req, PP_S("text/html")))
		return false;
	if (req->route && req->route->is_page_too)
		return true;
	for (size_t i = 0; i < PP_LENGTH(programs); i++)
		if (pp_slice_starts(req->exchange->path, pp_slice_of(programs[i])))
			return false;
	return !req->route || req->route->content == PP_CONTENT_APPLICATION;
}

/* Where that is: in the first that was collected, or in the fault itself. */
static struct pp_slice place_of(const struct pp_req *req, const struct pp_fault *fault)
{
	return req->wrong ? req->wrong->pointer : pp_slice_of(fault->pointer);
}

/* Without members of its own for it, the place on the map stands in the sentence. */
static struct pp_slice placed(const struct pp_req *req, const struct pp_fault *fault)
{
	struct pp_slice detail = detail_of(req, fault);

	if (!fault->has_place)
		return detail;
	return pp_format(
		req->arena, "%.*s (EPSG:25832: %.3f %.3f)", PP_SHOW(detail), fault->x, fault->y);
}

/* What the page asks for itself is refused to it as well, and it says why. */
static enum pp_next refuse_in_application(struct pp_req *req, const struct pp_problem_row *row)
{
	struct pp_web_page page = { .status = row->status,
		.title = pp_slice_of(req->english ? row->en : row->de) };
	struct pp_buf *text = pp_buf_make(req->arena);

	if (req->route && req->route->is_page_too) {
		pp_buf_format(text, "<h1>%.*s</h1><p>", PP_SHOW(page.title));
		pp_html_add(text, detail_of(req, &req->fault));
		pp_buf_text(text, "</p>");
		page.text = pp_buf_all(text);
	}
	return pp_web_reply_page(req, &page);
}

enum pp_next pp_refuse_fault(struct pp_req *req, const struct pp_fault *fault)
{
	const struct pp_problem_row *row = pp_problem_row(fault->problem);
	struct pp_buf *out = pp_buf_make(req->arena);

	req->fault = *fault;
	if (wants_application(req))
		return refuse_in_application(req, row);
	pp_problem_write(out, &req->fault, req->english, req);
	pp_http_add(req->exchange, "Content-Language", req->english ? PP_S("en") : PP_S("de"));
	pp_http_add(req->exchange, "Cache-Control", PP_S("no-store"));
	/* RFC 9110 §11.6.1 and §10.2.3 */
	if (row->status == 401)
		pp_challenge(req, fault->problem);
	if (row->status == 502 || row->status == 503 || row->status == 507)
		pp_http_add(req->exchange, "Retry-After",
			fault->problem == PP_attachments_full || fault->problem == PP_handovers_full
				? PP_S("3600")
				: PP_S("2"));
	if (req->route && req->route->ows) {
		pp_buf_clear(out);
		pp_ows_refusal(out, req->route->ows(req), row, placed(req, fault),
			place_of(req, fault), req->english);
		send(req, pp_ows_status(row), PP_S("application/xml"), pp_buf_all(out));
		return PP_DONE;
	}
	if (wants_page(req)) {
		pp_buf_clear(out);
		pp_html_refusal(out, fault->problem, detail_of(req, fault),
			req->server->web ? "/anmelden" : "/sign-in", req->english);
	}
	send(req, row->status, wants_page(req) ? PP_S("text/html; charset=utf-8") : PROBLEM_JSON,
		pp_buf_all(out));
	return PP_DONE;
}

enum pp_next pp_refuse(struct pp_req *req, enum pp_problem problem, const char *format, ...)
{
	struct pp_slice detail;
	struct pp_fault fault;
	va_list list;

	va_start(list, format);
	detail = pp_format_list(req->arena, format, list);
	va_end(list);
	pp_fault(&fault, problem, "%.*s", PP_SHOW(detail));
	return pp_refuse_fault(req, &fault);
}

void pp_wrong(struct pp_req *req, struct pp_slice pointer, const char *format, ...)
{
	struct pp_wrong *wrong = PP_NEW(req->arena, struct pp_wrong), **end = &req->wrong;
	va_list list;

	va_start(list, format);
	wrong->detail = pp_format_list(req->arena, format, list);
	va_end(list);
	wrong->pointer = pp_copy(req->arena, pointer);
	while (*end)
		end = &(*end)->next;
	*end = wrong;
}

bool pp_is_wrong(const struct pp_req *req, struct pp_slice pointer)
{
	const struct pp_wrong *wrong = req->wrong;

	while (wrong && !pp_slice_is(wrong->pointer, pointer))
		wrong = wrong->next;
	return wrong != NULL;
}

enum pp_next pp_refuse_wrong(struct pp_req *req, enum pp_problem problem)
{
	struct pp_fault fault;

	PP_MUST(req->wrong);
	pp_fault(&fault, problem, "%.*s: %.*s", PP_SHOW(req->wrong->pointer),
		PP_SHOW(req->wrong->detail));
	return pp_refuse_fault(req, &fault);
}

static struct pp_slice opaque_tag(struct pp_slice tag)
{
	return pp_slice_starts(tag, PP_S("W/")) ? pp_slice(tag.at + 2, tag.len - 2) : tag;
}

/* Between its quotes; null where there are none. */
static struct pp_slice opaque_of(struct pp_slice tag)
{
	if (tag.len < 2 || tag.at[0] != '"' || tag.at[tag.len - 1] != '"')
		return pp_slice(NULL, 0);
	return pp_slice(tag.at + 1, tag.len - 2);
}

/*
 * RFC 9110 §13.1.2: a list of entity tags, or *; the comparison is weak. What matches: the tag as
 * the client has it, of plain bytes or of coded ones; null where none does.
 */
static struct pp_slice matching(struct pp_req *req, struct pp_slice etag)
{
	struct pp_slice rest = pp_http_field(req->exchange, PP_S("if-none-match"));

	etag = opaque_tag(etag);
	while (rest.len) {
		struct pp_slice tag = opaque_tag(pp_slice_trim(pp_slice_cut(rest, ',', &rest)));

		if (pp_slice_is(tag, PP_S("*")))
			return etag;
		if (pp_slice_is(tag, etag) ||
			pp_slice_is(pp_http_plain_tag(opaque_of(tag)), opaque_of(etag)))
			return tag;
	}
	return pp_slice(NULL, 0);
}

enum pp_next pp_reply(struct pp_req *req, int status, const char *media_type, struct pp_slice body)
{
	pp_guard_cache(req);
	send(req, status, media_type ? pp_slice_of(media_type) : PP_S(""), body);
	return PP_DONE;
}

bool pp_has_tag(struct pp_req *req, struct pp_slice etag)
{
	struct pp_slice theirs = pp_slice(NULL, 0);

	if (req->exchange->method <= PP_HEAD)
		theirs = matching(req, etag);
	/* RFC 9110 §15.4.5: the tag of what they have, which stays as it is. */
	pp_http_add(req->exchange, "ETag",
		theirs.at && !pp_slice_starts(etag, PP_S("W/")) ? theirs : etag);
	return theirs.at;
}

static bool tag(struct pp_req *req, struct pp_slice opaque)
{
	return pp_has_tag(req, pp_format(req->arena, "\"%.*s\"", PP_SHOW(opaque)));
}

enum pp_next pp_reply_tagged(struct pp_req *req, const char *media_type, struct pp_slice body)
{
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf *opaque = pp_buf_make(req->arena);

	pp_sha256(body, hash);
	pp_base64url(opaque, pp_slice((char *)hash, sizeof(hash)));
	if (tag(req, pp_buf_all(opaque)))
		return pp_reply(req, 304, NULL, PP_S(""));
	return pp_reply(req, 200, media_type, body);
}

enum pp_next pp_reply_kept(struct pp_req *req, const char *media_type, const char *coding,
	struct pp_slice etag, struct pp_slice body, bool for_ever)
{
	bool has_it = pp_has_tag(req, etag);

	/* The same for everybody, whoever asks (RFC 9111 §5.2.2, RFC 8246). */
	pp_http_add(req->exchange, "Cache-Control",
		for_ever ? PP_S("public, max-age=31536000, immutable") : PP_S("no-cache"));
	if (coding && !has_it)
		pp_http_add(req->exchange, "Content-Encoding", pp_slice_of(coding));
	if (has_it)
		send(req, 304, PP_S(""), PP_S(""));
	else
		send_as(req, 200, pp_slice_of(media_type), body, false);
	return PP_DONE;
}

/* The address of the next page: this one with another cursor. */
static struct pp_slice next_url(struct pp_req *req, struct pp_slice cursor)
{
	struct pp_buf *url = pp_buf_make(req->arena);
	struct pp_slice rest = req->exchange->query;

	pp_buf_slice(url, pp_url(req, req->exchange->path));
	pp_buf_text(url, "?");
	while (rest.len) {
		struct pp_slice pair = pp_slice_cut(rest, '&', &rest);

		if (pair.len && !pp_slice_starts(pair, PP_S("cursor="))) {
			pp_buf_slice(url, pair);
			pp_buf_text(url, "&");
		}
	}
	pp_buf_text(url, "cursor=");
	pp_buf_slice(url, cursor);
	return pp_buf_all(url);
}

/* A list's body ends in "next", which only the server can name. */
static struct pp_slice add_next(struct pp_req *req, struct pp_slice body, struct pp_slice cursor)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	PP_MUST(body.len > 2 && body.at[body.len - 1] == '}');
	pp_buf_add(out, body.at, body.len - 1);
	pp_buf_text(out, ",\"next\":");
	if (cursor.len) {
		struct pp_slice url = next_url(req, cursor);

		pp_buf_json(out, url);
		pp_http_add(req->exchange, "Link",
			pp_format(req->arena, "<%.*s>; rel=\"next\"", PP_SHOW(url)));
	} else {
		pp_buf_text(out, "null");
	}
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

static bool is_list(const struct pp_route *route)
{
	for (const struct pp_field *param = route->params; param && param->name; param++)
		if (strcmp(param->name, "cursor") == 0)
			return true;
	return false;
}

enum { REPLY_STATUS, REPLY_LOCATION, REPLY_ETAG, REPLY_NEXT, REPLY_BODY };

enum pp_next pp_reply_rows(struct pp_req *req, const struct pp_rows *rows)
{
	struct pp_slice body, etag, location;
	uint64_t status;

	PP_MUST(rows->rows == 1 && rows->columns == 5);
	PP_MUST(pp_slice_u64(pp_cell(rows, 0, REPLY_STATUS), &status) && status < 600);
	location = pp_cell(rows, 0, REPLY_LOCATION);
	etag = pp_cell(rows, 0, REPLY_ETAG);
	body = pp_cell(rows, 0, REPLY_BODY);
	if (location.len)
		pp_http_add(req->exchange, "Location", pp_url(req, location));
	if (etag.len && !req->route->has_no_etag) {
		if (tag(req, etag) && status == 200)
			return pp_reply(req, 304, NULL, PP_S(""));
	}
	if (is_list(req->route))
		body = add_next(req, body, pp_cell(rows, 0, REPLY_NEXT));
	return pp_reply(req, (int)status, body.len ? "application/json" : NULL, body);
}

/* Absolute: as configured, else as the client called us (RFC 9110 §7.2). */
struct pp_slice pp_url(struct pp_req *req, struct pp_slice path)
{
	if (req->server->base_url)
		return pp_format(req->arena, "%s%.*s", req->server->base_url, PP_SHOW(path));
	if (req->exchange->host.len)
		return pp_format(req->arena, "%s://%.*s%.*s", req->caller.is_tls ? "https" : "http",
			PP_SHOW(req->exchange->host), PP_SHOW(path));
	return path;
}
