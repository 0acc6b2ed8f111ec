/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A probe's look at a procedure, and where what it saw goes; for the command probe. */
#include <pp/base/buf.h>
#include <pp/io/fetch.h>

struct pp_probe {
	const char *url;       /* the public address, without a slash at its end */
	const char *procedure; /* NULL: all that ask the public */
	const char *name;
	uint64_t every_s;
	const char *report, *token; /* where results are posted; NULL: nowhere */
	const char *out;            /* a file of JSON lines, or NULL */
	struct pp_fetch *fetch;
};

/* An id as it stands in addresses. */
#define PP_PROBE_ID 37
enum { PP_PROBE_MOST = 10000 };

struct pp_probe_known {
	char id[PP_PROBE_ID];
};

/* Procedures that were seen to ask the public: they are looked at also when the list cannot be had.
 */
struct pp_probe_list {
	struct pp_probe_known *ids; /* of PP_PROBE_MOST */
	size_t count;
};

/* Looks up who asks the public now. False and a sentence on standard error when that is not to be
 * had. */
PP_CHECKED bool pp_probe_find(const struct pp_probe *probe, struct pp_probe_list *list);

/*
 * Looks at everything that is published of a procedure and appends the result as one line of JSON.
 * True when all of it was there as it should be.
 */
PP_CHECKED bool pp_probe_look(
	const struct pp_probe *probe, const char *procedure, struct pp_buf *line);

/* Results that wait to be reported: lines in a buffer, the oldest first. */
struct pp_probe_spool {
	struct pp_buf lines;
	size_t dropped; /* what found no room any more */
};

void pp_probe_spool_add(struct pp_probe_spool *spool, struct pp_slice line);
/* Posts what waits, in parts; what was taken leaves the spool. False and a sentence otherwise. */
PP_CHECKED bool pp_probe_report(const struct pp_probe *probe, struct pp_probe_spool *spool);
