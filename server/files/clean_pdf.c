/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * PDF, read and written anew by qpdf: objects that nothing refers to any more, earlier versions
 * above all, are not in what it writes. What was signed or encrypted, and what brings other files
 * along, is left: without them it would be another document.
 */
#include <qpdf/qpdf-c.h>
#include <stdlib.h>

#include "clean.h"

enum { DEPTH_MAX = 64 };

struct pdf {
	qpdf_data qpdf;
	struct pp_arena *arena;
	bool removed, is_left;
};

static void end_pdf(void *thing)
{
	qpdf_data qpdf = thing;

	/* Taken, or qpdf would complain of it on our standard error. */
	(void)qpdf_get_error(qpdf);
	qpdf_cleanup(&qpdf);
}

static void remove_key(struct pdf *pdf, qpdf_oh object, const char *key)
{
	if (!qpdf_oh_has_key(pdf->qpdf, object, key))
		return;
	qpdf_oh_remove_key(pdf->qpdf, object, key);
	pdf->removed = true;
}

static bool is_name(struct pdf *pdf, qpdf_oh object, const char *key, const char *const *names)
{
	qpdf_oh value = qpdf_oh_get_key(pdf->qpdf, object, key);
	bool found = false;

	if (qpdf_oh_is_name(pdf->qpdf, value)) {
		const char *name = qpdf_oh_get_name(pdf->qpdf, value);

		for (; *names && !found; names++)
			found = strcmp(*names, name) == 0;
	}
	qpdf_oh_release(pdf->qpdf, value);
	return found;
}

/* ISO 32000-1 §12.5.6.2: in markup T is who has written it; in fields it is their name. */
static void clean_annotation(struct pdf *pdf, qpdf_oh object)
{
	static const char *const markup[] = { "/Text", "/FreeText", "/Line", "/Square", "/Circle",
		"/Polygon", "/PolyLine", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut",
		"/Stamp", "/Caret", "/Ink", "/Popup", "/Redact", NULL };
	static const char *const about[] = { "/T", "/M", "/CreationDate", "/NM", NULL };

	if (is_name(pdf, object, "/Subtype", markup))
		for (const char *const *key = about; *key; key++)
			remove_key(pdf, object, *key);
}

/* How a stream is coded: as a JPEG and nothing else, as JPEG 2000, or so that a JPEG is hidden. */
enum coding { CODED_OTHERWISE, CODED_JPEG, CODED_JPX, CODED_TWICE };

static enum coding coding_of(struct pdf *pdf, qpdf_oh dictionary)
{
	qpdf_oh filter = qpdf_oh_get_key(pdf->qpdf, dictionary, "/Filter");
	int count = qpdf_oh_is_array(pdf->qpdf, filter)
		? qpdf_oh_get_array_n_items(pdf->qpdf, filter)
		: 1;
	enum coding coding = CODED_OTHERWISE;

	for (int i = 0; i < count && i < 16; i++) {
		qpdf_oh one = qpdf_oh_is_array(pdf->qpdf, filter)
			? qpdf_oh_get_array_item(pdf->qpdf, filter, i)
			: filter;
		const char *name = qpdf_oh_is_name(pdf->qpdf, one)
			? qpdf_oh_get_name(pdf->qpdf, one)
			: "";

		if (strcmp(name, "/DCTDecode") == 0 || strcmp(name, "/DCT") == 0)
			coding = CODED_JPEG;
		else if (strcmp(name, "/JPXDecode") == 0)
			coding = CODED_JPX;
	}
	qpdf_oh_release(pdf->qpdf, filter);
	return coding != CODED_OTHERWISE && count > 1 ? CODED_TWICE : coding;
}

static void replace_picture(
	struct pdf *pdf, qpdf_oh stream, qpdf_oh dictionary, const struct pp_rope *rope)
{
	struct pp_slice whole = pp_rope_whole(rope);

	qpdf_oh_replace_stream_data(pdf->qpdf, stream, (const unsigned char *)whole.at, whole.len,
		qpdf_oh_get_key(pdf->qpdf, dictionary, "/Filter"),
		qpdf_oh_get_key(pdf->qpdf, dictionary, "/DecodeParms"));
	pdf->removed = true;
}

