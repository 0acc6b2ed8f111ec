/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A sheet: blocks one below the other on A4 pages. It is set twice, the first time to count the
 * pages. Structure is tagged (ISO 32000-1 §14.8), so that readers for the blind have paragraphs and
 * headings.
 */
#include "sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

/* Points of 1/72 inch; margins after DIN 5008. */
#define WIDTH   595.28
#define HEIGHT  841.89
#define LEFT    70.87
#define RIGHT   56.69
#define TOP     56.69
#define BOTTOM  70.87
#define COLUMN  (WIDTH - LEFT - RIGHT)
#define LABEL   128.0 /* width of labels */
#define CODE    156.0 /* width of a QR code with its quiet zone */
#define GAP     14.0
#define FOOT    8.0
#define QUIET   4 /* modules around a QR code (ISO/IEC 18004 §6.3.8) */
#define LEADING 1.22f

enum shape { PARAGRAPH, FACT, CODE_AND_TEXT };

struct style {
	const char *name;
	enum shape shape;
	const char *face;
	double size, grey, above; /* above: space before it */
	const char *tag;
	bool breaks_anywhere;
};

static const struct style styles[] = {
	{ "title", PARAGRAPH, "Liberation Sans Bold", 18, 0, 0, "H1", false },
	{ "lead", PARAGRAPH, "Liberation Sans", 11.5, 0, 8, "P", false },
	{ "text", PARAGRAPH, "Liberation Sans", 10, 0, 5, "P", false },
	{ "aside", PARAGRAPH, "Liberation Sans", 9.5, 0.33, 3, "P", false },
	{ "heading", PARAGRAPH, "Liberation Sans Bold", 11.5, 0, 15, "H2", false },
	{ "fact", FACT, "Liberation Sans", 10, 0, 4, "P", false },
	{ "mono", FACT, "Liberation Mono", 8, 0, 4, "P", true },
	{ "code", CODE_AND_TEXT, "Liberation Sans", 10, 0, 10, "P", false },
};
static const struct style label_style = { "label", PARAGRAPH, "Liberation Sans", 8.5, 0.33, 0, NULL,
	false };
static const struct style foot_style = { "foot", PARAGRAPH, "Liberation Sans", FOOT, 0.33, 0, NULL,
	false };

struct setting {
	const struct pp_filejob_sheet *ask;
	PangoContext *context;
	cairo_t *cr;
	double y;
	unsigned page, pages; /* pages: 0 while they are counted */
};

static const struct style *style_named(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(styles); i++)
		if (pp_slice_is(name, pp_slice_of(styles[i].name)))
			return &styles[i];
	return NULL;
}

static PangoLayout *layout_of(
	struct setting *s, const struct style *style, struct pp_slice text, double width)
{
	PangoFontDescription *face = pango_font_description_from_string(style->face);
	PangoLayout *layout = pango_layout_new(s->context);

	pango_font_description_set_absolute_size(face, style->size * PANGO_SCALE);
	pango_layout_set_font_description(layout, face);
	pango_font_description_free(face);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(
		layout, style->breaks_anywhere ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(layout, LEADING);
	pango_layout_set_text(layout, text.at ? text.at : "", (int)text.len);
	return layout;
}

static double height_of(PangoLayout *layout)
{
	int height;

	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static void grey(struct setting *s, double value)
{
	cairo_set_source_rgb(s->cr, value, value, value);
}

static void show_foot(struct setting *s)
{
	char number[32];
	PangoLayout *layout;

	snprintf(number, sizeof(number), "%u / %u", s->page, s->pages ? s->pages : s->page);
	grey(s, foot_style.grey);
	layout = layout_of(s, &foot_style, s->ask->foot, COLUMN - 60);
	cairo_move_to(s->cr, LEFT, HEIGHT - BOTTOM + 24);
	pango_cairo_show_layout(s->cr, layout);
	g_object_unref(layout);
	layout = layout_of(s, &foot_style, pp_slice_of(number), 60);
	pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
	cairo_move_to(s->cr, WIDTH - RIGHT - 60, HEIGHT - BOTTOM + 24);
	pango_cairo_show_layout(s->cr, layout);
	g_object_unref(layout);
}

static void end_page(struct setting *s)
{
	show_foot(s);
	cairo_show_page(s->cr);
}

/* Goes to a new page where so much does not fit on this one. */
static void need(struct setting *s, double height)
{
	if (s->y + height <= HEIGHT - BOTTOM || s->y <= TOP)
		return;
	end_page(s);
	s->page++;
	s->y = TOP;
}

/* Line by line, over as many pages as it takes; the tag is closed and opened around a page's end.
 */
static void show_lines(struct setting *s, const struct style *style, PangoLayout *layout, double x)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);

