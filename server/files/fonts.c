/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fonts of our own choice and no others: what a machine has installed, and how its fontconfig is
 * set up, changes no byte of a document.
 */
#include "sheet.h"

#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

struct pp_fonts {
	PangoFontMap *map;
};

static const char *const faces[] = { "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf",
	"LiberationMono-Regular.ttf" };

static bool add_faces(FcConfig *config, struct pp_arena *arena)
{
	for (size_t i = 0; i < PP_LENGTH(faces); i++) {
		const char *path = pp_format(arena, "%s/%s", PP_FONTS_DIR, faces[i]).at;

		if (!FcConfigAppFontAddFile(config, (const FcChar8 *)path))
			return false;
	}
	return true;
}

struct pp_fonts *pp_fonts_open(struct pp_arena *arena)
{
	struct pp_fonts *fonts = PP_NEW(arena, struct pp_fonts);
	FcConfig *config = FcConfigCreate();

	if (!config || !FcConfigSetRescanInterval(config, 0) || !add_faces(config, arena))
		return NULL;
	fonts->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (!fonts->map)
		return NULL;
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts->map), config);
	FcConfigDestroy(config);
	return fonts;
}

PangoContext *pp_fonts_context(const struct pp_fonts *fonts)
{
	PangoContext *context = pango_font_map_create_context(fonts->map);
	cairo_font_options_t *options = cairo_font_options_create();

	/* Widths of the design, not of any screen. */
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_context_set_language(context, pango_language_from_string("de"));
	return context;
}
