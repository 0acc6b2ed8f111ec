/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A job as frames on a socket (pp/io/filejob.h): what comes before a reader and behind it. */
#include "files.h"

/* What a kind of job may use. */
struct pp_files_limits {
	unsigned seconds; /* of the clock; of processor time as well */
	size_t file_max;  /* bytes, also when unpacked */
	size_t mapped;    /* of files, beside the memory of a job */
	bool has_threads; /* of its libraries */
};

struct pp_files_host {
	int socket;
	struct pp_geo *geo;
	struct pp_kind *kind;
	/* Called once all descriptors are mapped and before a byte of them is read. */
	bool (*confine)(void *ctx, const struct pp_files_limits *limits);
	void *ctx;
};

/*
 * Reads one job, does it and answers. False when the peer went away, sent something else than a
 * job, or the process could not be confined.
 */
bool pp_files_serve(const struct pp_files_host *host);
