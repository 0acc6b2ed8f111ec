/* SPDX-License-Identifier: EUPL-1.2 */
/* receipt: the signing key, and receipts checked without a server, by the public key alone. */
#include <stdio.h>

#include <pp/base/clock.h>
#include <pp/core/receipts.h>
#include <pp/fmt/json.h>
#include <pp/io/signing_key.h>

#include "../process/sealer.h"
#include "call.h"
#include "command.h"

static const char about[] =
	"planungsplattform receipt verify DATEI [--key DATEI]\n"
	"planungsplattform receipt key [--rotate]\n\n"
	"verify prüft die Unterschrift einer Quittung (GET /api/v1/receipts/…) allein mit dem\n"
	"öffentlichen Schlüssel: --key nennt eine Datei, in der er steht (64 Hexziffern, wie "
	"unter\n"
	"/api/v1/receipt-keys; es dürfen mehrere sein), ohne Angabe gilt der eigene. Ein anderes\n"
	"Byte, und sie gilt nicht: Rückgabewert 1.\n"
	"key zeigt den öffentlichen Schlüssel und macht die Datei, wo keine ist; --rotate macht\n"
	"einen neuen, der gilt, sobald der Server neu liest (SIGHUP).\n\n"
	"verify checks the signature of a receipt by the public key alone; --key names a file "
	"with\n"
	"it (64 hexadecimal digits, also several), without it one's own counts. One other byte, "
	"and\n"
	"it is not valid: exit code 1. key shows the public key and makes the file where there is\n"
	"none; --rotate makes a new one, which counts as soon as the server reads anew "
	"(SIGHUP).\n\n"
	"Einstellungen / settings:\n";

enum { NOT_VALID = 1, WRONG_USE = 2, FILE_MOST = 1 << 20 };

static bool read_whole(const char *path, struct pp_buf *out, char error[256])
{
	FILE *file = fopen(path, "re");
	size_t got = 0;

	if (file) {
		got = fread(pp_buf_room(out, FILE_MOST), 1, FILE_MOST, file);
		out->len += got;
		fclose(file);
	}
	if (got > 0 && got < FILE_MOST)
		return true;
	snprintf(error, 256, "%.200s cannot be read, or is no such file", path);
	return false;
}

static void print_valid(struct pp_arena *arena, struct pp_slice document, struct pp_slice key)
{
	struct pp_fault fault;
	struct pp_json *json = pp_json_read(arena, document, &fault);

	printf("gültig / valid: %.*s\n%.*s\n", PP_SHOW(key),
		PP_SHOW(pp_json_text(pp_json_member(json, PP_S("text")))));
}

static const char *const verdicts[] = {
	[PP_RECEIPT_NONE] = "keine Quittung, wie die Plattform sie schreibt / no receipt as the "
			    "platform writes it",
	[PP_RECEIPT_OTHER_KEY] = "der Schlüssel ist nicht dabei / not signed with a key that was "
				 "given",
	[PP_RECEIPT_FORGED] = "die Unterschrift passt nicht / the signature does not fit",
};

static int verify(const char *path, const char *key_path, const struct pp_config *config,
	struct pp_arena *arena, char error[256])
{
	struct pp_buf *file = pp_buf_make(arena), *keys = pp_buf_make(arena);
	enum pp_receipt_verdict verdict;
	struct pp_slice document, key;
	struct pp_signing_key own;

	if (!read_whole(path, file, error))
		return WRONG_USE;
	if (key_path) {
		if (!read_whole(key_path, keys, error))
			return WRONG_USE;
	} else {
		if (!pp_signing_key_open(pp_signing_key_path(arena, config), &own, error))
			return WRONG_USE;
		pp_buf_hex(keys, pp_slice((const char *)own.public_key, sizeof(own.public_key)));
		pp_wipe(own.secret, sizeof(own.secret));
	}
	verdict = pp_receipt_check(pp_buf_all(file), pp_buf_all(keys), &document, &key);
	if (verdict != PP_RECEIPT_VALID) {
		printf("ungültig / not valid: %s\n", verdicts[verdict]);
		return NOT_VALID;
	}
	print_valid(arena, document, key);
	return 0;
}

static int show_key(
	bool rotate, const struct pp_config *config, struct pp_arena *arena, char error[256])
{
	const char *path = pp_signing_key_path(arena, config);
	struct pp_buf *hex = pp_buf_make(arena);
	struct pp_signing_key key;

	if (!(rotate ? pp_signing_key_rotate(path, &key, error)
		     : pp_signing_key_open(path, &key, error)))
		return NOT_VALID;
	pp_wipe(key.secret, sizeof(key.secret));
	pp_buf_hex(hex, pp_slice((const char *)key.public_key, sizeof(key.public_key)));
	printf("%s %.*s\n", key.id, PP_SHOW(pp_buf_all(hex)));
	return 0;
}

static int run(struct pp_call *call)
{
	char **word = call->options.rest;
	int count = call->options.rest_count;

	pp_secret_open();
	if ((count == 2 || (count == 4 && strcmp(word[2], "--key") == 0)) &&
		strcmp(word[0], "verify") == 0)
		return verify(word[1], count == 4 ? word[3] : NULL, &call->config, &call->arena,
			call->fault.detail);
	if ((count == 1 || (count == 2 && strcmp(word[1], "--rotate") == 0)) &&
		strcmp(word[0], "key") == 0)
		return show_key(count == 2, &call->config, &call->arena, call->fault.detail);
	pp_fault(&call->fault, PP_invalid_parameter,
		"receipt verify FILE and receipt key are what there is; see --help");
	return WRONG_USE;
}

int pp_command_receipt(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "receipt", .about = about, .takes_rest = true, .run = run
	};

	return pp_call_run(&kind, NULL, argc, argv);
}
