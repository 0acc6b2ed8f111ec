/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/digest.h>

#include <pp/io/crc.h>
#include <pp/io/secret.h>

_Static_assert(PP_DIGEST_SIZE == PP_SHA256_SAVED + sizeof(uint32_t), "one behind the other");

static struct pp_slice saved_run(struct pp_slice digest)
{
	PP_MUST(digest.len == PP_DIGEST_SIZE);
	return pp_slice(digest.at, PP_SHA256_SAVED);
}

struct pp_slice pp_digest_feed(
	struct pp_arena *arena, struct pp_slice before, struct pp_slice piece)
{
	struct pp_buf *out = pp_buf_make(arena);
	struct pp_sha256_run run;
	uint32_t crc = 0;

	pp_sha256_begin(&run);
	if (before.len) {
		pp_sha256_load(&run, saved_run(before));
		crc = pp_digest_crc32(before);
	}
	pp_sha256_feed(&run, piece);
	pp_sha256_save(&run, out);
	pp_buf_u32(out, pp_crc32(crc, piece));
	return pp_buf_all(out);
}

struct pp_slice pp_digest_sha256(struct pp_arena *arena, struct pp_slice digest)
{
	unsigned char *hash = pp_alloc(arena, PP_SHA256_SIZE);
	struct pp_sha256_run run;

	pp_sha256_load(&run, saved_run(digest));
	pp_sha256_end(&run, hash);
	return pp_slice((char *)hash, PP_SHA256_SIZE);
}

uint32_t pp_digest_crc32(struct pp_slice digest)
{
	struct pp_scan scan;

	PP_MUST(digest.len == PP_DIGEST_SIZE);
	pp_scan_begin(&scan, pp_slice(digest.at + PP_SHA256_SAVED, sizeof(uint32_t)));
	return pp_scan_u32(&scan);
}
