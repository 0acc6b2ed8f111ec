/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A small form in parts (multipart/form-data, RFC 7578), as mail programs send one: fields of text,
 * no files. */
#include <pp/base/slice.h>

#define PP_MULTIPART_PARTS 16

struct pp_multipart {
	struct {
		struct pp_slice name, value; /* of the body, UTF-8 */
	} list[PP_MULTIPART_PARTS];
	size_t count;
};

/* content_type as in the header, with its boundary. False for what is no such body, has a part
 * without name, a file, or more parts than there is room for. */
PP_CHECKED bool pp_multipart_read(
	struct pp_slice content_type, struct pp_slice body, struct pp_multipart *parts);
