/* SPDX-License-Identifier: EUPL-1.2 */
/* Filters and sorting as parameters have them. */
#include "fes.h"

struct pp_filter *pp_fes_read_document(struct pp_arena *arena, struct pp_slice document,
	struct pp_slice srs, bool east_first, struct pp_fault *fault)
{
	const struct pp_fes_how how = {
		.document = document, .srs = srs, .east_first = east_first
	};
	const struct pp_element *root = pp_element_read(arena, document, fault);

	return root ? pp_fes_read(arena, root, &how, fault) : NULL;
}

/* Made of nothing that was read: it lies at the beginning, and always fits. */
static struct pp_filter *node(struct pp_arena *arena, enum pp_filter_kind kind, size_t count)
{
	struct pp_filter *made = PP_NEW(arena, struct pp_filter);

	made->kind = kind;
	made->count = count;
	made->operands = PP_NEW_ARRAY(arena, struct pp_filter *, count);
	made->depth = 1;
	return made;
}

static struct pp_filter *operation(struct pp_arena *arena, enum pp_filter_op op,
	struct pp_filter *first, struct pp_filter *second)
{
	struct pp_filter *made = node(arena, PP_FILTER_OPERATION, 2);
	struct pp_fault fault;
	size_t operand;

	made->op = op;
	made->text = pp_slice_of(pp_filter_op_row(op)->text);
	made->operands[0] = first;
	made->operands[1] = second;
	/* Too deep a tree is refused where it is settled. */
	(void)!pp_filter_fits(made, &operand, &fault);
	return made;
}

static struct pp_filter *property(struct pp_arena *arena, struct pp_slice name)
{
	struct pp_filter *made = node(arena, PP_FILTER_PROPERTY, 0);

	made->text = name;
	return made;
}

struct pp_filter *pp_fes_box(
	struct pp_arena *arena, const double box[4], struct pp_slice srs, bool east_first)
{
	struct pp_filter *made = node(arena, PP_FILTER_BOX, 4);

	for (size_t i = 0; i < made->count; i++) {
		made->operands[i] = node(arena, PP_FILTER_NUMBER, 0);
		made->operands[i]->number = box[i];
	}
	made->depth = 2;
	made->srs = srs;
	made->east_first = east_first;
	return operation(arena, PP_FILTER_s_intersects, property(arena, PP_S("geometry")), made);
}

struct pp_filter *pp_fes_ids(struct pp_arena *arena, const struct pp_slice *ids, size_t count)
{
	struct pp_filter *list = node(arena, PP_FILTER_LIST_OF, count);

	PP_MUST(count > 0);
	for (size_t i = 0; i < count; i++) {
		list->operands[i] = node(arena, PP_FILTER_RESOURCE, 0);
		list->operands[i]->text = ids[i];
	}
	list->depth = 2;
	return operation(arena, PP_FILTER_in, property(arena, PP_S("id")), list);
}

struct pp_filter *pp_fes_both(struct pp_arena *arena, struct pp_filter *a, struct pp_filter *b)
{
	return !a ? b : !b ? a : operation(arena, PP_FILTER_and, a, b);
}

struct pp_filter *pp_fes_either(struct pp_arena *arena, struct pp_filter *a, struct pp_filter *b)
{
	return a && b ? operation(arena, PP_FILTER_or, a, b) : NULL;
}

bool pp_fes_read_order(struct pp_arena *arena, const struct pp_element *sort_by,
	struct pp_slice document, const struct pp_fes_order **order, size_t *count,
	struct pp_fault *fault)
{
	struct pp_cql2_list list;

	pp_cql2_list_begin(&list, arena, sizeof(struct pp_fes_order));
	for (const struct pp_element *at = sort_by->first; at; at = at->next) {
		const struct pp_element *name = at->first, *sense;
		struct pp_fes_order *one = pp_cql2_list_add(&list);
		struct pp_slice said;

		if (!pp_fes_is(at, "SortProperty") || !name ||
			!(pp_fes_is(name, "ValueReference") || pp_fes_is(name, "PropertyName")) ||
			!(one->name = pp_fes_property(name->text)).len)
			return pp_element_wrong(fault, PP_filter_invalid, document, at->at,
				"a SortProperty with the name of a property is missing here");
		sense = pp_element_child(at, PP_VOCABULARY_FES, "SortOrder");
		said = sense ? pp_element_text(sense) : PP_S("ASC");
		one->descending = pp_slice_is_nocase(said, PP_S("DESC"));
		if (!one->descending && !pp_slice_is_nocase(said, PP_S("ASC")))
			return pp_element_wrong(fault, PP_filter_invalid, document, sense->at,
				"a SortOrder is ASC or DESC");
	}
	*order = list.at;
	*count = list.count;
	return true;
}
