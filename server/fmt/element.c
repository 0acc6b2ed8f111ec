/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/element.h>

#include <expat.h>
#include <stdarg.h>
#include <stdio.h>

#include <pp/fmt/filter.h>

#include "cql2.h"

/* Between namespace and local name as Expat hands them over: no character of XML. */
#define BETWEEN '\f'

enum { SPACES = 64 };

struct reader {
	struct pp_arena *arena;
	struct pp_slice document;
	struct pp_fault *fault;
	XML_Parser parser;
	struct pp_element *root, *open;
	struct pp_element *last[PP_ELEMENT_DEPTH]; /* child of the open one at that depth */
	struct pp_buf *text[PP_ELEMENT_DEPTH];     /* of the open one at that depth */
	struct pp_slice spaces[SPACES];            /* seen so far: many elements share one */
	size_t space_count, count, depth;
	struct pp_cql2_list bound; /* by the start tag that comes */
	bool has_failed;
};

static const struct {
	const char *space;
	enum pp_vocabulary vocabulary;
} vocabularies[] = {
	{ "http://www.opengis.net/wfs/2.0", PP_VOCABULARY_WFS },
	{ "http://www.opengis.net/wfs", PP_VOCABULARY_WFS },
	{ "http://www.opengis.net/fes/2.0", PP_VOCABULARY_FES },
	{ "http://www.opengis.net/ogc", PP_VOCABULARY_FES },
	{ "http://www.opengis.net/gml/3.2", PP_VOCABULARY_GML },
	{ "http://www.opengis.net/gml", PP_VOCABULARY_GML },
	{ "http://www.opengis.net/ows/1.1", PP_VOCABULARY_OWS },
	{ "http://www.opengis.net/ows", PP_VOCABULARY_OWS },
};

static enum pp_vocabulary vocabulary_of(struct pp_slice space)
{
	for (size_t i = 0; i < PP_LENGTH(vocabularies); i++)
		if (pp_slice_is(space, pp_slice_of(vocabularies[i].space)))
			return vocabularies[i].vocabulary;
	return space.len ? PP_VOCABULARY_OTHER : PP_VOCABULARY_NONE;
}

bool pp_element_wrong(struct pp_fault *fault, enum pp_problem problem, struct pp_slice document,
	size_t at, const char *format, ...)
{
	char sentence[sizeof(fault->detail)];
	unsigned line, column;
	va_list list;

	va_start(list, format);
	vsnprintf(sentence, sizeof(sentence), format, list);
	va_end(list);
	pp_filter_place(document, at < document.len ? at : document.len, &line, &column);
	return pp_fault(fault, problem, "line %u, column %u: %s", line, column, sentence);
}

static void stop(struct reader *r, const char *sentence)
{
	if (r->has_failed)
		return;
	r->has_failed = true;
	pp_element_wrong(r->fault, PP_malformed_xml, r->document,
		(size_t)XML_GetCurrentByteIndex(r->parser), "%s", sentence);
	XML_StopParser(r->parser, XML_FALSE);
}

static struct pp_slice share_space(struct reader *r, struct pp_slice space)
{
	for (size_t i = 0; i < r->space_count; i++)
		if (pp_slice_is(r->spaces[i], space))
			return r->spaces[i];
	space = pp_copy(r->arena, space);
	if (r->space_count < SPACES)
		r->spaces[r->space_count++] = space;
	return space;
}

static void read_name(
	struct reader *r, const char *name, struct pp_slice *space, struct pp_slice *local)
{
	struct pp_slice before = pp_slice_cut(pp_slice_of(name), BETWEEN, local);

	if (local->len) {
		*space = share_space(r, before);
	} else {
		*local = before;
		*space = PP_S("");
	}
	*local = pp_copy(r->arena, *local);
}

static void read_attributes(struct reader *r, struct pp_element *element, const char **pairs)
{
	struct pp_element_attribute *attributes;

	while (pairs[2 * element->attribute_count])
		element->attribute_count++;
	attributes = PP_NEW_ARRAY(r->arena, struct pp_element_attribute, element->attribute_count);
	for (size_t i = 0; i < element->attribute_count; i++) {
		read_name(r, pairs[2 * i], &attributes[i].space, &attributes[i].name);
		attributes[i].value = pp_copy(r->arena, pp_slice_of(pairs[2 * i + 1]));
	}
	element->attributes = attributes;
}

static struct pp_slice copy_of(struct reader *r, const char *text)
{
	return text ? pp_copy(r->arena, pp_slice_of(text)) : PP_S("");
}

/* Expat tells of them before the element. */
static void XMLCALL bind(void *data, const char *prefix, const char *space)
{
	struct reader *r = data;
	struct pp_element_space *bound = pp_cql2_list_add(&r->bound);

	bound->prefix = copy_of(r, prefix);
	bound->space = copy_of(r, space);
}

