/* SPDX-License-Identifier: EUPL-1.2 */
#include "sheet.h"

/* One line of a cross-reference table (ISO 32000-1 §7.5.4). */
#define ENTRY 20u

struct file {
	struct pp_slice bytes;
	uint64_t xref;             /* where its table begins */
	uint64_t size, root, info; /* of its trailer */
	struct pp_slice catalog;   /* the root's dictionary, without its end */
};

static struct pp_slice behind(struct pp_slice bytes, const char *word)
{
	const char *at = memmem(bytes.at, bytes.len, word, strlen(word));

	if (!at)
		return pp_slice(NULL, 0);
	at += strlen(word);
	return pp_slice(at, bytes.len - (size_t)(at - bytes.at));
}

/* The number behind a word. */
static bool number(struct pp_slice bytes, const char *word, uint64_t *out)
{
	struct pp_slice rest = behind(bytes, word);
	size_t digits = 0;

	while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9')
		digits++;
	return pp_slice_u64(pp_slice(rest.at, digits), out);
}

static struct pp_slice from(struct pp_slice bytes, uint64_t place)
{
	return place < bytes.len ? pp_slice(bytes.at + place, bytes.len - (size_t)place)
				 : pp_slice(NULL, 0);
}

/* The last trailer of a file: whoever wrote it ended with "startxref", a number and "%%EOF". */
static bool read_trailer(struct file *file)
{
	const size_t tail = file->bytes.len < 64 ? file->bytes.len : 64;
	struct pp_slice table;

	if (!number(from(file->bytes, file->bytes.len - tail), "startxref\n", &file->xref))
		return false;
	table = from(file->bytes, file->xref);
	return pp_slice_starts(table, PP_S("xref\n0 ")) && number(table, "/Size ", &file->size) &&
		number(table, "/Root ", &file->root) && number(table, "/Info ", &file->info);
}

static bool read_catalog(struct file *file)
{
	struct pp_slice entry = behind(from(file->bytes, file->xref), "xref\n0 "), object, end;
	uint64_t place;

	entry = from(behind(entry, "\n"), file->root * ENTRY);
	if (entry.len < ENTRY || !pp_slice_u64(pp_slice(entry.at, 10), &place))
		return false;
	object = behind(from(file->bytes, place), " obj\n");
	end = behind(object, ">>\nendobj");
	if (!end.at || !pp_slice_starts(object, PP_S("<< /Type /Catalog")))
		return false;
	file->catalog = pp_slice(object.at, (size_t)(end.at - object.at) - strlen(">>\nendobj"));
	return true;
}

/* RFC 3339 in UTC as a date of PDF (ISO 32000-1 §7.9.4). */
static void write_date(struct pp_buf *out, struct pp_slice at)
{
	pp_buf_text(out, "(D:");
	for (size_t i = 0; i < at.len && i < 19; i++)
		if (at.at[i] >= '0' && at.at[i] <= '9')
			pp_buf_add(out, &at.at[i], 1);
	pp_buf_text(out, "Z)");
}

/* A name (ISO 32000-1 §7.3.5): what is no letter or digit as #xx. */
static void write_name(struct pp_buf *out, struct pp_slice text)
{
	pp_buf_text(out, "/");
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
			pp_buf_add(out, &text.at[i], 1);
		else
			pp_buf_format(out, "#%02X", c);
	}
}

static void write_attachment(
	struct pp_buf *out, const struct pp_filejob_sheet *ask, uint64_t object)
{
	pp_buf_format(
		out, "%llu 0 obj\n<< /Type /EmbeddedFile /Subtype ", (unsigned long long)object);
	write_name(out, ask->attached_type);
	pp_buf_format(out, "\n   /Params << /Size %zu /ModDate ", ask->attached.len);
	write_date(out, ask->made_at);
	pp_buf_format(out, " >>\n   /Length %zu\n>>\nstream\n", ask->attached.len);
	pp_buf_slice(out, ask->attached);
	pp_buf_text(out, "\nendstream\nendobj\n");
}

static void write_catalog(struct pp_buf *out, const struct file *file,
	const struct pp_filejob_sheet *ask, struct pp_slice catalog)
{
	unsigned long long specification = file->size + 1;

	pp_buf_format(out, "%llu 0 obj\n", (unsigned long long)file->root);
	pp_buf_slice(out, catalog);
	/* cairo 1.16 has a structure and does not say so. */
	if (!behind(catalog, "/MarkInfo").at)
		pp_buf_text(out, "   /MarkInfo << /Marked true >>\n");
	pp_buf_format(out, "   /Lang (%.*s)\n   /ViewerPreferences << /DisplayDocTitle true >>\n",
		PP_SHOW(ask->lang));
	if (ask->attached_name.len)
		pp_buf_format(out,
			"   /Names << /EmbeddedFiles << /Names [ (%.*s) %llu 0 R ] >> >>\n"
			"   /AF [ %llu 0 R ]\n",
			PP_SHOW(ask->attached_name), specification, specification);
	pp_buf_text(out, ">>\nendobj\n");
}

bool pp_pdf_finish(struct pp_arena *arena, struct pp_buf *out, const struct pp_filejob_sheet *ask)
{
	struct file file = { .bytes = pp_buf_all(out) };
	size_t catalog, attached, specification, xref;
	bool attaches = ask->attached_name.len > 0;

	if (!read_trailer(&file) || !read_catalog(&file))
		return false;
	file.catalog = pp_copy(arena, file.catalog);
	catalog = out->len;
	write_catalog(out, &file, ask, file.catalog);
	attached = out->len;
	if (attaches)
		write_attachment(out, ask, file.size);
	specification = out->len;
	if (attaches)
		pp_buf_format(out,
			"%llu 0 obj\n<< /Type /Filespec /F (%.*s) /UF (%.*s)\n"
			"   /AFRelationship /Source /EF << /F %llu 0 R >>\n>>\nendobj\n",
			(unsigned long long)file.size + 1, PP_SHOW(ask->attached_name),
			PP_SHOW(ask->attached_name), (unsigned long long)file.size);
	xref = out->len;
	pp_buf_format(
		out, "xref\n%llu 1\n%010zu 00000 n \n", (unsigned long long)file.root, catalog);
	if (attaches)
		pp_buf_format(out, "%llu 2\n%010zu 00000 n \n%010zu 00000 n \n",
			(unsigned long long)file.size, attached, specification);
	pp_buf_format(out,
		"trailer\n<< /Size %llu\n   /Root %llu 0 R\n   /Info %llu 0 R\n   /Prev %llu\n>>\n"
		"startxref\n%zu\n%%%%EOF\n",
		(unsigned long long)file.size + 2 * attaches, (unsigned long long)file.root,
		(unsigned long long)file.info, (unsigned long long)file.xref, xref);
	return true;
}
