/* SPDX-License-Identifier: EUPL-1.2 */
/* Requests of WFS as XML: which operation, its attributes, its lists. */
#include "wfs.h"

#include <stddef.h>

typedef bool reader(struct pp_wfs_reader *r, const struct pp_element *root);
static reader read_capabilities, read_types, read_queries, read_ids, read_nothing;

static const struct {
	const char *name;
	reader *read;
} operations[PP_WFS_OPERATIONS] = {
	[PP_WFS_GET_CAPABILITIES] = { "GetCapabilities", read_capabilities },
	[PP_WFS_DESCRIBE_FEATURE_TYPE] = { "DescribeFeatureType", read_types },
	[PP_WFS_GET_FEATURE] = { "GetFeature", read_queries },
	[PP_WFS_GET_PROPERTY_VALUE] = { "GetPropertyValue", read_queries },
	[PP_WFS_GET_FEATURE_WITH_LOCK] = { "GetFeatureWithLock", read_queries },
	[PP_WFS_LOCK_FEATURE] = { "LockFeature", read_queries },
	[PP_WFS_LIST_STORED_QUERIES] = { "ListStoredQueries", read_nothing },
	[PP_WFS_DESCRIBE_STORED_QUERIES] = { "DescribeStoredQueries", read_ids },
	[PP_WFS_CREATE_STORED_QUERY] = { "CreateStoredQuery", pp_wfs_definitions },
	[PP_WFS_DROP_STORED_QUERY] = { "DropStoredQuery", read_ids },
	[PP_WFS_TRANSACTION] = { "Transaction", pp_wfs_transaction },
};

const char *pp_wfs_operation_name(enum pp_wfs_operation operation)
{
	PP_MUST(operation < PP_WFS_OPERATIONS);
	return operations[operation].name;
}

enum pp_wfs_operation pp_wfs_operation_named(struct pp_slice name)
{
	enum pp_wfs_operation operation = 0;

	while (operation < PP_WFS_OPERATIONS &&
		!pp_slice_is_nocase(name, pp_slice_of(operations[operation].name)))
		operation++;
	return operation;
}

/* Attributes of the root, in the spellings of all versions; nothing depends on which root. */
static const struct {
	const char *name;
	size_t at;
} attributes[] = {
	{ "service", offsetof(struct pp_wfs_request, service) },
	{ "version", offsetof(struct pp_wfs_request, version) },
	{ "handle", offsetof(struct pp_wfs_request, handle) },
	{ "updateSequence", offsetof(struct pp_wfs_request, update_sequence) },
	{ "outputFormat", offsetof(struct pp_wfs_request, output_format) },
	{ "resultType", offsetof(struct pp_wfs_request, result_type) },
	{ "startIndex", offsetof(struct pp_wfs_request, start_index) },
	{ "maxFeatures", offsetof(struct pp_wfs_request, count) },
	{ "count", offsetof(struct pp_wfs_request, count) },
	{ "resolve", offsetof(struct pp_wfs_request, resolve) },
	{ "valueReference", offsetof(struct pp_wfs_request, value_reference) },
	{ "lockId", offsetof(struct pp_wfs_request, lock_id) },
	{ "expiry", offsetof(struct pp_wfs_request, expiry) },
	{ "lockAction", offsetof(struct pp_wfs_request, lock_action) },
	{ "releaseAction", offsetof(struct pp_wfs_request, release_action) },
	{ "srsName", offsetof(struct pp_wfs_request, srs) },
};

bool pp_wfs_wrong(struct pp_wfs_reader *r, const struct pp_element *at, const char *sentence)
{
	return pp_element_wrong(
		r->fault, PP_malformed_request, r->out->document, at->at, "%s", sentence);
}

bool pp_wfs_is(const struct pp_element *element, const char *name)
{
	return pp_element_is(element, PP_VOCABULARY_WFS, name);
}

struct pp_slice pp_wfs_attribute(const struct pp_element *element, const char *name)
{
	struct pp_slice said = pp_element_attribute(element, name);

	return said.at ? pp_xs_trim(said) : said;
}

void *pp_wfs_add(struct pp_wfs_reader *r, const struct pp_element *at, struct pp_cql2_list *list,
	size_t most)
{
	if (list->count < most)
		return pp_cql2_list_add(list);
	pp_element_wrong(r->fault, PP_malformed_request, r->out->document, at->at,
		"more than %zu of these are not read in one request", most);
	return NULL;
}

bool pp_wfs_types(struct pp_wfs_reader *r, const struct pp_element *at, struct pp_slice list,
	struct pp_cql2_list *types)
{
	const struct pp_slice around = PP_S("schema-element(");
	struct pp_slice word;

	while ((word = pp_xs_word(list, &list)).len) {
		struct pp_slice *type = pp_wfs_add(r, at, types, PP_WFS_NAMES);

		if (!type)
			return false;
		/* No type here has others below it, so it stands for itself (09-025r2 §7.9.2.4.2).
		 */
		if (pp_slice_starts(word, around) && pp_slice_ends(word, PP_S(")")))
			word = pp_slice(word.at + around.len, word.len - around.len - 1);
		*type = pp_xs_local(word);
	}
	return true;
}

