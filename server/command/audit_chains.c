/* SPDX-License-Identifier: EUPL-1.2 */
/* Every entry of every chain, one after the other: a row's memory, however many there are. */
#include <stdio.h>

#include <pp/io/secret.h>

#include "audit.h"
#include "queries.h"

#define HASH_HEX      (2 * PP_SHA256_SIZE)
#define PROGRESS_EACH 250000

static const struct pp_audit_words altered = { "der Eintrag wurde verändert",
	"the entry was altered" },
				   missing = { "davor fehlen Einträge",
					   "entries before it are missing" },
				   unlinked = { "schließt nicht an den Eintrag davor an",
					   "does not follow the entry before it" },
				   truncated = { "das Ende der Kette fehlt",
					   "the end of the chain is missing" },
				   headless = { "die Kette hat mehr Einträge als vermerkt",
					   "the chain has more entries than noted" },
				   outside = { "am Server vorbei geschrieben als",
					   "written past the server as" };

struct walk {
	struct pp_audit *audit;
	char chain[40], hash[HASH_HEX + 1], head_hash[HASH_HEX + 1];
	uint64_t seq, head;
	bool bad; /* of each chain the first place is told */
};

static const char first_prev[] = "0000000000000000000000000000000000000000000000000000000000000000";

static void keep(char *to, size_t size, struct pp_slice from)
{
	snprintf(to, size, "%.*s", PP_SHOW(from));
}

static uint64_t number(struct pp_slice digits)
{
	uint64_t value = 0;

	return pp_slice_u64(digits, &value) ? value : 0;
}

static void tell(struct walk *walk, const struct pp_rows *rows, const struct pp_audit_words *what,
	struct pp_slice detail)
{
	struct pp_audit_place place = { pp_cell(rows, 0, PP_C_audit_entries_chain),
		pp_cell(rows, 0, PP_C_audit_entries_seq),
		pp_cell(rows, 0, PP_C_audit_entries_relation),
		pp_cell(rows, 0, PP_C_audit_entries_key) };

	if (walk->bad)
		return;
	walk->bad = true;
	pp_audit_tell(walk->audit, &place, what, detail);
}

/* When the last entry of a chain was seen. */
static void end_chain(struct walk *walk)
{
	char seq[24];
	struct pp_audit_place place;

	snprintf(seq, sizeof(seq), "%llu", (unsigned long long)walk->seq + 1);
	place = (struct pp_audit_place){ pp_slice_of(walk->chain), pp_slice_of(seq), { 0 }, { 0 } };
	if (!walk->chain[0] || walk->bad)
		return;
	if (walk->seq < walk->head)
		pp_audit_tell(walk->audit, &place, &truncated, (struct pp_slice){ 0 });
	else if (walk->seq > walk->head || strcmp(walk->hash, walk->head_hash) != 0)
		pp_audit_tell(walk->audit, &place, &headless, (struct pp_slice){ 0 });
}

static void begin_chain(struct walk *walk, const struct pp_rows *rows)
{
	keep(walk->chain, sizeof(walk->chain), pp_cell(rows, 0, PP_C_audit_entries_chain));
	keep(walk->head_hash, sizeof(walk->head_hash),
		pp_cell(rows, 0, PP_C_audit_entries_head_hash));
	walk->head = number(pp_cell(rows, 0, PP_C_audit_entries_head));
	memcpy(walk->hash, first_prev, sizeof(walk->hash));
	walk->seq = 0;
	walk->bad = false;
}

static void put_text(struct pp_buf *out, struct pp_slice text)
{
	if (text.at)
		pp_buf_json(out, text);
	else
		pp_buf_text(out, "null");
}

static void hash_hex(struct pp_arena *arena, struct pp_slice bytes, struct pp_slice *hex)
{
	unsigned char digest[PP_SHA256_SIZE];
	struct pp_buf *out = pp_buf_make(arena);

	pp_sha256(bytes, digest);
	pp_buf_hex(out, pp_slice((const char *)digest, PP_SHA256_SIZE));
	*hex = pp_buf_all(out);
}

