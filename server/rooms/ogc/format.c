/* SPDX-License-Identifier: EUPL-1.2 */
/* In which format features are wanted, and the links between a document and those like it. */
#include "ogc.h"

static struct pp_slice bare(const char *media_type)
{
	struct pp_slice parameters;

	return pp_slice_cut(pp_slice_of(media_type), ';', &parameters);
}

/* How precisely a range of Accept names that type (RFC 9110 §12.5.1): 0 not at all. Clients of
 * OGC API ask for application/json where they mean GeoJSON. */
static int precision(struct pp_slice range, struct pp_slice type)
{
	struct pp_slice rest;

	if (pp_slice_is_nocase(range, type) ||
		(pp_slice_is(type, PP_S("application/geo+json")) &&
			pp_slice_is_nocase(range, PP_S("application/json"))))
		return 3;
	if (pp_slice_ends(range, PP_S("/*")) && !pp_slice_is(range, PP_S("*/*")))
		return pp_slice_is_nocase(
			       pp_slice_cut(range, '/', &rest), pp_slice_cut(type, '/', &rest))
			? 2
			: 0;
	return pp_slice_is(range, PP_S("*/*"));
}

/* Of the range that names it most precisely; 0 where none does. */
static int weight_of(struct pp_slice accept, struct pp_slice type)
{
	int best = 0, weight = 0;

	while (accept.len) {
		struct pp_slice parameters, range = pp_slice_cut(accept, ',', &accept);
		int now = precision(pp_slice_trim(pp_slice_cut(range, ';', &parameters)), type);
		int its = pp_http_weight(parameters);

		if (now > best || (now && now == best && its > weight)) {
			best = now;
			weight = its;
		}
	}
	return weight;
}

int pp_ogc_weight(struct pp_req *req, struct pp_slice media_type)
{
	struct pp_slice accept = pp_slice_trim(pp_http_field(req->exchange, PP_S("accept")));

	return accept.len ? weight_of(accept, media_type) : 1;
}

/* Files are made of collections that everybody may see, not of one feature. */
static bool offers(struct pp_req *req, const struct pp_feature_format *format)
{
	if (format->is_page)
		return req->server->web;
	return !format->is_file ||
		(req->route->params == pp_ogc_items_params &&
			!pp_collection_named(pp_path(req, "collection"))->is_private);
}

const struct pp_feature_format *pp_ogc_format(struct pp_req *req)
{
	struct pp_slice name = pp_param(req, "f");
	const struct pp_feature_format *best = NULL;
	bool reads = req->exchange->method <= PP_HEAD;
	int most = 0;

	pp_reply_field(req, "Vary", PP_S("Accept"));
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++) {
		const struct pp_feature_format *format = &pp_feature_formats[i];
		int weight = pp_ogc_weight(req, bare(format->media_type));

		/* What was written is answered to the program that wrote it. */
		if (!offers(req, format) || (format->is_page && !reads))
			continue;
		if (name.at ? pp_slice_is(name, pp_slice_of(format->name)) : weight > most) {
			best = format;
			most = weight;
		}
	}
	if (!best)
		pp_refuse(req, PP_not_acceptable,
			"features are there as application/geo+json, application/gml+xml, "
			"text/csv and application/flatgeobuf, public collections also as "
			"application/geopackage+sqlite3; f=json, f=gml, f=csv, f=fgb and f=gpkg "
			"ask for them without Accept");
	return best;
}

struct pp_slice pp_ogc_address(struct pp_req *req, const char *name, struct pp_slice value)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice rest = req->exchange->query;
	const char *before = "?";

	pp_buf_slice(out, req->exchange->path);
	while (rest.len) {
		struct pp_slice pair = pp_slice_cut(rest, '&', &rest), old;

		if (pp_slice_is(pp_slice_cut(pair, '=', &old), pp_slice_of(name)))
			continue;
		pp_buf_format(out, "%s%.*s", before, PP_SHOW(pair));
		before = "&";
	}
	if (name)
		pp_buf_format(out, "%s%s=%.*s", before, name, PP_SHOW(value));
	return pp_buf_all(out);
}

struct link {
	const char *rel, *type, *de, *en;
	struct pp_slice href;
};

enum { LINKS = PP_FEATURE_FORMATS + 2 };

