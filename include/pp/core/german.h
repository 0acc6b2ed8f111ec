/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What a refusal says, in German. Whoever refuses says one English sentence, in C as in SQL; the
 * log and the command line keep it. People read the German one of german.def, which has a row for
 * each, with gaps for what was filled in.
 */
#include <pp/base/arena.h>

/*
 * The German of a sentence, in the arena; the sentence itself where the table has none. Of several
 * rows that fit, the one with the most words of its own counts.
 */
struct pp_slice pp_german(struct pp_arena *arena, struct pp_slice english);
