/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of this room share: Web Feature Service 2.0 (OGC 09-025r2, ISO 19142), see
 * docs/gis/wfs.md. */
#include <pp/core/req.h>
#include <pp/feature/export.h>
#include <pp/fmt/wfs.h>

/* At most so many features in one reply; of more the link next leads on. */
#define PP_WFS_COUNT_MOST 1000000
/* Bytes of a request in XML. */
#define PP_WFS_DOCUMENT_MOST (UINT64_C(4) << 20)
/* And of one that goes on as an address: what is longer does not fit there, compressed or not. */
#define PP_WFS_PACKED_MOST (UINT64_C(256) << 10)

#define PP_WFS_NAMESPACE     "http://www.opengis.net/wfs/2.0"
#define PP_WFS_1_1_NAMESPACE "http://www.opengis.net/wfs"
#define PP_WFS_XML           "application/xml"
#define PP_WFS_GML           "application/gml+xml; version=3.2"
#define PP_WFS_GML_3_1       "text/xml; subtype=gml/3.1.1"

/*
 * What links next and previous have beside the request, as vendor parameters. SNAPSHOT: a traversal
 * sees one state. CURSOR: it goes on behind a feature instead of counting from the first.
 */
struct pp_wfs_cursor {
	struct pp_slice seen;    /* at == NULL: what is there now */
	struct pp_slice matched; /* numberMatched of the first page; empty: unknown */
	struct pp_slice after;   /* see pp_feature_cursor; at == NULL: STARTINDEX counts */
};

/* Where the condition of a query came from, for whoever has to be told what is wrong with it. */
struct pp_wfs_origin {
	struct pp_slice text; /* of a parameter; empty: the request's document, or none */
	const char *locator;  /* NULL: filter */
};

struct pp_wfs {
	struct pp_page page; /* first: its steps find it there */
	struct pp_wfs_request *request;
	struct pp_wfs_cursor cursor;
	struct pp_slice
		document; /* the XML that a link has in its parameter XML; at == NULL: none */
	struct pp_wfs_origin *origins; /* of the queries; NULL: the document's */
	uint64_t start;                /* features before this page */
	bool is_hits;
	bool is_one; /* of GetFeatureById: the feature is the document */
	size_t told; /* parts that were begun, and ended */
	struct pp_rows **counts;
	struct pp_rows *stored;                 /* stored queries that were asked for */
	struct pp_wfs_transaction *transaction; /* of a Transaction */
	/* Of LockFeature and GetFeatureWithLock: */
	struct pp_filter *wanted; /* what any of several queries asks for; NULL: all */
	struct pp_rows *locked;
	struct pp_slice lock; /* that was taken for what is shown; at == NULL: none */
};

/* Fills in a fault whose pointer is the locator; returns false. */
bool pp_wfs_fault(struct pp_fault *fault, enum pp_problem problem, const char *locator,
	const char *format, ...) PP_PRINTF(4, 5);

/* Reads the parameters of a GET (09-025r2 §6.2.5, tables 7 to 25). */
PP_CHECKED bool pp_wfs_kvp(struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault);

/* Reads wfs->document into wfs->request. */
PP_CHECKED bool pp_wfs_take_document(
	struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault);

/* The dialect of a request in parameters. */
enum pp_wfs_version pp_wfs_dialect(struct pp_slice version);
/* The collection of a feature type's local name. */
PP_CHECKED bool pp_wfs_type(
	struct pp_slice name, const struct pp_collection **collection, struct pp_fault *fault);
/*
 * The CRS of that spelling and the order of its axes: as it is defined, but for EPSG:n in requests
 * of WFS 1, which means east first. An empty name is the CRS of storage.
 */
PP_CHECKED bool pp_wfs_crs(enum pp_wfs_version dialect, struct pp_slice name, int *crs,
	enum pp_axes *axes, struct pp_fault *fault);
/*
 * How features name a CRS: as an http address where the client did, else as a URN; in WFS 1 by a
 * name that says that east comes first, where it does.
 */
struct pp_slice pp_wfs_srs(struct pp_arena *arena, enum pp_wfs_version dialect, int crs,
	enum pp_axes axes, struct pp_slice asked);

/* The format of that name, GML for an empty one; NULL after the fault. */
const struct pp_feature_format *pp_wfs_format(
	enum pp_wfs_version dialect, struct pp_slice name, struct pp_fault *fault);
