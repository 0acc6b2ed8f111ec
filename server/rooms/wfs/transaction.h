/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A transaction on its way: read (transaction_action.c), judged and done (transaction.c), told
 * (transaction_response.c). */
#include <pp/feature/edit.h>

#include "wfs.h"

struct pp_wfs_change {
	const struct pp_wfs_action *action;
	const struct pp_collection *collection; /* NULL: Native that is ignored */
	struct pp_feature_change change;
	bool finds; /* by a condition, else the change names its features */
	const struct pp_where *where;
	struct pp_job_geometry geometry; /* wkb.at == NULL: there is nothing to judge */
	size_t geometry_at;              /* where it stands in the document */
	struct pp_frame judged;
};

/* Changes that are one statement: some that name their features, or one that finds them. */
struct pp_wfs_run {
	struct pp_feature_edit edit;
	struct pp_buf *actions;
	size_t count; /* of them */
	struct pp_rows *rows;
};

struct pp_wfs_transaction {
	struct pp_wfs_change *changes; /* as many as the request has actions */
	size_t judged;                 /* changes whose geometry was sent to be judged */
	struct pp_wfs_run *runs;
	size_t run_count;
};

/* Reads what an action changes of which features; false after the fault. */
PP_CHECKED bool pp_wfs_change_of(struct pp_req *req, const struct pp_wfs_request *request,
	const struct pp_wfs_action *action, struct pp_wfs_change *out, struct pp_fault *fault);
/* The handle that the client gave to an action, or else the name of its element (§15.4). */
struct pp_slice pp_wfs_handle(const struct pp_wfs_action *action);
/* The answer in the dialect that was asked in. */
enum pp_next pp_wfs_transaction_tell(struct pp_req *req, const struct pp_wfs *wfs);
