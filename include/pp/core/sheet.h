/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Documents of our own as PDF: a room says what stands in them, a file job sets them (struct
 * pp_filejob_sheet in pp/io/filejob.h has the styles). The worker only puts words together.
 */
#include <pp/core/req.h>
#include <pp/io/filejob.h>

#define PP_PDF         "application/pdf"
#define PP_SHEET_TEXTS 192 /* three a block */

struct pp_sheet {
	struct pp_filejob_sheet ask;
	struct pp_slice texts[PP_SHEET_TEXTS];
	struct pp_slice pdf; /* what came */
	bool refused;
	struct pp_fault fault;
};

/* Adds a block; a label is an empty slice where the style has none. More than fit are a bug. */
void pp_sheet_add(
	struct pp_sheet *sheet, const char *style, struct pp_slice label, struct pp_slice text);
/* Has it made; pdf is there in the next step. */
void pp_ask_sheet(struct pp_req *req, struct pp_sheet *sheet);
/* Replies with it under that file name (ASCII), or refuses. */
enum pp_next pp_reply_sheet(struct pp_req *req, struct pp_sheet *sheet, struct pp_slice name);