/* The texts of children of that name. */
static bool read_texts(struct pp_wfs_reader *r, const struct pp_element *of,
	enum pp_vocabulary vocabulary, const char *name, const struct pp_slice **texts,
	size_t *count)
{
	struct pp_cql2_list list;

	pp_cql2_list_begin(&list, r->arena, sizeof(struct pp_slice));
	for (const struct pp_element *at = of ? of->first : NULL; at; at = at->next) {
		struct pp_slice *text;

		if (!pp_element_is(at, vocabulary, name))
			continue;
		text = pp_wfs_add(r, at, &list, PP_WFS_NAMES);
		if (!text)
			return false;
		*text = pp_element_text(at);
	}
	*texts = list.at;
	*count = list.count;
	return true;
}

static bool read_ows(struct pp_wfs_reader *r, const struct pp_element *root, const char *around,
	const char *name, const struct pp_slice **texts, size_t *count)
{
	return read_texts(r, pp_element_child(root, PP_VOCABULARY_OWS, around), PP_VOCABULARY_OWS,
		name, texts, count);
}

static bool read_capabilities(struct pp_wfs_reader *r, const struct pp_element *root)
{
	struct pp_wfs_request *out = r->out;

	return read_ows(r, root, "AcceptVersions", "Version", &out->accept_versions,
		       &out->accept_version_count) &&
		read_ows(r, root, "Sections", "Section", &out->sections, &out->section_count) &&
		read_ows(r, root, "AcceptFormats", "OutputFormat", &out->accept_formats,
			&out->accept_format_count);
}

static bool read_types(struct pp_wfs_reader *r, const struct pp_element *root)
{
	struct pp_cql2_list types;

	pp_cql2_list_begin(&types, r->arena, sizeof(struct pp_slice));
	for (const struct pp_element *at = root->first; at; at = at->next) {
		if (!pp_wfs_is(at, "TypeName"))
			return pp_wfs_wrong(r, at, "a TypeName is missing here");
		if (!pp_wfs_types(r, at, at->text, &types))
			return false;
	}
	r->out->types = types.at;
	r->out->type_count = types.count;
	return true;
}

static bool read_queries(struct pp_wfs_reader *r, const struct pp_element *root)
{
	struct pp_cql2_list queries;

	pp_cql2_list_begin(&queries, r->arena, sizeof(struct pp_wfs_query));
	for (const struct pp_element *at = root->first; at; at = at->next) {
		struct pp_wfs_query *query = pp_wfs_add(r, at, &queries, PP_WFS_QUERIES);

		if (!query || !pp_wfs_query(r, at, query))
			return false;
	}
	r->out->queries = queries.at;
	r->out->query_count = queries.count;
	/* A lock alone is made longer (09-025r2 §12.2.4.5). */
	return queries.count || r->out->lock_id.len ||
		pp_wfs_wrong(r, root, "a Query or a StoredQuery is missing here");
}

/* StoredQueryId as elements, or the id of what is to be dropped. */
static bool read_ids(struct pp_wfs_reader *r, const struct pp_element *root)
{
	struct pp_slice *id = PP_NEW(r->arena, struct pp_slice);

	*id = pp_wfs_attribute(root, "id");
	r->out->stored_ids = id;
	r->out->stored_id_count = 1;
	if (id->len)
		return true;
	return read_texts(r, root, PP_VOCABULARY_WFS, "StoredQueryId", &r->out->stored_ids,
		&r->out->stored_id_count);
}

static bool read_nothing(struct pp_wfs_reader *r, const struct pp_element *root)
{
	return !root->first || pp_wfs_wrong(r, root->first, "this request has nothing in it");
}

static enum pp_wfs_version dialect_of(const struct pp_element *root, struct pp_slice version)
{
	bool is_old = pp_slice_is(root->space, PP_S("http://www.opengis.net/wfs"));

	if (pp_slice_starts(version, PP_S("1.0")) && (is_old || !root->space.len))
		return PP_WFS_1_0;
	return is_old || (!root->space.len && pp_slice_starts(version, PP_S("1."))) ? PP_WFS_1_1
										    : PP_WFS_2_0;
}

bool pp_wfs_read(struct pp_arena *arena, struct pp_slice document, struct pp_wfs_request *out,
	struct pp_fault *fault)
{
	struct pp_wfs_reader r = { .arena = arena, .fault = fault, .out = out };
	const struct pp_element *root = pp_element_read(arena, document, fault);

	*out = (struct pp_wfs_request){ .document = document, .dialect = PP_WFS_2_0 };
	if (!root)
		return false;
	for (size_t i = 0; i < PP_LENGTH(attributes); i++) {
		struct pp_slice said = pp_wfs_attribute(root, attributes[i].name);

		if (said.at)
			memcpy((char *)out + attributes[i].at, &said, sizeof(said));
	}
	out->dialect = dialect_of(root, out->version);
	for (out->operation = 0; out->operation < PP_WFS_OPERATIONS; out->operation++)
		if (pp_wfs_is(root, operations[out->operation].name))
			break;
	if (out->operation == PP_WFS_OPERATIONS)
		return pp_wfs_wrong(&r, root, "this is no request of WFS that is known here");
	return operations[out->operation].read(&r, root);
}
