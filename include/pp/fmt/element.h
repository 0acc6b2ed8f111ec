/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * XML requests as a tree (XML 1.0, Namespaces in XML 1.0), read by Expat: UTF-8, no document type
 * declaration, so no entities but the five of XML itself, bounded in bytes, elements and depth.
 * Whoever reads a tree asks for elements by vocabulary and local name, because clients mix the
 * namespaces of different versions of one standard.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>
#include <pp/fmt/xs.h>

enum {
	PP_ELEMENT_BYTES = 16 << 20, /* of a document */
	PP_ELEMENT_COUNT = 200000,
	PP_ELEMENT_DEPTH = 64
};

/* Whose name it is, in whatever version. */
enum pp_vocabulary {
	PP_VOCABULARY_NONE,  /* without a namespace, which counts as any of the others */
	PP_VOCABULARY_OTHER, /* an application's */
	PP_VOCABULARY_WFS,
	PP_VOCABULARY_FES,
	PP_VOCABULARY_GML,
	PP_VOCABULARY_OWS
};

struct pp_element_attribute {
	struct pp_slice space, name, value;
};

/* A prefix that a start tag binds; an empty one is that of names without. */
struct pp_element_space {
	struct pp_slice prefix, space;
};

struct pp_element {
	struct pp_slice space, name; /* namespace, empty for none, and local name */
	enum pp_vocabulary vocabulary;
	struct pp_slice text; /* its own characters, those between its elements joined */
	const struct pp_element_attribute *attributes;
	size_t attribute_count;
	const struct pp_element_space *spaces;
	size_t space_count;
	struct pp_element *parent, *first, *next;
	size_t at, end; /* its bytes in the document: from the < on, as far as behind the last > */
};

/*
 * The root of a document; everything lies in the arena. NULL and a fault malformed_xml, whose
 * sentence begins with line and column, or body_too_large.
 */
struct pp_element *pp_element_read(
	struct pp_arena *arena, struct pp_slice document, struct pp_fault *fault);

/* Whether it is that name of that vocabulary. */
bool pp_element_is(
	const struct pp_element *element, enum pp_vocabulary vocabulary, const char *name);
/* Its first element of that name, or NULL. */
const struct pp_element *pp_element_child(
	const struct pp_element *of, enum pp_vocabulary vocabulary, const char *name);
/* An attribute by its local name, whatever its namespace; at == NULL: there is none. */
struct pp_slice pp_element_attribute(const struct pp_element *element, const char *name);
/* Without white space at both ends (XML 1.0 §2.3). */
struct pp_slice pp_element_text(const struct pp_element *element);
/* The namespace to which a prefix is bound where the element stands, empty where to none. */
struct pp_slice pp_element_space(const struct pp_element *element, struct pp_slice prefix);
/* Refuses with line and column of that byte of the document; returns false. */
bool pp_element_wrong(struct pp_fault *fault, enum pp_problem problem, struct pp_slice document,
	size_t at, const char *format, ...) PP_PRINTF(5, 6);
