/* SPDX-License-Identifier: EUPL-1.2 */
#include "http_head.h"

const char *const pp_method_names[PP_METHODS] = { [PP_GET] = "GET",
	[PP_HEAD] = "HEAD",
	[PP_POST] = "POST",
	[PP_PUT] = "PUT",
	[PP_PATCH] = "PATCH",
	[PP_DELETE] = "DELETE",
	[PP_OPTIONS] = "OPTIONS" };

size_t pp_http_head_end(struct pp_slice so_far, size_t *scanned, size_t *line, bool *broken)
{
	const char *at = so_far.at, *found;

	while (*scanned < so_far.len &&
		(found = memchr(at + *scanned, '\n', so_far.len - *scanned))) {
		size_t lf = (size_t)(found - at);

		*scanned = lf + 1;
		/* RFC 9112 §2.2 lets a recipient take a bare LF for a line's end; we do not. */
		if (lf == 0 || at[lf - 1] != '\r') {
			*broken = true;
			return 0;
		}
		if (*line == 0)
			*line = lf + 1;
		else if (lf >= 3 && at[lf - 2] == '\n')
			return lf + 1;
	}
	*scanned = so_far.len;
	return 0;
}

/* RFC 9112 §2.3 */
static enum pp_problem read_version(
	struct pp_slice version, struct pp_http_head *head, const char **why)
{
	head->http_1_0 = pp_slice_is(version, PP_S("HTTP/1.0"));
	if (head->http_1_0 || pp_slice_is(version, PP_S("HTTP/1.1")))
		return PP_no_problem;
	if (version.len == 8 && pp_slice_starts(version, PP_S("HTTP/")) && version.at[6] == '.' &&
		version.at[5] >= '0' && version.at[5] <= '9' && version.at[7] >= '0' &&
		version.at[7] <= '9') {
		*why = "this server speaks HTTP/1.1 and HTTP/1.0";
		return PP_version_not_supported;
	}
	*why = "the request line must end with HTTP/1.1";
	return PP_malformed_request;
}

enum pp_problem pp_http_line_read(struct pp_slice line, struct pp_http_head *head, const char **why)
{
	struct pp_slice method, version;
	enum pp_problem problem;

	/* RFC 9112 §3: single blanks, nothing else between the three parts. */
	method = pp_slice_cut(line, ' ', &version);
	head->target = pp_slice_cut(version, ' ', &version);
	*why = "the request line is not method, address and version";
	if (!pp_http_all(method, PP_IN_TOKEN) || head->target.len == 0)
		return PP_malformed_request;
	problem = read_version(version, head, why);
	if (problem)
		return problem;
	for (size_t i = 0; i < PP_METHODS; i++)
		if (pp_slice_is(method, pp_slice_of(pp_method_names[i]))) {
			head->method = (enum pp_method)i;
			return PP_no_problem;
		}
	*why = "this server has no such method";
	return PP_not_implemented;
}

/* What has been seen of the fields that decide how the message is read. */
struct seen {
	unsigned fields; /* bits by the row of the table below */
	struct pp_slice length, coding, encoding;
	bool close, keep_alive;
	bool other_expectation;
};

static void note_host(struct seen *seen, struct pp_http_exchange *exchange,
	struct pp_http_head *head, struct pp_slice value)
{
	(void)seen;
	(void)head;
	exchange->host = value;
}

static void note_length(struct seen *seen, struct pp_http_exchange *exchange,
	struct pp_http_head *head, struct pp_slice value)
{
	(void)exchange;
	(void)head;
	seen->length = value;
}

static void note_coding(struct seen *seen, struct pp_http_exchange *exchange,
	struct pp_http_head *head, struct pp_slice value)
{
	(void)exchange;
	(void)head;
	seen->coding = value;
}

static void note_encoding(struct seen *seen, struct pp_http_exchange *exchange,
	struct pp_http_head *head, struct pp_slice value)
{
	(void)exchange;
	(void)head;
	seen->encoding = value;
}

