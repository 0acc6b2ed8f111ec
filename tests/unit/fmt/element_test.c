/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include <pp/fmt/element.h>

#define WFS2 "http://www.opengis.net/wfs/2.0"
#define GML3 "http://www.opengis.net/gml"

static struct pp_element *must_read(struct pp_arena *arena, const char *text)
{
	struct pp_fault fault = { 0 };
	struct pp_element *root = pp_element_read(arena, pp_slice_of(text), &fault);

	if (!root)
		print_error("%s: %s\n", text, fault.detail);
	assert_non_null(root);
	return root;
}

static void test_tree(void **state)
{
	static const char text[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
				   "<w:Query xmlns:w=\"" WFS2 "\" a=\"1 &amp; 2\">\n <!-- -->x"
				   "<g:pos xmlns:g=\"" GML3
				   "\" g:id=\"p\">1\n2</g:pos>y<![CDATA[<]]>"
				   "<w:pos/></w:Query>";
	struct pp_arena arena;
	struct pp_element *root;
	const struct pp_element *pos;

	(void)state;
	pp_arena_begin(&arena);
	root = must_read(&arena, text);
	assert_true(pp_element_is(root, PP_VOCABULARY_WFS, "Query"));
	assert_false(pp_element_is(root, PP_VOCABULARY_GML, "Query"));
	assert_true(pp_slice_is(pp_element_attribute(root, "a"), PP_S("1 & 2")));
	assert_null(pp_element_attribute(root, "b").at);
	assert_true(pp_slice_is(pp_element_text(root), PP_S("xy<")));
	pos = pp_element_child(root, PP_VOCABULARY_GML, "pos");
	assert_ptr_equal(pos, root->first);
	assert_ptr_equal(pos->parent, root);
	assert_true(pp_slice_is(pp_element_attribute(pos, "id"), PP_S("p")));
	assert_true(pp_slice_is(pos->text, PP_S("1\n2")));
	assert_ptr_equal(pos->next, pp_element_child(root, PP_VOCABULARY_WFS, "pos"));
	assert_null(pos->next->next);
	/* Where each lies in the document, elements without content as well. */
	assert_int_equal(text[pos->at], '<');
	assert_memory_equal(text + pos->end - 8, "</g:pos>", 8);
	assert_memory_equal(text + pos->next->at, "<w:pos/>", 8);
	assert_int_equal(pos->next->end - pos->next->at, 8);
	assert_int_equal(root->end, sizeof(text) - 1);
	pp_arena_end(&arena);
}

/* Without a namespace a name counts as whatever is asked for. */
static void test_vocabularies(void **state)
{
	static const struct {
		const char *space;
		enum pp_vocabulary vocabulary;
	} rows[] = {
		{ "", PP_VOCABULARY_NONE },
		{ "urn:x", PP_VOCABULARY_OTHER },
		{ WFS2, PP_VOCABULARY_WFS },
		{ "http://www.opengis.net/wfs", PP_VOCABULARY_WFS },
		{ "http://www.opengis.net/fes/2.0", PP_VOCABULARY_FES },
		{ "http://www.opengis.net/ogc", PP_VOCABULARY_FES },
		{ "http://www.opengis.net/gml/3.2", PP_VOCABULARY_GML },
		{ GML3, PP_VOCABULARY_GML },
		{ "http://www.opengis.net/ows/1.1", PP_VOCABULARY_OWS },
		{ "http://www.opengis.net/ows", PP_VOCABULARY_OWS },
	};
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_element *root = must_read(
			&arena, pp_format(&arena, "<a xmlns=\"%s\"/>", rows[i].space).at);

		assert_int_equal(root->vocabulary, rows[i].vocabulary);
		for (unsigned v = PP_VOCABULARY_WFS; v <= PP_VOCABULARY_OWS; v++)
			assert_int_equal(pp_element_is(root, v, "a"),
				v == rows[i].vocabulary ||
					rows[i].vocabulary == PP_VOCABULARY_NONE);
	}
	pp_arena_end(&arena);
}

static const struct {
	const char *text, *place, *says;
} refused[] = {
	{ "", "line 1, column 1", "no element found" },
	{ "<a>\n <b></a>", "line 2, column 7", "mismatched tag" },
	{ "<a><b/>", "line 1, column 8", "no element found" },
	{ "<x:a/>", "line 1, column 1", "unbound prefix" },
	{ "<a>&nbsp;</a>", "line 1, column 4", "undefined entity" },
	{ "<a>\xe4</a>", "line 1, column 1", "UTF-8" },
	{ "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>ä</a>", "line 1, column 1", "UTF-8" },
	/* Entities that double, and those of a file. */
	{ "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>", "line 1, column 1",
		"document type" },
	{ "<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "line 2",
		"document type" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < PP_LENGTH(refused); i++) {
		struct pp_fault fault = { 0 };
		struct pp_arena arena;

		pp_arena_begin(&arena);
		assert_null(pp_element_read(&arena, pp_slice_of(refused[i].text), &fault));
		assert_int_equal(fault.problem, PP_malformed_xml);
		if (!strstr(fault.detail, refused[i].place) ||
			!strstr(fault.detail, refused[i].says))
			fail_msg("%s: %s", refused[i].text, fault.detail);
		pp_arena_end(&arena);
	}
}

static struct pp_slice repeated(struct pp_arena *arena, const char *each, size_t times)
{
	struct pp_buf *out = pp_buf_make(arena);

	for (size_t i = 0; i < times; i++)
		pp_buf_text(out, each);
	return pp_buf_all(out);
}

/* As deep and as many as the limits say, and not one more. */
static void test_bombs(void **state)
{
	(void)state;
	for (unsigned over = 0; over < 2; over++) {
		struct pp_fault fault = { 0 };
		struct pp_arena arena;
		struct pp_slice opened, closed, many;

		pp_arena_begin(&arena);
		opened = repeated(&arena, "<a>", PP_ELEMENT_DEPTH + over);
		closed = repeated(&arena, "</a>", PP_ELEMENT_DEPTH + over);
		assert_int_equal(
			!pp_element_read(&arena,
				pp_format(&arena, "%.*s%.*s", PP_SHOW(opened), PP_SHOW(closed)),
				&fault),
			over);
		many = repeated(&arena, "<b/>", PP_ELEMENT_COUNT - 1 + over);
		many = pp_format(&arena, "<a>%.*s</a>", PP_SHOW(many));
		assert_int_equal(!pp_element_read(&arena, many, &fault), over);
		many = repeated(&arena, " ", PP_ELEMENT_BYTES - 4 + over);
		many = pp_format(&arena, "%.*s<a/>", PP_SHOW(many));
		assert_int_equal(!pp_element_read(&arena, many, &fault), over);
		assert_int_equal(fault.problem, over ? PP_body_too_large : PP_no_problem);
		pp_arena_end(&arena);
	}
}

static void test_words(void **state)
{
	struct pp_slice rest = PP_S(" \n1.5\t2e3 x:y "), word;

	(void)state;
	word = pp_xs_word(rest, &rest);
	assert_true(pp_slice_is(word, PP_S("1.5")));
	word = pp_xs_word(rest, &rest);
	assert_true(pp_slice_is(word, PP_S("2e3")));
	word = pp_xs_word(rest, &rest);
	assert_true(pp_slice_is(pp_xs_local(word), PP_S("y")));
	assert_int_equal(pp_xs_word(rest, &rest).len, 0);
	assert_true(pp_slice_is(pp_xs_local(PP_S("y")), PP_S("y")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_vocabularies),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
