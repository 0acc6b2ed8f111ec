/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Frames between our processes, from a peer that says anything and leaves: each is whole or none,
 * and what is read is what would be written. And the payloads of file jobs, which a process in a
 * sandbox may have made up: by the kind of the frame.
 */
#include <sys/socket.h>
#include <unistd.h>

#include <pp/io/filejob.h>
#include <pp/io/worker.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define READS(name, type)                                                                          \
	static bool read_##name(                                                                   \
		struct pp_slice payload, struct pp_arena *arena, struct pp_buf *out)               \
	{                                                                                          \
		struct type value;                                                                 \
                                                                                                   \
		if (!pp_filejob_read_##name(payload, arena, &value))                               \
			return false;                                                              \
		pp_filejob_write_##name(out, &value);                                              \
		return true;                                                                       \
	}
READS(plans, pp_filejob_plans)
READS(areas, pp_filejob_areas)
READS(table, pp_filejob_table)
READS(plan, pp_filejob_plan)
READS(choice, pp_filejob_choice)
READS(warning, pp_filejob_warning)
READS(municipality, pp_filejob_municipality)
READS(row, pp_filejob_row)
READS(sheet, pp_filejob_sheet)
READS(clean, pp_filejob_clean)
READS(geopackage, pp_filejob_geopackage)

static bool read_fault(struct pp_slice payload, struct pp_arena *arena, struct pp_buf *out)
{
	struct pp_fault fault;

	(void)arena;
	if (!pp_filejob_read_fault(payload, &fault))
		return false;
	pp_filejob_write_fault(out, &fault);
	return true;
}

static bool (*const readers[])(
	struct pp_slice payload, struct pp_arena *arena, struct pp_buf *out) = { read_plans,
	read_areas, read_table, read_plan, read_choice, read_warning, read_municipality, read_row,
	read_fault, read_sheet, read_clean, read_geopackage };

/* Written and read again it stays the same. */
static void payload(struct pp_arena *arena, const struct pp_frame *frame)
{
	size_t kind = frame->kind % PP_LENGTH(readers);
	struct pp_buf *out = pp_buf_make(arena), *twice = pp_buf_make(arena);

	if (!readers[kind](frame->payload, arena, out))
		return;
	PP_MUST(readers[kind](pp_buf_all(out), arena, twice));
	PP_MUST(pp_slice_is(pp_buf_all(out), pp_buf_all(twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_arena arena;
	struct pp_frame frame;
	int pair[2];

	if (size > 65536)
		return 0;
	PP_MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	PP_MUST(send(pair[1], data, size, MSG_DONTWAIT) == (ssize_t)size);
	close(pair[1]);
	pp_arena_begin(&arena);
	for (size_t at = 0; pp_frame_read(pair[0], &arena, &frame); at += 12 + frame.payload.len) {
		PP_MUST(frame.kind && frame.fd == -1 && at + 12 + frame.payload.len <= size);
		PP_MUST(frame.payload.len == 0 ||
			memcmp(frame.payload.at, data + at + 12, frame.payload.len) == 0);
		payload(&arena, &frame);
	}
	pp_arena_end(&arena);
	close(pair[0]);
	return 0;
}