static void note_connection(struct seen *seen, struct pp_http_exchange *exchange,
	struct pp_http_head *head, struct pp_slice value)
{
	(void)exchange;
	(void)head;
	while (value.len) {
		struct pp_slice option = pp_slice_trim(pp_slice_cut(value, ',', &value));

		if (pp_slice_is_nocase(option, PP_S("close")))
			seen->close = true;
		else if (pp_slice_is_nocase(option, PP_S("keep-alive")))
			seen->keep_alive = true;
	}
}

static void note_expect(struct seen *seen, struct pp_http_exchange *exchange,
	struct pp_http_head *head, struct pp_slice value)
{
	(void)exchange;
	if (pp_slice_is_nocase(value, PP_S("100-continue")))
		head->expects_continue = true;
	else
		seen->other_expectation = true;
}

#define NAMED(name) name, sizeof(name) - 1

/*
 * Fields that decide something here, or that two of would make ambiguous (RFC 9110 §5.3: only
 * list-based fields may come on several lines).
 */
static const struct special {
	const char *name;
	size_t len;
	bool once;
	void (*note)(struct seen *seen, struct pp_http_exchange *exchange,
		struct pp_http_head *head, struct pp_slice value);
} specials[] = {
	{ NAMED("host"), true, note_host },
	{ NAMED("content-length"), true, note_length },
	{ NAMED("transfer-encoding"), true, note_coding },
	{ NAMED("content-encoding"), true, note_encoding },
	{ NAMED("connection"), false, note_connection },
	{ NAMED("expect"), false, note_expect },
	{ NAMED("content-type"), true, NULL },
	{ NAMED("authorization"), true, NULL },
	{ NAMED("idempotency-key"), true, NULL },
	{ NAMED("origin"), true, NULL },
	{ NAMED("if-modified-since"), true, NULL },
	{ NAMED("if-unmodified-since"), true, NULL },
	{ NAMED("range"), true, NULL },
};

enum { HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONTENT_ENCODING };

static bool has(const struct seen *seen, unsigned row)
{
	return seen->fields & (1u << row);
}

static enum pp_problem read_field(struct pp_slice line, struct pp_http_exchange *exchange,
	struct pp_http_head *head, struct seen *seen, const char **why)
{
	struct pp_slice value, name = pp_slice_cut(line, ':', &value);

	/* RFC 9112 §5.1 and §5.2: no blank before the colon, no folded line, no empty name. */
	*why = "a header field is not a name, a colon and a value";
	if (name.len == line.len || !pp_http_all(name, PP_IN_TOKEN))
		return PP_malformed_request;
	value = pp_slice_trim(value);
	*why = "a header field holds a control character";
	if (value.len && !pp_http_all(value, PP_IN_VALUE))
		return PP_malformed_request;
	*why = "there are too many header fields";
	if (exchange->field_count == PP_HTTP_FIELDS)
		return PP_header_too_large;
	exchange->fields[exchange->field_count++] = (struct pp_http_field){ name, value };
	for (unsigned i = 0; i < PP_LENGTH(specials); i++) {
		const struct special *special = &specials[i];

		if (special->len != name.len ||
			!pp_slice_is_nocase(pp_slice(special->name, special->len), name))
			continue;
		*why = "a header field that may come once came twice";
		if (special->once && has(seen, i))
			return PP_malformed_request;
		seen->fields |= 1u << i;
		if (special->note)
			special->note(seen, exchange, head, value);
	}
	return PP_no_problem;
}

/* RFC 9112 §6.1: chunked alone, and in 1.1 alone; what else there may be is somebody else's. */
static enum pp_problem read_coding(
	const struct seen *seen, struct pp_http_head *head, const char **why)
{
	struct pp_slice rest = seen->coding, last = { 0 };
	size_t chunked = 0;

	*why = "HTTP/1.0 knows no Transfer-Encoding";
	if (head->http_1_0)
		return PP_malformed_request;
	*why = "a message has either a Content-Length or a Transfer-Encoding";
	if (has(seen, CONTENT_LENGTH))
		return PP_malformed_request;
	if (pp_slice_is_nocase(seen->coding, PP_S("chunked"))) {
		head->framing.kind = PP_FRAMED_CHUNKED;
		return PP_no_problem;
	}
	while (rest.len) {
		last = pp_slice_trim(pp_slice_cut(rest, ',', &rest));
		chunked += pp_slice_is_nocase(last, PP_S("chunked"));
	}
	*why = "the last transfer coding must be chunked, once";
	if (chunked != 1 || !pp_slice_is_nocase(last, PP_S("chunked")))
		return PP_malformed_request;
	*why = "chunked is the only transfer coding of this server";
	return PP_not_implemented;
}

