/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The clerk: it tells listeners that something happened (one NOTIFY per batch of events), records
 * which rounds have opened and closed, forgets old idempotency keys and ended sessions, has the
 * master renew what holds boundaries and rules in memory, has recomputations run, mail sent,
 * documents copied, files of features made and boundaries imported by processes of their own, and
 * computes password hashes. Of the clerks of several hosts one leads, by an advisory lock; the
 * others only watch for their own master.
 */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/core/share.h>
#include <pp/io/secret.h>
#include <pp/io/worker.h>

#include "clerk.h"
#include "mailer.h"
#include "queries.h"

#define TAIL_BATCH   "500"
#define TAIL_MS      200
#define NEWS_US      PP_SECOND
#define SEAL_US      PP_SECOND
#define RECONNECT_US (PP_SECOND / 2)
#define TELL_US      PP_SECOND
#define TOLD_AT_ONCE "50"

static volatile sig_atomic_t told_to_go;

static void go(int number)
{
	(void)number;
	told_to_go = 1;
}

static void disconnect(struct pp_clerk *clerk, const char *doing, const struct pp_fault *fault)
{
	pp_log(PP_WARNING, "clerk_disconnected", "%s: %s", doing, fault->detail);
	pp_admin_close(clerk->db);
	clerk->db = NULL;
	clerk->leads = false;
	clerk->connect_at = pp_clock_monotonic() + RECONNECT_US;
	pp_sealer_forget(&clerk->sealer);
}

bool pp_clerk_ask(struct pp_clerk *clerk, struct pp_arena *arena, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows)
{
	struct pp_fault fault;

	if (pp_admin_query(clerk->db, arena, query, params, rows, &fault))
		return true;
	disconnect(clerk, query->name, &fault);
	return false;
}

static void keep_last(struct pp_clerk *clerk, struct pp_slice id)
{
	PP_MUST(id.len < sizeof(clerk->last));
	memcpy(clerk->last, id.at, id.len);
	clerk->last[id.len] = '\0';
}

static void connect_database(struct pp_clerk *clerk, struct pp_arena *arena)
{
	const struct pp_config *config = &clerk->child->config;
	struct pp_fault fault;
	struct pp_rows *rows;

	clerk->connect_at = pp_clock_monotonic() + RECONNECT_US;
	clerk->db = pp_admin_open(pp_child_database(arena, config, "pp_clerk"), &fault);
	if (!clerk->db) {
		pp_log(PP_WARNING, "clerk_not_connected", "%s", fault.detail);
		return;
	}
	/* After a time without connection events may have been missed: begin where we were. */
	if (!clerk->last[0] &&
		pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_event_last], NULL, &rows))
		keep_last(clerk, pp_cell(rows, 0, 0));
	if (clerk->db)
		pp_child_ready(clerk->child);
}

static void lead(struct pp_clerk *clerk, struct pp_arena *arena)
{
	struct pp_rows *rows;

	if (clerk->leads || !pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_clerk_lead], NULL, &rows))
		return;
	clerk->leads = pp_slice_is(pp_cell(rows, 0, 0), PP_S("t"));
	if (clerk->leads)
		pp_log(PP_INFO, "clerk_leads", "this clerk keeps the deadlines");
}

static bool is_renewal(struct pp_slice kind)
{
	return pp_slice_is(kind, PP_S("boundaries.imported")) ||
		pp_slice_is(kind, PP_S("rules.imported"));
}

/* What shows documents to somebody, or takes one away from those who could see it. */
static bool is_showing(struct pp_slice kind)
{
	return pp_slice_is(kind, PP_S("round.announced")) ||
		pp_slice_is(kind, PP_S("document.withdrawn")) ||
		pp_slice_is(kind, PP_S("document.refused"));
}

static void tail(struct pp_clerk *clerk, struct pp_arena *arena)
{
	struct pp_slice params[] = { pp_slice_of(clerk->last), PP_S(TAIL_BATCH) };
	bool renew = false;
	struct pp_rows *rows, *none;

	if (!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_event_tail], params, &rows) ||
		rows->rows == 0)
		return;
	for (size_t i = 0; i < rows->rows; i++) {
		renew = renew || is_renewal(pp_cell(rows, i, 1));
		if (is_showing(pp_cell(rows, i, 1)))
			pp_copier_look(&clerk->copier);
	}
	params[0] = pp_cell(rows, rows->rows - 1, 0);
	/* Another leader that reads them too is no harm; none that does would be. */
	if (clerk->leads &&
		!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_event_notify], params, &none))
		return;
	keep_last(clerk, params[0]);
	/* Something may be due earlier than was known. */
	if (clerk->tick_at > pp_clock_monotonic() + NEWS_US)
		clerk->tick_at = pp_clock_monotonic() + NEWS_US;
	if (renew)
		kill(getppid(), SIGUSR1);
}

