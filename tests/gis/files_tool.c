/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the helper says about a file, as JSON lines, for tests:
 *     files_tool plans FILE [PLAN [LAYER]]
 *     files_tool areas FILE [LAYER [KEY [NAME [PARENT]]]]
 *     files_tool table FILE COLUMN…
 *     files_tool serve SOCKET JOBS    becomes a helper that serves there; says R when it does
 *     files_tool ask SOCKET FILE      one plan job of a helper that serves there: its frames
 * With PP_FILES_SOCKET the first three ask a helper that serves there and start none.
 * The last line is {"end":true} or {"fault":…}; the status is 0 or 1.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <pp/io/worker.h>

#include "../../server/command/files_client.h"

static void print(struct pp_buf *line)
{
	printf("%.*s\n", PP_SHOW(pp_buf_all(line)));
	pp_buf_end(line);
}

static void text(struct pp_buf *line, const char *name, struct pp_slice value)
{
	pp_buf_format(line, "%s\"%s\":", line->at[line->len - 1] == '{' ? "" : ",", name);
	pp_buf_json(line, value);
}

static void number(struct pp_buf *line, const char *name, double value, unsigned decimals)
{
	pp_buf_format(line, "%s\"%s\":", line->at[line->len - 1] == '{' ? "" : ",", name);
	pp_buf_fixed(line, value, decimals);
}

static void texts(struct pp_buf *line, const char *name, struct pp_filejob_texts list)
{
	pp_buf_format(line, ",\"%s\":[", name);
	for (size_t i = 0; i < list.count; i++) {
		pp_buf_text(line, i ? "," : "");
		pp_buf_json(line, list.at[i]);
	}
	pp_buf_text(line, "]");
}

static void wkb(struct pp_buf *line, struct pp_slice value)
{
	pp_buf_text(line, ",\"wkb\":\"");
	pp_buf_hex(line, value);
	pp_buf_text(line, "\"");
}

static struct pp_buf begin(const char *what)
{
	struct pp_buf line;

	pp_buf_begin(&line);
	pp_buf_format(&line, "{\"%s\":{", what);
	return line;
}

static void end(struct pp_buf *line)
{
	pp_buf_text(line, "}}");
	print(line);
}

static void on_plan(void *ctx, const struct pp_filejob_plan *plan)
{
	struct pp_buf line = begin("plan");

	(void)ctx;
	number(&line, "place", plan->place, 0);
	text(&line, "name", plan->name);
	text(&line, "number", plan->number);
	text(&line, "object", plan->object);
	text(&line, "version", plan->version);
	text(&line, "kind", plan->kind);
	text(&line, "plan_art", plan->plan_art);
	text(&line, "verfahren", plan->verfahren);
	text(&line, "rechtsstand", plan->rechtsstand);
	number(&line, "vorhabenbezogen", plan->vorhabenbezogen, 0);
	texts(&line, "ags", plan->ags);
	number(&line, "epsg", plan->epsg, 0);
	number(&line, "vertices", plan->vertices, 0);
	wkb(&line, plan->wkb);
	end(&line);
}

static void on_choice(void *ctx, const struct pp_filejob_choice *choice)
{
	struct pp_buf line = begin("choice");

	(void)ctx;
	number(&line, "place", choice->place, 0);
	text(&line, "name", choice->name);
	text(&line, "number", choice->number);
	text(&line, "object", choice->object);
	end(&line);
}

static void on_warning(void *ctx, const struct pp_filejob_warning *warning)
{
	struct pp_buf line = begin("warning");

	(void)ctx;
	number(&line, "place", warning->place, 0);
	text(&line, "text", warning->text);
	end(&line);
}

static void on_count(void *ctx, uint32_t rows)
{
	(void)ctx;
	printf("{\"count\":%u}\n", rows);
}

static void on_municipality(void *ctx, const struct pp_filejob_municipality *row)
{
	struct pp_buf line = begin("municipality");

	(void)ctx;
	number(&line, "row", row->row, 0);
	text(&line, "key", row->key);
	text(&line, "ars", row->ars);
	text(&line, "name", row->name);
	text(&line, "designation", row->designation);
	text(&line, "remark", row->remark);
	number(&line, "gf", row->gf, 0);
	wkb(&line, row->wkb);
	end(&line);
}