static enum pp_problem read_framing(
	const struct seen *seen, struct pp_http_head *head, const char **why)
{
	struct pp_http_framing *framing = &head->framing;
	enum pp_problem problem;

	if (has(seen, TRANSFER_ENCODING)) {
		problem = read_coding(seen, head, why);
		if (problem)
			return problem;
	} else if (has(seen, CONTENT_LENGTH)) {
		*why = "the Content-Length is not a number of bytes";
		if (!pp_slice_u64(seen->length, &framing->left) || framing->left > INT64_MAX)
			return PP_malformed_request;
		framing->kind = framing->left ? PP_FRAMED_LENGTH : PP_FRAMED_EMPTY;
	}
	/* RFC 9110 §9.3.1: content in a GET has no meaning, and has been used for smuggling. */
	*why = "this method takes no content";
	if (framing->kind != PP_FRAMED_EMPTY &&
		(head->method == PP_GET || head->method == PP_HEAD || head->method == PP_DELETE))
		return PP_malformed_request;
	*why = "send the content without a Content-Encoding";
	if (framing->kind != PP_FRAMED_EMPTY && seen->encoding.len &&
		!pp_slice_is_nocase(seen->encoding, PP_S("identity")))
		return PP_unsupported_media_type;
	return PP_no_problem;
}

/* What no single field can say. */
static enum pp_problem check_together(const struct seen *seen, struct pp_http_exchange *exchange,
	struct pp_http_head *head, const char **why)
{
	enum pp_problem problem;

	/* RFC 9112 §3.2: one Host in 1.1, valid in any version. */
	*why = "the request must name its host once";
	if (has(seen, HOST) ? !pp_http_is_host(exchange->host) : !head->http_1_0)
		return PP_malformed_request;
	problem = pp_http_target_read(exchange, head->target, why);
	if (!problem)
		problem = read_framing(seen, head, why);
	if (problem)
		return problem;
	head->keep_alive = !seen->close && (!head->http_1_0 || seen->keep_alive);
	/* RFC 9110 §10.1.1: not in 1.0. */
	head->expects_continue = head->expects_continue && !head->http_1_0;
	*why = "100-continue is the only expectation of this server";
	return seen->other_expectation && !head->http_1_0 ? PP_expectation_failed : PP_no_problem;
}

/* The next line without its CRLF; false where there is none. */
static bool next_line(struct pp_slice *rest, struct pp_slice *line)
{
	size_t before = rest->len;

	*line = pp_slice_cut(*rest, '\n', rest);
	if (line->len == before || line->len == 0 || line->at[line->len - 1] != '\r')
		return false;
	line->len--;
	return true;
}

enum pp_problem pp_http_head_read(struct pp_slice block, struct pp_http_exchange *exchange,
	struct pp_http_head *head, const char **why)
{
	struct seen seen = { 0 };
	struct pp_slice line;
	enum pp_problem problem;

	*head = (struct pp_http_head){ 0 };
	exchange->field_count = 0;
	exchange->host = pp_slice(block.at, 0);
	*why = "a line must end with CR and LF";
	if (!next_line(&block, &line))
		return PP_malformed_request;
	problem = pp_http_line_read(line, head, why);
	exchange->method = head->method;
	exchange->http_1_0 = head->http_1_0;
	while (!problem) {
		*why = "a line must end with CR and LF";
		if (!next_line(&block, &line))
			return PP_malformed_request;
		if (line.len == 0)
			break;
		problem = read_field(line, exchange, head, &seen, why);
	}
	return problem ? problem : check_together(&seen, exchange, head, why);
}
