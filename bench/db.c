/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The lanes against pgbench on the same server, in turns: prepared point reads and durable writes,
 * 32 requests under way. Ours also says who asks, in each transaction; pgbench does so in its
 * second script. Prints medians, ratios and processor time.
 *
 * A commit waits for the disk, and a connection for its commit: how many writes share one flush is
 * how many connections write. Two web workers have 2 * WRITERS of them.
 *
 *   bench_db URL [SECONDS [WRITERS]]     URL of a database in which schema bench may be made anew
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/io/admin.h>

#define ASKERS 32
#define ROUNDS 3
#define ROWS   100000

enum { Q_IDENTITY, Q_VERSION, Q_READ, Q_WRITE, Q_COUNT };

static const struct pp_query queries[Q_COUNT] = {
	[Q_IDENTITY] = { .name = "session_identity",
		.sql = "select set_config('pp.account', $1, true), set_config('pp.body', $2, true),"
		       " set_config('pp.roles', $3, true)",
		.lanes = 3,
		.param_count = 3,
		.params = { { "account", PP_TYPE_TEXT }, { "body", PP_TYPE_TEXT },
			{ "roles", PP_TYPE_TEXT } } },
	[Q_VERSION] = { .name = "schema_version", .sql = "select 1 as no", .lanes = 3 },
	[Q_READ] = { .name = "read",
		.sql = "select id, title, body from bench.plan where id = $1",
		.lanes = 1u << PP_LANE_READ,
		.param_count = 1,
		.params = { { "id", PP_TYPE_INT } } },
	[Q_WRITE] = { .name = "write",
		.sql = "insert into bench.statement (plan, body) values ($1, repeat('x', 500))"
		       " returning id",
		.lanes = 1u << PP_LANE_WRITE,
		.param_count = 1,
		.params = { { "plan", PP_TYPE_INT } } },
};

static const char tables[] =
	"drop schema if exists bench cascade; create schema bench;"
	"create table bench.plan (id int primary key, title text, body json);"
	"insert into bench.plan select i, 'Bebauungsplan ' || i,"
	" json_build_object('id', i, 'text', repeat('x', 300)) from generate_series(1, 100000) i;"
	"create table bench.statement (id bigint generated always as identity primary key, plan "
	"int,"
	" body text, at timestamptz default now())";

struct bench {
	const char *url;
	int64_t seconds;
	struct pp_loop *loop;
	struct pp_db *db;
	enum pp_lane lane;
	unsigned query, statements; /* of each batch */
	int64_t until;
	uint64_t answered, failed;
	unsigned under_way;
};

struct asker {
	struct bench *bench;
	struct pp_arena arena;
	unsigned seed;
};

static void ask(struct asker *asker);

static void done(void *ctx, const struct pp_fault *fault)
{
	struct asker *asker = ctx;
	struct bench *bench = asker->bench;

	bench->answered += !fault;
	bench->failed += fault != NULL;
	pp_arena_end(&asker->arena);
	if (pp_loop_now(bench->loop) < bench->until)
		ask(asker);
	else if (--bench->under_way == 0)
		pp_loop_stop(bench->loop);
}

static void ask(struct asker *asker)
{
	struct bench *bench = asker->bench;
	struct pp_identity who = { PP_S("0190-account"), PP_S("01056002"), PP_S("planner") };
	struct pp_batch *batch;
	struct pp_rows *rows;

	pp_arena_begin(&asker->arena);
	batch = pp_batch_make(bench->db, &asker->arena, bench->lane, who);
	for (unsigned i = 0; i < bench->statements; i++) {
		asker->seed = asker->seed * 1103515245u + 12345u;
		pp_batch_add(batch, &queries[bench->query],
			(struct pp_slice[]){
				pp_format(&asker->arena, "%u", asker->seed / 65536 % ROWS + 1) },
			&rows);
	}
	pp_batch_send(batch, INT64_MAX, done, asker);
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Batches per second; *cpu gets our own microseconds per batch. */
static double ours(struct bench *bench, double *cpu)
{
	struct asker askers[ASKERS];
	int64_t began = pp_loop_now(bench->loop);
	double before = cpu_seconds();

	bench->answered = bench->failed = 0;
	bench->until = began + bench->seconds * PP_SECOND;
	bench->under_way = ASKERS;
	for (unsigned i = 0; i < ASKERS; i++) {
		askers[i] = (struct asker){ .bench = bench, .seed = i };
		ask(&askers[i]);
	}
	pp_loop_run(bench->loop);
	if (bench->failed)
		printf("%llu batches failed\n", (unsigned long long)bench->failed);
	*cpu = (cpu_seconds() - before) * 1e6 / (double)bench->answered;
	return (double)bench->answered * 1e6 / (double)(pp_loop_now(bench->loop) - began);
}

static double pgbench(const struct bench *bench, const char *script, unsigned clients)
{
	char path[] = "/tmp/bench-db-XXXXXX", command[1000], line[256];
	double rate = 0;
	FILE *file;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, script, strlen(script)) != (ssize_t)strlen(script))
		return 0;
	close(fd);
	snprintf(command, sizeof(command),
		"pgbench -n -M prepared -c %u -j 1 -T %lld -f %s '%s' 2>/dev/null", clients,
		(long long)bench->seconds, path, bench->url);
	file = popen(command, "r");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "tps = %lf", &rate);
	if (file)
		pclose(file);
	unlink(path);
	return rate;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double values[ROUNDS])
{
	qsort(values, ROUNDS, sizeof(*values), by_size);
	return values[ROUNDS / 2];
}