static void on_row(void *ctx, const struct pp_filejob_row *row)
{
	struct pp_buf line = begin("row");

	(void)ctx;
	number(&line, "row", row->row, 0);
	texts(&line, "cells", row->cells);
	end(&line);
}

static void say_fault(const struct pp_fault *fault)
{
	struct pp_buf line = begin("fault");

	text(&line, "problem", pp_slice_of(pp_problem_row(fault->problem)->id));
	text(&line, "detail", pp_slice_of(fault->detail));
	if (fault->has_place) {
		number(&line, "x", fault->x, 3);
		number(&line, "y", fault->y, 3);
		number(&line, "lon", fault->lon, 8);
		number(&line, "lat", fault->lat, 8);
	}
	end(&line);
}

static int say_end(bool done, const struct pp_fault *fault)
{
	if (!done)
		say_fault(fault);
	else
		puts("{\"end\":true}");
	return !done;
}

/* As the master does: a listening socket handed down as descriptor 3. */
static int serve(const char *path, const char *jobs)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (bind(server, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(server, 64) != 0 || dup2(STDOUT_FILENO, 5) != 5 || dup2(server, 3) != 3) {
		perror(path);
		return 2;
	}
	execl(getenv("PP_FILES"), "planungsplattform: files", "--serve", "3", "--ready", "5",
		"--jobs", jobs, (char *)NULL);
	perror("PP_FILES");
	return 2;
}

/* As a web worker asks: connect, one frame with a descriptor, and its answers until the last. */
static int ask_server(const char *path, const char *file)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct pp_filejob_plans ask = { .name = PP_S("plan"), .plan = PP_S("all") };
	int fd = open(file, O_RDONLY), server = socket(AF_UNIX, SOCK_STREAM, 0);
	struct pp_frame frame = { .number = 7, .kind = PP_FILEJOB_PLANS, .fd = fd };
	struct pp_fault fault;
	struct pp_arena arena;
	struct pp_buf payload;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(server, (struct sockaddr *)&address, sizeof(address)) != 0) {
		perror(path);
		return 2;
	}
	pp_arena_begin(&arena);
	pp_buf_begin(&payload);
	pp_filejob_write_plans(&payload, &ask);
	frame.payload = pp_buf_all(&payload);
	PP_MUST(pp_frame_write(server, &frame));
	pp_buf_end(&payload);
	do {
		if (!pp_frame_read(server, &arena, &frame)) {
			puts("{\"lost\":true}");
			return 1;
		}
		PP_MUST(frame.number == 7);
		printf("{\"frame\":%u}\n", frame.kind);
		if (frame.kind == PP_FILEJOB_FAULT) {
			PP_MUST(pp_filejob_read_fault(frame.payload, &fault));
			say_fault(&fault);
		}
	} while (!(frame.kind < 0x8000));
	/* The helper ends with its job. */
	PP_MUST(!pp_frame_read(server, &arena, &frame));
	pp_arena_end(&arena);
	return 0;
}

static void print_frame(const struct pp_frame *frame, struct pp_arena *arena)
{
	struct pp_filejob_plan plan;
	struct pp_filejob_choice choice;
	struct pp_filejob_warning warning;
	struct pp_filejob_municipality municipality;
	struct pp_filejob_row row;
	struct pp_scan scan;

	switch (frame->kind) {
	case PP_FILEJOB_A_PLAN:
		PP_MUST(pp_filejob_read_plan(frame->payload, arena, &plan));
		on_plan(NULL, &plan);
		break;
	case PP_FILEJOB_A_CHOICE:
		PP_MUST(pp_filejob_read_choice(frame->payload, arena, &choice));
		on_choice(NULL, &choice);
		break;
	case PP_FILEJOB_A_WARNING:
		PP_MUST(pp_filejob_read_warning(frame->payload, arena, &warning));
		on_warning(NULL, &warning);
		break;
	case PP_FILEJOB_A_MUNICIPALITY:
		PP_MUST(pp_filejob_read_municipality(frame->payload, arena, &municipality));
		on_municipality(NULL, &municipality);
		break;
	case PP_FILEJOB_A_ROW:
		PP_MUST(pp_filejob_read_row(frame->payload, arena, &row));
		on_row(NULL, &row);
		break;
	case PP_FILEJOB_A_COUNT:
		pp_scan_begin(&scan, frame->payload);
		on_count(NULL, pp_scan_u32(&scan));
		break;
	default:
		PP_MUST(!"a kind of frame that an answer has");
	}
}

