/* SPDX-License-Identifier: EUPL-1.2 */
#include "http_head.h"

/* Sums of enum pp_http_class for each byte of ASCII; bytes above are part of field values only. */
static const unsigned char classes[128] = {
	/* clang-format off */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/*  ! " # $ % & ' ( ) * + , - . / */
	2, 31, 2, 3, 31, 31, 31, 31, 30, 30, 31, 31, 30, 31, 31, 14,
	/* 0 to 9, : ; < = > ? */
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 14, 30, 2, 30, 2, 10,
	/* @ A to O */
	14, 63, 63, 63, 63, 63, 63, 31, 31, 31, 31, 31, 31, 31, 31, 31,
	/* P to Z, [ \ ] ^ _: browsers send [ ] ^ ` { | } of a query as they are (WHATWG URL, query
	 * percent-encode set) */
	31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 10, 2, 10, 11, 31,
	/* ` a to o */
	11, 63, 63, 63, 63, 63, 63, 31, 31, 31, 31, 31, 31, 31, 31, 31,
	/* p to z, { | } ~ DEL */
	31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 10, 11, 10, 31, 0,
	/* clang-format on */
};

bool pp_http_is(unsigned char c, enum pp_http_class what)
{
	/* RFC 9110 §5.5: obs-text is opaque data. */
	return c < 128 ? classes[c] & what : what == PP_IN_VALUE;
}

bool pp_http_all(struct pp_slice s, enum pp_http_class what)
{
	for (size_t i = 0; i < s.len; i++)
		if (!pp_http_is((unsigned char)s.at[i], what))
			return false;
	return s.len > 0;
}

/* RFC 3986 §2.1; the byte, or -1 where the escape is not valid. */
static int escape(struct pp_slice s, size_t at)
{
	if (at + 2 >= s.len || !pp_http_is((unsigned char)s.at[at + 1], PP_IS_HEX) ||
		!pp_http_is((unsigned char)s.at[at + 2], PP_IS_HEX))
		return -1;
	return pp_hex_digit(s.at[at + 1]) * 16 + pp_hex_digit(s.at[at + 2]);
}

/* Every escape is valid and none is a NUL, which no text of ours can hold. */
static bool has_good_escapes(struct pp_slice s)
{
	for (size_t at = 0; at < s.len; at++)
		if (s.at[at] == '%' && escape(s, at) <= 0)
			return false;
	return true;
}

/* RFC 3986 §3.2.2 IP-literal; IPvFuture is nobody's yet. */
static bool is_ip_literal(struct pp_slice s)
{
	if (s.len < 4 || s.at[0] != '[' || s.at[s.len - 1] != ']')
		return false;
	for (size_t i = 1; i + 1 < s.len; i++)
		if (!pp_http_is((unsigned char)s.at[i], PP_IS_HEX) && s.at[i] != ':' &&
			s.at[i] != '.')
			return false;
	return memchr(s.at, ':', s.len) != NULL;
}

bool pp_http_is_host(struct pp_slice host)
{
	size_t end = host.len;
	uint64_t port;

	while (end && host.at[end - 1] >= '0' && host.at[end - 1] <= '9')
		end--;
	if (end && host.at[end - 1] == ':') {
		struct pp_slice digits = pp_slice(host.at + end, host.len - end);

		if (digits.len && (!pp_slice_u64(digits, &port) || port > 65535))
			return false;
		host.len = end - 1;
	}
	if (host.len && host.at[0] == '[')
		return is_ip_literal(host);
	return pp_http_all(host, PP_IN_HOST) && has_good_escapes(host);
}

/* Decodes once. False where a byte is one that a path of ours never has. */
static bool decode(struct pp_slice raw, char *out, size_t *len)
{
	*len = 0;
	for (size_t at = 0; at < raw.len; at++) {
		int c = (unsigned char)raw.at[at];

		if (c == '%') {
			c = escape(raw, at);
			at += 2;
			/* A decoded slash would be a separator to some and a letter to others. */
			if (c < 0x20 || c == 0x7f || c == '/')
				return false;
		}
		out[(*len)++] = (char)c;
	}
	return pp_slice_is_utf8(pp_slice(out, *len));
}

