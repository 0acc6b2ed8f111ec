/* SPDX-License-Identifier: EUPL-1.2 */
/* Every entry of every chain, one after the other: a row's memory, however many there are. */
#include <stdio.h>

#include <pp/io/secret.h>

#include "audit.h"
#include "queries.h"

#define HASH_HEX      (2 * PP_SHA256_SIZE)
#define PROGRESS_EACH 250000

static const struct pp_audit_words
	altered = { "der Eintrag wurde verändert", "the entry was altered" },
	missing = { "davor fehlen Einträge", "entries before it are missing" },
	unlinked = { "schließt nicht an den Eintrag davor an",
		"does not follow the entry before it" },
	truncated = { "das Ende der Kette fehlt", "the end of the chain is missing" },
	headless = { "die Kette hat mehr Einträge als vermerkt",
		"the chain has more entries than noted" },
	outside = { "am Server vorbei geschrieben als", "written past the server as" },
	unknown = { "als Migration geschrieben, außerhalb jeder Migration:",
		"written as a migration, outside of every migration:" };

/* Entries that follow each other, of one table and by one migration: one notice. */
struct run {
	char chain[40], relation[64], action[16], migration[128], at[40];
	uint64_t first, last;
};

struct walk {
	struct pp_audit *audit;
	char chain[40], hash[HASH_HEX + 1], head_hash[HASH_HEX + 1];
	char at[40];
	uint64_t seq, head;
	bool bad; /* of each chain the first place is told */
	struct run run;
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

static void tell_each(struct walk *walk, const struct pp_rows *rows,
	const struct pp_audit_words *what, struct pp_slice detail)
{
	struct pp_audit_place place = { pp_cell(rows, 0, PP_C_audit_entries_chain),
		pp_cell(rows, 0, PP_C_audit_entries_seq),
		pp_cell(rows, 0, PP_C_audit_entries_relation),
		pp_cell(rows, 0, PP_C_audit_entries_key) };

	pp_audit_tell(walk->audit, &place, what, detail);
}

static void tell(struct walk *walk, const struct pp_rows *rows, const struct pp_audit_words *what,
	struct pp_slice detail)
{
	if (!walk->bad)
		tell_each(walk, rows, what, detail);
	walk->bad = true;
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
	walk->at[0] = '\0';
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

static void end_run(struct walk *walk)
{
	struct run *run = &walk->run;
	bool english = walk->audit->english;

	if (!run->first)
		return;
	pp_buf_format(walk->audit->notices, english ? "note: chain %s, " : "Hinweis: Kette %s, ",
		run->chain);
	pp_buf_format(walk->audit->notices,
		english ? "entries %llu–%llu, %s: " : "Einträge %llu–%llu, %s: ",
		(unsigned long long)run->first, (unsigned long long)run->last, run->relation);
	pp_buf_format(walk->audit->notices, "%s, %s, %s\n",
		strcmp(run->action, "adopt") != 0 ? run->action
			: english                 ? "adopted"
						  : "übernommen",
		run->migration, run->at);
	run->first = 0;
}

static void note(struct walk *walk, const struct pp_rows *rows, uint64_t seq)
{
	struct pp_slice relation = pp_cell(rows, 0, PP_C_audit_entries_relation);
	struct pp_slice action = pp_cell(rows, 0, PP_C_audit_entries_action);
	struct pp_slice migration = pp_cell(rows, 0, PP_C_audit_entries_migration);
	struct run *run = &walk->run;

	if (!run->first || run->last + 1 != seq || strcmp(run->chain, walk->chain) != 0 ||
		!pp_slice_is(relation, pp_slice_of(run->relation)) ||
		!pp_slice_is(action, pp_slice_of(run->action)) ||
		!pp_slice_is(migration, pp_slice_of(run->migration))) {
		end_run(walk);
		run->first = seq;
		keep(run->chain, sizeof(run->chain), pp_slice_of(walk->chain));
		keep(run->relation, sizeof(run->relation), relation);
		keep(run->action, sizeof(run->action), action);
		keep(run->migration, sizeof(run->migration), migration);
		keep(run->at, sizeof(run->at), pp_cell(rows, 0, PP_C_audit_entries_at));
	}
	run->last = seq;
}

/*
 * What says to be a migration's lies within one and in the order of time; it could otherwise be
 * anybody's who owns the tables.
 */
static void look_at_migrated(struct walk *walk, const struct pp_rows *rows, uint64_t seq)
{
	char at[sizeof(walk->at)];

	keep(at, sizeof(at), pp_cell(rows, 0, PP_C_audit_entries_at));
	if (pp_cell(rows, 0, PP_C_audit_entries_migration).at && strcmp(at, walk->at) >= 0)
		note(walk, rows, seq);
	else
		tell_each(walk, rows, &unknown, pp_slice_of(at));
}

static bool is_of_migration(struct walk *walk, const struct pp_rows *rows)
{
	if (pp_slice_is(pp_cell(rows, 0, PP_C_audit_entries_action), PP_S("adopt")))
		walk->audit->adopted++;
	else if (pp_slice_is(pp_cell(rows, 0, PP_C_audit_entries_role), PP_S("migration")))
		walk->audit->migrated++;
	else
		return false;
	return true;
}

/*
 * Procedures are changed by the server and its clerk; imports change what is the platform's. When a
 * migration was applied nobody changes afterwards.
 */
static bool is_outside(struct walk *walk, const struct pp_rows *rows)
{
	static const char platform[] = "00000000-0000-0000-0000-000000000000";
	struct pp_slice login = pp_cell(rows, 0, PP_C_audit_entries_login);

	if (pp_slice_is(pp_cell(rows, 0, PP_C_audit_entries_relation), PP_S("migration")))
		return true;
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
	else if (is_of_migration(walk, rows))
		look_at_migrated(walk, rows, seq);
	else if (is_outside(walk, rows))
		tell(walk, rows, &outside, pp_cell(rows, 0, PP_C_audit_entries_login));
	walk->seq = seq;
	keep(walk->at, sizeof(walk->at), pp_cell(rows, 0, PP_C_audit_entries_at));
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
	end_run(&walk);
	return true;
}
