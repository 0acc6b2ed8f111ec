/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What a document says about who has made it, where and with what is taken out: EXIF, XMP and IPTC
 * of images, the information and XMP of PDF, the properties of office documents. What it shows
 * stays, bit by bit: pictures are not coded anew. A format's cleaner takes the bytes, which are
 * writable and ours alone, and hands back a rope of slices of them and of some of its own.
 */
#include "files.h"

/* Pieces one after the other; neighbours in memory are one piece. */
struct pp_rope {
	struct pp_arena *arena;
	struct pp_slice *at;
	size_t count, room;
	uint64_t len;
};

void pp_rope_add(struct pp_rope *rope, struct pp_slice bytes);
/* Whether it is these bytes and no others. */
struct pp_slice pp_rope_whole(const struct pp_rope *rope);

enum pp_cleaned {
	PP_CLEAN_LEFT, /* it is damaged, or has something that cannot be taken out */
	PP_CLEAN_DONE,
	PP_CLEAN_NOTHING, /* there is nothing to take out, and no rope */
};

/* ISO/IEC 10918-1 annex B: segments before each scan. The turn of the picture stays. */
enum pp_cleaned pp_clean_jpeg(struct pp_slice bytes, struct pp_rope *out);
/* ISO/IEC 15948: chunks. */
enum pp_cleaned pp_clean_png(struct pp_slice bytes, struct pp_rope *out);
/* TIFF 6.0: fields of its directories, zeroed where they lie. BigTIFF is left. */
enum pp_cleaned pp_clean_tiff(struct pp_slice bytes, struct pp_rope *out);
/* Office Open XML and OpenDocument: parts of a zip (APPNOTE 6.3.3), pictures in it included. */
enum pp_cleaned pp_clean_office(struct pp_slice bytes, struct pp_rope *out);
/* ISO 32000-1: written anew by qpdf, so that earlier versions in it are gone as well. */
enum pp_cleaned pp_clean_pdf(struct pp_slice bytes, struct pp_rope *out);

/* Sends a cleaned document to the sink; nothing where there is nothing to take out. A fault with
 * VERBLEIBT as pointer: it cannot be cleaned. */
PP_CHECKED bool pp_clean_document(
	const struct pp_files_job *job, const struct pp_filejob_clean *ask, struct pp_fault *fault);
/* The cleaner of a picture by the first bytes; NULL: it is none that we know. */
typedef enum pp_cleaned pp_cleaner(struct pp_slice bytes, struct pp_rope *out);
pp_cleaner *pp_clean_picture(struct pp_slice bytes);
/* The same, and nothing where the rope is what was there before. */
enum pp_cleaned pp_clean(pp_cleaner *clean, struct pp_slice bytes, struct pp_rope *out);