#define WHO                                                                                        \
	"begin;\nselect set_config('pp.account', '0190-account', true),"                           \
	" set_config('pp.body', '01056002', true), set_config('pp.roles', 'reader manager', "      \
	"true);\n"
#define READ_SQL "select id, title, body from bench.plan where id = :id;\n"
#define WRITE_SQL                                                                                  \
	"insert into bench.statement (plan, body) values (:id, repeat('x', 500)) returning id;\n"
#define ID "\\set id random(1, 100000)\n"

static void compare(struct bench *bench, const char *name, const char *bare, const char *with_who,
	unsigned clients)
{
	double own[ROUNDS], cpu[ROUNDS], plain[ROUNDS], who[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++) {
		own[i] = ours(bench, &cpu[i]);
		plain[i] = pgbench(bench, bare, clients);
		who[i] = pgbench(bench, with_who, clients);
	}
	median(cpu);
	printf("%-22s ours %8.0f/s (%4.1f us of our CPU)   pgbench -c %-2u %8.0f/s (%.2f)"
	       "   saying who asks %8.0f/s (%.2f)\n",
		name, median(own), cpu[ROUNDS / 2], clients, median(plain),
		own[ROUNDS / 2] / plain[ROUNDS / 2], median(who),
		own[ROUNDS / 2] / who[ROUNDS / 2]);
	fflush(stdout);
}

static void state(void *ctx, bool usable, const char *reason)
{
	struct bench *bench = ctx;

	if (reason)
		fprintf(stderr, "%s\n", reason);
	if (usable)
		pp_loop_stop(bench->loop);
}

static void run(struct bench *bench)
{
	double cpu, rate;

	bench->statements = 1;
	bench->lane = PP_LANE_READ;
	bench->query = Q_READ;
	compare(bench, "point reads", ID READ_SQL, ID WHO READ_SQL "commit;\n", 8);
	compare(bench, "point reads", ID READ_SQL, ID WHO READ_SQL "commit;\n", 32);
	bench->lane = PP_LANE_WRITE;
	bench->query = Q_WRITE;
	compare(bench, "durable writes", ID WRITE_SQL, ID WHO WRITE_SQL "commit;\n", 8);
	compare(bench, "durable writes", ID WRITE_SQL, ID WHO WRITE_SQL "commit;\n", 32);
	bench->statements = 10;
	rate = ours(bench, &cpu);
	printf("%-22s ours %8.0f/s rows\n", "10 writes a batch", rate * 10);
}

int main(int argc, char **argv)
{
	struct bench bench = { .seconds = argc > 2 ? atoi(argv[2]) : 5 };
	unsigned writers = argc > 3 ? (unsigned)atoi(argv[3]) : 16;
	struct pp_db_options options = { .connections = { 2, writers },
		.queries = queries,
		.query_count = Q_COUNT,
		.schema_version = 1 };
	struct pp_fault fault;
	struct pp_admin *admin;

	if (argc < 2 || bench.seconds < 1) {
		fprintf(stderr, "usage: bench_db URL [SECONDS [WRITERS]]\n");
		return 2;
	}
	bench.url = options.url = argv[1];
	admin = pp_admin_open(bench.url, &fault);
	if (!admin || !pp_admin_run(admin, tables, &fault) ||
		!pp_admin_run(admin, "vacuum analyze bench.plan", &fault)) {
		fprintf(stderr, "%s\n", fault.detail);
		return 1;
	}
	pp_admin_close(admin);
	bench.loop = pp_loop_open();
	bench.db = pp_db_open(bench.loop, &options, state, &bench);
	pp_loop_run(bench.loop);
	run(&bench);
	pp_db_close(bench.db);
	pp_loop_close(bench.loop);
	return 0;
}
