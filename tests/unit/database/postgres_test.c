/* SPDX-License-Identifier: EUPL-1.2 */
/* The embedded PostgreSQL: made, found again, killed, adopted, borrowed and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/io/admin.h>

#include "../../../server/database/postgres.h"

/* What the master is to a cluster. */
struct keeper {
	struct pp_loop *loop;
	struct pp_postgres *pg;
	struct pp_timer *child, *look;
	enum pp_postgres_state state;
	unsigned ready, starting;
	char reason[256], error[256];
};

/* One folder for the whole program: making a cluster takes seconds. */
static char folder[64];

static void on_state(void *ctx, enum pp_postgres_state state, const char *reason)
{
	struct keeper *k = ctx;

	k->state = state;
	k->ready += state == PP_POSTGRES_READY;
	k->starting += state == PP_POSTGRES_STARTING;
	if (reason)
		snprintf(k->reason, sizeof(k->reason), "%s", reason);
}

static void reap(void *ctx)
{
	struct keeper *k = ctx;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (k->pg)
			pp_postgres_child_ended(k->pg, pid, status);
}

static void stop_loop(void *ctx)
{
	pp_loop_stop(ctx);
}

static bool open_keeper(struct keeper *k)
{
	*k = (struct keeper){ .loop = pp_loop_open() };
	k->child = pp_signal_open(k->loop, SIGCHLD, reap, k);
	k->look = pp_timer_open(k->loop, stop_loop, k->loop);
	k->pg = pp_postgres_open(k->loop, folder, on_state, k, k->error);
	return k->pg != NULL;
}

static void wait_for(struct keeper *k, bool (*holds)(const struct keeper *k))
{
	int64_t given_up = pp_clock_monotonic() + 60 * PP_SECOND;

	while (!holds(k)) {
		assert_true(pp_clock_monotonic() < given_up);
		pp_timer_start(k->look, 2000);
		pp_loop_run(k->loop);
	}
}

static bool is_ready(const struct keeper *k)
{
	return k->state == PP_POSTGRES_READY && k->ready > 0;
}

static bool is_ready_again(const struct keeper *k)
{
	return k->state == PP_POSTGRES_READY && k->ready > 1;
}

static bool has_ended(const struct keeper *k)
{
	return k->state == PP_POSTGRES_ENDED;
}

static bool has_a_reason(const struct keeper *k)
{
	return k->reason[0] != '\0';
}

static void close_keeper(struct keeper *k)
{
	pp_postgres_close(k->pg);
	pp_timer_close(k->child);
	pp_timer_close(k->look);
	pp_loop_close(k->loop);
}

static void stop_keeper(struct keeper *k)
{
	pp_postgres_stop(k->pg);
	wait_for(k, has_ended);
	assert_false(pp_postgres_is_alive(k->pg));
	close_keeper(k);
}

static const char *value(const char *url, const char *sql)
{
	static char text[200];
	struct pp_fault fault = { 0 };
	struct pp_admin *admin = pp_admin_open(url, &fault);
	struct pp_arena arena;
	struct pp_rows *rows = NULL;

	pp_arena_begin(&arena);
	if (!admin || !pp_admin_ask(admin, &arena, sql, 0, NULL, &rows, &fault))
		fail_msg("%s: %s", sql, fault.detail);
	snprintf(text, sizeof(text), "%.*s", PP_SHOW(pp_cell(rows, 0, 0)));
	pp_admin_close(admin);
	pp_arena_end(&arena);
	return text;
}

static long postmaster(void)
{
	char path[128];
	long pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/postgres/postmaster.pid", folder);
	file = fopen(path, "r");
	if (file) {
		assert_int_equal(fscanf(file, "%ld", &pid), 1);
		fclose(file);
	}
	return pid;
}

