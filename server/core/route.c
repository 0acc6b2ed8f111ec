/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/route.h>

#include <stdio.h>
#include <stdlib.h>

#define API PP_S("/api/v1")

/* The part of a request's path that the row's path is compared with; false where it cannot match.
 */
static bool below(const struct pp_route *route, struct pp_slice path, struct pp_slice *pattern,
	struct pp_slice *rest)
{
	*pattern = pp_slice_of(route->path);
	*rest = path;
	if (pp_slice_starts(*pattern, PP_S("//"))) {
		*pattern = pp_slice(pattern->at + 1, pattern->len - 1);
		return true;
	}
	if (!pp_slice_starts(path, API))
		return false;
	*rest = pp_slice(path.at + API.len, path.len - API.len);
	return true;
}

static bool ends_in_slash(struct pp_slice path)
{
	return path.len > 1 && path.at[path.len - 1] == '/';
}

static bool matches(const struct pp_route *route, struct pp_slice path, struct pp_match *match)
{
	struct pp_slice pattern, rest;

	match->param_count = 0;
	if (!below(route, path, &pattern, &rest))
		return false;
	/* "/a/" is not "/a": one address per thing. */
	if (ends_in_slash(pattern) != ends_in_slash(rest))
		return false;
	while (pattern.len && rest.len) {
		struct pp_slice want = pp_slice_cut(pattern, '/', &pattern);
		struct pp_slice have = pp_slice_cut(rest, '/', &rest);

		if (want.len && want.at[0] == '{') {
			if (have.len == 0)
				return false;
			PP_MUST(match->param_count < PP_PATH_PARAMS);
			match->names[match->param_count] = pp_slice(want.at + 1, want.len - 2);
			match->values[match->param_count++] = have;
		} else if (!pp_slice_is(want, have)) {
			return false;
		}
	}
	return pattern.len == 0 && rest.len == 0;
}

bool pp_route_is_gis(const struct pp_route *route)
{
	static const char *const roots[] = { "//ogc", "//wfs" };

	for (size_t i = 0; i < PP_LENGTH(roots); i++) {
		size_t len = strlen(roots[i]);

		if (strncmp(route->path, roots[i], len) == 0 &&
			(!route->path[len] || route->path[len] == '/'))
			return true;
	}
	return false;
}

void pp_route_find(const struct pp_route *const *rooms, enum pp_method method, struct pp_slice path,
	struct pp_match *match)
{
	struct pp_match try = { 0 };

	*match = (struct pp_match){ 0 };
	if (method == PP_HEAD)
		method = PP_GET;
	for (; *rooms; rooms++) {
		for (const struct pp_route *route = *rooms; route->path; route++) {
			if (!matches(route, path, &try))
				continue;
			match->allowed |= 1u << route->method;
			if (route->method == method && !match->route) {
				unsigned allowed = match->allowed;

				*match = try;
				match->allowed = allowed;
				match->route = route;
			}
		}
	}
}

struct pp_slice pp_route_allow(struct pp_arena *arena, unsigned allowed)
{
	struct pp_buf *buf = pp_buf_make(arena);

	if (allowed & 1u << PP_GET)
		allowed |= 1u << PP_HEAD;
	allowed |= 1u << PP_OPTIONS;
	for (int m = 0; m < PP_METHODS; m++)
		if (allowed & 1u << m)
			pp_buf_format(buf, "%s%s", buf->len ? ", " : "", pp_method_names[m]);
	return pp_buf_all(buf);
}

static _Noreturn void wrong(const struct pp_route *route, const char *what)
{
	fprintf(stderr, "route %s %s: %s\n", pp_method_names[route->method], route->path, what);
	abort();
}

void pp_route_check(
	const struct pp_route *const *rooms, const struct pp_query *queries, size_t query_count)
{
	for (; *rooms; rooms++) {
		for (const struct pp_route *route = *rooms; route->path; route++) {
			bool found = !route->query;

			if (!route->may)
				wrong(route, "says not who may call it");
			if (!route->summary)
				wrong(route, "has no summary");
			if (!route->steps && !route->query)
				wrong(route, "does nothing");
			for (size_t i = 0; i < query_count && !found; i++)
				found = strcmp(queries[i].name, route->query) == 0;
			if (!found)
				wrong(route, "asks a query that does not exist");
		}
	}
}