static void seal(struct pp_clerk *clerk, struct pp_arena *arena)
{
	struct pp_fault fault;

	if (!clerk->leads || pp_clock_monotonic() < clerk->seal_at)
		return;
	clerk->seal_at = pp_clock_monotonic() + SEAL_US;
	if (!pp_sealer_round(&clerk->sealer, clerk->db, arena, &fault) ||
		!pp_signer_round(&clerk->sealer, clerk->db, arena, &fault))
		disconnect(clerk, "seal", &fault);
}

/* One at a time; one that was cut off is gone on with. */
static void run_recomputation(struct pp_clerk *clerk, struct pp_arena *arena)
{
	struct pp_rows *rows;

	if (!clerk->leads || !pp_runner_is_free(&clerk->recomputer) ||
		!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_recomputation_next], NULL, &rows))
		return;
	if (pp_cell(rows, 0, 0).at)
		pp_runner_bear(&clerk->recomputer, &clerk->child->config,
			(const char *const[]){
				"recompute", "--job", pp_text(arena, pp_cell(rows, 0, 0)), NULL });
}

/* Boundaries that an operator has uploaded: checked, then put in force when they say so. */
static void run_importer(struct pp_clerk *clerk, struct pp_arena *arena)
{
	struct pp_rows *rows;

	if (!clerk->leads || !pp_runner_is_free(&clerk->importer) ||
		!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_boundary_import_next], NULL, &rows))
		return;
	if (pp_cell(rows, 0, 0).at)
		pp_runner_bear(&clerk->importer, &clerk->child->config,
			(const char *const[]){
				"import", "--job", pp_text(arena, pp_cell(rows, 0, 0)), NULL });
}

/* Whenever a mail is due; while mail is on hold, one that was released. */
static void run_mailer(struct pp_clerk *clerk, struct pp_arena *arena)
{
	const struct pp_config *config = &clerk->child->config;
	bool sends = strcmp(config->mail, "send") == 0;
	int64_t due;
	struct pp_rows *rows;

	if (!clerk->leads || strcmp(config->mail, "off") == 0 ||
		!pp_runner_is_free(&clerk->mailer) ||
		!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_mail_due],
			(struct pp_slice[]){ sends ? PP_S("f") : PP_S("t") }, &rows))
		return;
	if (pp_clock_read_rfc3339(pp_cell(rows, 0, 0), &due) && due <= pp_clock_utc())
		pp_runner_bear(
			&clerk->mailer, config, (const char *const[]){ "mail", "--job", NULL });
}

/* Whoever has subscribed is told of what has happened, some readers at a time: between them the
 * deadlines are kept. */
static void tell_subscribers(struct pp_clerk *clerk, struct pp_arena *arena)
{
	char at[PP_RFC3339_SIZE];
	struct pp_slice params[] = { PP_S(""), PP_S(TOLD_AT_ONCE) };
	struct pp_rows *rows;

	if (!clerk->leads || pp_clock_monotonic() < clerk->tell_at)
		return;
	pp_clock_rfc3339(pp_clock_utc(), at);
	params[0] = pp_slice_of(at);
	if (pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_subscription_tell], params, &rows) &&
		!pp_cell(rows, 0, 0).at)
		clerk->tell_at = pp_clock_monotonic() + TELL_US;
}

/* Files that are complete, one after the other. */
static void run_inspector(struct pp_clerk *clerk, struct pp_arena *arena)
{
	char at[PP_RFC3339_SIZE];
	struct pp_slice params[1];
	struct pp_rows *rows;

	pp_clock_rfc3339(pp_clock_utc(), at);
	params[0] = pp_slice_of(at);
	if (!clerk->leads || !pp_runner_is_free(&clerk->inspector) ||
		!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_file_to_check], params, &rows) ||
		rows->rows == 0)
		return;
	pp_runner_bear(
		&clerk->inspector, &clerk->child->config, (const char *const[]){ "inspect", NULL });
}

