/* SPDX-License-Identifier: EUPL-1.2 */
#include "export_job.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <pp/base/file.h>
#include <pp/feature/export.h>

#include "files_client.h"
#include "queries.h"

static bool fail(struct pp_export_job *job, const char *reason)
{
	job->reason = reason;
	return false;
}

/* ---- What is wanted ---- */

static struct pp_slice cell(const struct pp_export_job *job, size_t column)
{
	return pp_cell(job->as, 0, column);
}

static uint64_t number(const struct pp_export_job *job, size_t column)
{
	uint64_t n = 0;

	PP_MUST(pp_slice_u64(cell(job, column), &n));
	return n;
}

static bool is_true(const struct pp_export_job *job, size_t column)
{
	return pp_slice_is(cell(job, column), PP_S("t"));
}

/* An array of PostgreSQL's without blanks, quotes and braces in it: names of columns. */
static bool take_order(struct pp_export_job *job, struct pp_feature_ask *ask)
{
	struct pp_slice rest = cell(job, PP_C_feature_export_begin_sorted);

	rest = pp_slice(rest.at + 1, rest.len - 2);
	while (rest.len && ask->order_count < PP_FEATURE_ORDERS) {
		struct pp_feature_order *order = &ask->order[ask->order_count++];
		struct pp_slice name = pp_slice_cut(rest, ',', &rest);

		order->descending = pp_slice_starts(name, PP_S("-"));
		if (order->descending)
			name = pp_slice(name.at + 1, name.len - 1);
		order->column = pp_column_named(&ask->collection->type, name);
		if (order->column ? !order->column->sortable : !pp_slice_is(name, PP_S("id")))
			return false;
	}
	return !rest.len;
}

static const struct pp_where *take_where(struct pp_export_job *job)
{
	struct pp_where *where = PP_NEW(job->arena, struct pp_where);

	if (!cell(job, PP_C_feature_export_begin_condition).at)
		return NULL;
	where->sql = pp_buf_make(job->arena);
	pp_buf_slice(where->sql, cell(job, PP_C_feature_export_begin_condition));
	pp_buf_u8(where->sql, '\0');
	where->values = cell(job, PP_C_feature_export_begin_bound);
	return where;
}

/* False where this program knows no such collection, or such order, any more. */
static bool take_ask(struct pp_export_job *job)
{
	struct pp_feature_ask *ask = &job->reading.ask;

	ask->collection = pp_collection_named(cell(job, PP_C_feature_export_begin_collection));
	if (!ask->collection || ask->collection->is_private)
		return false;
	ask->columns = (uint32_t)number(job, PP_C_feature_export_begin_fields);
	ask->geometry = is_true(job, PP_C_feature_export_begin_geometry);
	ask->fid = cell(job, PP_C_feature_export_begin_fid);
	ask->box = cell(job, PP_C_feature_export_begin_box);
	ask->where = take_where(job);
	ask->from = cell(job, PP_C_feature_export_begin_since);
	ask->to = cell(job, PP_C_feature_export_begin_until);
	ask->seen = cell(job, PP_C_feature_export_begin_seen);
	ask->after = cell(job, PP_C_feature_export_begin_place);
	ask->skip = number(job, PP_C_feature_export_begin_skip);
	ask->limit = number(job, PP_C_feature_export_begin_most);
	job->crs = (int)number(job, PP_C_feature_export_begin_crs);
	job->view = (struct pp_feature_view){ .type = &ask->collection->type,
		.columns = ask->columns,
		.geometry = ask->geometry,
		.decimals = pp_crs_decimals(job->crs),
		.epsg = job->crs == PP_CRS84 ? 4326 : job->crs,
		.english = is_true(job, PP_C_feature_export_begin_english) };
	return take_order(job, ask);
}

/* ---- Features ---- */

static bool write_batch(struct pp_export_job *job, struct pp_arena *arena, struct pp_buf *out)
{
	struct pp_feature_row row;
	struct pp_slice version;

	while (pp_feature_next(&job->reading, &row, &version)) {
		row.wkb = pp_feature_place(job->geo, arena, job->crs, PP_AXES_EAST_NORTH, row.wkb);
		pp_feature_fgb(out, &job->view, &row);
	}
	job->features = job->reading.count;
	return job->features <= PP_EXPORT_MOST || fail(job, "ZU_VIELE");
}

