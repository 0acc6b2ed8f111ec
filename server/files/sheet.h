/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Documents of our own: set by Pango, drawn by cairo, finished as PDF. */
#include "files.h"

/* Fonts of our own choice. For the rest of the process; NULL where they are not installed. */
struct pp_fonts *pp_fonts_open(struct pp_arena *arena);
/* What a text is set with. The caller unrefs. */
struct _PangoContext *pp_fonts_context(const struct pp_fonts *fonts);

/*
 * Opens the fonts and sets a sample of every style: behind the sandbox no font can be opened any
 * more, nor another size of one. Fills in the job's fonts; false where there are none.
 */
PP_CHECKED bool pp_sheet_wake(struct pp_files_job *job);

/* The sheet as a PDF of A4 pages, handed to the sink whole. */
PP_CHECKED bool pp_sheet_make(
	const struct pp_files_job *job, const struct pp_filejob_sheet *ask, struct pp_fault *fault);

/*
 * What cairo cannot say in a PDF: the language of the document, that its title is shown, and a file
 * that is attached, as an incremental update (ISO 32000-1 §7.5.6) of the bytes that out has. False
 * when these have no classic cross-reference table.
 */
PP_CHECKED bool pp_pdf_finish(
	struct pp_arena *arena, struct pp_buf *out, const struct pp_filejob_sheet *ask);