	if (style->tag)
		cairo_tag_begin(s->cr, style->tag, NULL);
	do {
		PangoLayoutLine *line = pango_layout_iter_get_line_readonly(iter);
		PangoRectangle box;
		double height, base;
		int top, bottom;

		pango_layout_iter_get_line_extents(iter, NULL, &box);
		pango_layout_iter_get_line_yrange(iter, &top, &bottom);
		height = (double)(bottom - top) / PANGO_SCALE;
		base = (double)(pango_layout_iter_get_baseline(iter) - top) / PANGO_SCALE;
		if (s->y + height > HEIGHT - BOTTOM && s->y > TOP) {
			if (style->tag)
				cairo_tag_end(s->cr, style->tag);
			need(s, height);
			if (style->tag)
				cairo_tag_begin(s->cr, style->tag, NULL);
		}
		grey(s, style->grey);
		cairo_move_to(s->cr, x + (double)box.x / PANGO_SCALE, s->y + base);
		pango_cairo_show_layout_line(s->cr, line);
		s->y += height;
	} while (pango_layout_iter_next_line(iter));
	if (style->tag)
		cairo_tag_end(s->cr, style->tag);
	pango_layout_iter_free(iter);
}

/* A heading is not left alone at the foot of a page: below is what must fit under it. */
static void set_paragraph(
	struct setting *s, const struct style *style, struct pp_slice text, double below)
{
	PangoLayout *layout = layout_of(s, style, text, COLUMN);

	need(s, style->tag[0] == 'H' ? height_of(layout) + below : 0);
	show_lines(s, style, layout, LEFT);
	g_object_unref(layout);
}

static void set_fact(
	struct setting *s, const struct style *style, struct pp_slice label, struct pp_slice text)
{
	PangoLayout *left = layout_of(s, &label_style, label, LABEL - GAP);
	PangoLayout *right = layout_of(s, style, text, COLUMN - LABEL);
	double tallest = height_of(left), top;

	if (height_of(right) > tallest)
		tallest = height_of(right);
	/* What is taller than half a page may be cut. */
	need(s, tallest < (HEIGHT - TOP - BOTTOM) / 2 ? tallest : height_of(left));
	top = s->y;
	cairo_tag_begin(s->cr, style->tag, NULL);
	grey(s, label_style.grey);
	cairo_move_to(s->cr, LEFT, s->y + (style->breaks_anywhere ? -1 : 1.2));
	pango_cairo_show_layout(s->cr, left);
	cairo_tag_end(s->cr, style->tag);
	show_lines(s, style, right, LEFT + LABEL);
	if (s->y < top + height_of(left) && s->y >= top)
		s->y = top + height_of(left);
	g_object_unref(left);
	g_object_unref(right);
}

/* Rows of modules as rectangles: sharp at any size. */
static void draw_code(struct setting *s, const QRcode *code, double x, double y)
{
	double unit = CODE / (code->width + 2 * QUIET);

	cairo_tag_begin(s->cr, "Figure", NULL);
	grey(s, 0);
	for (int row = 0; row < code->width; row++)
		for (int at = 0; at < code->width; at++) {
			int begin = at;

			while (at < code->width && code->data[row * code->width + at] & 1)
				at++;
			if (at > begin)
				cairo_rectangle(s->cr, x + (QUIET + begin) * unit,
					y + (QUIET + row) * unit, (at - begin) * unit, unit);
		}
	cairo_fill(s->cr);
	cairo_tag_end(s->cr, "Figure");
}

/* Of UTF-8, and says so (ECI 26): readers would guess. NULL where it is nothing, or too much. */
static QRcode *code_of(struct pp_slice bytes)
{
	QRinput *input = bytes.len ? QRinput_new2(0, QR_ECLEVEL_L) : NULL;
	QRcode *code = NULL;

	if (input && QRinput_appendECIheader(input, 26) == 0 &&
		QRinput_append(input, QR_MODE_8, (int)bytes.len, (const unsigned char *)bytes.at) ==
			0)
		code = QRcode_encodeInput(input);
	QRinput_free(input);
	return code;
}

static void set_code(
	struct setting *s, const struct style *style, struct pp_slice bytes, struct pp_slice text)
{
	QRcode *code = code_of(bytes);
	PangoLayout *layout;
	double top, below;

	if (!code) {
		set_paragraph(s, style, text, 0);
		return;
	}
	layout = layout_of(s, style, text, COLUMN - CODE - GAP);
	below = height_of(layout) > CODE ? height_of(layout) : CODE;
	need(s, below);
	top = s->y;
	/* Its quiet zone hangs over the margin, so that the modules stand in line with the text. */
	draw_code(s, code, LEFT - QUIET * CODE / (code->width + 2 * QUIET), top);
	show_lines(s, style, layout, LEFT + CODE + GAP);
	s->y = top + below;
	QRcode_free(code);
	g_object_unref(layout);
}

