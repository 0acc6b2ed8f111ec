/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Features on their way out: what a collection's features have (a table of columns), and writers
 * that turn rows of PostgreSQL's binary form into the formats of the GIS endpoints. A writer sees
 * one feature at a time and puts it behind the others, so memory is that of one feature.
 * Coordinates stand in the WKB as they are to be written: CRS and axis order are the caller's
 * affair.
 */
#include <pp/base/buf.h>

enum pp_feature_kind {
	PP_FEATURE_TEXT,
	PP_FEATURE_UUID,
	PP_FEATURE_INTEGER,
	PP_FEATURE_NUMBER,  /* a cell of eight bytes, this machine's double */
	PP_FEATURE_BOOLEAN, /* "t" or "f" */
	PP_FEATURE_DATE,    /* YYYY-MM-DD */
	PP_FEATURE_INSTANT, /* RFC 3339 */
	PP_FEATURE_KINDS
};

struct pp_feature_column {
	const char *name;
	enum pp_feature_kind kind;
	bool required; /* never null */
	bool sortable; /* an index of this order exists */
	unsigned decimals;
	const char *de, *en; /* titles */
	const char *choices; /* "A|B|C" of a code */
	bool computed;       /* no column of a table, but made of others */
	bool passing;        /* computed when it is asked for: it changes with the day */
	bool receivable;     /* clients of an editable collection write it */
	bool is_name;        /* what GML calls gml:name as well; a text, the first column */
};

enum pp_feature_shape { PP_FEATURE_ANY, PP_FEATURE_LINES, PP_FEATURE_AREAS };

/* A collection, which is a feature type of WFS as well. */
struct pp_feature_type {
	const char *name;
	const char *title_de, *title_en, *about_de, *about_en;
	enum pp_feature_shape shape;
	const struct pp_feature_column *columns;
	size_t column_count;
};

#define PP_FEATURE_COLUMNS 32

struct pp_feature_row {
	struct pp_slice id;
	const struct pp_slice *cells; /* as many as the type has columns; at == NULL is null */
	struct pp_slice wkb;          /* checked; at == NULL is none */
	bool again;                   /* the document has shown it already */
};

/* What is written of a type; the same for all features of a reply. */
struct pp_feature_view {
	const struct pp_feature_type *type;
	uint32_t columns; /* bits 1 << number of those that are written */
	bool geometry;
	unsigned decimals; /* of coordinates: 3 are a millimetre in metres, 8 in degrees */
	bool alone;        /* the feature is the whole document, not one of a collection's */
	struct pp_slice srs, schema; /* of GML: the CRS's URI, the address of the schema */
	struct pp_slice shown;       /* what stands before the gml:id of what is shown elsewhere */
	int epsg;                    /* of FlatGeobuf: the CRS's code; 4326 for CRS84 */
	bool english;                /* of FlatGeobuf and HTML: its titles */
};

/*
 * A format of features, whatever protocol asks for it: a document is begin, the features with
 * `between` between them, end. GeoJSON's last brace may be taken off again for more members.
 */
struct pp_feature_format {
	const char *name, *media_type, *title;
	const char *between;
	bool east_first; /* whatever the CRS says, x is east and y north */
	void (*begin)(struct pp_buf *out, const struct pp_feature_view *view);
	void (*feature)(struct pp_buf *out, const struct pp_feature_view *view,
		const struct pp_feature_row *row);
	void (*end)(struct pp_buf *out, const struct pp_feature_view *view);
	bool is_file; /* made beside the request of what is written so (pp/feature/export.h) */
	bool is_page; /* within a page: for people, not for programs */
};

enum {
	PP_FORMAT_GEOJSON,
	PP_FORMAT_GML,
	PP_FORMAT_CSV,
	PP_FORMAT_FGB,
	PP_FORMAT_GPKG,
	PP_FORMAT_HTML,
	PP_FEATURE_FORMATS
};
extern const struct pp_feature_format pp_feature_formats[PP_FEATURE_FORMATS];

/* One feature as GeoJSON (RFC 7946 §3.2); beside its id nothing but its properties and geometry. */
void pp_feature_geojson(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row);

/* One feature as GML 3.2, Simple Features level 0; pp_feature_gml_member is that in
 * sf:featureMember.
 */
#define PP_FEATURE_NAMESPACE    "urn:planungsplattform:features:1"
#define PP_FEATURE_SF_NAMESPACE "http://www.opengis.net/ogcapi-features-1/1.0/sf"
void pp_feature_gml(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row);
void pp_feature_gml_begin(struct pp_buf *out, const struct pp_feature_view *view);
void pp_feature_gml_member(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row);
void pp_feature_gml_end(struct pp_buf *out, const struct pp_feature_view *view);
/* The value of the one property that the view has, the id where it has none: text, or GML. */
void pp_feature_gml_value(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row);
/* The gml:id of a feature: the type's name, a point, the id. */
void pp_feature_gml_id(struct pp_buf *out, const struct pp_feature_type *type, struct pp_slice id);
/* The id back out of a gml:id; false where it is none of the type's. */
PP_CHECKED bool pp_feature_id_of(struct pp_arena *arena, const struct pp_feature_type *type,
	struct pp_slice gml_id, struct pp_slice *id);

/* What we write is the same in both but for its namespace, which stands in the document's root. */
enum pp_feature_gml { PP_GML_3_2, PP_GML_3_1 };
#define PP_GML_3_2_NAMESPACE "http://www.opengis.net/gml/3.2"
#define PP_GML_3_1_NAMESPACE "http://www.opengis.net/gml"

/* The schema of GML: begin, the types of a document, end. */
void pp_feature_xsd_begin(struct pp_buf *out, enum pp_feature_gml gml);
void pp_feature_xsd(struct pp_buf *out, enum pp_feature_gml gml, const struct pp_feature_type *type,
	bool english);
void pp_feature_xsd_end(struct pp_buf *out);

/* A line of names, and one feature as a line; the geometry as WKT. */
void pp_feature_csv_begin(struct pp_buf *out, const struct pp_feature_view *view);
void pp_feature_csv(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row);

/* A geometry as well-known text (OGC 06-103r4 §7). */
void pp_feature_wkt(struct pp_buf *out, struct pp_slice wkb, unsigned decimals);

/* A table of features, or of the properties of one that is alone; links lead to where they are
 * below the address of the collection's features. */
void pp_feature_html_begin(struct pp_buf *out, const struct pp_feature_view *view);
void pp_feature_html(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row);
void pp_feature_html_end(struct pp_buf *out, const struct pp_feature_view *view);

/*
 * FlatGeobuf 3 without an index and without a number of features, so that it streams: a header, and
 * each feature as a buffer of its own. Areas are multipolygons, dates are instants, null properties
 * are left out, and x is east of whatever CRS.
 */
void pp_feature_fgb_begin(struct pp_buf *out, const struct pp_feature_view *view);
void pp_feature_fgb(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row);

/* The double of a cell. */
double pp_feature_number(struct pp_slice cell);
