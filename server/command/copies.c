/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * copies: makes copies of documents on this machine's disk and takes away those that are to go
 * (pp/io/copies.h). The clerk has this run; it is the only one that writes there, and nothing that
 * anybody waits for depends on it. What a round shows is wanted by that, so that it is there before
 * its first reader comes; what was wanted longest ago goes first.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/file.h>
#include <pp/base/log.h>
#include <pp/core/copies.h>
#include <pp/io/admin.h>

#include "../process/copier.h"
#include "call.h"
#include "command.h"
#include "copies_folder.h"
#include "queries.h"

/* So many bytes at a time, then it may be the turn of a document that somebody reads. */
#define TURN (UINT64_C(64) << 20)

static const char about[] =
	"planungsplattform copies [STEMPEL [DOKUMENT]]\n\n"
	"Entfernt Kopien von Dokumenten, die niemandem mehr gezeigt werden oder keinen Platz mehr "
	"haben.\nDer Server tut das von selbst; unter seinem Stempel legt er an, was eine Runde "
	"zeigt.\n\n"
	"Removes copies of documents that are shown to nobody any more, or have no room any more.\n"
	"The server does it by itself; under its stamp it makes those that a round shows.\n\n"
	"Einstellungen / settings:\n";

struct copying {
	struct pp_arena *arena;
	struct pp_admin *db;
	struct pp_folder folder;
	uint64_t done; /* bytes read and written */
	bool more;     /* there is a rest for the next process */
	/* The one that is being made. */
	int fd;
	struct pp_sha256_run hash;
	uint64_t size;
	int error;
};

static bool ask(struct copying *c, enum pp_query_id id, const struct pp_slice *params,
	struct pp_rows **rows)
{
	struct pp_fault fault;

	if (pp_admin_query(c->db, c->arena, &pp_queries[id], params, rows, &fault))
		return true;
	pp_log(PP_WARNING, "copies_disconnected", "%s: %s", pp_queries[id].name, fault.detail);
	return false;
}

static bool take_away_hidden(struct copying *c)
{
	struct pp_buf *names = pp_buf_make(c->arena);
	struct pp_folder *folder = &c->folder;
	struct pp_slice params[1];
	struct pp_rows *rows;

	if (!folder->count)
		return true;
	for (size_t i = 0; i < folder->count; i++)
		pp_buf_format(names, "%c%s", i ? ',' : '{', folder->entries[i].name);
	pp_buf_text(names, "}");
	params[0] = pp_buf_all(names);
	if (!ask(c, PP_Q_copies_shown, params, &rows))
		return false;
	for (size_t i = 0; i < rows->rows; i++)
		pp_folder_entry(folder, pp_cell(rows, i, PP_C_copies_shown_name))->is_shown = true;
	for (size_t i = 0; i < folder->count; i++)
		if (!folder->entries[i].is_shown)
			pp_folder_take_away(
				folder, &folder->entries[i], "it is shown to nobody any more");
	return true;
}

/* ---- a copy ---- */

/* A document, the file that it is shown as, and when that was wanted. */
struct wish {
	struct pp_slice document, name;
	uint64_t size;
	struct timespec at;
};

static bool take(void *ctx, const struct pp_rows *row)
{
	struct copying *c = ctx;
	struct pp_slice bytes = pp_cell(row, 0, 0);

	pp_sha256_feed(&c->hash, bytes);
	c->size += bytes.len;
	if (!pp_write_all(c->fd, bytes))
		c->error = errno;
	return !c->error;
}