/* RFC 3986 §5.2.4, in place. False where the dots lead out of the root. */
static bool remove_dots(char *path, size_t *len)
{
	size_t from = 0, to = 0;

	while (from < *len) {
		size_t end = from + 1;
		struct pp_slice segment;

		while (end < *len && path[end] != '/')
			end++;
		segment = pp_slice(path + from + 1, end - from - 1);
		if (pp_slice_is(segment, PP_S(".."))) {
			if (to == 0)
				return false;
			while (path[--to] != '/')
				;
		} else if (!pp_slice_is(segment, PP_S("."))) {
			memmove(path + to, path + from, end - from);
			to += end - from;
			from = end;
			continue;
		}
		/* A path that ends in a dot segment is that of the folder. */
		if (end == *len)
			path[to++] = '/';
		from = end;
	}
	*len = to;
	return true;
}

static bool is_plain(struct pp_slice path)
{
	for (size_t i = 0; i < path.len; i++)
		if (path.at[i] == '%' ||
			(path.at[i] == '/' && i + 1 < path.len && path.at[i + 1] == '.'))
			return false;
	return true;
}

static enum pp_problem read_origin(
	struct pp_http_exchange *exchange, struct pp_slice target, const char **why)
{
	struct pp_slice query, raw = pp_slice_cut(target, '?', &query);
	size_t len;
	char *path;

	exchange->target = target;
	exchange->path = raw;
	exchange->query = query;
	*why = "a byte in the address must be percent-encoded";
	if (!pp_http_all(raw, PP_IN_PATH) || (query.len && !pp_http_all(query, PP_IN_QUERY)))
		return PP_malformed_request;
	*why = "a percent-escape in the address is not valid";
	if (!has_good_escapes(query))
		return PP_malformed_request;
	if (is_plain(raw))
		return PP_no_problem;
	path = pp_text(exchange->arena, raw);
	if (!decode(raw, path, &len))
		return PP_malformed_request;
	*why = "the path leads out of the root";
	if (!remove_dots(path, &len))
		return PP_malformed_request;
	exchange->path = pp_slice(path, len);
	return PP_no_problem;
}

static bool take_prefix(struct pp_slice *s, struct pp_slice prefix)
{
	if (s->len < prefix.len || !pp_slice_is_nocase(pp_slice(s->at, prefix.len), prefix))
		return false;
	*s = pp_slice(s->at + prefix.len, s->len - prefix.len);
	return true;
}

/* RFC 9112 §3.2.2, but only for the host that the request names (§3.2: Host must be the same). */
static enum pp_problem read_absolute(
	struct pp_http_exchange *exchange, struct pp_slice rest, const char **why)
{
	size_t end = 0;

	while (end < rest.len && rest.at[end] != '/' && rest.at[end] != '?')
		end++;
	*why = "the address names another host than the field Host";
	if (!pp_slice_is_nocase(pp_slice(rest.at, end), exchange->host))
		return PP_malformed_request;
	rest = pp_slice(rest.at + end, rest.len - end);
	if (rest.len == 0 || rest.at[0] == '?')
		rest = pp_format(exchange->arena, "/%.*s", PP_SHOW(rest));
	return read_origin(exchange, rest, why);
}

enum pp_problem pp_http_target_read(
	struct pp_http_exchange *exchange, struct pp_slice target, const char **why)
{
	if (target.len && target.at[0] == '/')
		return read_origin(exchange, target, why);
	if (take_prefix(&target, PP_S("http://")) || take_prefix(&target, PP_S("https://")))
		return read_absolute(exchange, target, why);
	*why = "the address must begin with a slash";
	if (exchange->method != PP_OPTIONS || !pp_slice_is(target, PP_S("*")))
		return PP_malformed_request;
	/* RFC 9112 §3.2.4 */
	exchange->target = exchange->path = target;
	exchange->query = pp_slice(target.at + 1, 0);
	return PP_no_problem;
}
