/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <pp/io/worker.h>

#define FAR (INT64_C(3600) * 1000000)

/* What the served process below understands. */
enum kind {
	ECHO = 1,
	VANISH,
	HANG,
	THREE_PARTS,
	GIVE_DESCRIPTOR,
	READ_DESCRIPTOR,
	LIE,
	FAIL,
	COUNT
};

/* ---- the caller in the loop, against a served process ---- */

struct served {
	char folder[32], path[sizeof(struct sockaddr_un)];
	pid_t pid;
	int *asked; /* frames that the served process has read, in shared memory */
	struct pp_loop *loop;
	struct pp_worker *worker;
};

static void serve_descriptor(int socket, struct pp_frame *frame)
{
	int pipes[2];

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "given", 5), 5);
	close(pipes[1]);
	frame->fd = pipes[0];
	if (!pp_frame_write(socket, frame))
		_exit(1);
	close(pipes[0]);
}

/* Answers one frame; false ends the connection. */
static bool serve_frame(int socket, struct pp_frame *frame, const struct served *served)
{
	char text[32];

	switch ((enum kind)frame->kind) {
	case VANISH:
		return false;
	case HANG:
		/* Until the caller hangs up: whoever waits for ever may outlive the test. */
		while (read(socket, text, sizeof(text)) > 0)
			;
		return false;
	case THREE_PARTS:
		frame->kind = 0x8001;
		return pp_frame_write(socket, frame) && pp_frame_write(socket, frame) &&
			(frame->kind = ECHO, pp_frame_write(socket, frame));
	case GIVE_DESCRIPTOR:
		serve_descriptor(socket, frame);
		return true;
	case READ_DESCRIPTOR:
		frame->payload = pp_slice(text, (size_t)read(frame->fd, text, sizeof(text)));
		close(frame->fd);
		frame->fd = -1;
		return pp_frame_write(socket, frame);
	case LIE:
		frame->number += 1000;
		return pp_frame_write(socket, frame);
	case FAIL:
		frame->kind = PP_FRAME_FAILED;
		return pp_frame_write(socket, frame);
	case COUNT:
		frame->payload = pp_slice((const char *)served->asked, sizeof(int));
		return pp_frame_write(socket, frame);
	case ECHO:
		break;
	}
	return pp_frame_write(socket, frame);
}

static void serve_connection(int socket, const struct served *served)
{
	struct pp_arena arena;
	struct pp_frame frame;
	bool more = true;

	while (more) {
		pp_arena_begin(&arena);
		more = pp_frame_read(socket, &arena, &frame);
		if (more) {
			++*served->asked;
			more = serve_frame(socket, &frame, served);
		}
		pp_arena_end(&arena);
	}
	close(socket);
}

static _Noreturn void serve(int listener, const struct served *served)
{
	for (;;) {
		int one = accept(listener, NULL, NULL);

		if (one < 0)
			_exit(1);
		/* A child per connection, so that one that hangs does not hold up the next. */
		if (fork() == 0) {
			close(listener);
			serve_connection(one, served);
			_exit(0);
		}
		close(one);
	}
}

static int begin(void **state)
{
	struct served *served = calloc(1, sizeof(*served));
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	served->asked = mmap(
		NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(served->folder, "/tmp/pp_worker_XXXXXX");
	assert_non_null(mkdtemp(served->folder));
	snprintf(served->path, sizeof(served->path), "%s/s", served->folder);
	strcpy(address.sun_path, served->path);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 16), 0);
	served->pid = fork();
	if (served->pid == 0) {
		signal(SIGCHLD, SIG_IGN);
		serve(listener, served);
	}
	close(listener);
	served->loop = pp_loop_open();
	served->worker = pp_worker_open(served->loop, served->path);
	*state = served;
	return 0;
}

static int end(void **state)
{
	struct served *served = *state;

	pp_worker_close(served->worker);
	pp_loop_close(served->loop);
	kill(served->pid, SIGKILL);
	waitpid(served->pid, NULL, 0);
	unlink(served->path);
	rmdir(served->folder);
	munmap(served->asked, sizeof(int));
	free(served);
	return 0;
}

struct result {
	struct pp_loop *loop;
	struct pp_worker *close_it;
	int frames, nothing, order;
	uint16_t kind;
	size_t len;
	char text[32];
	int value;
};

static int order;

