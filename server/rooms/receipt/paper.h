/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A receipt on paper: what stands on it, German first and English below. */
#include <pp/core/sheet.h>

struct pp_paper {
	const struct pp_json *receipt; /* the document that is signed */
	struct pp_slice file;          /* with its signature, as receipt verify takes it */
	struct pp_slice key, value;    /* of the signature, hexadecimal */
};

void pp_paper_write(struct pp_req *req, const struct pp_paper *paper, struct pp_sheet *sheet);
/* Its file name without ending. */
struct pp_slice pp_paper_name(struct pp_req *req, const struct pp_json *receipt);
