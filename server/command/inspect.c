/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * inspect: looks into every file that was uploaded and not checked yet, and makes of what others
 * will be shown a copy without authors. Its bytes go from the database to a nameless file and,
 * piece by piece, to the virus scanner; a file job then says what the file is. The clerk has this
 * run whenever a file is complete.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/file.h>
#include <pp/base/log.h>
#include <pp/core/digest.h>
#include <pp/io/admin.h>
#include <pp/io/scan.h>

#include "call.h"
#include "command.h"
#include "files_client.h"
#include "queries.h"

#define ATTEMPTS_MOST 5
/* Of a copy, at a time; chunks end where pieces do. */
#define PIECE (UINT32_C(1) << 20)

static const char about[] = "planungsplattform inspect\n\n"
			    "Prüft hochgeladene Dateien, die vollständig und noch nicht geprüft "
			    "sind: was sie sind, und mit\n"
			    "der Einstellung clamd auf Viren. Der Server tut das von selbst.\n\n"
			    "Looks into uploaded files that are complete and not checked yet. The "
			    "server does it by itself.\n"
			    "Exit code 1 where something that is needed for it is not there.\n\n"
			    "Einstellungen / settings:\n";

struct inspection {
	const struct pp_config *config;
	struct pp_admin *db;
	struct pp_arena *arena; /* of the file at hand */
	struct pp_slice id, media_type;
	bool was_tried_often;
	int fd;
	bool is_shown;    /* to others than its planning body */
	bool is_checked;  /* that was done before; now it is to be shown */
	bool is_copied;   /* also where nothing was taken out */
	bool is_accepted; /* also where something is left */
	int clean;        /* what came of it without authors, a nameless file; -1: nothing */
	uint64_t clean_size;
	bool clean_is_full;
	struct pp_scanner *scanner;
	bool scanner_is_full, is_full;
};

static bool ask(struct inspection *i, enum pp_query_id id, const struct pp_slice *params,
	struct pp_rows **rows)
{
	struct pp_fault fault;

	if (pp_admin_query(i->db, i->arena, &pp_queries[id], params, rows, &fault))
		return true;
	pp_log(PP_WARNING, "inspector_disconnected", "%s: %s", pp_queries[id].name, fault.detail);
	return false;
}

static struct pp_slice text_or_null(const char *text)
{
	return text && *text ? pp_slice_of(text) : pp_slice(NULL, 0);
}

/* What came of looking into it. */
struct verdict {
	const char *reason, *found; /* what speaks against it, and in words; NULL: nothing does */
	const char *metadata;       /* NULL: nobody has looked */
	struct pp_slice clean, crc32;
};