static void answered(void *ctx, const struct pp_frame *reply)
{
	struct result *result = ctx;

	result->frames++;
	result->order = ++order;
	if (!reply) {
		result->nothing++;
	} else {
		result->kind = reply->kind;
		result->len = reply->payload.len;
		if (result->len >= sizeof(int))
			memcpy(&result->value, reply->payload.at, sizeof(int));
		if (reply->fd >= 0) {
			assert_true(read(reply->fd, result->text, sizeof(result->text)) >= 0);
			close(reply->fd);
		}
	}
	if (result->close_it)
		pp_worker_close(result->close_it);
	if (!reply || reply->kind < 0x8000 || reply->kind == PP_FRAME_FAILED)
		pp_loop_stop(result->loop);
}

static void ask(struct served *served, enum kind kind, struct pp_slice payload, int fd,
	int64_t after, struct result *result)
{
	struct pp_frame frame = { .kind = (uint16_t)kind, .payload = payload, .fd = fd };

	*result = (struct result){ .loop = served->loop };
	pp_worker_ask(served->worker, &frame, pp_loop_now(served->loop) + after, answered, result);
	assert_int_equal(result->frames, 0);
}

static void an_echo_comes_back(void **state)
{
	struct served *served = *state;
	struct result result;

	ask(served, ECHO, PP_S("hello"), -1, FAR, &result);
	assert_int_equal(pp_worker_load(served->worker), 1);
	pp_loop_run(served->loop);
	assert_int_equal(result.frames, 1);
	assert_int_equal(result.kind, ECHO);
	assert_int_equal(result.len, 5);
	assert_int_equal(pp_worker_load(served->worker), 0);
}

static void many_and_large_come_back_in_order(void **state)
{
	enum { MANY = 40 };
	struct served *served = *state;
	struct result results[MANY];
	/* More than a socket holds, yet carried to and fro long before PP_WORKER_TAKE_US,
	 * sanitizers and all. */
	size_t size = 512u << 10;
	char *large = calloc(1, size);

	for (int i = 0; i < MANY; i++)
		ask(served, ECHO, pp_slice(large, i % 8 == 0 ? size : (size_t)i), -1, FAR,
			&results[i]);
	while (pp_worker_load(served->worker))
		pp_loop_run(served->loop);
	free(large);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(results[i].frames, 1);
		assert_int_equal(results[i].len, i % 8 == 0 ? size : (size_t)i);
		if (i)
			assert_true(results[i].order == results[i - 1].order + 1);
	}
}

static void a_reply_may_have_several_parts(void **state)
{
	struct served *served = *state;
	struct result result;

	ask(served, THREE_PARTS, PP_S("part"), -1, FAR, &result);
	pp_loop_run(served->loop);
	assert_int_equal(result.frames, 3);
	assert_int_equal(result.kind, ECHO);
}

static void a_failure_ends_the_reply(void **state)
{
	struct served *served = *state;
	struct result result;

	ask(served, FAIL, PP_S("why"), -1, FAR, &result);
	pp_loop_run(served->loop);
	assert_int_equal(result.frames, 1);
	assert_int_equal(result.kind, PP_FRAME_FAILED);
	assert_int_equal(pp_worker_load(served->worker), 0);
}

static void descriptors_travel_both_ways(void **state)
{
	struct served *served = *state;
	struct result result;
	int pipes[2];

	ask(served, GIVE_DESCRIPTOR, PP_S(""), -1, FAR, &result);
	pp_loop_run(served->loop);
	assert_string_equal(result.text, "given");
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "12345", 5), 5);
	ask(served, READ_DESCRIPTOR, PP_S(""), pipes[0], FAR, &result);
	close(pipes[0]);
	pp_loop_run(served->loop);
	assert_int_equal(result.len, 5);
	close(pipes[1]);
}

/* What fells the worker is asked twice, never a third time; what waits behind it is answered. */
static void a_worker_that_vanishes_costs_one_request(void **state)
{
	struct served *served = *state;
	struct result deadly, behind, count;

	ask(served, VANISH, PP_S(""), -1, FAR, &deadly);
	ask(served, ECHO, PP_S("behind"), -1, FAR, &behind);
	while (pp_worker_load(served->worker))
		pp_loop_run(served->loop);
	assert_int_equal(deadly.nothing, 1);
	assert_int_equal(deadly.frames, 1);
	assert_int_equal(behind.frames, 1);
	assert_int_equal(behind.len, 6);
	ask(served, COUNT, PP_S(""), -1, FAR, &count);
	pp_loop_run(served->loop);
	assert_int_equal(count.value, 4);
}