static bool set_block(
	struct setting *s, const struct pp_slice block[3], enum shape next, struct pp_fault *fault)
{
	const struct style *style = style_named(block[0]);

	if (!style || !pp_slice_is_utf8(block[2]))
		return pp_fault(fault, PP_bug, "A sheet has no block of the style %.*s.",
			PP_SHOW(block[0]));
	s->y += s->y > TOP ? style->above : 0;
	if (style->shape == FACT)
		set_fact(s, style, block[1], block[2]);
	else if (style->shape == CODE_AND_TEXT)
		set_code(s, style, block[1], block[2]);
	else
		set_paragraph(s, style, block[2], next == CODE_AND_TEXT ? CODE + GAP : 4 * GAP);
	return true;
}

/* Of the block that begins there; behind the last one nothing has to fit. */
static enum shape shape_of(const struct pp_filejob_texts *blocks, size_t at)
{
	const struct style *style = at < blocks->count ? style_named(blocks->at[at]) : NULL;

	return style ? style->shape : PARAGRAPH;
}

static cairo_status_t keep(void *ctx, const unsigned char *bytes, unsigned length)
{
	pp_buf_add(ctx, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

static void tell(
	cairo_surface_t *surface, struct pp_arena *arena, const struct pp_filejob_sheet *ask)
{
	const char *at = pp_format(arena, "%.*sZ",
		(int)(ask->made_at.len < 19 ? ask->made_at.len : 19), ask->made_at.at)
				 .at;

	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_TITLE, pp_text(arena, ask->title));
	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_AUTHOR, pp_text(arena, ask->author));
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Planungsplattform");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

/* All of it once; pages is what it took the time before. */
static bool set_all(const struct pp_files_job *job, const struct pp_filejob_sheet *ask,
	unsigned *pages, struct pp_buf *out, struct pp_fault *fault)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(keep, out, WIDTH, HEIGHT);
	struct setting s = {
		.ask = ask,
		.context = pp_fonts_context(job->fonts),
		.cr = cairo_create(surface),
		.y = TOP,
		.page = 1,
		.pages = *pages,
	};
	bool done = true;

	/* Its cross-reference table is one that pp_pdf_finish can go on with. */
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
	tell(surface, job->arena, ask);
	cairo_tag_begin(s.cr, "Document", NULL);
	for (size_t i = 0; done && i + 3 <= ask->blocks.count; i += 3)
		done = set_block(&s, &ask->blocks.at[i], shape_of(&ask->blocks, i + 3), fault);
	cairo_tag_end(s.cr, "Document");
	end_page(&s);
	*pages = s.page;
	cairo_destroy(s.cr);
	cairo_surface_finish(surface);
	if (done && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		done = pp_fault(fault, PP_worker_unavailable, "The document was not drawn: %s.",
			cairo_status_to_string(cairo_surface_status(surface)));
	cairo_surface_destroy(surface);
	g_object_unref(s.context);
	return done;
}

bool pp_sheet_wake(struct pp_files_job *job)
{
	struct pp_slice blocks[3 * PP_LENGTH(styles)];
	const struct pp_filejob_sheet sample = {
		.foot = PP_S("1"),
		.blocks = { .count = PP_LENGTH(blocks), .at = blocks },
	};
	struct pp_fault fault;
	unsigned pages = 0;

	for (size_t i = 0; i < PP_LENGTH(styles); i++) {
		blocks[3 * i] = pp_slice_of(styles[i].name);
		blocks[3 * i + 1] = blocks[3 * i + 2] = PP_S("Größe 1 · Λόγος · Слово · 漢");
	}
	job->fonts = pp_fonts_open(job->arena);
	return job->fonts && set_all(job, &sample, &pages, pp_buf_make(job->arena), &fault);
}

bool pp_sheet_make(
	const struct pp_files_job *job, const struct pp_filejob_sheet *ask, struct pp_fault *fault)
{
	struct pp_buf *out = pp_buf_make(job->arena);
	unsigned pages = 0;

	if (!set_all(job, ask, &pages, out, fault))
		return false;
	pp_buf_clear(out);
	if (!set_all(job, ask, &pages, out, fault))
		return false;
	if (!pp_pdf_finish(job->arena, out, ask))
		return pp_fault(fault, PP_worker_unavailable,
			"The document has a form that is not known here.");
	job->sink->bytes(job->sink->ctx, pp_buf_all(out));
	return true;
}
