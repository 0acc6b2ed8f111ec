/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/receipts.h>

#include <pp/core/clerk.h>
#include <pp/io/signing_key.h>

#define BODY  4 /* among the columns of pp.reply */
#define BEGIN "\"receipt\":" PP_RECEIPT_BEGIN
#define END   PP_RECEIPT_END ",\"signature\":null"
#define NONE  "null"

/*
 * The next document in the body, and where its signature goes. A quotation mark inside of a JSON
 * string is escaped, so that what is looked for stands where it was built and nowhere else.
 */
static bool next_document(
	struct pp_slice body, size_t *at, struct pp_slice *document, size_t *signature)
{
	const char *begin, *end;

	begin = memmem(body.at + *at, body.len - *at, BEGIN, sizeof(BEGIN) - 1);
	if (!begin)
		return false;
	begin += sizeof("\"receipt\":") - 1;
	end = memmem(begin, body.len - (size_t)(begin - body.at), END, sizeof(END) - 1);
	if (!end)
		return false;
	*document = pp_slice(begin, (size_t)(end - begin) + sizeof(PP_RECEIPT_END) - 1);
	*signature = (size_t)(end - body.at) + sizeof(END) - sizeof(NONE);
	*at = *signature;
	return true;
}

enum pp_next pp_receipts_ask(struct pp_req *req)
{
	struct pp_buf *payload = pp_buf_make(req->arena);
	struct pp_slice body, document;
	size_t at = 0, signature;

	if (!req->rows || req->rows->rows != 1)
		return PP_NEXT;
	body = pp_cell(req->rows, 0, BODY);
	while (body.at && next_document(body, &at, &document, &signature))
		pp_buf_bytes(payload, document);
	if (!payload->len)
		return PP_NEXT;
	req->signatures = PP_NEW(req->arena, struct pp_frame);
	pp_try_clerk(req, PP_RECEIPT_SIGN, pp_buf_all(payload), req->signatures);
	return PP_WAIT;
}

static void put(struct pp_buf *out, struct pp_slice key, struct pp_slice signature)
{
	pp_buf_text(out, "{\"algorithm\":\"Ed25519\",\"key\":");
	pp_buf_json(out, key);
	pp_buf_text(out, ",\"value\":\"");
	pp_buf_hex(out, signature);
	pp_buf_text(out, "\"}");
}

enum pp_next pp_receipts_put(struct pp_req *req)
{
	struct pp_slice body, document, key, signature;
	size_t done = 0, at = 0, where;
	struct pp_scan scan;
	struct pp_buf *out;

	if (!req->signatures || req->signatures->kind != PP_RECEIPT_SIGN)
		return PP_NEXT;
	out = pp_buf_make(req->arena);
	body = pp_cell(req->rows, 0, BODY);
	pp_scan_begin(&scan, req->signatures->payload);
	key = pp_scan_bytes(&scan);
	while (next_document(body, &at, &document, &where)) {
		signature = pp_scan_bytes(&scan);
		if (scan.failed)
			return PP_NEXT;
		pp_buf_slice(out, pp_slice(body.at + done, where - done));
		put(out, key, signature);
		done = where + sizeof(NONE) - 1;
	}
	pp_buf_slice(out, pp_slice(body.at + done, body.len - done));
	req->rows->cells[BODY] = pp_buf_all(out);
	return PP_NEXT;
}

void pp_receipt_hash(struct pp_slice document, unsigned char hash[PP_RECEIPT_HASH])
{
	pp_sha256(document, hash);
}

bool pp_receipt_is_signed(
	struct pp_slice document, struct pp_slice public_key, struct pp_slice value)
{
	unsigned char signature[PP_SIGNATURE_SIZE];

	return public_key.len == PP_SIGN_PUBLIC_SIZE &&
		pp_unhex(value, signature, sizeof(signature)) &&
		pp_sign_is((const unsigned char *)public_key.at, document, signature);
}

/* The key of that id among all that stand in the text as 64 digits. */
static bool find_key(
	struct pp_slice text, struct pp_slice id, unsigned char key[PP_SIGN_PUBLIC_SIZE])
{
	const size_t digits = 2 * PP_SIGN_PUBLIC_SIZE;
	char found[PP_KEY_ID_SIZE];

	for (size_t i = 0; i + digits <= text.len; i++) {
		if (!pp_unhex(pp_slice(text.at + i, digits), key, PP_SIGN_PUBLIC_SIZE))
			continue;
		pp_key_id(key, found);
		if (pp_slice_is(id, pp_slice_of(found)))
			return true;
	}
	return false;
}

static const char open_words[] = "{\"receipt\":",
		  middle_words[] = ",\"signature\":{\"algorithm\":\"Ed25519\",\"key\":\"",
		  value_words[] = "\",\"value\":\"", close_words[] = "\"}}";

/* Exactly the file that the platform writes, byte for byte; a line's end behind it is let pass. */
static bool take_apart(struct pp_slice file, struct pp_slice *document, struct pp_slice *key,
	struct pp_slice *value)
{
	const size_t id = PP_KEY_ID_SIZE - 1, digits = 2 * PP_SIGNATURE_SIZE;
	const size_t tail = sizeof(middle_words) - 1 + id + sizeof(value_words) - 1 + digits +
		sizeof(close_words) - 1;
	const char *at;

	if (file.len && file.at[file.len - 1] == '\n')
		file.len--;
	if (file.len < sizeof(open_words) - 1 + tail ||
		!pp_slice_starts(file, pp_slice_of(open_words)))
		return false;
	*document = pp_slice(
		file.at + sizeof(open_words) - 1, file.len - tail - (sizeof(open_words) - 1));
	at = document->at + document->len;
	*key = pp_slice(at + sizeof(middle_words) - 1, id);
	*value = pp_slice(key->at + id + sizeof(value_words) - 1, digits);
	return memcmp(at, middle_words, sizeof(middle_words) - 1) == 0 &&
		memcmp(key->at + id, value_words, sizeof(value_words) - 1) == 0 &&
		memcmp(value->at + digits, close_words, sizeof(close_words) - 1) == 0;
}

enum pp_receipt_verdict pp_receipt_check(
	struct pp_slice file, struct pp_slice keys, struct pp_slice *document, struct pp_slice *key)
{
	unsigned char public_key[PP_SIGN_PUBLIC_SIZE];
	struct pp_slice value;

	if (!take_apart(file, document, key, &value))
		return PP_RECEIPT_NONE;
	if (!find_key(keys, *key, public_key))
		return PP_RECEIPT_OTHER_KEY;
	return pp_receipt_is_signed(
		       *document, pp_slice((const char *)public_key, sizeof(public_key)), value)
		? PP_RECEIPT_VALID
		: PP_RECEIPT_FORGED;
}