/* Features that were asked for as a file, one file after the other. */
static void run_exporter(struct pp_clerk *clerk, struct pp_arena *arena)
{
	struct pp_rows *rows;

	if (clerk->leads && pp_runner_is_free(&clerk->exporter) &&
		pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_feature_export_is_due], NULL, &rows) &&
		pp_slice_is(pp_cell(rows, 0, 0), PP_S("t")))
		pp_runner_bear(&clerk->exporter, &clerk->child->config,
			(const char *const[]){ "export", NULL });
}

/* What it does time and again, as long as it has the database. */
static void (*const rounds[])(struct pp_clerk *clerk, struct pp_arena *arena) = { lead, tail,
	pp_clerk_due, seal, run_recomputation, tell_subscribers, run_mailer, run_inspector,
	run_exporter, run_importer };

static void do_rounds(struct pp_clerk *clerk)
{
	struct pp_arena arena;

	pp_arena_begin(&arena);
	if (!clerk->db && pp_clock_monotonic() >= clerk->connect_at)
		connect_database(clerk, &arena);
	for (size_t i = 0; clerk->db && i < PP_LENGTH(rounds); i++)
		rounds[i](clerk, &arena);
	if (clerk->db)
		pp_copier_round(&clerk->copier, &clerk->child->config);
	pp_arena_end(&arena);
}

static bool serve_one(struct pp_clerk *clerk, int client)
{
	struct pp_frame request, reply = { .fd = -1 };
	struct pp_arena arena;
	struct pp_buf *out;
	bool served = false;

	pp_arena_begin(&arena);
	if (pp_frame_read(client, &arena, &request)) {
		if (request.fd >= 0)
			close(request.fd);
		out = pp_buf_make(&arena);
		reply.number = request.number;
		reply.kind = pp_clerk_answer(clerk, request.kind, request.payload, &arena, out)
			? request.kind
			: PP_FRAME_FAILED;
		reply.payload = pp_buf_all(out);
		served = pp_frame_write(client, &reply);
	}
	pp_arena_end(&arena);
	return served;
}

static void serve_clients(struct pp_clerk *clerk)
{
	for (nfds_t i = clerk->client_count - 1; i >= 1; i--) {
		if (!clerk->clients[i].revents || serve_one(clerk, clerk->clients[i].fd))
			continue;
		close(clerk->clients[i].fd);
		clerk->clients[i] = clerk->clients[--clerk->client_count];
	}
	if (clerk->clients[0].revents & POLLIN) {
		int fd = accept4(clerk->clients[0].fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0 && clerk->client_count <= PP_CLERK_CLIENTS)
			clerk->clients[clerk->client_count++] = (struct pollfd){ .fd = fd,
				.events = POLLIN };
		else if (fd >= 0)
			close(fd);
	}
}

int pp_clerk_main(struct pp_child *child)
{
	struct sigaction action = { .sa_handler = go };
	struct pp_clerk clerk = { .child = child, .client_count = 1, .due_at = INT64_MAX };
	int64_t rounds_at = 0;

	sigaction(SIGTERM, &action, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	pp_secret_open();
	pp_sealer_open(&clerk.sealer, &child->config);
	pp_copier_open(&clerk.copier, &child->config, child->share->made_at);
	clerk.clients[0] = (struct pollfd){ .fd = child->sockets[0], .events = POLLIN };
	while (!told_to_go) {
		int64_t left = (rounds_at - pp_clock_monotonic()) / 1000;

		if (left <= 0 || (clerk.leads && clerk.due_at <= pp_clock_utc())) {
			do_rounds(&clerk);
			rounds_at = pp_clock_monotonic() + TAIL_MS * 1000;
			left = TAIL_MS;
		}
		if (clerk.leads && clerk.due_at < pp_clock_utc() + left * 1000)
			left = clerk.due_at > pp_clock_utc()
				? (clerk.due_at - pp_clock_utc()) / 1000 + 1
				: 0;
		if (poll(clerk.clients, clerk.client_count, (int)left) > 0)
			serve_clients(&clerk);
	}
	pp_runner_end(&clerk.recomputer);
	pp_runner_end(&clerk.mailer);
	pp_runner_end(&clerk.inspector);
	pp_runner_end(&clerk.exporter);
	pp_runner_end(&clerk.importer);
	pp_runner_end(&clerk.copier.runner);
	if (clerk.db)
		pp_admin_close(clerk.db);
	for (nfds_t i = 1; i < clerk.client_count; i++)
		close(clerk.clients[i].fd);
	pp_arena_end(&child->arena);
	return 0;
}