static void it_is_made_with_our_settings(void **state)
{
	struct keeper k;
	const char *url;
	char left[256];

	(void)state;
	/* What an initdb that was interrupted leaves is no cluster. */
	snprintf(left, sizeof(left),
		"mkdir -p %s/postgres.new/base && touch %s/postgres.new/base/1", folder, folder);
	assert_int_equal(system(left), 0);
	if (!open_keeper(&k))
		fail_msg("%s", k.error);
	wait_for(&k, is_ready);
	url = pp_postgres_url(k.pg, NULL);
	assert_string_equal(value(url, "select current_database()"), "planungsplattform");
	assert_string_equal(value(url, "show listen_addresses"), "");
	assert_string_equal(value(url, "show unix_socket_permissions"), "0700");
	assert_string_equal(value(url, "show client_connection_check_interval"), "1s");
	assert_string_equal(value(url, "show fsync"), "on");
	assert_string_equal(value(url, "show data_checksums"), "on");
	assert_string_equal(value(url, "show server_encoding"), "UTF8");
	assert_string_equal(value(url, "select lower('ÄÖ')"), "äö");
	assert_non_null(strstr(pp_postgres_url(k.pg, "pp_server"), "postgresql://pp_server@/"));
	stop_keeper(&k);
	assert_int_equal(postmaster(), 0);
}

static void killed_it_starts_again_beside_no_orphan(void **state)
{
	struct keeper k;
	pid_t busy;
	int status;

	(void)state;
	assert_true(open_keeper(&k));
	wait_for(&k, is_ready);
	/* A backend that computes and does not look whether its postmaster lives. */
	busy = fork();
	if (busy == 0) {
		struct pp_fault fault;
		struct pp_admin *admin = pp_admin_open(pp_postgres_url(k.pg, NULL), &fault);
		bool good = admin &&
			pp_admin_run(admin,
				"select count(*) from generate_series(1, 2000000000) a where a % 7 "
				"= 8",
				&fault);

		_exit(good);
	}
	while (strcmp(value(pp_postgres_url(k.pg, NULL),
			      "select count(*) from pg_stat_activity where query like '%a % 7%'"
			      " and pid <> pg_backend_pid()"),
		       "0") == 0)
		;
	assert_int_equal(kill((pid_t)postmaster(), SIGKILL), 0);
	wait_for(&k, is_ready_again);
	assert_int_equal(k.starting >= 1, 1);
	assert_string_equal(value(pp_postgres_url(k.pg, NULL), "select 1"), "1");
	kill(busy, SIGKILL);
	waitpid(busy, &status, 0);
	stop_keeper(&k);
}

static void one_that_runs_is_adopted_and_stopped(void **state)
{
	struct keeper k;
	long pid;

	(void)state;
	assert_true(open_keeper(&k));
	wait_for(&k, is_ready);
	pid = postmaster();
	close_keeper(&k); /* as if the master had been killed */
	assert_int_equal(kill((pid_t)pid, 0), 0);
	assert_true(open_keeper(&k));
	wait_for(&k, is_ready);
	assert_int_equal(postmaster(), pid);
	/* An adopted one that dies is started like any other. */
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	wait_for(&k, is_ready_again);
	assert_true(postmaster() != pid);
	pid = postmaster();
	stop_keeper(&k);
	assert_int_equal(postmaster(), 0);
	assert_int_not_equal(kill((pid_t)pid, 0), 0);
}

