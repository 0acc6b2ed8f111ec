/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The workbench of this room: one GEOS context and the transformations of PROJ, made once at the
 * start of a process and used by one thread. Opening opens PROJ's grids, so it comes before a
 * sandbox; nothing here opens a file or a socket later (PROJ's network access is off). Geometry
 * enters and leaves as WKB that pp_wkb_check has passed, and is EPSG:25832 (metres east, north)
 * unless a name says otherwise.
 */
#include <pp/base/problem.h>
#include <pp/base/arena.h>

struct pp_geo;

/* Ends with the arena. NULL and a fault when PROJ does not find its grids. */
struct pp_geo *pp_geo_open(struct pp_arena *arena, struct pp_fault *fault);

/*
 * "planungsplattform 0.1.0 engine 2; GEOS 3.11.1 PROJ 9.1.1", the name under which results are
 * kept. The number behind "engine" grows with every change to the bytes of an answer.
 */
struct pp_slice pp_geo_engine(const struct pp_geo *geo);
