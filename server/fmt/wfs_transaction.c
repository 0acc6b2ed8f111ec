/* SPDX-License-Identifier: EUPL-1.2 */
/* Transactions of WFS: what is to be inserted, changed, replaced and deleted. */
#include "wfs.h"

#include <pp/fmt/gml.h>
#include <pp/fmt/wkb.h>

struct transaction {
	struct pp_wfs_reader *r;
	struct pp_cql2_list actions;
	unsigned element;
};

typedef bool reader(
	struct transaction *t, const struct pp_element *element, struct pp_wfs_action *action);
static reader read_update, read_delete, read_replace, read_native;

static bool read_insert(struct transaction *t, const struct pp_element *element);

static const struct {
	const char *name;
	enum pp_wfs_action_kind kind;
	reader *read; /* NULL: as many actions as there are features in it */
} rows[] = {
	{ "Insert", PP_WFS_INSERT, NULL },
	{ "Update", PP_WFS_UPDATE, read_update },
	{ "Replace", PP_WFS_REPLACE, read_replace },
	{ "Delete", PP_WFS_DELETE, read_delete },
	{ "Native", PP_WFS_NATIVE, read_native },
};

/* Around features: 1.0 to 2.0, and collections as some clients send them. */
static const struct {
	enum pp_vocabulary vocabulary;
	const char *name;
} wrappers[] = {
	{ PP_VOCABULARY_WFS, "FeatureCollection" },
	{ PP_VOCABULARY_WFS, "member" },
	{ PP_VOCABULARY_GML, "FeatureCollection" },
	{ PP_VOCABULARY_GML, "featureMember" },
	{ PP_VOCABULARY_GML, "featureMembers" },
};