/* In another process, because the lock belongs to one: 0 when f is content. */
static int elsewhere(int (*f)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(f());
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int open_a_second_server(void)
{
	struct keeper k;
	bool refused = !open_keeper(&k) && strstr(k.error, "another server uses ");

	return refused ? 0 : 1;
}

static int borrow_and_return(void)
{
	char error[256];
	struct pp_postgres *pg = pp_postgres_borrow(folder, error);
	bool good = pg && strcmp(value(pp_postgres_url(pg, NULL), "select 1"), "1") == 0;

	pp_postgres_return(pg);
	return good ? 0 : 1;
}

static void there_is_one_server_and_commands_borrow_from_it(void **state)
{
	struct keeper k;
	long pid;

	(void)state;
	assert_true(open_keeper(&k));
	wait_for(&k, is_ready);
	pid = postmaster();
	assert_int_equal(elsewhere(open_a_second_server), 0);
	assert_int_equal(elsewhere(borrow_and_return), 0);
	assert_int_equal(postmaster(), pid);
	assert_int_equal(kill((pid_t)pid, 0), 0);
	stop_keeper(&k);
}

static void a_command_alone_starts_and_stops_it_and_others_wait(void **state)
{
	char error[256];
	struct pp_postgres *pg;
	struct keeper k;
	pid_t second;
	int status;

	(void)state;
	pg = pp_postgres_borrow(folder, error);
	if (!pg)
		fail_msg("%s", error);
	assert_true(postmaster() > 0);
	second = fork();
	if (second == 0)
		_exit(borrow_and_return());
	assert_string_equal(value(pp_postgres_url(pg, "postgres"), "select 2"), "2");
	pp_postgres_return(pg);
	assert_int_equal(waitpid(second, &status, 0), second);
	assert_int_equal(status, 0);
	assert_int_equal(postmaster(), 0);
	/* A server that comes meanwhile waits as well. */
	pg = pp_postgres_borrow(folder, error);
	second = fork();
	if (second == 0) {
		assert_true(open_keeper(&k));
		wait_for(&k, is_ready);
		stop_keeper(&k);
		_exit(0);
	}
	pp_postgres_return(pg);
	assert_int_equal(waitpid(second, &status, 0), second);
	assert_int_equal(status, 0);
}

static void a_setting_that_is_wrong_is_told(void **state)
{
	char path[128];
	struct keeper k;
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/postgres/local.conf", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("no_such_setting = 1\n", file);
	fclose(file);
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(open_keeper(&k));
	wait_for(&k, has_a_reason);
	assert_non_null(strstr(k.reason, "did not start"));
	stop_keeper(&k); /* while it is trying */
	assert_int_equal(remove(path), 0);
}

static void folders_that_cannot_be_trusted_are_refused(void **state)
{
	char error[256], inner[128];
	struct pp_arena arena;
	const char *run_dir;
	struct keeper k = { 0 };

	(void)state;
	pp_arena_begin(&arena);
	run_dir = pp_postgres_run_dir(&arena, "/nowhere/else", error);
	assert_non_null(run_dir);
	assert_true(strlen(run_dir) + 1 + 24 <= 107);
	assert_int_equal(chmod(run_dir, 0777), 0);
	assert_null(pp_postgres_run_dir(&arena, "/nowhere/else", error));
	assert_non_null(strstr(error, run_dir));
	assert_int_equal(rmdir(run_dir), 0);
	assert_int_equal(symlink("/tmp", run_dir), 0);
	assert_null(pp_postgres_run_dir(&arena, "/nowhere/else", error));
	assert_int_equal(unlink(run_dir), 0);
	assert_null(pp_postgres_open(NULL, "/proc/version/data", on_state, &k, error));
	if (geteuid() == 0) {
		snprintf(inner, sizeof(inner), "%s-closed", folder);
		assert_int_equal(mkdir(inner, 0700), 0);
		snprintf(inner, sizeof(inner), "%s-closed/data", folder);
		assert_null(pp_postgres_open(NULL, inner, on_state, &k, error));
		assert_non_null(strstr(error, "the user postgres cannot enter"));
	}
	pp_arena_end(&arena);
}

static int begin(void **state)
{
	(void)state;
	pp_log_open("test", PP_ERROR);
	snprintf(folder, sizeof(folder), "/tmp/pp-unit-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
	char command[512], error[256];
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	snprintf(command, sizeof(command), "rm -rf -- %s %s-closed %s", folder, folder,
		pp_postgres_run_dir(&arena, folder, error));
	pp_arena_end(&arena);
	return system(command) == 0 ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_made_with_our_settings),
		cmocka_unit_test(killed_it_starts_again_beside_no_orphan),
		cmocka_unit_test(one_that_runs_is_adopted_and_stopped),
		cmocka_unit_test(there_is_one_server_and_commands_borrow_from_it),
		cmocka_unit_test(a_command_alone_starts_and_stops_it_and_others_wait),
		cmocka_unit_test(a_setting_that_is_wrong_is_told),
		cmocka_unit_test(folders_that_cannot_be_trusted_are_refused),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
