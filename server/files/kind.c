/* SPDX-License-Identifier: EUPL-1.2 */
#include "kind.h"

#include <magic.h>

#include <pp/base/log.h>

/* What libmagic looks at: a mebibyte, which is where its own default ends as well. */
#define LOOKED_AT (UINT32_C(1) << 20)

static magic_t cookie_of(struct pp_kind *kind)
{
	return (magic_t)(void *)kind;
}

struct pp_kind *pp_kind_open(void)
{
	magic_t cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);

	if (cookie && magic_load(cookie, NULL) == 0)
		return (struct pp_kind *)(void *)cookie;
	pp_log(PP_ERROR, "kinds_not_known", "%s", cookie ? magic_error(cookie) : "no memory");
	if (cookie)
		magic_close(cookie);
	return NULL;
}

const char *pp_kind_of(struct pp_kind *kind, struct pp_slice bytes)
{
	return magic_buffer(
		cookie_of(kind), bytes.at, bytes.len < LOOKED_AT ? bytes.len : LOOKED_AT);
}
