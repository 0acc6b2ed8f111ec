/* SPDX-License-Identifier: EUPL-1.2 */
#include "audit_root.h"

#include <stdio.h>

#include <pp/fmt/json.h>

bool pp_audit_root_read(
	struct pp_arena *arena, struct pp_slice line, uint64_t before, struct pp_audit_root *root)
{
	struct pp_fault fault;
	struct pp_json *json = pp_json_read(arena, line, &fault);
	struct pp_slice hex = pp_json_text(pp_json_member(json, PP_S("root")));
	struct pp_slice at = pp_json_text(pp_json_member(json, PP_S("at")));
	int64_t size = pp_json_integer(pp_json_member(json, PP_S("size"))), utc;
	unsigned char bytes[PP_SHA256_SIZE];

	/* What is printed beside a finding is an instant and nothing else. */
	if (!pp_unhex(hex, bytes, sizeof(bytes)) || !pp_clock_read_rfc3339(at, &utc) || size < 1 ||
		(uint64_t)size < before)
		return false;
	root->size = (uint64_t)size;
	snprintf(root->hex, sizeof(root->hex), "%.*s", PP_SHOW(hex));
	pp_clock_rfc3339(utc, root->at);
	return true;
}
