/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * XML of strangers, read forwards once. No document type declaration, no entity but the five of
 * XML itself, no network, no file; depth, elements and lengths are bounded. A reader stands on the
 * start of an element; pp_xml_child moves to the next element directly inside it and passes over
 * whatever is deeper.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

enum {
	PP_XML_DEPTH_MAX = 64,
	PP_XML_TEXT_MAX = 10000000, /* bytes: 200,000 positions of a list; libxml2's own limit */
	PP_XML_ELEMENTS_MAX = 10000000,
};

struct pp_xml {
	struct pp_arena *arena;
	struct pp_slice name;  /* of the element, without prefix; until the next move */
	struct pp_slice space; /* its namespace, empty without */
	int depth;             /* of the element, the root has 0 */
	struct pp_fault *fault;
	bool failed;      /* sticky, with the fault set; every move then says "no more" */
	bool is_broken;   /* the failure is that the text is not well-formed, not that it is hostile
			   */
	int line, column; /* of a failure */
	/* private */
	void *reader;
	bool is_empty;
	bool at_start; /* on the start of an element whose inside is unread */
	uint32_t elements;
};

/* Stands on the root. The document must stay; ends with the arena. */
PP_CHECKED bool pp_xml_open(struct pp_xml *xml, struct pp_arena *arena, struct pp_slice document,
	struct pp_fault *fault);

/* The next element in document order, wherever it is. */
bool pp_xml_next(struct pp_xml *xml);
/* The next element directly inside the one at that depth; false at its end. */
bool pp_xml_child(struct pp_xml *xml, int depth);
bool pp_xml_is(const struct pp_xml *xml, const char *name);
/* All text directly inside the element, trimmed, in the arena; leaves the element. */
struct pp_slice pp_xml_text(struct pp_xml *xml);
/*
 * Attributes of the element, good until the next move: by local name in any namespace (srsName,
 * gml:id), in one namespace, or the one on the element or its nearest ancestor. Empty without.
 */
struct pp_slice pp_xml_attribute(struct pp_xml *xml, const char *name);
struct pp_slice pp_xml_attribute_in(struct pp_xml *xml, const char *space, const char *name);
struct pp_slice pp_xml_inherited(struct pp_xml *xml, const char *name);
/* The line of the file that is being read. */
int pp_xml_line(const struct pp_xml *xml);
