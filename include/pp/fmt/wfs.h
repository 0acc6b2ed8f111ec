/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Requests to a Web Feature Service 2.0 (OGC 09-025r2, ISO 19142), with the spellings of 1.1
 * (04-094) and 1.0 (02-058) that clients send. One request is one struct, whether it came as XML
 * (read here) or as parameters (read by the room). Slices lie in the request's document or arena;
 * at == NULL says that something was not there.
 */
#include <pp/fmt/element.h>
#include <pp/fmt/fes.h>

enum pp_wfs_operation {
	PP_WFS_GET_CAPABILITIES,
	PP_WFS_DESCRIBE_FEATURE_TYPE,
	PP_WFS_GET_FEATURE,
	PP_WFS_GET_PROPERTY_VALUE,
	PP_WFS_GET_FEATURE_WITH_LOCK,
	PP_WFS_LOCK_FEATURE,
	PP_WFS_LIST_STORED_QUERIES,
	PP_WFS_DESCRIBE_STORED_QUERIES,
	PP_WFS_CREATE_STORED_QUERY,
	PP_WFS_DROP_STORED_QUERY,
	PP_WFS_TRANSACTION,
	PP_WFS_OPERATIONS
};

/* GetFeature, … */
const char *pp_wfs_operation_name(enum pp_wfs_operation operation);
/* Regardless of case; PP_WFS_OPERATIONS where there is none of that name. */
enum pp_wfs_operation pp_wfs_operation_named(struct pp_slice name);

/*
 * The dialect in which was asked and is to be answered: what the namespace of a document says, the
 * version where there is none. GDAL 3.6 says version 2.0.0 in the namespace of 1.1, and reads
 * answers of 1.1 only.
 */
enum pp_wfs_version { PP_WFS_1_0, PP_WFS_1_1, PP_WFS_2_0 };

/*
 * Of a stored query in a request: name and text, or XML as it stands in the document, and then its
 * first element. Of a definition: name and QName of its type, and the element that says so.
 */
struct pp_wfs_parameter {
	struct pp_slice name, value;
	const struct pp_element *element;
};

struct pp_wfs_query {
	size_t at; /* where it begins in the document */
	struct pp_slice handle;
	/* Ad hoc: */
	const struct pp_slice *types; /* local names; several are a join */
	size_t type_count;
	bool has_aliases;
	const struct pp_slice *properties; /* of the answer, by name; none: all */
	size_t property_count;
	struct pp_slice srs; /* of the answer */
	struct pp_slice feature_version;
	struct pp_filter *filter; /* NULL: whatever they are */
	const struct pp_fes_order *order;
	size_t order_count;
	/* Stored: */
	struct pp_slice stored; /* the id of the query */
	const struct pp_wfs_parameter *parameters;
	size_t parameter_count;
};

enum pp_wfs_action_kind {
	PP_WFS_INSERT,
	PP_WFS_UPDATE,
	PP_WFS_REPLACE,
	PP_WFS_DELETE,
	PP_WFS_NATIVE /* refused unless safe_to_ignore */
};

struct pp_wfs_value {
	size_t at;
	struct pp_slice name;
	struct pp_slice text; /* at == NULL: the value is taken away */
	bool is_geometry;     /* then: */
	struct pp_slice wkb;  /* checked; at == NULL: the geometry is taken away */
	struct pp_slice srs;  /* empty: that of the type */
	bool east_first, dropped_z;
};

/* One feature to be inserted, or all that a filter finds. Several features of one Insert are as
 * many actions with the same element. */
struct pp_wfs_action {
	enum pp_wfs_action_kind kind;
	size_t at;
	unsigned element; /* number of the element of the transaction, from 0 */
	struct pp_slice handle;
	struct pp_slice type; /* local name */
	struct pp_slice id;   /* gml:id or fid that the client gave to a feature */
	const struct pp_wfs_value *values;
	size_t value_count;
	struct pp_filter *filter; /* of all but Insert; an Update without one means all features */
	struct pp_slice srs;      /* of the element */
	struct pp_slice idgen, input_format;
	bool safe_to_ignore;
};

/*
 * CreateStoredQuery (09-025r2 §14.2). Its expression has holes ${name} and is read with
 * pp_wfs_fill: whoever keeps it keeps a document (pp_wfs_definition_alone), because prefixes may be
 * bound anywhere above.
 */