/* OGC 23-058r2 §13: by its URI, as a safe CURIE, or by its id alone. */
static bool names(struct pp_slice asked, const char *profile)
{
	static const char *const before[] = { "", "http://www.opengis.net/def/profile/OGC/0/",
		"http://www.opengis.net/def/profile/ogc/0/",
		"http://www.opengis.net/def/profile/ogc/2.0/", "[ogc-profile:" };
	struct pp_slice id = pp_slice_of(profile);

	if (pp_slice_starts(asked, PP_S("[")) && pp_slice_ends(asked, PP_S("]")))
		asked.len--;
	for (size_t i = 0; i < PP_LENGTH(before); i++)
		if (asked.len == strlen(before[i]) + id.len &&
			pp_slice_starts(asked, pp_slice_of(before[i])) && pp_slice_ends(asked, id))
			return true;
	return false;
}

/* The URI of the profile that was asked for and that the document has; what it does not have is no
 * mistake. */
static const char *profile_of(struct pp_req *req, const struct pp_feature_format *format)
{
	struct pp_slice rest = pp_param(req, "profile");
	bool is_gml = format == &pp_feature_formats[PP_FORMAT_GML];
	/* RFC 7946 §4 knows no other CRS. */
	bool is_plain = format == &pp_feature_formats[PP_FORMAT_GEOJSON] &&
		pp_ogc_crs(req, "crs") == PP_CRS84;

	while (rest.len) {
		struct pp_slice asked = pp_slice_trim(pp_slice_cut(rest, ',', &rest));

		if (is_plain && names(asked, "rfc7946"))
			return "http://www.opengis.net/def/profile/OGC/0/rfc7946";
		if (is_gml && names(asked, "gml-sf0"))
			return "http://www.opengis.net/def/profile/ogc/2.0/gml-sf0";
	}
	return NULL;
}

static size_t links_of(struct pp_req *req, const struct pp_feature_format *format,
	const struct pp_ogc_next *next, struct link links[LINKS])
{
	const char *profile = profile_of(req, format);
	size_t count = 0;

	links[count++] = (struct link){ "self", format->media_type, "Dieses Dokument",
		"This document", pp_ogc_address(req, NULL, PP_S("")) };
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++) {
		const struct pp_feature_format *other = &pp_feature_formats[i];

		if (other != format && !other->is_file && offers(req, other))
			links[count++] = (struct link){ "alternate", other->media_type,
				other->title, other->title,
				pp_ogc_address(req, "f", pp_slice_of(other->name)) };
	}
	if (profile)
		links[count++] = (struct link){ "profile", "text/html", "Profil", "Profile",
			pp_slice_of(profile) };
	if (next && next->rel)
		links[count++] = (struct link){ next->rel,
			next->type ? next->type : format->media_type, next->de, next->en,
			next->href };
	return count;
}

void pp_ogc_links(struct pp_req *req, struct pp_buf *out, const struct pp_feature_format *format,
	const struct pp_ogc_next *next)
{
	struct link links[LINKS];
	size_t count = links_of(req, format, next, links);

	pp_buf_text(out, ",\"links\":[");
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "," : "");
		pp_ogc_link(req, out, links[i].rel, links[i].type,
			req->english ? links[i].en : links[i].de, links[i].href);
	}
	pp_buf_text(out, "]");
}

/* RFC 8288 §3; a type may have quoted parameters of its own. */
void pp_ogc_link_fields(
	struct pp_req *req, const struct pp_feature_format *format, const struct pp_ogc_next *next)
{
	struct link links[LINKS];
	size_t count = links_of(req, format, next, links);
	struct pp_buf *out = pp_buf_make(req->arena);

	for (size_t i = 0; i < count; i++) {
		pp_buf_format(out, "%s<%.*s>; rel=\"%s\"; type=\"", i ? ", " : "",
			PP_SHOW(pp_slice_starts(links[i].href, PP_S("/"))
					? pp_url(req, links[i].href)
					: links[i].href),
			links[i].rel);
		for (const char *at = links[i].type; *at; at++) {
			if (*at == '"')
				pp_buf_u8(out, '\\');
			pp_buf_u8(out, (uint8_t)*at);
		}
		pp_buf_text(out, "\"");
	}
	pp_reply_field(req, "Link", pp_buf_all(out));
}