/* A job for a helper that serves there; the same lines as of one that was started for it. */
static int ask_job(const char *path, const char *file, uint16_t kind, struct pp_slice payload)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = open(file, O_RDONLY), server = socket(AF_UNIX, SOCK_STREAM, 0);
	struct pp_frame frame = { .number = 1, .kind = kind, .payload = payload, .fd = fd };
	struct pp_fault fault;
	struct pp_arena arena;
	bool more = true, done = false;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(server, (struct sockaddr *)&address, sizeof(address)) != 0) {
		perror(file);
		return 2;
	}
	PP_MUST(pp_frame_write(server, &frame));
	while (more) {
		pp_arena_begin(&arena);
		more = pp_frame_read(server, &arena, &frame);
		if (!more)
			pp_fault(&fault, PP_file_unreadable, "its reader ended");
		else if (frame.kind == PP_FILEJOB_FAULT)
			PP_MUST(pp_filejob_read_fault(frame.payload, &fault));
		else if (frame.kind != PP_FILEJOB_END)
			print_frame(&frame, &arena);
		done = more && frame.kind == PP_FILEJOB_END;
		more = more && frame.kind >= 0x8000;
		pp_arena_end(&arena);
	}
	return say_end(done, &fault);
}

static struct pp_slice name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return pp_slice_of(slash ? slash + 1 : path);
}

static int do_job(const char *job, const char *file, const struct pp_slice given[16], size_t count)
{
	static const struct pp_files_answers answers = { NULL, on_plan, on_choice, on_warning,
		on_count, on_municipality, on_row };
	const struct pp_filejob_plans plans = {
		.name = name_of(file), .plan = given[0], .layer = given[1]
	};
	const struct pp_filejob_areas areas = { .name = name_of(file),
		.layer = given[0],
		.key_field = given[1],
		.name_field = given[2],
		.parent = given[3] };
	const struct pp_filejob_table table = { .name = name_of(file),
		.columns = { count, (struct pp_slice *)(uintptr_t)given } };
	bool is_plans = strcmp(job, "plans") == 0, is_areas = strcmp(job, "areas") == 0, done;
	const char *served = getenv("PP_FILES_SOCKET");
	struct pp_fault fault;
	struct pp_buf payload;
	int code;

	if (!served) {
		done = is_plans    ? pp_files_ask_plans(file, &plans, &answers, &fault)
			: is_areas ? pp_files_ask_areas(file, &areas, &answers, &fault)
				   : pp_files_ask_table(file, &table, &answers, &fault);
		return say_end(done, &fault);
	}
	pp_buf_begin(&payload);
	if (is_plans)
		pp_filejob_write_plans(&payload, &plans);
	else if (is_areas)
		pp_filejob_write_areas(&payload, &areas);
	else
		pp_filejob_write_table(&payload, &table);
	code = ask_job(served, file,
		is_plans           ? PP_FILEJOB_PLANS
			: is_areas ? PP_FILEJOB_MUNICIPALITIES
				   : PP_FILEJOB_TABLE,
		pp_buf_all(&payload));
	pp_buf_end(&payload);
	return code;
}

int main(int argc, char **argv)
{
	struct pp_slice given[16] = { 0 };

	if (argc < 3 || argc > 16)
		return 2;
	if (strcmp(argv[1], "serve") == 0)
		return serve(argv[2], argv[3]);
	if (strcmp(argv[1], "ask") == 0)
		return ask_server(argv[2], argv[3]);
	for (int i = 3; i < argc; i++)
		given[i - 3] = pp_slice_of(argv[i]);
	return do_job(argv[1], argv[2], given, (size_t)argc - 3);
}
