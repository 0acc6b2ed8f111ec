/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Cells of the small tables that people keep: bodies, administration, accounts. */
#include <pp/base/slice.h>

enum pp_cell {
	PP_CELL_TEXT,   /* anything */
	PP_CELL_NEEDED, /* anything but nothing */
	PP_CELL_AGS,
	PP_CELL_KEY, /* of a body */
	PP_CELL_DATE,
	PP_CELL_LAND,
	PP_CELL_MAIL,    /* an address, "-" for none any more, or nothing */
	PP_CELL_ADDRESS, /* an address */
};

/* NULL when the cell is right, else what it is, as the end of a sentence: "is no date". */
const char *pp_import_wrong(enum pp_cell check, struct pp_slice value);
