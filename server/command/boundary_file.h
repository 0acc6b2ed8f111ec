/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Boundaries out of a file, for commands: the helper reads it, the geometry room unites, checks and
 * indexes. The Kreise come from a second file, keyed by the first five digits of the AGS.
 */
#include <pp/geo/boundaries.h>
#include <pp/io/filejob.h>

struct pp_boundary_file {
	const char *path;         /* NULL: the fixtures, whose Kreise, name and date are known */
	const char *kreise;       /* NULL: none */
	const char *state_border; /* NULL: none, or of the fixtures theirs */
	bool wants_state_border;  /* where it is not named */
	struct pp_filejob_areas areas;      /* layer and fields; all may be empty */
	struct pp_boundary_version version; /* dataset and date may be empty */
	/* Told as work goes on, at most once per per cent; total 0 is "not known". May be NULL. */
	void (*progress)(void *ctx, const char *stage, uint32_t done, uint32_t total);
	/* What was odd, one sentence each: warnings of the reader. May be NULL. */
	void (*warn)(void *ctx, struct pp_slice sentence);
	void *ctx;
};

/*
 * The boundaries, in the arena. NULL and a fault; where the layer was ambiguous, the layers were
 * told through warn.
 */
struct pp_boundaries *pp_boundary_file_read(struct pp_boundary_file *file, struct pp_geo *geo,
	struct pp_arena *arena, struct pp_fault *fault);
