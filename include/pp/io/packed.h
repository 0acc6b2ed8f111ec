/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What is too long for an address as it is: compressed (RFC 1950) and in base64url. */
#include <pp/base/buf.h>

struct pp_slice pp_packed(struct pp_arena *arena, struct pp_slice bytes);
/* The other way; false for anything else, and for what becomes longer than that. */
PP_CHECKED bool pp_unpack(
	struct pp_arena *arena, struct pp_slice text, size_t most, struct pp_slice *bytes);
