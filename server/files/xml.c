/* SPDX-License-Identifier: EUPL-1.2 */
#include "xml.h"

#include <libxml/xmlreader.h>
#include <limits.h>
#include <stdio.h>

/*
 * The encodings that German planning software writes. All have ASCII in its place, so the check for
 * a DOCTYPE sees what the parser will see: a document in UTF-7 could hide one.
 */
static const char *const encodings[] = {
	"UTF-8",
	"ISO-8859-1",
	"ISO-8859-15",
	"WINDOWS-1252",
	"US-ASCII",
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool skip_blanks(struct pp_slice *s)
{
	while (s->len && is_blank(*s->at)) {
		s->at++;
		s->len--;
	}
	return s->len > 0;
}

/* Behind the next occurrence of the text; false when there is none. */
static bool skip_past(struct pp_slice *s, struct pp_slice text)
{
	const char *found = memmem(s->at, s->len, text.at, text.len);

	if (!found)
		return false;
	found += text.len;
	s->len -= (size_t)(found - s->at);
	s->at = found;
	return true;
}

/* XML 1.0 §2.8: <?xml version="1.0" encoding="…"?>, of which the encoding is of interest. */
static bool check_encoding(struct pp_slice declaration, struct pp_fault *fault)
{
	struct pp_slice name;
	const char *end;
	char quote;

	if (!skip_past(&declaration, PP_S("encoding")))
		return true;
	skip_blanks(&declaration);
	if (declaration.len && *declaration.at == '=')
		declaration = pp_slice(declaration.at + 1, declaration.len - 1);
	skip_blanks(&declaration);
	quote = declaration.len ? *declaration.at : '\0';
	end = declaration.len > 1 ? memchr(declaration.at + 1, quote, declaration.len - 1) : NULL;
	if (!end || (quote != '"' && quote != '\''))
		return pp_fault(fault, PP_file_unreadable, "The XML declaration is damaged.");
	name = pp_slice(declaration.at + 1, (size_t)(end - declaration.at) - 1);
	for (size_t i = 0; i < PP_LENGTH(encodings); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(encodings[i])))
			return true;
	return pp_fault(fault, PP_file_unreadable,
		"XML in the encoding %.*s is not read; save it as UTF-8.",
		(int)(name.len < 40 ? name.len : 40), name.at);
}

static bool is_name_byte(char c)
{
	return !is_blank(c) && c != '>' && c != '/' && c != '<' && c != '\0';
}

/*
 * The element at the root of an XML document, found without a parser; false with a fault when it is
 * no XML, when its encoding is not UTF-8 or one of its 8-bit subsets, or when there is
 * a DOCTYPE.
 */
static bool root_of(struct pp_slice rest, struct pp_slice *name, struct pp_fault *fault)
{
	const struct pp_slice whole = rest;

	if (pp_slice_starts(rest, PP_S("\xff\xfe")) || pp_slice_starts(rest, PP_S("\xfe\xff")) ||
		(rest.len > 1 && (rest.at[0] == '\0' || rest.at[1] == '\0')))
		return pp_fault(fault, PP_file_unreadable,
			"XML in UTF-16 or UTF-32 is not read; save it as UTF-8.");
	if (pp_slice_starts(rest, PP_S("\xef\xbb\xbf")))
		rest = pp_slice(rest.at + 3, rest.len - 3);
	if (pp_slice_starts(rest, PP_S("<?xml"))) {
		if (!skip_past(&rest, PP_S("?>")))
			return pp_fault(
				fault, PP_file_unreadable, "The XML declaration does not end.");
		if (!check_encoding(pp_slice(whole.at, (size_t)(rest.at - whole.at)), fault))
			return false;
	}
	while (skip_blanks(&rest)) {
		bool skipped = true;

		if (pp_slice_starts(rest, PP_S("<!--")))
			skipped = skip_past(&rest, PP_S("-->"));
		else if (pp_slice_starts(rest, PP_S("<?")))
			skipped = skip_past(&rest, PP_S("?>"));
		else if (pp_slice_starts(rest, PP_S("<!")))
			return pp_fault(fault, PP_file_unreadable,
				"The XML document declares a document type (DOCTYPE); no plan "
				"format needs one, remove it.");
		else
			break;
		if (!skipped)
			return pp_fault(
				fault, PP_file_unreadable, "The XML document ends in its head.");
	}
	if (rest.len < 2 || *rest.at != '<' || !is_name_byte(rest.at[1]))
		return pp_fault(fault, PP_file_unreadable, "The file is not an XML document.");
	*name = pp_slice(rest.at + 1, 0);
	while (name->len + 1 < rest.len && is_name_byte(name->at[name->len]))
		name->len++;
	return true;
}

