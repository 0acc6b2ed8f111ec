/* SPDX-License-Identifier: EUPL-1.2 */
/* Changes and locks as sentences, so that a condition and what is done to what it finds are one
 * statement. */
#include <pp/base/clock.h>

#include <pp/io/secret.h>

#include "sentence.h"

void pp_feature_turn(struct pp_req *req)
{
	struct pp_rows **unused = PP_NEW(req->arena, struct pp_rows *);

	pp_ask(req, "plan_draft_turn", unused);
}

/* Of a request that may be repeated each list has a key of its own. */
static struct pp_slice key_of(struct pp_req *req, size_t nth)
{
	struct pp_slice key = pp_value(req, "idempotency_key");
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf *out;

	if (!key.at || !nth)
		return key;
	pp_sha256(pp_format(req->arena, "%zu %.*s", nth, PP_SHOW(key)), hash);
	out = pp_buf_make(req->arena);
	pp_base64url(out, pp_slice((char *)hash, sizeof(hash)));
	return pp_buf_all(out);
}

/* The lane is that of writes: the turn was asked there before. */
static void ask(struct pp_req *req, const struct pp_feature_edit *edit, enum pp_sentence_text text,
	struct pp_rows **rows)
{
	struct pp_sentence *s = PP_NEW(req->arena, struct pp_sentence);
	struct pp_feature_ask *what = PP_NEW(req->arena, struct pp_feature_ask);

	what->collection = edit->collection;
	what->where = edit->where;
	what->order_count = edit->order_count;
	if (edit->order_count)
		memcpy(what->order, edit->order, edit->order_count * sizeof(*edit->order));
	s->ask = what;
	s->edit = edit;
	s->now = pp_value(req, "at");
	s->once = key_of(req, edit->nth);
	s->sha256 = pp_value(req, "request_sha256");
	s->limit = pp_format(req->arena, "%llu", (unsigned long long)edit->limit);
	pp_sentence_make(s, req->arena, text);
	s->query.made = true;
	s->query.name = "feature_edit";
	s->query.lanes = 1u << PP_LANE_WRITE;
	pp_ask_query(req, &s->query, s->values, rows);
}

void pp_feature_edit_ask(
	struct pp_req *req, const struct pp_feature_edit *edit, struct pp_rows **rows)
{
	ask(req, edit, PP_SENTENCE_EDIT, rows);
}

void pp_feature_lock_ask(
	struct pp_req *req, const struct pp_feature_edit *edit, struct pp_rows **rows)
{
	PP_MUST(edit->finds);
	ask(req, edit, PP_SENTENCE_LOCK, rows);
}
