/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Transactions (09-025r2 §15), all or none. Everything is read first, then geometry workers judge
 * what was drawn, and then one transaction of the database does the actions in their order: it has
 * the body's turn before the first condition is looked at, so that nothing changes between what is
 * found and what is done to it, and each condition sees what the actions before it have done.
 */
#include "transaction.h"

#include <pp/core/extent.h>

#include <stdio.h>

/* Geometries that are under way at the workers at a time; changes of a statement, which has a few
 * seconds; statements of a transaction. */
enum { JUDGED_AT_ONCE = 32, RUN_MOST = 200, RUNS_MOST = 100 };

/* ---- Done ---- */

static struct pp_wfs_run *add_run(
	struct pp_req *req, const struct pp_wfs *wfs, const struct pp_collection *collection)
{
	struct pp_wfs_transaction *t = wfs->transaction;
	struct pp_wfs_run *run = &t->runs[t->run_count];

	*run = (struct pp_wfs_run){ .actions = pp_buf_make(req->arena) };
	run->edit.collection = collection;
	run->edit.lock = wfs->request->lock_id.len ? wfs->request->lock_id : pp_slice(NULL, 0);
	run->edit.releases = !pp_slice_is(wfs->request->release_action, PP_S("SOME"));
	run->edit.nth = t->run_count++;
	return run;
}

/* False where there are too many. */
static bool plan(struct pp_req *req, const struct pp_wfs *wfs)
{
	struct pp_wfs_transaction *t = wfs->transaction;
	struct pp_wfs_run *run = NULL;

	t->runs = PP_NEW_ARRAY(req->arena, struct pp_wfs_run, RUNS_MOST);
	for (size_t i = 0; i < wfs->request->action_count; i++) {
		const struct pp_wfs_change *change = &t->changes[i];

		if (!change->collection)
			continue;
		if (!run || change->finds || run->edit.finds || run->count == RUN_MOST ||
			run->edit.collection != change->collection) {
			if (t->run_count == RUNS_MOST)
				return false;
			run = add_run(req, wfs, change->collection);
			run->edit.finds = change->finds;
			run->edit.where = change->where;
		}
		run->count++;
		pp_feature_change_add(run->actions, &change->change);
	}
	/* Without actions a transaction gives a lock back. */
	if (!run)
		add_run(req, wfs, pp_collection_named(PP_S("drafts")));
	return true;
}

static enum pp_next store(struct pp_req *req, const struct pp_wfs *wfs)
{
	struct pp_wfs_transaction *t = wfs->transaction;

	if (!plan(req, wfs))
		return pp_refuse(req, PP_invalid_parameter,
			"at most %d actions with conditions are done at once; ids are no condition",
			RUNS_MOST);
	pp_feature_turn(req);
	for (size_t i = 0; i < t->run_count; i++) {
		struct pp_wfs_run *run = &t->runs[i];

		pp_buf_text(run->actions, run->actions->len ? "]" : "[]");
		run->edit.actions = pp_buf_all(run->actions);
		run->edit.follows = i + 1 < t->run_count;
		pp_feature_edit_ask(req, &run->edit, &run->rows);
	}
	pp_go_to(req, pp_wfs_transacted);
	return PP_WAIT;
}

enum pp_next pp_wfs_transacted(struct pp_req *req)
{
	return pp_wfs_transaction_tell(req, pp_state(req, struct pp_wfs));
}

/* ---- Judged ---- */

static enum pp_next judge_on(struct pp_req *req, struct pp_wfs *wfs)
{
	struct pp_wfs_transaction *t = wfs->transaction;
	size_t asked = 0;

	for (; t->judged < wfs->request->action_count && asked < JUDGED_AT_ONCE; t->judged++) {
		struct pp_wfs_change *change = &t->changes[t->judged];

		if (!change->geometry.wkb.at)
			continue;
		pp_ask_check(req, &change->geometry, &change->judged);
		asked++;
	}
	if (!asked)
		return store(req, wfs);
	pp_go_to(req, pp_wfs_judged);
	return PP_WAIT;
}

/* The worker says what is wrong and where on the map; here is added where it stands. */
static enum pp_next refuse_geometry(struct pp_req *req, const struct pp_wfs *wfs,
	const struct pp_wfs_change *change, const struct pp_fault *why)
{
	struct pp_fault fault = *why;
	unsigned line, column;

	if (why->problem == PP_dataset_missing)
		return pp_refuse_fault(req, why);
	pp_filter_place(wfs->request->document, change->geometry_at, &line, &column);
	snprintf(fault.detail, sizeof(fault.detail), "line %u, column %u: %.200s", line, column,
		why->detail);
	snprintf(fault.pointer, sizeof(fault.pointer), "%.*s",
		PP_SHOW(pp_wfs_handle(change->action)));
	return pp_refuse_fault(req, &fault);
}

enum pp_next pp_wfs_judged(struct pp_req *req)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_wfs_transaction *t = wfs->transaction;

	for (size_t i = 0; i < t->judged; i++) {
		struct pp_wfs_change *change = &t->changes[i];
		struct pp_job_result result;
		struct pp_fault why;

		if (!change->geometry.wkb.at)
			continue;
		if (!pp_extent_judged(req, &change->judged, &result, &why))
			return refuse_geometry(req, wfs, change, &why);
		change->change.wkb = result.wkb;
		change->geometry.wkb = pp_slice(NULL, 0);
	}
	return judge_on(req, wfs);
}

/* ---- Read ---- */

static bool read_release(const struct pp_wfs_request *request, struct pp_fault *fault)
{
	return !request->release_action.len || pp_slice_is(request->release_action, PP_S("ALL")) ||
		pp_slice_is(request->release_action, PP_S("SOME")) ||
		pp_wfs_fault(fault, PP_invalid_parameter, "releaseAction", "must be ALL or SOME");
}

/* Where the platform wants to know what was read, WFS says it with a lock (docs/decisions/0017). */
static bool is_safe(
	const struct pp_req *req, const struct pp_wfs_request *request, struct pp_fault *fault)
{
	if (!req->server->edits_need_match || request->lock_id.len)
		return true;
	for (size_t i = 0; i < request->action_count; i++)
		if (request->actions[i].kind != PP_WFS_INSERT &&
			request->actions[i].kind != PP_WFS_NATIVE)
			return pp_wfs_fault(fault, PP_parameter_missing, "lockId",
				"send the lockId of a lock that has what you change");
	return true;
}

bool pp_wfs_may_edit(struct pp_req *req)
{
	if (!req->who.credential.len) {
		pp_refuse(req, PP_unauthenticated, "sign in to change or lock features");
		return false;
	}
	if (!(req->who.may & PP_MANAGER)) {
		pp_refuse(req, PP_forbidden,
			"Drafts are drawn by whoever conducts procedures for a planning body.");
		return false;
	}
	return true;
}

enum pp_next pp_wfs_transact(struct pp_req *req, struct pp_wfs *wfs)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_wfs_transaction *t = PP_NEW(req->arena, struct pp_wfs_transaction);
	struct pp_fault fault = { 0 };

	wfs->transaction = t;
	t->changes = PP_NEW_ARRAY(req->arena, struct pp_wfs_change, request->action_count);
	for (size_t i = 0; i < request->action_count; i++)
		if (!pp_wfs_change_of(req, request, &request->actions[i], &t->changes[i], &fault))
			return pp_refuse_fault(req, &fault);
	if (!read_release(request, &fault) || !is_safe(req, request, &fault))
		return pp_refuse_fault(req, &fault);
	return pp_wfs_may_edit(req) ? judge_on(req, wfs) : PP_DONE;
}