/* A photograph in it is a JPEG as the camera has made it. Boxes of JPEG 2000 that hold EXIF or XMP
 * (ISO/IEC 15444-1 annex I) are left. */
static void clean_picture(struct pdf *pdf, qpdf_oh stream, qpdf_oh dictionary)
{
	enum coding coding = coding_of(pdf, dictionary);
	struct pp_rope rope = { .arena = pdf->arena };
	unsigned char *bytes = NULL;
	enum pp_cleaned done = PP_CLEAN_LEFT;
	size_t len = 0;

	if (coding == CODED_OTHERWISE)
		return;
	if (coding != CODED_TWICE &&
		qpdf_oh_get_stream_data(pdf->qpdf, stream, qpdf_dl_none, NULL, &bytes, &len) == 0) {
		if (coding == CODED_JPEG)
			done = pp_clean(pp_clean_jpeg, pp_slice((const char *)bytes, len), &rope);
		else if (!memmem(bytes, len, "uuid", 4) && !memmem(bytes, len, "xml ", 4))
			done = PP_CLEAN_NOTHING;
	}
	if (done == PP_CLEAN_DONE)
		replace_picture(pdf, stream, dictionary, &rope);
	pdf->is_left = pdf->is_left || done == PP_CLEAN_LEFT;
	free(bytes);
}

static void clean_dictionary(struct pdf *pdf, qpdf_oh dictionary)
{
	static const char *const signature[] = { "/Sig", "/DocTimeStamp", NULL };
	static const char *const about[] = { "/Metadata", "/PieceInfo", "/LastModified", NULL };

	if (qpdf_oh_has_key(pdf->qpdf, dictionary, "/ByteRange") ||
		is_name(pdf, dictionary, "/Type", signature) ||
		qpdf_oh_has_key(pdf->qpdf, dictionary, "/EF") ||
		qpdf_oh_has_key(pdf->qpdf, dictionary, "/EmbeddedFiles"))
		pdf->is_left = true;
	for (const char *const *key = about; *key; key++)
		remove_key(pdf, dictionary, *key);
	clean_annotation(pdf, dictionary);
}

static void clean_value(struct pdf *pdf, qpdf_oh value, unsigned depth);

/* What lies in it; what it only refers to has its own turn. */
static void clean_inner(struct pdf *pdf, qpdf_oh inner, unsigned depth)
{
	if (qpdf_oh_get_object_id(pdf->qpdf, inner) == 0)
		clean_value(pdf, inner, depth + 1);
	qpdf_oh_release(pdf->qpdf, inner);
}

/* Its keys first: a dictionary within would begin the count anew. */
static void clean_members(struct pdf *pdf, qpdf_oh dictionary, unsigned depth)
{
	char *keys[256];
	size_t count = 0;

	qpdf_oh_begin_dict_key_iter(pdf->qpdf, dictionary);
	while (qpdf_oh_dict_more_keys(pdf->qpdf)) {
		const char *key = qpdf_oh_dict_next_key(pdf->qpdf);
		qpdf_oh inner = qpdf_oh_get_key(pdf->qpdf, dictionary, key);
		bool is_within = qpdf_oh_get_object_id(pdf->qpdf, inner) == 0 &&
			(qpdf_oh_is_dictionary(pdf->qpdf, inner) ||
				qpdf_oh_is_array(pdf->qpdf, inner));

		qpdf_oh_release(pdf->qpdf, inner);
		if (is_within && count == PP_LENGTH(keys))
			pdf->is_left = true;
		else if (is_within)
			keys[count++] = pp_text(pdf->arena, pp_slice_of(key));
	}
	for (size_t i = 0; i < count; i++)
		clean_inner(pdf, qpdf_oh_get_key(pdf->qpdf, dictionary, keys[i]), depth);
}

