/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * planungsplattform-files: the processes around file jobs. A parent that has seen no stranger's
 * byte keeps GDAL's drivers and PROJ ready, accepts connections and forks a child for each; the
 * child limits itself, reads one job, enters the sandbox, answers and ends. The parent knows
 * neither database nor network, and a child that crashes or runs out of time costs its own job
 * only.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/log.h>
#include <pp/io/admin.h>

#include "../files/frames.h"
#include "../files/kind.h"
#include "../files/ogr.h"
#include "sandbox.h"

enum {
	JOBS_MAX = 32,
	REQUEST_SECONDS = 10, /* for the frames of a request, which our own side sends */
	DESCRIPTORS_MAX = 64,
	EXIT_USAGE = 2,
	EXIT_SKIPPED = 77,
};

struct options {
	int serve, job, ready;
	unsigned jobs;
	size_t memory; /* bytes of address space for a job */
	bool self_test, check;
};

struct parent {
	const struct options *options;
	struct pp_geo *geo;
	char *title; /* our argv[0], up to… */
	size_t title_room;
	unsigned running;
	bool is_ending;
};

static void say_help(FILE *out)
{
	fputs("planungsplattform-files: reads plan files and boundaries in confined processes.\n"
	      "It is started by planungsplattform; there is no need to call it.\n\n"
	      "  --serve FD      accept connections on this listening Unix socket\n"
	      "  --ready FD      write one byte there when accepting begins\n"
	      "  --jobs N        files that are read at the same time (2)\n"
	      "  --job FD        do one job on this connected socket, then end\n"
	      "  --check FD      the same for the check of a document, which needs no GDAL\n"
	      "  --memory MB     address space of a job (2048)\n"
	      "  --self-test     prove that jobs and geometry workers can open neither files nor "
	      "sockets\n"
	      "  --version, --help\n",
		out);
}

static void limit(__rlimit_resource_t what, rlim_t most)
{
	const struct rlimit both = { most, most };

	if (setrlimit(what, &both) != 0)
		pp_log(PP_WARNING, "limit_not_set", "resource %d: %s", (int)what, strerror(errno));
}

static void begin_timer(unsigned seconds)
{
	const struct itimerval timer = { .it_value.tv_sec = (time_t)seconds };

	/* Its signal ends the process: the only answer to a library that does not come back. */
	PP_MUST(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

/* pp_files_host: the job is known, its files are mapped, nothing of them is read. */
static bool confine(void *ctx, const struct pp_files_limits *limits)
{
	const struct options *options = ctx;

	begin_timer(limits->seconds);
	limit(RLIMIT_CPU, limits->seconds);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, DESCRIPTORS_MAX);
#if !PP_SANITIZED
	/* The shadow memory of a sanitizer is larger than any limit. */
	limit(RLIMIT_AS, options->memory + limits->mapped);
#else
	(void)options;
#endif
	return pp_sandbox_enter(limits->has_threads ? PP_SANDBOX_SHEET_JOB : PP_SANDBOX_FILE_JOB);
}

static int do_job(
	const struct options *options, struct pp_geo *geo, struct pp_kind *kind, int socket)
{
	const struct pp_files_host host = {
		.socket = socket,
		.geo = geo,
		.kind = kind,
		.confine = confine,
		.ctx = (void *)(uintptr_t)options,
	};

	begin_timer(REQUEST_SECONDS);
	prctl(PR_SET_DUMPABLE, 0);
	if (geo)
		pp_ogr_wake();
	return pp_files_serve(&host) ? 0 : 1;
}

/*
 * A job's memory ends with its process: what GDAL and PROJ hold is not taken apart first, and a
 * leak checker has nothing to look for. The readers' own tests and fuzzers run with it.
 */
static _Noreturn void end_job(int code)
{
	fflush(NULL);
	_exit(code);
}

/* The title as ps shows it lies in the bytes of the arguments. */
static void name_child(const struct parent *parent)
{
	static const char name[] = "planungsplattform: file job";

	memset(parent->title, 0, parent->title_room);
	snprintf(parent->title, parent->title_room, "%s", name);
	prctl(PR_SET_NAME, "pp file job");
}

static void become_child(struct parent *parent, int listener, int signals, int connection)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	name_child(parent);
	close(listener);
	close(signals);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	end_job(do_job(parent->options, parent->geo, NULL, connection));
}

static void accept_job(struct parent *parent, int listener, int signals)
{
	int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	pid_t child;

	if (connection < 0)
		return;
	child = fork();
	if (child == 0)
		become_child(parent, listener, signals, connection);
	if (child > 0)
		parent->running++;
	else
		pp_log(PP_ERROR, "file_job_not_started", "fork: %s", strerror(errno));
	close(connection);
}

static void reap(struct parent *parent)
{
	int status;
	pid_t child;

	while ((child = waitpid(-1, &status, WNOHANG)) > 0) {
		parent->running--;
		if (WIFSIGNALED(status))
			pp_log(PP_WARNING, "file_job_killed", "process %d: %s%s", (int)child,
				strsignal(WTERMSIG(status)),
				WTERMSIG(status) == SIGALRM ? " (time is up)" : "");
	}
}

static void read_signals(struct parent *parent, int signals)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(parent);
		else
			parent->is_ending = true;
	}
}

static int open_signals(void)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGINT);
	PP_MUST(sigprocmask(SIG_BLOCK, &wanted, NULL) == 0);
	return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* A connection waits in the listener's queue until a place is free. Ends when asked to and idle. */
