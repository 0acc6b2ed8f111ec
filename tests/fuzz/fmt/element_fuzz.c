/* SPDX-License-Identifier: EUPL-1.2 */
/* XML of requests: every element lies within the one around it, behind the one before. */
#include <pp/fmt/element.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct pp_element *element, unsigned depth)
{
	size_t at = element->at + 1;

	PP_MUST(depth < PP_ELEMENT_DEPTH && element->at < element->end && element->name.len);
	for (const struct pp_element *child = element->first; child; child = child->next) {
		PP_MUST(child->parent == element && child->at >= at && child->end <= element->end);
		at = child->end;
		look(child, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_fault fault = { 0 };
	struct pp_element *root;
	struct pp_arena arena;

	pp_arena_begin(&arena);
	root = pp_element_read(&arena, pp_slice((const char *)data, size), &fault);
	if (root)
		look(root, 0);
	else
		PP_MUST(fault.problem == PP_malformed_xml && fault.detail[0]);
	pp_arena_end(&arena);
	return 0;
}