static void clean_value(struct pdf *pdf, qpdf_oh value, unsigned depth)
{
	bool is_stream = qpdf_oh_is_stream(pdf->qpdf, value);
	qpdf_oh dictionary = is_stream ? qpdf_oh_get_dict(pdf->qpdf, value) : value;

	if (depth > DEPTH_MAX) {
		pdf->is_left = true;
	} else if (qpdf_oh_is_dictionary(pdf->qpdf, dictionary)) {
		clean_dictionary(pdf, dictionary);
		clean_members(pdf, dictionary, depth);
		if (is_stream)
			clean_picture(pdf, value, dictionary);
	} else if (qpdf_oh_is_array(pdf->qpdf, value)) {
		int count = qpdf_oh_get_array_n_items(pdf->qpdf, value);

		for (int i = 0; i < count; i++)
			clean_inner(pdf, qpdf_oh_get_array_item(pdf->qpdf, value, i), depth);
	}
	if (is_stream)
		qpdf_oh_release(pdf->qpdf, dictionary);
}

static int size_of(struct pdf *pdf)
{
	qpdf_oh trailer = qpdf_get_trailer(pdf->qpdf);
	qpdf_oh size = qpdf_oh_get_key(pdf->qpdf, trailer, "/Size");

	return qpdf_oh_is_integer(pdf->qpdf, size) ? qpdf_oh_get_int_value_as_int(pdf->qpdf, size)
						   : 0;
}

/* Numbers of objects end with the trailer's Size (§7.5.5), generations are 0: qpdf has written it.
 */
static void clean_objects(struct pdf *pdf)
{
	int count = size_of(pdf);

	remove_key(pdf, qpdf_get_trailer(pdf->qpdf), "/Info");
	for (int id = 1; id < count && !pdf->is_left && !qpdf_has_error(pdf->qpdf); id++) {
		qpdf_oh object = qpdf_get_object_by_id(pdf->qpdf, id, 0);

		clean_value(pdf, object, 0);
		qpdf_oh_release(pdf->qpdf, object);
	}
}

/* One that was changed has its earlier versions before it. */
static bool has_versions(struct pp_slice bytes)
{
	size_t count = 0;

	while (bytes.len && count < 2) {
		const char *at = memmem(bytes.at, bytes.len, "%%EOF", 5);

		if (!at)
			break;
		count++;
		bytes = pp_slice(at + 5, (size_t)(bytes.at + bytes.len - at) - 5);
	}
	return count > 1;
}

static bool open_pdf(struct pdf *pdf, struct pp_arena *arena, struct pp_slice bytes)
{
	*pdf = (struct pdf){ .qpdf = qpdf_init(), .arena = arena };
	pp_own(arena, end_pdf, pdf->qpdf);
	qpdf_set_suppress_warnings(pdf->qpdf, QPDF_TRUE);
	qpdf_silence_errors(pdf->qpdf);
	return !(qpdf_read_memory(pdf->qpdf, "document", bytes.at, bytes.len, NULL) &
		       QPDF_ERRORS) &&
		!qpdf_is_encrypted(pdf->qpdf);
}

static bool write_pdf(struct pdf *pdf, struct pp_slice *out)
{
	qpdf_init_write_memory(pdf->qpdf);
	qpdf_set_deterministic_ID(pdf->qpdf, QPDF_TRUE);
	qpdf_set_stream_data_mode(pdf->qpdf, qpdf_s_preserve);
	if (qpdf_write(pdf->qpdf) & QPDF_ERRORS)
		return false;
	*out = pp_slice(
		(const char *)qpdf_get_buffer(pdf->qpdf), qpdf_get_buffer_length(pdf->qpdf));
	return true;
}

/*
 * Written once to be in order, whatever it was before, and looked through in that form. Where fewer
 * objects came out than there were, nothing referred to the others, and anybody might be in them.
 */
enum pp_cleaned pp_clean_pdf(struct pp_slice bytes, struct pp_rope *out)
{
	struct pdf given, ordered;
	struct pp_slice clean;
	bool had_more;

	if (!open_pdf(&given, out->arena, bytes) || !write_pdf(&given, &clean) ||
		!open_pdf(&ordered, out->arena, clean))
		return PP_CLEAN_LEFT;
	had_more = size_of(&given) != size_of(&ordered) || has_versions(bytes);
	clean_objects(&ordered);
	if (ordered.is_left || qpdf_has_error(ordered.qpdf))
		return PP_CLEAN_LEFT;
	if (!ordered.removed && !had_more)
		return PP_CLEAN_NOTHING;
	if (ordered.removed && !write_pdf(&ordered, &clean))
		return PP_CLEAN_LEFT;
	pp_rope_add(out, clean);
	return PP_CLEAN_DONE;
}