/* The first error names the cause, the ones behind it follow from it. */
static void note_error(void *ctx, xmlErrorPtr error)
{
	struct pp_xml *xml = ctx;
	char message[120];

	if (xml->failed || error->level < XML_ERR_ERROR)
		return;
	xml->failed = true;
	xml->is_broken = true;
	xml->line = error->line;
	xml->column = error->int2;
	snprintf(message, sizeof(message), "%s", error->message ? error->message : "unreadable");
	message[strcspn(message, "\r\n")] = '\0';
	pp_fault(xml->fault, PP_file_unreadable,
		"The XML is not well-formed in line %d, column %d: %s.", error->line, error->int2,
		message);
}

/* No document of ours has an external entity, so none is ever loaded. */
static xmlParserInputPtr refuse_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	(void)url, (void)id, (void)parser;
	return NULL;
}

static void end_reader(void *reader)
{
	xmlFreeTextReader(reader);
}

/* A failure that is not about well-formedness: the document is hostile or not for us. */
static bool refuse(struct pp_xml *xml, const char *what)
{
	if (!xml->failed) {
		xml->failed = true;
		xml->line = pp_xml_line(xml);
		pp_fault(xml->fault, PP_file_unreadable, "%s in line %d.", what, xml->line);
	}
	return false;
}

static struct pp_slice slice_of_xml(const xmlChar *text)
{
	return pp_slice_of((const char *)text);
}

/* Moves to the next node of any kind and says which; 0 at the end or on failure. */
static int move(struct pp_xml *xml)
{
	int type;

	xml->at_start = false;
	if (xml->failed)
		return 0;
	if (xmlTextReaderRead(xml->reader) != 1 || xml->failed)
		return 0;
	type = xmlTextReaderNodeType(xml->reader);
	if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE)
		return refuse(xml, "The XML has a document type or entities of its own");
	if (type != XML_READER_TYPE_ELEMENT)
		return type;
	xml->depth = xmlTextReaderDepth(xml->reader);
	xml->name = slice_of_xml(xmlTextReaderConstLocalName(xml->reader));
	xml->space = slice_of_xml(xmlTextReaderConstNamespaceUri(xml->reader));
	xml->is_empty = xmlTextReaderIsEmptyElement(xml->reader) == 1;
	xml->at_start = true;
	if (xml->depth >= PP_XML_DEPTH_MAX)
		return refuse(xml, "The XML is nested more than 64 deep");
	if (++xml->elements > PP_XML_ELEMENTS_MAX)
		return refuse(xml, "The XML has more than 10 million elements");
	return type;
}

bool pp_xml_open(struct pp_xml *xml, struct pp_arena *arena, struct pp_slice document,
	struct pp_fault *fault)
{
	struct pp_slice root;

	*xml = (struct pp_xml){ .arena = arena, .fault = fault };
	if (!root_of(document, &root, fault))
		return false;
	if (document.len > INT_MAX)
		return pp_fault(fault, PP_file_unreadable, "The XML document is too large.");
	xmlSetExternalEntityLoader(refuse_entity);
	/* Never NOENT, DTDLOAD, DTDATTR, DTDVALID, XINCLUDE, HUGE or RECOVER. */
	xml->reader = xmlReaderForMemory(
		document.at, (int)document.len, NULL, NULL, XML_PARSE_NONET);
	PP_MUST(xml->reader);
	pp_own(arena, end_reader, xml->reader);
	xmlTextReaderSetStructuredErrorHandler(xml->reader, note_error, xml);
	if (pp_xml_next(xml))
		return true;
	if (!xml->failed)
		return pp_fault(fault, PP_file_unreadable, "The XML document is empty.");
	return false;
}

