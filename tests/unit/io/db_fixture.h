/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A PostgreSQL of the test's own with a few tables, and the lanes on it. Waiting is for a
 * condition; nothing here measures time. The cluster is made once per program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pp/base/clock.h>
#include <pp/io/admin.h>
#include <pp/io/db.h>

#define FOREVER      INT64_MAX
#define TEST_VERSION 7

/* name, SQL, lanes */
enum test_query {
	Q_identity,
	Q_version,
	Q_whoami,
	Q_echo,
	Q_add,
	Q_count,
	Q_sleep,
	Q_refuse,
	Q_divide,
	Q_read_uuid,
	Q_flaky,
	Q_defer,
	Q_star,
	Q_pid,
	Q_take_lock,
	Q_rows,
	Q_made,
	Q_blobs,
	Q_prepared,
	Q_typo, /* test.item has no such column */
	Q_COUNT
};
extern const struct pp_query test_queries[Q_COUNT];

struct fixture {
	struct pp_loop *loop;
	struct pp_db *db;
	struct pp_arena arena;
	bool usable;
	unsigned told; /* how often the state was told */
	char reason[256];
};

/* What a batch came to. */
struct outcome {
	struct fixture *f;
	unsigned calls;
	bool good;
	struct pp_fault fault;
};

/* For cmocka_run_group_tests: make the cluster, take it away. */
int cluster_begin(void **state);
int cluster_end(void **state);
void cluster_start(void);
void cluster_stop(void);
const char *cluster_url(void);

/* Per test: a loop and open lanes with one connection each (fixture_open with other numbers). */
int fixture_begin(void **state);
int fixture_end(void **state);
struct pp_db_options fixture_options(void);
void fixture_open(struct fixture *f, const struct pp_db_options *options);
void fixture_close(struct fixture *f);

/* Turns the loop until the condition holds; gives the test up after a minute. */
void wait_until(struct fixture *f, bool (*holds)(void *ctx), void *ctx);
void wait_usable(struct fixture *f, bool usable);
/* The state was told since told was last set to 0. */
bool was_told(void *f);
void wait_outcome(struct outcome *o);
void on_done(void *ctx, const struct pp_fault *fault);

struct pp_identity nobody(void);
struct pp_rows *ask(struct fixture *f, enum pp_lane lane, enum test_query query,
	const struct pp_slice *params, struct outcome *o);
/* The same, not waited for. */
struct pp_batch *ask_later(struct fixture *f, enum pp_lane lane, enum test_query query,
	const struct pp_slice *params, struct outcome *o);
/* By another connection, as superuser; the first cell, or "" where there is none. */
struct pp_slice admin_ask(struct fixture *f, const char *sql);
