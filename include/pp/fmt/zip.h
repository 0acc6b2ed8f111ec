/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Zip archives of stored files (APPNOTE 6.3.3), written as their bytes come by: size and CRC-32 are
 * known before, so each file's header stands complete before it and the length of the archive is
 * known from the beginning. Names are UTF-8; ZIP64 where a number needs it, and nowhere else. The
 * same files give the same bytes.
 */
#include <pp/base/buf.h>

struct pp_zip_file {
	struct pp_slice name; /* relative, with slashes */
	uint64_t size;
	uint32_t crc32;
	uint16_t date; /* MS-DOS: (year - 1980) << 9 | month << 5 | day */
	uint64_t at;   /* where its header stands in the archive */
};

/* What stands before the file's bytes. */
void pp_zip_begin_file(struct pp_buf *out, const struct pp_zip_file *file);
/* What stands behind the last file, which ends at `at`. */
void pp_zip_end(struct pp_buf *out, const struct pp_zip_file *files, size_t count, uint64_t at);