static void a_request_with_a_descriptor_is_not_repeated(void **state)
{
	struct served *served = *state;
	struct result deadly, count;

	ask(served, VANISH, PP_S(""), 0, FAR, &deadly);
	pp_loop_run(served->loop);
	assert_int_equal(deadly.nothing, 1);
	ask(served, COUNT, PP_S(""), -1, FAR, &count);
	pp_loop_run(served->loop);
	assert_int_equal(count.value, 2);
}

static void a_deadline_passes_and_the_next_is_answered(void **state)
{
	struct served *served = *state;
	struct result slow, behind;

	ask(served, HANG, PP_S(""), -1, 20000, &slow);
	ask(served, ECHO, PP_S("behind"), -1, FAR, &behind);
	while (pp_worker_load(served->worker))
		pp_loop_run(served->loop);
	assert_int_equal(slow.nothing, 1);
	assert_int_equal(behind.nothing, 0);
	assert_int_equal(behind.len, 6);
	assert_true(slow.order < behind.order);
}

static void a_deadline_behind_another_one_leaves_it_alone(void **state)
{
	struct served *served = *state;
	struct result first, impatient;

	ask(served, HANG, PP_S(""), -1, 60000, &first);
	ask(served, ECHO, PP_S("late"), -1, 10000, &impatient);
	pp_loop_run(served->loop);
	/* The served process hangs only after the first, so the second's answer is taken for a lie.
	 */
	while (pp_worker_load(served->worker))
		pp_loop_run(served->loop);
	assert_int_equal(first.nothing, 1);
	assert_int_equal(impatient.frames, 1);
}

static void an_answer_to_another_request_is_not_taken(void **state)
{
	struct served *served = *state;
	struct result lie, next;

	ask(served, LIE, PP_S(""), -1, FAR, &lie);
	pp_loop_run(served->loop);
	assert_int_equal(lie.nothing, 1);
	ask(served, ECHO, PP_S("next"), -1, FAR, &next);
	pp_loop_run(served->loop);
	assert_int_equal(next.len, 4);
}

static void a_worker_that_is_not_there_is_told(void **state)
{
	struct served *served = *state;
	struct result result;

	pp_worker_close(served->worker);
	served->worker = pp_worker_open(served->loop, "/nonexistent/socket");
	ask(served, ECHO, PP_S(""), -1, 30000, &result);
	pp_loop_run(served->loop);
	assert_int_equal(result.nothing, 1);
	assert_int_equal(pp_worker_load(served->worker), 0);
}

static void closing_answers_what_is_open(void **state)
{
	struct served *served = *state;
	struct result first, second;

	ask(served, HANG, PP_S(""), -1, FAR, &first);
	ask(served, ECHO, PP_S(""), -1, FAR, &second);
	pp_worker_close(served->worker);
	assert_int_equal(first.nothing, 1);
	assert_int_equal(second.nothing, 1);
	served->worker = NULL;
}

static void an_answer_may_close_the_worker(void **state)
{
	struct served *served = *state;
	struct result results[3];

	for (int i = 0; i < 3; i++)
		ask(served, ECHO, PP_S("x"), -1, FAR, &results[i]);
	results[0].close_it = served->worker;
	pp_loop_run(served->loop);
	served->worker = NULL;
	assert_int_equal(results[0].nothing, 0);
	assert_int_equal(results[1].nothing, 1);
	assert_int_equal(results[2].nothing, 1);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(an_echo_comes_back),
		SERVED(many_and_large_come_back_in_order),
		SERVED(a_reply_may_have_several_parts),
		SERVED(a_failure_ends_the_reply),
		SERVED(descriptors_travel_both_ways),
		SERVED(a_worker_that_vanishes_costs_one_request),
		SERVED(a_request_with_a_descriptor_is_not_repeated),
		SERVED(a_deadline_passes_and_the_next_is_answered),
		SERVED(a_deadline_behind_another_one_leaves_it_alone),
		SERVED(an_answer_to_another_request_is_not_taken),
		SERVED(a_worker_that_is_not_there_is_told),
		SERVED(closing_answers_what_is_open),
		SERVED(an_answer_may_close_the_worker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
