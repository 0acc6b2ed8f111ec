/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/packed.h>

#include <zlib.h>

#include <pp/io/secret.h>

struct pp_slice pp_packed(struct pp_arena *arena, struct pp_slice bytes)
{
	uLongf len = compressBound(bytes.len);
	struct pp_buf *out = pp_buf_make(arena);
	char *room = pp_alloc(arena, len);

	PP_MUST(compress2((Bytef *)room, &len, (const Bytef *)bytes.at, bytes.len,
			Z_BEST_COMPRESSION) == Z_OK);
	pp_base64url(out, pp_slice(room, len));
	return pp_buf_all(out);
}

bool pp_unpack(struct pp_arena *arena, struct pp_slice text, size_t most, struct pp_slice *bytes)
{
	struct pp_slice packed;
	char *room = pp_alloc(arena, most);
	uLongf len = most;

	if (!pp_base64url_read(arena, text, &packed) ||
		uncompress((Bytef *)room, &len, (const Bytef *)packed.at, packed.len) != Z_OK)
		return false;
	*bytes = pp_slice(room, len);
	return true;
}
