/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Copies of documents (pp/io/copies.h): rounds show some, web workers wish for others, and the
 * clerk of the same host, whether it leads or not, has them made and taken away by
 * `planungsplattform copies`.
 */
#include <pp/base/slice.h>

#include "runner.h"

#define PP_COPIER_WISHES 32

struct pp_copier {
	struct pp_runner runner;
	char wishes[PP_COPIER_WISHES][37]; /* ids of documents, the oldest first */
	size_t wish_count;
	int64_t look_at; /* monotonic: when to look for those that are missing or are to go */
	char stamp[24];
};

/* Where they lie, absolute. */
const char *pp_copies_folder(struct pp_arena *arena, const struct pp_config *config);

void pp_copier_open(struct pp_copier *copier, const struct pp_config *config, int64_t stamp);
/* A document that somebody reads; what is no id, is wished already or one too many is left out. */
void pp_copier_wish(struct pp_copier *copier, struct pp_slice document);
/* Something is shown, or is shown no more. */
void pp_copier_look(struct pp_copier *copier);
/* Bears a process where there is something to do for it. */
void pp_copier_round(struct pp_copier *copier, const struct pp_config *config);
