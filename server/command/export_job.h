/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * One file of features, from what is wanted to a nameless file on the disk: features come in
 * batches as FlatGeobuf, of which a file job makes a GeoPackage.
 */
#include <pp/feature/read.h>
#include <pp/io/admin.h>

struct pp_export_job {
	struct pp_admin *reader; /* as the role of the public */
	struct pp_geo *geo;
	struct pp_arena *arena;   /* of the job */
	const struct pp_rows *as; /* the row of feature_export_begin */
	/* Told after each batch; false where nobody wants it any more. */
	bool (*step)(void *ctx, uint64_t features);
	void *ctx;

	struct pp_feature_reading reading;
	struct pp_feature_view view;
	int crs;
	int result; /* the GeoPackage; -1: there is none */
	uint64_t features;
	const char *reason;  /* why not, see sql/api/feature_export.sql; NULL: nobody wants it */
	struct pp_fault why; /* in words */
};

/* False where nothing came of it; the caller closes result in any case. */
PP_CHECKED bool pp_export_make(struct pp_export_job *job);
