/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Secrets as text: base64, base64url and hexadecimal are taken in one spelling only, what was
 * sealed is not opened once a byte of it is another, and a file is a signing key or is refused with
 * a sentence.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pp/io/signing_key.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one_spelling(struct pp_arena *arena, struct pp_slice text)
{
	struct pp_buf *again = pp_buf_make(arena), *hex = pp_buf_make(arena);
	struct pp_slice bytes;
	unsigned char raw[64];

	if (pp_base64url_read(arena, text, &bytes)) {
		pp_base64url(again, bytes);
		PP_MUST(pp_slice_is(pp_buf_all(again), text));
	}
	pp_buf_clear(again);
	if (pp_base64_read(arena, text, &bytes)) {
		pp_base64(again, bytes);
		PP_MUST(pp_slice_is(pp_buf_all(again), text));
	}
	if (text.len / 2 <= sizeof(raw) && pp_unhex(text, raw, text.len / 2)) {
		pp_buf_hex(hex, pp_slice((const char *)raw, text.len / 2));
		PP_MUST(pp_slice_is(pp_buf_all(hex), text));
	}
}

static void sealed(struct pp_arena *arena, struct pp_slice text)
{
	static const unsigned char key[PP_SEAL_KEY_SIZE] = { 1, 2, 3 };
	struct pp_buf *box = pp_buf_make(arena);
	struct pp_slice plain;

	PP_MUST(!pp_unseal(arena, text, key, &plain));
	pp_seal(box, text, key);
	PP_MUST(pp_unseal(arena, pp_buf_all(box), key, &plain) && pp_slice_is(plain, text));
	box->at[text.len ? (unsigned char)text.at[0] % box->len : 0] ^= 1;
	PP_MUST(!pp_unseal(arena, pp_buf_all(box), key, &plain));
}

static char path[64];

static void take_away(void)
{
	unlink(path);
}

static void key_file(struct pp_slice text)
{
	struct pp_signing_key key, again;
	char error[256] = "";
	int fd;

	if (!path[0]) {
		snprintf(path, sizeof(path), "/tmp/pp-secret-fuzz-%d", (int)getpid());
		PP_MUST(atexit(take_away) == 0);
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	PP_MUST(fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len);
	close(fd);
	if (!pp_signing_key_open(path, &key, error)) {
		PP_MUST(error[0]);
		return;
	}
	PP_MUST(strlen(key.id) == PP_KEY_ID_SIZE - 1);
	PP_MUST(!key.previous[0] || strlen(key.previous) == PP_KEY_ID_SIZE - 1);
	PP_MUST(pp_signing_key_rotate(path, &again, error));
	PP_MUST(strcmp(again.previous, key.id) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice text = { (const char *)data, size };
	struct pp_arena arena;

	if (size > 4096)
		return 0;
	pp_secret_open();
	pp_arena_begin(&arena);
	one_spelling(&arena, text);
	sealed(&arena, text);
	if (size && data[0] == 'p')
		key_file(text);
	pp_arena_end(&arena);
	return 0;
}
