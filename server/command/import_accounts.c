/* SPDX-License-Identifier: EUPL-1.2 */
/* accounts: who acts for which body, as what. */
#include <stdio.h>

#include "import.h"
#include "queries.h"

/* A body, a role or an issuer that there is not: the first cell of that kind. */
static bool judge(const struct pp_import *import, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (!pp_admin_query(import->db, import->arena, &pp_queries[PP_Q_accounts_wrong], NULL,
		    &rows, fault))
		return false;
	if (rows->rows == 0)
		return true;
	struct pp_slice line = pp_cell(rows, 0, 0), name = pp_cell(rows, 0, 1);
	struct pp_slice cell = pp_cell(rows, 0, 2), why = pp_cell(rows, 0, 3);

	return pp_fault(fault, PP_table_unusable, "Line %.*s, column %.*s: \"%.*s\" %.*s.",
		PP_SHOW(line), PP_SHOW(name), (int)(cell.len < 60 ? cell.len : 60), cell.at,
		PP_SHOW(why));
}

/* Membership by membership what becomes another, before it does. */
static bool show_changes(const struct pp_import *import, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (!pp_admin_query(
		    import->db, import->arena, &pp_queries[PP_Q_accounts_diff], NULL, &rows, fault))
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		struct pp_slice body = pp_cell(rows, i, 0), mail = pp_cell(rows, i, 1);
		struct pp_slice what = pp_cell(rows, i, 2), before = pp_cell(rows, i, 3);
		struct pp_slice after = pp_cell(rows, i, 4);

		if (pp_slice_is(what, PP_S("membership")))
			printf("+ %.*s %.*s  %.*s\n", PP_SHOW(body), PP_SHOW(mail), PP_SHOW(after));
		else
			printf("~ %.*s %.*s  %.*s: %.*s -> %.*s\n", PP_SHOW(body), PP_SHOW(mail),
				PP_SHOW(what), PP_SHOW(before.len ? before : PP_S("-")),
				PP_SHOW(after));
	}
	return true;
}

bool pp_import_accounts(
	const struct pp_import *import, struct pp_slice lines, struct pp_fault *fault)
{
	struct pp_slice params[] = { import->at };
	struct pp_rows *rows;

	/* The owner of the tables sees no account; whoever signs people in does. */
	if (!pp_import_stage(import, PP_IMPORT_ACCOUNTS, lines, fault) ||
		!pp_admin_run(import->db, "set local role pp_sign_in", fault) ||
		!judge(import, fault) || (import->preview && !show_changes(import, fault)) ||
		!pp_admin_query(import->db, import->arena, &pp_queries[PP_Q_accounts_import],
			params, &rows, fault))
		return false;
	printf("%.*s accounts, %.*s memberships, %.*s changed\n", PP_SHOW(pp_cell(rows, 0, 0)),
		PP_SHOW(pp_cell(rows, 0, 1)), PP_SHOW(pp_cell(rows, 0, 2)));
	return true;
}
