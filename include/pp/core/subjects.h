/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A plan's subjects as they stand in bodies and in the database, as the engine wants them: a list
 * of
 * {"subject","PARAMETER":…}. Bodies have been checked by pp_subject_list; a catchment is the
 * hexadecimal WKB (CRS84) that the check of a body makes of its GeoJSON.
 */
#include <pp/fmt/json.h>
#include <pp/geo/subject.h>

/*
 * The subjects in the arena, their catchments not placed yet (pp_subjects_place). list may be NULL:
 * none. Refuses with invalid_body and the pointer /subjects/N/PARAMETER.
 */
PP_CHECKED bool pp_subjects_read(struct pp_arena *arena, const struct pp_json *list,
	struct pp_subject **subjects, size_t *count, struct pp_fault *fault);

/* The same from the text of a JSON list, as a database keeps it; empty: none. */
PP_CHECKED bool pp_subjects_read_text(struct pp_arena *arena, struct pp_slice text,
	struct pp_subject **subjects, size_t *count, struct pp_fault *fault);
