/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A plan's subject as it is typed: WIND:hub_height_m=160,rotor_diameter_m=150. */
#include <pp/geo/subject.h>

/*
 * Reads one, in the arena. catchment=FILE names a GeoJSON geometry, study=AGS:PERCENT+AGS:PERCENT
 * what a study says of municipalities. The fault's sentence says what there is instead.
 */
PP_CHECKED bool pp_subject_option(struct pp_arena *arena, struct pp_slice text,
	struct pp_subject *subject, struct pp_fault *fault);