static bool settle(struct inspection *i, const struct verdict *verdict)
{
	const char *reason = verdict->reason;
	struct pp_slice params[] = { i->id, text_or_null(reason), text_or_null(verdict->found),
		text_or_null(i->config->clamd), text_or_null(verdict->metadata), verdict->clean,
		verdict->crc32, pp_clock_text(i->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	pp_log(PP_INFO, "file_checked", "%.*s: %s", PP_SHOW(i->id), reason ? reason : "well");
	return ask(i, PP_Q_file_checked, params, &rows);
}

static bool put_off(struct inspection *i, const char *reason, const char *why)
{
	struct pp_slice params[] = { i->id, pp_slice_of(reason),
		pp_clock_text(i->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	pp_log(PP_WARNING, "file_not_checked", "%.*s: %s: %s", PP_SHOW(i->id), reason, why);
	return ask(i, PP_Q_file_check_later, params, &rows);
}

static bool take(void *ctx, const struct pp_rows *row)
{
	struct inspection *i = ctx;
	struct pp_slice bytes = pp_cell(row, 0, 0);

	if (i->scanner && !i->scanner_is_full)
		i->scanner_is_full = !pp_scanner_write(i->scanner, bytes);
	i->is_full = !pp_write_all(i->fd, bytes);
	return !i->is_full;
}

/* ---- without what it says about its making ---- */

static void take_clean(void *ctx, struct pp_slice bytes)
{
	struct inspection *i = ctx;

	if (i->clean < 0)
		i->clean = pp_open_nameless();
	i->clean_is_full = i->clean_is_full || i->clean < 0 || !pp_write_all(i->clean, bytes);
	i->clean_size += bytes.len;
}

/* From the beginning, piece by piece; each is given to the function, with the place of its first
 * byte. */
static bool each_piece(struct inspection *i,
	bool (*use)(struct inspection *i, void *ctx, uint64_t at, struct pp_slice piece), void *ctx)
{
	char *bytes = pp_alloc(i->arena, PIECE);

	for (uint64_t at = 0; at < i->clean_size;) {
		ssize_t got = pread(i->clean, bytes, PIECE, (off_t)at);

		if (got <= 0 || !use(i, ctx, at, pp_slice(bytes, (size_t)got)))
			return false;
		at += (uint64_t)got;
	}
	return true;
}

static bool feed(struct inspection *i, void *ctx, uint64_t at, struct pp_slice piece)
{
	struct pp_slice *digest = ctx;

	(void)at;
	*digest = pp_digest_feed(i->arena, *digest, piece);
	return true;
}

static bool store(struct inspection *i, void *ctx, uint64_t at, struct pp_slice piece)
{
	const struct verdict *verdict = ctx;
	struct pp_slice params[] = { verdict->clean,
		pp_format(i->arena, "%llu", (unsigned long long)at), piece };
	struct pp_rows *rows;

	return ask(i, PP_Q_clean_append, params, &rows) &&
		pp_slice_is(pp_cell(rows, 0, 0), PP_S("t"));
}

/* A file of its own; whoever looks at the document is handed that. */
static bool store_clean(struct inspection *i, const char *metadata)
{
	struct verdict verdict = { .metadata = metadata };
	struct pp_slice digest = PP_S("");
	struct pp_rows *rows;

	if (i->clean_is_full || !each_piece(i, feed, &digest))
		return put_off(i, "PRUEFUNG_FEHLT", "there is no room for a copy of the file");
	if (!ask(i, PP_Q_clean_begin,
		    (struct pp_slice[]){ i->id,
			    pp_format(i->arena, "%llu", (unsigned long long)i->clean_size),
			    pp_digest_sha256(i->arena, digest),
			    pp_clock_text(i->arena, pp_clock_utc()) },
		    &rows))
		return false;
	verdict.clean = pp_cell(rows, 0, 0);
	verdict.crc32 = pp_format(i->arena, "%lu", (unsigned long)pp_digest_crc32(digest));
	return each_piece(i, store, &verdict) && settle(i, &verdict);
}

/* Nothing was taken out; what is sealed needs a copy that is not. */
static bool settle_as_it_is(struct inspection *i, const char *metadata, bool is_copied)
{
	off_t size = lseek(i->fd, 0, SEEK_END);

	if (!is_copied)
		return settle(i, &(struct verdict){ .metadata = metadata });
	if (i->clean >= 0)
		close(i->clean);
	i->clean = dup(i->fd);
	i->clean_size = size > 0 ? (uint64_t)size : 0;
	i->clean_is_full = i->clean < 0 || size <= 0;
	return store_clean(i, metadata);
}

/* What its reader does not survive is left as it is, as is what it says that it cannot clean. */
static bool clean(struct inspection *i, const char *path)
{
	const struct pp_filejob_clean clean = { .media_type = i->media_type };
	const struct pp_files_answers answers = { .ctx = i, .bytes = take_clean };
	struct pp_fault fault = { 0 };
	bool done;

	i->clean = -1;
	i->clean_size = 0;
	i->clean_is_full = false;
	if (!pp_files_ask_clean(path, &clean, &answers, &fault)) {
		pp_log(PP_INFO, "file_not_cleaned", "%.*s: %s", PP_SHOW(i->id), fault.detail);
		done = settle_as_it_is(i, "VERBLEIBT", i->is_copied && i->is_accepted);
	} else if (i->clean_size) {
		done = store_clean(i, "ENTFERNT");
	} else {
		done = settle_as_it_is(i, "KEINE", i->is_copied);
	}
	if (i->clean >= 0)
		close(i->clean);
	return done;
}

/* What it is, by a process that can do nothing else. */
static bool judge(struct inspection *i)
{
	const struct pp_filejob_check check = { .media_type = i->media_type };
	const struct pp_files_answers answers = { 0 };
	struct pp_fault fault = { 0 };
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", i->fd);
	if (i->is_checked)
		return clean(i, path);
	if (pp_files_ask_check(path, &check, &answers, &fault))
		return i->is_shown ? clean(i, path) : settle(i, &(struct verdict){ 0 });
	if (fault.pointer[0])
		return settle(i, &(struct verdict){ fault.pointer, fault.detail });
	/* A reader that crashes, again and again, has told as well. */
	if (i->was_tried_often)
		return settle(i, &(struct verdict){ "UNLESBAR", fault.detail });
	return put_off(i, "PRUEFUNG_FEHLT", fault.detail);
}

static bool scan_and_judge(struct inspection *i)
{
	char name[128] = "";
	struct pp_fault fault;
	enum pp_scan_result result = PP_SCAN_CLEAN;
	bool all = pp_admin_each(i->db, &pp_queries[PP_Q_file_bytes], &i->id, take, i, &fault);

	if (i->scanner)
		result = pp_scanner_end(i->scanner, name);
	if (!all) {
		pp_log(PP_WARNING, "inspector_disconnected", "%s", fault.detail);
		return false;
	}
	if (i->is_full)
		return put_off(i, "PRUEFUNG_FEHLT", "there is no room for the file");
	if (result == PP_SCAN_FOUND)
		return settle(i, &(struct verdict){ "VIRUS", name });
	if (result == PP_SCAN_TOO_LARGE)
		return put_off(i, "VIRENPRUEFUNG_GRENZE", "clamd takes no file of that size");
	if (result == PP_SCAN_FAILED)
		return put_off(i, "VIRENPRUEFUNG_FEHLT", "clamd did not answer");
	return judge(i);
}

static bool check_file(struct inspection *i)
{
	const char *clamd = i->config->clamd;
	struct pp_fault fault;
	bool done;

	i->scanner = NULL;
	i->scanner_is_full = i->is_full = false;
	if (clamd[0] && !i->is_checked && !(i->scanner = pp_scanner_open(clamd, &fault)))
		return put_off(i, "VIRENPRUEFUNG_FEHLT", fault.detail);
	i->fd = pp_open_nameless();
	if (i->fd < 0) {
		if (i->scanner)
			pp_scanner_end(i->scanner, (char[128]){ 0 });
		return put_off(i, "PRUEFUNG_FEHLT", strerror(errno));
	}
	done = scan_and_judge(i);
	close(i->fd);
	return done;
}

/* True as long as there was one, and what came of it was stored. */
static bool check_next(struct inspection *i, bool *well)
{
	struct pp_rows *rows;
	uint64_t attempts;

	*well = ask(i, PP_Q_file_to_check,
		(struct pp_slice[]){ pp_clock_text(i->arena, pp_clock_utc()) }, &rows);
	if (!*well || rows->rows == 0)
		return false;
	i->id = pp_cell(rows, 0, PP_C_file_to_check_id);
	i->media_type = pp_cell(rows, 0, PP_C_file_to_check_media_type);
	PP_MUST(pp_slice_u64(pp_cell(rows, 0, PP_C_file_to_check_attempts), &attempts));
	i->was_tried_often = attempts >= ATTEMPTS_MOST;
	i->is_shown = pp_slice_is(pp_cell(rows, 0, PP_C_file_to_check_is_shown), PP_S("t"));
	i->is_checked = pp_slice_is(pp_cell(rows, 0, PP_C_file_to_check_is_checked), PP_S("t"));
	i->is_copied = pp_slice_is(pp_cell(rows, 0, PP_C_file_to_check_is_copied), PP_S("t"));
	i->is_accepted = pp_slice_is(pp_cell(rows, 0, PP_C_file_to_check_is_accepted), PP_S("t"));
	return *well = check_file(i);
}

static bool check_all(struct pp_call *call)
{
	struct inspection i = { .config = &call->config };
	bool well = true, more = true;

	i.db = pp_admin_open(pp_call_url(call, "pp_clerk"), &call->fault);
	if (!i.db)
		return false;
	while (more) {
		struct pp_arena arena;

		pp_arena_begin(&arena);
		i.arena = &arena;
		more = check_next(&i, &well);
		pp_arena_end(&arena);
	}
	pp_admin_close(i.db);
	return well;
}

static int inspect(struct pp_call *call)
{
	pp_log_open("inspector", pp_log_level_named(call->config.log_level));
	PP_MUST(!call->config.clock_shift[0] || pp_clock_follow(call->config.clock_shift) == 0);
	return pp_call_connect(call, &call->fault) && check_all(call) ? 0 : 1;
}

int pp_command_inspect(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "inspect", .about = about, .run = inspect
	};

	return pp_call_run(&kind, NULL, argc, argv);
}