static bool fill(struct copying *c, const struct wish *w)
{
	struct pp_fault fault;

	pp_sha256_begin(&c->hash);
	c->size = 0;
	c->error = 0;
	/* All of it or nothing, where the file system can say so. */
	if (fallocate(c->fd, 0, 0, (off_t)w->size) != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
		return pp_folder_fail("room");
	if (!pp_admin_each(c->db, &pp_queries[PP_Q_copy_bytes], &w->document, take, c, &fault)) {
		pp_log(PP_WARNING, "copies_disconnected", "%s", fault.detail);
		return false;
	}
	if (c->error) {
		errno = c->error;
		return pp_folder_fail("write");
	}
	/* It was taken back meanwhile, or is not what it is said to be. */
	if (c->size == w->size && pp_folder_is_hash(&c->hash, w->name))
		return pp_folder_keep(&c->folder, c->fd, w->name, w->size, w->at);
	pp_log(PP_WARNING, "document_not_copied", "%.*s: %llu bytes came, not the file",
		PP_SHOW(w->document), (unsigned long long)c->size);
	return false;
}

static bool make(struct copying *c, const struct wish *w)
{
	bool done;

	pp_folder_make_room(&c->folder, c->folder.limit - w->size);
	if (!pp_folder_has_disk(&c->folder, w->size))
		return false;
	c->fd = pp_folder_begin(&c->folder);
	if (c->fd < 0)
		return false;
	done = fill(c, w);
	c->done += w->size;
	close(c->fd);
	if (done)
		pp_log(PP_INFO, "document_copied", "%.*s: %llu bytes", PP_SHOW(w->document),
			(unsigned long long)w->size);
	else
		pp_folder_drop(&c->folder);
	return done;
}

/* Of the run before, or of this one: read once, it need not be made again. */
static bool is_there(struct copying *c, const struct wish *w)
{
	struct pp_folder_entry *entry = pp_folder_entry(&c->folder, w->name);

	if (!entry || (entry->counts && entry->size == w->size))
		return entry;
	c->done += w->size;
	if (pp_folder_check(&c->folder, entry, w->size, w->at)) {
		pp_log(PP_INFO, "document_copy_read", "%s is as it was", entry->name);
		return true;
	}
	pp_log(PP_WARNING, "document_copy_damaged", "%s is made anew", entry->name);
	pp_folder_take_away(&c->folder, entry, "it is damaged");
	return false;
}

/* One that somebody reads. */
static bool copy(struct copying *c, const char *document)
{
	struct wish w = { .document = pp_slice_of(document), .at = pp_copy_time(pp_clock_utc()) };
	struct pp_rows *rows;

	if (!ask(c, PP_Q_copy_find, &w.document, &rows))
		return false;
	if (rows->rows == 0)
		return true;
	PP_MUST(pp_slice_u64(pp_cell(rows, 0, PP_C_copy_find_size), &w.size));
	w.name = pp_cell(rows, 0, PP_C_copy_find_sha256);
	if (w.size < PP_COPY_LEAST || w.size > c->folder.limit)
		return true;
	return is_there(c, &w) || make(c, &w);
}

/* ---- what nobody waits for yet ---- */

static bool is_turn_over(struct copying *c)
{
	c->more = c->done >= TURN;
	return c->more;
}

/* Those of the run before, the ones first that were wanted last. */
static void read_again(struct copying *c)
{
	for (size_t i = c->folder.count; i-- > 0;) {
		const struct pp_folder_entry *entry = &c->folder.entries[i];
		const struct wish w = {
			.name = pp_slice_of(entry->name), .size = entry->size, .at = entry->wanted
		};

		if (entry->counts || entry->gone)
			continue;
		if (is_turn_over(c))
			return;
		is_there(c, &w);
	}
}

/* What was shown last; nothing goes for it that was wanted since. */
static void make_shown(struct copying *c)
{
	struct pp_slice params[] = { pp_format(c->arena, "%llu", (unsigned long long)PP_COPY_LEAST),
		pp_format(c->arena, "%llu", (unsigned long long)c->folder.limit) };
	struct pp_rows *rows;

	if (!ask(c, PP_Q_copies_wanted, params, &rows))
		return;
	for (size_t i = 0; i < rows->rows; i++) {
		struct wish w = { .document = pp_cell(rows, i, PP_C_copies_wanted_document),
			.name = pp_cell(rows, i, PP_C_copies_wanted_sha256) };
		uint64_t at;

		PP_MUST(pp_slice_u64(pp_cell(rows, i, PP_C_copies_wanted_size), &w.size) &&
			pp_slice_u64(pp_cell(rows, i, PP_C_copies_wanted_shown_at), &at));
		w.at.tv_sec = (time_t)at;
		if (pp_folder_entry(&c->folder, w.name) ||
			!pp_folder_fits(&c->folder, w.size, w.at))
			continue;
		/* What speaks against one may speak against all: the log says what it is. */
		if (is_turn_over(c) || !make(c, &w))
			return;
	}
}

static bool tidy_and_copy(struct copying *c, const char *url, const char *document)
{
	struct pp_fault fault;
	bool well;

	c->db = pp_admin_open(url, &fault);
	if (!c->db) {
		pp_log(PP_WARNING, "copies_disconnected", "%s", fault.detail);
		return false;
	}
	well = pp_folder_open(&c->folder) && take_away_hidden(c);
	if (well)
		pp_folder_make_room(&c->folder, c->folder.limit);
	well = well && (!document || copy(c, document));
	/* By hand there is no server that would send them. */
	if (well && c->folder.stamp && c->folder.limit) {
		read_again(c);
		if (!c->more)
			make_shown(c);
	}
	pp_admin_close(c->db);
	pp_folder_close(&c->folder);
	return well;
}

static int outcome(const struct copying *c, bool well)
{
	if (!well)
		return 1;
	return c->more ? PP_RUNNER_MORE : 0;
}

static int copies(struct pp_call *call)
{
	struct pp_options *options = &call->options;
	struct copying c = { .arena = &call->arena,
		.folder = { .path = pp_copies_folder(&call->arena, &call->config),
			.limit = (uint64_t)call->config.document_cache_mb << 20 } };
	const char *document = options->rest_count > 1 ? options->rest[1] : NULL;
	uint64_t of_server = 0;

	pp_log_open("copies", pp_log_level_named(call->config.log_level));
	pp_secret_open();
	if (options->rest_count > 2 ||
		(options->rest_count && !pp_slice_u64(pp_slice_of(options->rest[0]), &of_server))) {
		pp_fault(&call->fault, PP_invalid_parameter, "the server's stamp and a document");
		return 2;
	}
	c.folder.stamp = (int64_t)of_server;
	if (!pp_call_connect(call, &call->fault))
		return 1;
	return outcome(&c, tidy_and_copy(&c, pp_call_url(call, "pp_clerk"), document));
}

int pp_command_copies(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "copies", .about = about, .takes_rest = true, .run = copies
	};

	return pp_call_run(&kind, NULL, argc, argv);
}