static int serve(struct parent *parent)
{
	const struct options *options = parent->options;
	int signals = open_signals(), listener = options->serve;

	PP_MUST(signals >= 0);
	/* Another parent may take the connection between poll and accept. */
	if (fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK) != 0) {
		pp_log(PP_ERROR, "files_not_serving", "descriptor %d: %s", listener,
			strerror(errno));
		return EXIT_USAGE;
	}
	if (options->ready >= 0) {
		if (write(options->ready, "R", 1) != 1)
			pp_log(PP_WARNING, "master_not_told", "%s", strerror(errno));
		close(options->ready);
	}
	while (!parent->is_ending || parent->running > 0) {
		bool accepts = !parent->is_ending && parent->running < options->jobs;
		struct pollfd wait[] = {
			{ .fd = signals, .events = POLLIN },
			{ .fd = accepts ? listener : -1, .events = POLLIN },
		};

		PP_MUST(poll(wait, PP_LENGTH(wait), -1) >= 0 || errno == EINTR);
		if (wait[0].revents)
			read_signals(parent, signals);
		if (wait[1].revents)
			accept_job(parent, listener, signals);
	}
	return 0;
}

/* The way that a geometry worker itself took to its boundaries, before it entered. */
static bool database_is_refused(void)
{
	struct pp_fault fault = { 0 };
	struct pp_admin *db = pp_admin_open("host=/tmp user=pp_geometry", &fault);
	bool refused = !db && strstr(fault.detail, strerror(EPERM));

	printf("database: %s\n", refused ? "EPERM" : db ? "allowed" : fault.detail);
	fflush(stdout);
	pp_admin_close(db);
	return refused;
}

/* In a child, because a sandbox is for ever. */
static bool proves(enum pp_sandbox profile, const char *name)
{
	pid_t child;
	int status;

	printf("-- %s\n", name);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		bool proved = pp_sandbox_enter(profile) && pp_sandbox_prove();

		/* Asked in any case, so that one run says all that is wrong. */
		_exit(database_is_refused() && proved ? 0 : 1);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
		WEXITSTATUS(status) == 0;
}

/* All kinds of worker enter the same way; what cannot be asked of a live one is asked here. */
static int self_test(void)
{
	bool job, sheet, worker;

	if (!pp_sandbox_is_real()) {
		puts("no sandbox in a build with sanitizers");
		return EXIT_SKIPPED;
	}
	job = proves(PP_SANDBOX_FILE_JOB, "file job");
	sheet = proves(PP_SANDBOX_SHEET_JOB, "sheet job");
	worker = proves(PP_SANDBOX_GEOMETRY_WORKER, "geometry worker");
	return job && sheet && worker ? 0 : 1;
}

static bool read_number(const char *text, uint64_t most, uint64_t *number)
{
	return pp_slice_u64(pp_slice_of(text), number) && *number <= most;
}

static bool read_options(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "serve", required_argument, NULL, 's' },
		{ "job", required_argument, NULL, 'j' },
		{ "check", required_argument, NULL, 'c' },
		{ "ready", required_argument, NULL, 'r' },
		{ "jobs", required_argument, NULL, 'n' },
		{ "memory", required_argument, NULL, 'm' },
		{ "self-test", no_argument, NULL, 't' },
		{ "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	uint64_t number = 0;
	int c;

	*options = (struct options){
		.serve = -1, .job = -1, .ready = -1, .jobs = 2, .memory = (size_t)2048 << 20
	};
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'h' || c == 'v') {
			c == 'h' ? say_help(stdout) : (void)puts(PP_VERSION);
			exit(0);
		}
		if (c == '?' || (optarg && !read_number(optarg, 1 << 20, &number)))
			return false;
		if (c == 's')
			options->serve = (int)number;
		else if (c == 'j' || c == 'c')
			options->job = (int)number;
		else if (c == 'r')
			options->ready = (int)number;
		else if (c == 'n')
			options->jobs = (unsigned)number;
		else if (c == 'm')
			options->memory = (size_t)number << 20;
		else if (c != 'c')
			options->self_test = true;
		options->check = options->check || c == 'c';
	}
	return optind == argc && options->jobs >= 1 && options->jobs <= JOBS_MAX &&
		(options->serve >= 0) + (options->job >= 0) + options->self_test == 1;
}

/* What the master hands to every child (configuration, shared page) is none of our business. */
static void close_others(const struct options *options)
{
	for (int fd = 3; fd < DESCRIPTORS_MAX; fd++)
		if (fd != options->serve && fd != options->job && fd != options->ready)
			close(fd);
}

int main(int argc, char **argv)
{
	struct options options;
	struct parent parent = { .options = &options, .title = argv[0] };
	struct pp_arena arena;
	struct pp_fault fault;
	int code;

	if (!read_options(argc, argv, &options)) {
		say_help(stderr);
		return EXIT_USAGE;
	}
	if (options.self_test)
		return self_test();
	close_others(&options);
	/* A crash is told by the signal; a client that left is told by write. */
	signal(SIGPIPE, SIG_IGN);
	/* libarchive takes names of the locale alone; numbers stay those of C. */
	setlocale(LC_CTYPE, "C.UTF-8");
	pp_log_open(options.job >= 0 ? "file job" : "files", PP_INFO);
	parent.title_room = (size_t)(argv[argc - 1] + strlen(argv[argc - 1]) + 1 - argv[0]);
	pp_arena_begin(&arena);
	if (options.check) {
		end_job(do_job(&options, NULL, pp_kind_open(), options.job));
	}
	pp_ogr_open();
	parent.geo = pp_geo_open(&arena, &fault);
	if (!parent.geo) {
		pp_log(PP_ERROR, "files_not_started", "%s", fault.detail);
		return 1;
	}
	if (options.job >= 0)
		end_job(do_job(&options, parent.geo, NULL, options.job));
	code = serve(&parent);
	pp_arena_end(&arena);
	pp_ogr_close();
	return code;
}