struct pp_wfs_definition {
	size_t at;
	struct pp_slice id, title, about;
	const struct pp_slice *returns; /* local names of types */
	size_t return_count;
	struct pp_slice language; /* of the expression */
	bool is_private;
	const struct pp_element *expression;       /* QueryExpressionText */
	const struct pp_wfs_parameter *parameters; /* name, and the QName of its type */
	size_t parameter_count;
};

struct pp_wfs_request {
	enum pp_wfs_operation operation;
	struct pp_slice document; /* to which every `at` belongs; empty for parameters */
	struct pp_slice service;  /* as it was said */
	struct pp_slice version;  /* as it was said */
	enum pp_wfs_version dialect;
	struct pp_slice handle;
	/* GetCapabilities */
	const struct pp_slice *accept_versions, *sections, *accept_formats;
	size_t accept_version_count, section_count, accept_format_count;
	struct pp_slice update_sequence;
	/* What presents: */
	struct pp_slice output_format;
	struct pp_slice result_type;        /* results or hits */
	struct pp_slice start_index, count; /* numbers as they were said */
	struct pp_slice resolve;
	struct pp_slice value_reference; /* GetPropertyValue */
	/* DescribeFeatureType: local names */
	const struct pp_slice *types;
	size_t type_count;
	/* GetFeature, GetPropertyValue, GetFeatureWithLock, LockFeature */
	const struct pp_wfs_query *queries;
	size_t query_count;
	/* Locks: */
	struct pp_slice lock_id, expiry, lock_action, release_action;
	/* Stored queries: ids to describe or to drop */
	const struct pp_slice *stored_ids;
	size_t stored_id_count;
	const struct pp_wfs_definition *definitions;
	size_t definition_count;
	/* Transaction */
	struct pp_slice srs;
	const struct pp_wfs_action *actions;
	size_t action_count;
};

enum {
	PP_WFS_QUERIES = 16,
	PP_WFS_ACTIONS = 5000,
	PP_WFS_VALUES = 64,       /* of a feature */
	PP_WFS_NAMES = 256,       /* of a list */
	PP_WFS_VERTICES = 200000, /* of a geometry */
	PP_WFS_ID_MOST = 200      /* bytes of the id of a stored query */
};

/* The language in which stored queries are written (09-025r2, table 12). */
#define PP_WFS_LANGUAGE "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"

/*
 * Reads a request document. Refuses with malformed_xml or body_too_large, with malformed_request
 * for elements and attributes that are not as the schema has them, with the problems of pp_fes_read
 * and pp_gml_read within, and with not_implemented; each sentence begins with line and column. What
 * depends on the server (types, properties, CRSs, formats, numbers) is not looked at.
 */
PP_CHECKED bool pp_wfs_read(struct pp_arena *arena, struct pp_slice document,
	struct pp_wfs_request *out, struct pp_fault *fault);

/* The queries of a definition of that request, whose holes are filled. */
PP_CHECKED bool pp_wfs_read_expression(struct pp_arena *arena, const struct pp_wfs_request *request,
	const struct pp_wfs_definition *definition, const struct pp_wfs_query **queries,
	size_t *count, struct pp_fault *fault);

/* A CreateStoredQuery of that definition alone, with all that is bound around it. */
struct pp_slice pp_wfs_definition_alone(struct pp_arena *arena,
	const struct pp_wfs_request *request, const struct pp_wfs_definition *definition);
/*
 * Whether a definition can be kept: id, language, names and types of parameters, and that the
 * expression can be read with a value of the right type in each of its holes. The fault's pointer
 * is the locator (OGC 06-121r3 §8.4).
 */
PP_CHECKED bool pp_wfs_definition_check(struct pp_arena *arena,
	const struct pp_wfs_request *request, const struct pp_wfs_definition *definition,
	struct pp_fault *fault);

/*
 * The queries of a definition of that request, with the values of a StoredQuery in its holes; given
 * == NULL: with values that only their types have. A hole is filled in the tree, after the document
 * was read, so a value is never more than a value: a text, or one element of GML. Refuses with
 * parameter_missing and invalid_parameter, where the pointer is the parameter's name, and like
 * pp_wfs_read_expression.
 */
PP_CHECKED bool pp_wfs_fill(struct pp_arena *arena, const struct pp_wfs_request *request,
	const struct pp_wfs_definition *definition, const struct pp_wfs_query *given,
	const struct pp_wfs_query **queries, size_t *count, struct pp_fault *fault);
