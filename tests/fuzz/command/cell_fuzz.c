/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A cell of the tables that operators import: bodies, administration, accounts. What counts as an
 * address can be written to, in a header and in the envelope; what goes to the database in COPY's
 * own spelling is the same cell when it is read back, and one cell.
 */
#include <pp/fmt/message.h>
#include <pp/io/admin.h>

#include "../../../server/command/import_cell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* PostgreSQL, "COPY", text format. */
static struct pp_slice copied(struct pp_arena *arena, struct pp_slice field)
{
	struct pp_buf *out = pp_buf_make(arena);

	for (size_t i = 0; i < field.len; i++) {
		char c = field.at[i];

		PP_MUST(c != '\t' && c != '\n' && c != '\r');
		if (c == '\\') {
			PP_MUST(++i < field.len);
			c = field.at[i] == 't'       ? '\t'
				: field.at[i] == 'n' ? '\n'
				: field.at[i] == 'r' ? '\r'
						     : field.at[i];
			PP_MUST(c != 'N' && c != '.');
		}
		pp_buf_u8(out, (uint8_t)c);
	}
	return pp_buf_all(out);
}

/* Aborts where the address would be no header, or two. */
static void write_to(struct pp_arena *arena, struct pp_slice address)
{
	struct pp_buf *out = pp_buf_make(arena);
	const struct pp_message message = { .from = PP_S("a@platform.example"),
		.from_name = PP_S("Planungsplattform"),
		.to = address,
		.id = PP_S("1"),
		.subject = PP_S("x"),
		.text = PP_S("x\n"),
		.language = PP_S("de") };

	pp_message_write(out, &message);
	for (size_t i = 0; i < address.len; i++)
		PP_MUST((unsigned char)address.at[i] > ' ' && address.at[i] != '<');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice cell = { (const char *)data, size };
	struct pp_arena arena;
	struct pp_buf *out;

	/* The reader of tables gives nothing else (tests/fuzz/files/table_fuzz.c). */
	if (size > 4096 || !pp_slice_is_utf8(cell))
		return 0;
	pp_arena_begin(&arena);
	out = pp_buf_make(&arena);
	pp_admin_copy_field(out, cell, false);
	PP_MUST(pp_slice_is(copied(&arena, pp_buf_all(out)), cell));
	for (int check = PP_CELL_TEXT; check <= PP_CELL_ADDRESS; check++) {
		const char *wrong = pp_import_wrong((enum pp_cell)check, cell);

		PP_MUST(!wrong || pp_slice_starts(pp_slice_of(wrong), PP_S("is ")));
		if (check == PP_CELL_ADDRESS && !wrong)
			write_to(&arena, cell);
	}
	pp_arena_end(&arena);
	return 0;
}