static void XMLCALL begin(void *data, const char *name, const char **attributes)
{
	struct reader *r = data;
	struct pp_element *element;

	if (r->depth == PP_ELEMENT_DEPTH) {
		stop(r, "elements are nested too deep");
		return;
	}
	if (++r->count > PP_ELEMENT_COUNT) {
		stop(r, "the document has too many elements");
		return;
	}
	element = PP_NEW(r->arena, struct pp_element);
	read_name(r, name, &element->space, &element->name);
	element->vocabulary = vocabulary_of(element->space);
	read_attributes(r, element, attributes);
	element->spaces = r->bound.at;
	element->space_count = r->bound.count;
	pp_cql2_list_begin(&r->bound, r->arena, sizeof(struct pp_element_space));
	element->at = (size_t)XML_GetCurrentByteIndex(r->parser);
	element->parent = r->open;
	if (!r->open)
		r->root = element;
	else if (r->last[r->depth - 1])
		r->last[r->depth - 1]->next = element;
	else
		r->open->first = element;
	if (r->depth)
		r->last[r->depth - 1] = element;
	if (!r->text[r->depth])
		r->text[r->depth] = pp_buf_make(r->arena);
	pp_buf_clear(r->text[r->depth]);
	r->last[r->depth++] = NULL;
	r->open = element;
}

static void XMLCALL end(void *data, const char *name)
{
	struct reader *r = data;

	(void)name;
	r->depth--;
	r->open->text = pp_copy(r->arena, pp_buf_all(r->text[r->depth]));
	r->open->end = (size_t)XML_GetCurrentByteIndex(r->parser) +
		(size_t)XML_GetCurrentByteCount(r->parser);
	r->open = r->open->parent;
}

static void XMLCALL characters(void *data, const char *at, int len)
{
	struct reader *r = data;

	pp_buf_add(r->text[r->depth - 1], at, (size_t)len);
}

/* Where there is none, nothing can be declared that grows (entities) or is fetched. */
static void XMLCALL doctype(
	void *data, const char *name, const char *system, const char *public, int has_subset)
{
	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	stop(data, "a document type declaration is not read here");
}

static bool is_ascii(struct pp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] >= 0x80)
			return false;
	return true;
}

/* Old clients declare ISO-8859-1 and send nothing that differs. */
static void XMLCALL declaration(
	void *data, const char *version, const char *encoding, int is_standalone)
{
	struct reader *r = data;

	(void)version;
	(void)is_standalone;
	if (encoding && !pp_slice_is_nocase(pp_slice_of(encoding), PP_S("utf-8")) &&
		!is_ascii(r->document))
		stop(r, "XML is read in UTF-8 only");
}

static bool parse(struct reader *r)
{
	if (XML_Parse(r->parser, r->document.at, (int)r->document.len, XML_TRUE) == XML_STATUS_OK &&
		!r->has_failed)
		return true;
	if (!r->has_failed)
		pp_element_wrong(r->fault, PP_malformed_xml, r->document,
			(size_t)XML_GetCurrentByteIndex(r->parser),
			"this is no well-formed XML: %s",
			XML_ErrorString(XML_GetErrorCode(r->parser)));
	return false;
}

struct pp_element *pp_element_read(
	struct pp_arena *arena, struct pp_slice document, struct pp_fault *fault)
{
	struct reader r = { .arena = arena, .document = document, .fault = fault };
	bool good;

	if (document.len > PP_ELEMENT_BYTES) {
		pp_fault(fault, PP_body_too_large, "an XML document has %d bytes at most",
			PP_ELEMENT_BYTES);
		return NULL;
	}
	if (!pp_slice_is_utf8(document)) {
		pp_element_wrong(fault, PP_malformed_xml, document, 0, "XML is read in UTF-8 only");
		return NULL;
	}
	r.parser = XML_ParserCreateNS("UTF-8", BETWEEN);
	PP_MUST(r.parser);
	XML_SetUserData(r.parser, &r);
	pp_cql2_list_begin(&r.bound, arena, sizeof(struct pp_element_space));
	XML_SetStartNamespaceDeclHandler(r.parser, bind);
	XML_SetElementHandler(r.parser, begin, end);
	XML_SetCharacterDataHandler(r.parser, characters);
	XML_SetStartDoctypeDeclHandler(r.parser, doctype);
	XML_SetXmlDeclHandler(r.parser, declaration);
	good = parse(&r);
	XML_ParserFree(r.parser);
	return good ? r.root : NULL;
}

bool pp_element_is(
	const struct pp_element *element, enum pp_vocabulary vocabulary, const char *name)
{
	return (element->vocabulary == vocabulary || element->vocabulary == PP_VOCABULARY_NONE) &&
		pp_slice_is(element->name, pp_slice_of(name));
}

const struct pp_element *pp_element_child(
	const struct pp_element *of, enum pp_vocabulary vocabulary, const char *name)
{
	for (const struct pp_element *child = of->first; child; child = child->next)
		if (pp_element_is(child, vocabulary, name))
			return child;
	return NULL;
}

struct pp_slice pp_element_attribute(const struct pp_element *element, const char *name)
{
	for (size_t i = 0; i < element->attribute_count; i++)
		if (pp_slice_is(element->attributes[i].name, pp_slice_of(name)))
			return element->attributes[i].value;
	return (struct pp_slice){ 0 };
}

struct pp_slice pp_element_text(const struct pp_element *element)
{
	return pp_xs_trim(element->text);
}

struct pp_slice pp_element_space(const struct pp_element *element, struct pp_slice prefix)
{
	for (; element; element = element->parent)
		for (size_t i = 0; i < element->space_count; i++)
			if (pp_slice_is(element->spaces[i].prefix, prefix))
				return element->spaces[i].space;
	return PP_S("");
}