/* Whether it is one of the names of GML and of its schemas, in the version that goes with WFS's. */
bool pp_wfs_is_gml_named(enum pp_wfs_version dialect, struct pp_slice name);
/* Features and values as members of a document of WFS. */
extern const struct pp_feature_format pp_wfs_gml, pp_wfs_gml_3_1, pp_wfs_values;
bool pp_wfs_is_gml(const struct pp_feature_format *format);

/* The operations: the step of the route ends as they do. */
enum pp_next pp_wfs_get_capabilities(struct pp_req *req, struct pp_wfs *wfs);
/* Its section on filters, as 2.0 or 1.1 has it. */
void pp_wfs_filter_capabilities(struct pp_buf *out, bool is_2_0);
enum pp_next pp_wfs_describe_feature_type(struct pp_req *req, struct pp_wfs *wfs);
enum pp_next pp_wfs_get_feature(struct pp_req *req, struct pp_wfs *wfs);
/* LockFeature and GetFeatureWithLock, and their second half, when their queries are read. */
bool pp_wfs_locks(enum pp_wfs_operation operation);
enum pp_next pp_wfs_lock_feature(struct pp_req *req, struct pp_wfs *wfs);
enum pp_next pp_wfs_lock_take(struct pp_req *req, struct pp_wfs *wfs);
/* Asks for the page that was read. */
enum pp_next pp_wfs_page(struct pp_req *req, struct pp_wfs *wfs);
enum pp_next pp_wfs_transact(struct pp_req *req, struct pp_wfs *wfs);
enum pp_next pp_wfs_list_stored_queries(struct pp_req *req, struct pp_wfs *wfs);
enum pp_next pp_wfs_describe_stored_queries(struct pp_req *req, struct pp_wfs *wfs);
enum pp_next pp_wfs_create_stored_query(struct pp_req *req, struct pp_wfs *wfs);
enum pp_next pp_wfs_drop_stored_query(struct pp_req *req, struct pp_wfs *wfs);

/* The stored query that every service has (§7.9.3.6), by its two names. */
enum { PP_WFS_BY_IDS = 2 };
extern const char *const pp_wfs_by_id[PP_WFS_BY_IDS];
bool pp_wfs_is_by_id(struct pp_slice id);

/* Asks for those that bodies keep, by a JSON array of their names; at == NULL: for all. */
void pp_wfs_kept_ask(struct pp_req *req, struct pp_wfs *wfs, struct pp_slice names);
/* One more name of a JSON array that nobody has closed yet. */
void pp_wfs_add_name(struct pp_buf *list, struct pp_slice name);
/* The CreateStoredQuery in a row of the answer, or of that name; NULL: there is none that can be
 * read. */
const struct pp_wfs_request *pp_wfs_kept(struct pp_req *req, const struct pp_wfs *wfs, size_t row);
const struct pp_wfs_request *pp_wfs_kept_named(
	struct pp_req *req, const struct pp_wfs *wfs, struct pp_slice name);
/* The id of a stored query is an attribute in XML, and a parameter else. */
const char *pp_wfs_id_locator(const struct pp_wfs *wfs);

/* Asks for the stored queries that a body keeps and the request names; false: it names none. */
bool pp_wfs_stored_ask(struct pp_req *req, struct pp_wfs *wfs);
/* Puts what they ask in their places among the request's queries. */
PP_CHECKED bool pp_wfs_stored_expand(
	struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault);

/* The documents of GetFeature and GetPropertyValue around their features. */
extern const struct pp_page_kind pp_wfs_kind;
/* One without features that says how many there are. */
enum pp_next pp_wfs_hits(struct pp_req *req, struct pp_wfs *wfs, uint64_t matched);
/* The address of the schema of all types that are asked for. */
struct pp_slice pp_wfs_schema(struct pp_req *req, const struct pp_wfs *wfs);

/* The links of a page (§7.7.4.4.1), absolute; at == NULL: there is none. Matched in figures, or
 * empty where it is unknown. */
struct pp_slice pp_wfs_next(struct pp_req *req, const struct pp_wfs *wfs, struct pp_slice matched);
struct pp_slice pp_wfs_previous(
	struct pp_req *req, const struct pp_wfs *wfs, struct pp_slice matched);

/* Whether whoever asks may change and lock features; false after the refusal. */
PP_CHECKED bool pp_wfs_may_edit(struct pp_req *req);

pp_step pp_wfs_counted, pp_wfs_one, pp_wfs_expanded, pp_wfs_listed, pp_wfs_described, pp_wfs_stored;
pp_step pp_wfs_judged, pp_wfs_transacted, pp_wfs_locked;