/* What the hash is of, in this order (docs/audit.md, version 1). */
static struct pp_slice entry_words(struct pp_arena *arena, const struct pp_rows *rows)
{
	static const unsigned order[] = { PP_C_audit_entries_at, PP_C_audit_entries_actor,
		PP_C_audit_entries_body, PP_C_audit_entries_role, PP_C_audit_entries_login,
		PP_C_audit_entries_action, PP_C_audit_entries_relation, PP_C_audit_entries_key,
		PP_C_audit_entries_shape, PP_C_audit_entries_content, PP_C_audit_entries_marks,
		PP_C_audit_entries_prev };
	struct pp_buf *out = pp_buf_make(arena);

	pp_buf_text(out, "[\"pp-audit-1\",");
	put_text(out, pp_cell(rows, 0, PP_C_audit_entries_chain));
	pp_buf_text(out, ",");
	pp_buf_slice(out, pp_cell(rows, 0, PP_C_audit_entries_seq));
	for (size_t i = 0; i < PP_LENGTH(order); i++) {
		pp_buf_text(out, ",");
		put_text(out, pp_cell(rows, 0, order[i]));
	}
	pp_buf_text(out, "]");
	return pp_buf_all(out);
}

static bool is_sound(struct pp_arena *arena, const struct pp_rows *rows)
{
	struct pp_slice hash, shape;

	hash_hex(arena, entry_words(arena, rows), &hash);
	hash_hex(arena, pp_cell(rows, 0, PP_C_audit_entries_columns), &shape);
	return pp_slice_is(hash, pp_cell(rows, 0, PP_C_audit_entries_hash)) &&
		pp_slice_is(shape, pp_cell(rows, 0, PP_C_audit_entries_shape));
}

/* Procedures are changed by the server and its clerk; imports change what is the platform's. */
static bool is_outside(struct walk *walk, const struct pp_rows *rows)
{
	static const char platform[] = "00000000-0000-0000-0000-000000000000";
	struct pp_slice login = pp_cell(rows, 0, PP_C_audit_entries_login);
	struct pp_slice action = pp_cell(rows, 0, PP_C_audit_entries_action);

	if (pp_slice_is(action, PP_S("adopt"))) {
		walk->audit->adopted++;
		return false;
	}
	if (pp_slice_is(pp_cell(rows, 0, PP_C_audit_entries_role), PP_S("migration"))) {
		walk->audit->migrated++;
		return false;
	}
	return strcmp(walk->chain, platform) != 0 && !pp_slice_is(login, PP_S("pp_server")) &&
		!pp_slice_is(login, PP_S("pp_clerk"));
}

static void look(struct walk *walk, struct pp_arena *arena, const struct pp_rows *rows)
{
	struct pp_slice none = { 0 };
	uint64_t seq = number(pp_cell(rows, 0, PP_C_audit_entries_seq));

	if (seq != walk->seq + 1)
		tell(walk, rows, &missing, none);
	else if (!is_sound(arena, rows))
		tell(walk, rows, &altered, none);
	else if (!pp_slice_is(pp_cell(rows, 0, PP_C_audit_entries_prev), pp_slice_of(walk->hash)))
		tell(walk, rows, &unlinked, none);
	else if (is_outside(walk, rows))
		tell(walk, rows, &outside, pp_cell(rows, 0, PP_C_audit_entries_login));
	walk->seq = seq;
	keep(walk->hash, sizeof(walk->hash), pp_cell(rows, 0, PP_C_audit_entries_hash));
}

static bool take(void *ctx, const struct pp_rows *rows)
{
	struct walk *walk = ctx;
	struct pp_arena arena;

	if (!pp_slice_is(pp_cell(rows, 0, PP_C_audit_entries_chain), pp_slice_of(walk->chain))) {
		end_chain(walk);
		begin_chain(walk, rows);
	}
	/* A head whose entries are all gone. */
	if (!pp_cell(rows, 0, PP_C_audit_entries_seq).at)
		return true;
	pp_arena_begin(&arena);
	look(walk, &arena, rows);
	pp_arena_end(&arena);
	if (++walk->audit->entries % PROGRESS_EACH == 0)
		fprintf(stderr, walk->audit->english ? "%llu entries …\n" : "%llu Einträge …\n",
			(unsigned long long)walk->audit->entries);
	return true;
}

bool pp_audit_chains(struct pp_audit *audit, struct pp_fault *fault)
{
	struct walk walk = { .audit = audit };

	if (!pp_admin_each(
		    audit->db, &pp_queries[PP_Q_audit_entries], &audit->chain, take, &walk, fault))
		return false;
	end_chain(&walk);
	return true;
}
