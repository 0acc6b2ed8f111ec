/* SPDX-License-Identifier: EUPL-1.2 */
/* rules: the text that says whom a plan affects, as a new version. */
#include <errno.h>
#include <stdio.h>

#include <pp/geo/rules.h>

#include "import.h"
#include "queries.h"

#define TEXT_MAX ((size_t)1 << 20)
#define PART     ((size_t)1 << 16)

bool pp_import_read_rules(const char *path, struct pp_buf *text, struct pp_fault *fault)
{
	FILE *file = fopen(path, "rb");
	struct pp_fault why;
	size_t got;

	if (!file)
		return pp_fault(fault, PP_file_unreadable, "%.200s: %s", path, strerror(errno));
	do {
		got = fread(pp_buf_room(text, PART), 1, PART, file);
		text->len += got;
	} while (got && text->len <= TEXT_MAX);
	fclose(file);
	if (text->len > TEXT_MAX)
		return pp_fault(fault, PP_table_unusable, "Rules have at most 1 MB.");
	if (!pp_rules_check(pp_buf_all(text), &why))
		return pp_fault(fault, PP_table_unusable, "%.240s.", why.detail);
	return true;
}

bool pp_import_rules(const struct pp_import *import, const char *path, struct pp_slice text,
	struct pp_fault *fault)
{
	const char *slash = strrchr(path, '/');
	struct pp_slice params[] = { text, pp_slice_of(slash ? slash + 1 : path), import->at };
	struct pp_rows *rows;

	if (!pp_admin_query(
		    import->db, import->arena, &pp_queries[PP_Q_rule_import], params, &rows, fault))
		return false;
	printf("rule version %.*s is in force: %.*s rules\n",
		PP_SHOW(pp_cell(rows, 0, PP_C_rule_import_version)),
		PP_SHOW(pp_cell(rows, 0, PP_C_rule_import_rules)));
	return true;
}
