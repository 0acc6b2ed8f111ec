/* SPDX-License-Identifier: EUPL-1.2 */
#include "copier.h"

#include <stdio.h>
#include <unistd.h>

#include <pp/base/clock.h>

#include "../database/postgres.h"

#define LOOK_US (600 * PP_SECOND)

const char *pp_copies_folder(struct pp_arena *arena, const struct pp_config *config)
{
	const char *data = pp_postgres_data_dir(arena, config->data);
	char here[4096];

	if (!config->document_cache[0])
		return pp_format(arena, "%s/documents", data).at;
	if (config->document_cache[0] == '/' || !getcwd(here, sizeof(here)))
		return config->document_cache;
	return pp_format(arena, "%s/%s", here, config->document_cache).at;
}

/* What lies there from another time is looked at, also by one that shall keep none any more. */
void pp_copier_open(struct pp_copier *copier, const struct pp_config *config, int64_t stamp)
{
	struct pp_arena arena;
	bool has_copies;

	pp_arena_begin(&arena);
	has_copies = config->document_cache_mb ||
		access(pp_copies_folder(&arena, config), F_OK) == 0;
	copier->look_at = has_copies ? 0 : INT64_MAX;
	pp_arena_end(&arena);
	snprintf(copier->stamp, sizeof(copier->stamp), "%lld", (long long)stamp);
}

static bool is_id(struct pp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("0123456789abcdef-", text.at[i], 17))
			return false;
	return text.len == 36;
}

void pp_copier_wish(struct pp_copier *copier, struct pp_slice document)
{
	if (!is_id(document) || copier->wish_count == PP_COPIER_WISHES)
		return;
	for (size_t i = 0; i < copier->wish_count; i++)
		if (memcmp(copier->wishes[i], document.at, document.len) == 0)
			return;
	memcpy(copier->wishes[copier->wish_count++], document.at, document.len);
}

void pp_copier_look(struct pp_copier *copier)
{
	if (copier->look_at != INT64_MAX)
		copier->look_at = 0;
}

void pp_copier_round(struct pp_copier *copier, const struct pp_config *config)
{
	const char *words[] = { "copies", copier->stamp, NULL, NULL };
	int64_t now = pp_clock_monotonic();
	char wish[37];

	if (!pp_runner_is_free(&copier->runner) ||
		(!copier->wish_count && !copier->runner.more && now < copier->look_at))
		return;
	if (copier->wish_count) {
		memcpy(wish, copier->wishes[0], sizeof(wish));
		words[2] = wish;
		copier->wish_count--;
		memmove(copier->wishes[0], copier->wishes[1],
			copier->wish_count * sizeof(copier->wishes[0]));
	}
	/* Whoever makes one that is wished also looks for the others. */
	copier->look_at = now + LOOK_US;
	copier->runner.more = false;
	pp_runner_bear(&copier->runner, config, words);
}