/* Memory is that of a batch, whatever there is of them. */
static bool next_batch(struct pp_export_job *job, int fd, uint64_t *size)
{
	const struct pp_slice *values;
	const struct pp_query *query;
	struct pp_buf out;
	struct pp_arena arena;
	bool done;

	pp_arena_begin(&arena);
	pp_buf_begin(&out);
	query = pp_features_question(
		&arena, &job->reading, cell(job, PP_C_feature_export_begin_asked_at), &values);
	done = pp_admin_query(job->reader, &arena, query, values, &job->reading.rows, &job->why) ||
		fail(job, "GESCHEITERT");
	if (done) {
		pp_features_take(job->arena, &job->reading);
		done = write_batch(job, &arena, &out);
	}
	*size += out.len;
	if (done && *size > PP_FILEJOB_FEATURES_MAX)
		done = fail(job, "ZU_GROSS");
	if (done && !pp_write_all(fd, pp_buf_all(&out))) {
		pp_fault(&job->why, PP_storage_full, "%s", strerror(errno));
		done = fail(job, "GESCHEITERT");
	}
	pp_buf_end(&out);
	pp_arena_end(&arena);
	return done && job->step(job->ctx, job->features);
}

static bool write_features(struct pp_export_job *job, int fd)
{
	uint64_t size = 0;
	struct pp_buf *out = pp_buf_make(job->arena);

	pp_feature_fgb_begin(out, &job->view);
	if (!pp_write_all(fd, pp_buf_all(out)))
		return fail(job, "GESCHEITERT");
	do
		if (!next_batch(job, fd, &size))
			return false;
	while (job->reading.more);
	return true;
}

/* ---- The GeoPackage ---- */

static void take_count(void *ctx, uint32_t features)
{
	*(uint64_t *)ctx = features;
}

static struct pp_filejob_texts days_of(struct pp_export_job *job)
{
	const struct pp_feature_type *type = job->view.type;
	struct pp_filejob_texts days = { 0,
		PP_NEW_ARRAY(job->arena, struct pp_slice, type->column_count) };

	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].kind == PP_FEATURE_DATE)
			days.at[days.count++] = pp_slice_of(type->columns[i].name);
	return days;
}

static bool write_result(struct pp_export_job *job, int features)
{
	const struct pp_feature_type *type = job->view.type;
	const struct pp_filejob_geopackage ask = {
		.name = PP_S("features.fgb"),
		.layer = pp_slice_of(type->name),
		.title = pp_slice_of(job->view.english ? type->title_en : type->title_de),
		.about = pp_slice_of(job->view.english ? type->about_en : type->about_de),
		.made_at = cell(job, PP_C_feature_export_begin_made_at),
		.days = days_of(job),
		.has_geometry = job->view.geometry,
		.most_mb = (uint32_t)number(job, PP_C_feature_export_begin_each_mb),
	};
	uint64_t count = UINT64_MAX;
	const struct pp_files_answers answers = { .ctx = &count, .count = take_count };
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", features);
	if (!pp_files_ask_geopackage(path, job->result, &ask, &answers, &job->why))
		return fail(
			job, job->why.problem == PP_body_too_large ? "ZU_GROSS" : "GESCHEITERT");
	/* A reader that has lost one of our own features has lost others, too. */
	if (count == job->features)
		return true;
	pp_fault(&job->why, PP_file_unreadable, "%llu of %llu features were written",
		(unsigned long long)count, (unsigned long long)job->features);
	return fail(job, "GESCHEITERT");
}

bool pp_export_make(struct pp_export_job *job)
{
	int features = pp_open_nameless();
	bool done;

	job->result = pp_open_nameless();
	if (features < 0 || job->result < 0) {
		pp_fault(&job->why, PP_storage_full, "%s", strerror(errno));
		done = fail(job, "GESCHEITERT");
	} else if (!take_ask(job)) {
		pp_fault(&job->why, PP_not_found, "nothing like that is made any more");
		done = fail(job, "GESCHEITERT");
	} else {
		done = write_features(job, features) && write_result(job, features);
	}
	if (features >= 0)
		close(features);
	return done;
}