bool pp_xml_next(struct pp_xml *xml)
{
	int type;

	while ((type = move(xml)) != 0)
		if (type == XML_READER_TYPE_ELEMENT)
			return true;
	return false;
}

bool pp_xml_child(struct pp_xml *xml, int depth)
{
	int type;

	if (xml->at_start && xml->depth == depth && xml->is_empty) {
		xml->at_start = false;
		return false;
	}
	while ((type = move(xml)) != 0) {
		if (type == XML_READER_TYPE_ELEMENT && xml->depth == depth + 1)
			return true;
		if (type == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth(xml->reader) == depth)
			return false;
	}
	return false;
}

bool pp_xml_is(const struct pp_xml *xml, const char *name)
{
	return pp_slice_is(xml->name, pp_slice_of(name));
}

static struct pp_slice trim(struct pp_slice s)
{
	skip_blanks(&s);
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

struct pp_slice pp_xml_text(struct pp_xml *xml)
{
	int depth = xml->depth, type;
	struct pp_buf *text;

	if (xml->is_empty)
		return (struct pp_slice){ "", 0 };
	text = pp_buf_make(xml->arena);
	while ((type = move(xml)) != 0) {
		if (type == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth(xml->reader) == depth)
			break;
		if ((type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA) &&
			xmlTextReaderDepth(xml->reader) == depth + 1)
			pp_buf_slice(text, slice_of_xml(xmlTextReaderConstValue(xml->reader)));
		if (text->len > PP_XML_TEXT_MAX) {
			refuse(xml, "A text is longer than 10 million bytes");
			break;
		}
	}
	return trim(pp_buf_all(text));
}

/* The value of an attribute node is a list of texts, because entities could split it. */
static struct pp_slice value_of(struct pp_xml *xml, const xmlAttr *attribute)
{
	struct pp_buf *text;

	if (!attribute || !attribute->children)
		return (struct pp_slice){ "", 0 };
	if (!attribute->children->next)
		return trim(slice_of_xml(attribute->children->content));
	text = pp_buf_make(xml->arena);
	for (const xmlNode *node = attribute->children; node; node = node->next)
		if (node->type == XML_TEXT_NODE)
			pp_buf_slice(text, slice_of_xml(node->content));
	return trim(pp_buf_all(text));
}

static const xmlAttr *find_attribute(const xmlNode *node, const char *space, const char *name)
{
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		struct pp_slice other = attribute->ns ? slice_of_xml(attribute->ns->href)
						      : PP_S("");

		if (pp_slice_is(slice_of_xml(attribute->name), pp_slice_of(name)) &&
			(!space || pp_slice_is(other, pp_slice_of(space))))
			return attribute;
	}
	return NULL;
}

struct pp_slice pp_xml_attribute(struct pp_xml *xml, const char *name)
{
	return pp_xml_attribute_in(xml, NULL, name);
}

struct pp_slice pp_xml_attribute_in(struct pp_xml *xml, const char *space, const char *name)
{
	const xmlNode *node = xmlTextReaderCurrentNode(xml->reader);

	return node ? value_of(xml, find_attribute(node, space, name)) : PP_S("");
}

/* The reader frees what lies behind it, but keeps the way down from the root. */
struct pp_slice pp_xml_inherited(struct pp_xml *xml, const char *name)
{
	const xmlNode *node = xmlTextReaderCurrentNode(xml->reader);

	for (; node && node->type == XML_ELEMENT_NODE; node = node->parent) {
		const xmlAttr *attribute = find_attribute(node, NULL, name);

		if (attribute)
			return value_of(xml, attribute);
	}
	return PP_S("");
}

int pp_xml_line(const struct pp_xml *xml)
{
	return xmlTextReaderGetParserLineNumber(xml->reader);
}
