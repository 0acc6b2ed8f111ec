/* SPDX-License-Identifier: EUPL-1.2 */
#include "files_client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/io/worker.h>

#include "../paths.h"

extern char **environ;

enum { REQUEST = 1, HELPER_SOCKET = 3 };

struct call {
	const char *path;
	int result; /* a file that is to be written; 0: none */
	const struct pp_files_answers *answers;
	int socket;
	pid_t helper;
};

static bool start_helper(struct call *call, uint16_t kind, struct pp_fault *fault)
{
	char title[] = "planungsplattform: file job", descriptor[] = "3";
	char check[] = "--check", job[] = "--job";
	char *const arguments[] = { title,
		kind == PP_FILEJOB_CHECK || kind == PP_FILEJOB_CLEAN ? check : job, descriptor,
		NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], why;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return pp_fault(fault, PP_file_unreadable, "No socket pair: %s.", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], HELPER_SOCKET);
	why = posix_spawn(&call->helper, pp_files_path(), &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (why != 0) {
		close(ends[0]);
		return pp_fault(fault, PP_file_unreadable, "%s cannot be started: %s.",
			pp_files_path(), strerror(why));
	}
	call->socket = ends[0];
	return true;
}

/* The end of the helper, in words, when it went without an answer. */
static bool end_helper(struct call *call, bool answered, struct pp_fault *fault)
{
	int status, number;

	close(call->socket);
	while (waitpid(call->helper, &status, 0) < 0)
		PP_MUST(errno == EINTR);
	if (answered)
		return true;
	if (!WIFSIGNALED(status))
		return pp_fault(fault, PP_file_unreadable, "%s did not answer (status %d).",
			pp_files_path(), WEXITSTATUS(status));
	number = WTERMSIG(status);
	if (number == SIGALRM || number == SIGXCPU)
		return pp_fault(fault, PP_file_unreadable,
			"The file takes too long to read; it may be damaged.");
	return pp_fault(fault, PP_file_unreadable,
		"The file could not be read: its reader ended with signal %d (%s); the file may be "
		"damaged or need too much memory.",
		number, strsignal(number));
}

static bool open_file(const char *path, int *fd, struct pp_fault *fault)
{
	struct stat about;

	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0 && fstat(*fd, &about) == 0 && S_ISREG(about.st_mode))
		return true;
	return pp_fault(fault, PP_file_unreadable, "%.180s: %s.", path,
		*fd < 0 ? strerror(errno) : "not a regular file");
}

static bool send_frame(struct call *call, uint16_t kind, struct pp_slice payload, int fd)
{
	const struct pp_frame frame = {
		.number = REQUEST, .kind = kind, .payload = payload, .fd = fd
	};
	bool sent = pp_frame_write(call->socket, &frame);

	close(fd);
	return sent;
}