/* What GML says of features by itself, and nobody stores. */
static bool is_said_by_gml(const struct pp_element *element)
{
	static const char *const names[] = { "boundedBy", "metaDataProperty", "identifier",
		"location" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (element->vocabulary == PP_VOCABULARY_GML &&
			pp_slice_is(element->name, pp_slice_of(names[i])))
			return true;
	return false;
}

static bool read_geometry(struct transaction *t, const struct pp_element *element,
	struct pp_slice srs, struct pp_wfs_value *value)
{
	const struct pp_gml_how how = { .document = t->r->out->document,
		.srs = srs,
		.east_first = t->r->out->dialect == PP_WFS_1_0,
		.vertices_max = PP_WFS_VERTICES };
	struct pp_buf *wkb = pp_buf_make(t->r->arena);
	struct pp_fault why = { 0 };
	struct pp_wkb_facts facts;
	struct pp_gml gml;

	if (!pp_gml_read(t->r->arena, element, &how, &gml, t->r->fault))
		return false;
	pp_filter_shape_wkb(wkb, gml.shape);
	value->is_geometry = true;
	value->wkb = pp_buf_all(wkb);
	value->srs = gml.srs;
	value->east_first = gml.east_first;
	value->dropped_z = gml.dropped_z;
	return pp_wkb_check(value->wkb, PP_WFS_VERTICES, &facts, &why) ||
		pp_element_wrong(
			t->r->fault, why.problem, how.document, element->at, "%s", why.detail);
}

/* A text, a geometry, or nothing where it says so (xsi:nil). */
static bool read_value(struct transaction *t, const struct pp_element *element, struct pp_slice srs,
	struct pp_wfs_value *value)
{
	bool is_nil = false;

	if (pp_xs_boolean(pp_wfs_attribute(element, "nil"), &is_nil) && is_nil)
		return true;
	if (element->first && pp_gml_is_geometry(element->first))
		return read_geometry(t, element->first, srs, value);
	if (element->first)
		return pp_element_wrong(t->r->fault, PP_invalid_body, t->r->out->document,
			element->first->at, "the value of a property is a text or a geometry");
	value->text = element->text;
	return true;
}

/* The srsName of the element, or else of the transaction. */
static struct pp_slice srs_of(const struct transaction *t, const struct pp_wfs_action *action)
{
	return action->srs.len ? action->srs : t->r->out->srs;
}

static bool read_feature(
	struct transaction *t, const struct pp_element *feature, struct pp_wfs_action *action)
{
	struct pp_cql2_list values;

	pp_cql2_list_begin(&values, t->r->arena, sizeof(struct pp_wfs_value));
	if (feature->vocabulary != PP_VOCABULARY_OTHER && feature->vocabulary != PP_VOCABULARY_NONE)
		return pp_wfs_wrong(t->r, feature, "a feature is missing here");
	action->type = feature->name;
	action->id = pp_wfs_attribute(feature, "id");
	if (!action->id.at)
		action->id = pp_wfs_attribute(feature, "fid");
	for (const struct pp_element *at = feature->first; at; at = at->next) {
		struct pp_wfs_value *value;

		if (is_said_by_gml(at))
			continue;
		value = pp_wfs_add(t->r, at, &values, PP_WFS_VALUES);
		if (!value)
			return false;
		value->at = at->at;
		value->name = at->vocabulary == PP_VOCABULARY_GML
			? pp_format(t->r->arena, "gml:%.*s", PP_SHOW(at->name))
			: at->name;
		if (!read_value(t, at, srs_of(t, action), value))
			return false;
	}
	action->values = values.at;
	action->value_count = values.count;
	return true;
}

static struct pp_wfs_action *add_action(
	struct transaction *t, const struct pp_element *element, enum pp_wfs_action_kind kind)
{
	struct pp_wfs_action *action = pp_wfs_add(t->r, element, &t->actions, PP_WFS_ACTIONS);

	if (!action)
		return NULL;
	action->kind = kind;
	action->at = element->at;
	action->element = t->element;
	action->handle = pp_wfs_attribute(element, "handle");
	action->srs = pp_wfs_attribute(element, "srsName");
	action->input_format = pp_wfs_attribute(element, "inputFormat");
	action->idgen = pp_wfs_attribute(element, "idgen");
	return action;
}

static bool is_wrapper(const struct pp_element *element)
{
	for (size_t i = 0; i < PP_LENGTH(wrappers); i++)
		if (element->vocabulary == wrappers[i].vocabulary &&
			pp_slice_is(element->name, pp_slice_of(wrappers[i].name)))
			return true;
	return false;
}

/* Depth is that of the document, which is bounded. */
static bool read_features(
	struct transaction *t, const struct pp_element *insert, const struct pp_element *around)
{
	for (const struct pp_element *at = around->first; at; at = at->next) {
		struct pp_wfs_action *action;

		if (around != insert && is_said_by_gml(at))
			continue;
		if (is_wrapper(at)) {
			if (!read_features(t, insert, at))
				return false;
			continue;
		}
		action = add_action(t, insert, PP_WFS_INSERT);
		if (!action)
			return false;
		action->at = at->at;
		if (!read_feature(t, at, action))
			return false;
	}
	return true;
}

static bool read_insert(struct transaction *t, const struct pp_element *element)
{
	size_t before = t->actions.count;

	return read_features(t, element, element) &&
		(t->actions.count > before ||
			pp_wfs_wrong(t->r, element, "a feature is missing here"));
}

/* 09-025r2 §15.2.5.2.1: action says what becomes of the value; there is one of each property. */
static bool read_update_action(struct transaction *t, const struct pp_element *name, bool *removes)
{
	struct pp_slice action = pp_wfs_attribute(name, "action");

	*removes = pp_slice_is(action, PP_S("remove"));
	if (!action.len || *removes || pp_slice_is(action, PP_S("replace")))
		return true;
	return pp_element_wrong(t->r->fault, PP_not_implemented, t->r->out->document, name->at,
		"every property has one value here: replace it or remove it");
}

static bool read_property(struct transaction *t, const struct pp_element *property,
	struct pp_slice srs, struct pp_wfs_value *into)
{
	const struct pp_element *name = pp_element_child(
		property, PP_VOCABULARY_WFS, "ValueReference");
	const struct pp_element *value = pp_element_child(property, PP_VOCABULARY_WFS, "Value");
	bool removes;

	if (!name)
		name = pp_element_child(property, PP_VOCABULARY_WFS, "Name");
	into->at = property->at;
	into->name = name ? pp_fes_property(name->text) : PP_S("");
	if (!into->name.len)
		return pp_wfs_wrong(t->r, property, "the name of a property is missing here");
	if (!read_update_action(t, name, &removes))
		return false;
	return removes || !value || read_value(t, value, srs, into);
}

/* typeName, and which features; `name` is the element that stands between, if any. */
static bool read_target(
	struct transaction *t, const struct pp_element *element, struct pp_wfs_action *action)
{
	action->type = pp_xs_local(pp_wfs_attribute(element, "typeName"));
	if (!action->type.len)
		return pp_wfs_wrong(t->r, element, "a typeName is missing here");
	return pp_wfs_filter(t->r, element, &action->filter);
}

static bool read_update(
	struct transaction *t, const struct pp_element *element, struct pp_wfs_action *action)
{
	struct pp_cql2_list values;

	pp_cql2_list_begin(&values, t->r->arena, sizeof(struct pp_wfs_value));
	if (!read_target(t, element, action))
		return false;
	for (const struct pp_element *at = element->first; at; at = at->next) {
		struct pp_wfs_value *value;

		if (!pp_wfs_is(at, "Property"))
			continue;
		value = pp_wfs_add(t->r, at, &values, PP_WFS_VALUES);
		if (!value || !read_property(t, at, srs_of(t, action), value))
			return false;
	}
	action->values = values.at;
	action->value_count = values.count;
	return values.count || pp_wfs_wrong(t->r, element, "a Property is missing here");
}

/* 09-025r2 §15.2.7.2: nobody deletes all by forgetting to say which. */
static bool read_delete(
	struct transaction *t, const struct pp_element *element, struct pp_wfs_action *action)
{
	return read_target(t, element, action) &&
		(action->filter || pp_wfs_wrong(t->r, element, "a Filter is missing here"));
}

static bool read_replace(
	struct transaction *t, const struct pp_element *element, struct pp_wfs_action *action)
{
	const struct pp_element *feature = element->first;

	if (feature && is_wrapper(feature))
		feature = feature->first;
	if (!feature)
		return pp_wfs_wrong(t->r, element, "a feature is missing here");
	if (!read_feature(t, feature, action) || !pp_wfs_filter(t->r, element, &action->filter))
		return false;
	return action->filter || pp_wfs_wrong(t->r, element, "a Filter is missing here");
}

static bool read_native(
	struct transaction *t, const struct pp_element *element, struct pp_wfs_action *action)
{
	return pp_xs_boolean(pp_wfs_attribute(element, "safeToIgnore"), &action->safe_to_ignore) ||
		pp_wfs_wrong(t->r, element, "safeToIgnore is true or false");
}

static bool read_element(struct transaction *t, const struct pp_element *element)
{
	struct pp_wfs_action *action;

	/* Of 1.0 and 1.1 */
	if (pp_wfs_is(element, "LockId")) {
		t->r->out->lock_id = pp_element_text(element);
		return true;
	}
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		if (!pp_wfs_is(element, rows[i].name))
			continue;
		t->element++;
		if (!rows[i].read)
			return read_insert(t, element);
		action = add_action(t, element, rows[i].kind);
		return action && rows[i].read(t, element, action);
	}
	return pp_wfs_wrong(t->r, element, "a transaction has Insert, Update, Replace and Delete");
}

bool pp_wfs_transaction(struct pp_wfs_reader *r, const struct pp_element *root)
{
	struct transaction t = { .r = r, .element = (unsigned)-1 };

	pp_cql2_list_begin(&t.actions, r->arena, sizeof(struct pp_wfs_action));
	for (const struct pp_element *at = root->first; at; at = at->next)
		if (!read_element(&t, at))
			return false;
	r->out->actions = t.actions.at;
	r->out->action_count = t.actions.count;
	return true;
}