/* The companions of a Shapefile: the same path with another ending, in either case. */
static bool send_companions(struct call *call)
{
	static const char *const endings[] = { "dbf", "shx", "prj", "cpg", "DBF", "SHX", "PRJ",
		"CPG" };
	size_t length = strlen(call->path);
	char path[4096];

	if (length < 5 || length >= sizeof(path) ||
		!pp_slice_is_nocase(pp_slice(call->path + length - 4, 4), PP_S(".shp")))
		return true;
	for (size_t i = 0; i < PP_LENGTH(endings); i++) {
		const char *slash;
		int fd;

		snprintf(path, sizeof(path), "%.*s%s", (int)length - 3, call->path, endings[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		slash = strrchr(path, '/');
		if (!send_frame(call, PP_FILEJOB_PART, pp_slice_of(slash ? slash + 1 : path), fd))
			return false;
	}
	return true;
}

/* One frame of the answer to whom it may concern; false for a frame that none of ours is. */
#define TELL(name)                                                                                 \
	static bool tell_##name(const struct pp_files_answers *to, struct pp_slice payload,        \
		struct pp_arena *arena)                                                            \
	{                                                                                          \
		struct pp_filejob_##name name;                                                     \
                                                                                                   \
		if (!pp_filejob_read_##name(payload, arena, &name))                                \
			return false;                                                              \
		if (to->name)                                                                      \
			to->name(to->ctx, &name);                                                  \
		return true;                                                                       \
	}

TELL(plan)
TELL(choice)
TELL(warning)
TELL(municipality)
TELL(row)

static bool tell_count(
	const struct pp_files_answers *to, struct pp_slice payload, struct pp_arena *arena)
{
	struct pp_scan scan;
	uint32_t rows;

	(void)arena;
	pp_scan_begin(&scan, payload);
	rows = pp_scan_u32(&scan);
	if (to->count && !scan.failed)
		to->count(to->ctx, rows);
	return !scan.failed;
}

static bool tell_bytes(
	const struct pp_files_answers *to, struct pp_slice payload, struct pp_arena *arena)
{
	(void)arena;
	if (to->bytes)
		to->bytes(to->ctx, payload);
	return true;
}

static bool tell(
	const struct pp_files_answers *to, const struct pp_frame *frame, struct pp_arena *arena)
{
	static const struct {
		uint16_t kind;
		bool (*tell)(const struct pp_files_answers *to, struct pp_slice payload,
			struct pp_arena *arena);
	} kinds[] = {
		{ PP_FILEJOB_A_PLAN, tell_plan },
		{ PP_FILEJOB_A_CHOICE, tell_choice },
		{ PP_FILEJOB_A_WARNING, tell_warning },
		{ PP_FILEJOB_A_COUNT, tell_count },
		{ PP_FILEJOB_A_MUNICIPALITY, tell_municipality },
		{ PP_FILEJOB_A_ROW, tell_row },
		{ PP_FILEJOB_A_BYTES, tell_bytes },
	};

	for (size_t i = 0; i < PP_LENGTH(kinds); i++)
		if (kinds[i].kind == frame->kind)
			return kinds[i].tell(to, frame->payload, arena);
	return false;
}

enum answer { ANSWER_NONE, ANSWER_END, ANSWER_FAULT };

static enum answer read_answers(struct call *call, struct pp_fault *fault)
{
	enum answer answer = ANSWER_NONE;
	bool more = true;

	while (more) {
		struct pp_arena arena;
		struct pp_frame frame;

		pp_arena_begin(&arena);
		more = pp_frame_read(call->socket, &arena, &frame);
		if (more && frame.kind == PP_FILEJOB_END) {
			answer = ANSWER_END;
			more = false;
		} else if (more && frame.kind == PP_FILEJOB_FAULT) {
			if (pp_filejob_read_fault(frame.payload, fault))
				answer = ANSWER_FAULT;
			more = false;
		} else if (more) {
			more = tell(call->answers, &frame, &arena);
		}
		pp_arena_end(&arena);
	}
	return answer;
}

static bool ask(struct call *call, uint16_t kind, struct pp_slice payload, struct pp_fault *fault)
{
	enum answer answer = ANSWER_NONE;
	int fd;

	if (!open_file(call->path, &fd, fault))
		return false;
	if (!start_helper(call, kind, fault)) {
		close(fd);
		return false;
	}
	/* A helper that is gone is noticed here or there, and told once. */
	if (call->result ? !send_frame(call, PP_FILEJOB_PART, PP_S(""), dup(call->result))
			 : !send_companions(call))
		close(fd);
	else if (send_frame(call, kind, payload, fd))
		answer = read_answers(call, fault);
	return end_helper(call, answer != ANSWER_NONE, fault) && answer == ANSWER_END;
}

static struct pp_slice name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return pp_slice_of(slash ? slash + 1 : path);
}

bool pp_files_ask_geopackage(const char *path, int result,
	const struct pp_filejob_geopackage *given, const struct pp_files_answers *answers,
	struct pp_fault *fault)
{
	struct call call = { .path = path, .answers = answers, .result = result };
	struct pp_buf payload;
	bool done;

	pp_buf_begin(&payload);
	pp_filejob_write_geopackage(&payload, given);
	done = ask(&call, PP_FILEJOB_GEOPACKAGE, pp_buf_all(&payload), fault);
	pp_buf_end(&payload);
	return done;
}

#define ASK(job, KIND)                                                                             \
	bool pp_files_ask_##job(const char *path, const struct pp_filejob_##job *given,            \
		const struct pp_files_answers *answers, struct pp_fault *fault)                    \
	{                                                                                          \
		struct call call = { .path = path, .answers = answers };                           \
		struct pp_filejob_##job named = *given;                                            \
		struct pp_buf payload;                                                             \
		bool done;                                                                         \
                                                                                                   \
		named.name = name_of(path);                                                        \
		pp_buf_begin(&payload);                                                            \
		pp_filejob_write_##job(&payload, &named);                                          \
		done = ask(&call, KIND, pp_buf_all(&payload), fault);                              \
		pp_buf_end(&payload);                                                              \
		return done;                                                                       \
	}

ASK(check, PP_FILEJOB_CHECK)
ASK(clean, PP_FILEJOB_CLEAN)
ASK(plans, PP_FILEJOB_PLANS)
ASK(areas, PP_FILEJOB_MUNICIPALITIES)
ASK(table, PP_FILEJOB_TABLE)
