/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The page that the master shares with its children: counters that it serves as metrics, and rate
 * limits that hold for all web workers together. Counters are relaxed atomics; a bucket that two
 * workers touch at once may be off by one request, never more.
 */
#include <stdatomic.h>

#include <pp/base/buf.h>

#define PP_SHARE_BUCKETS   65536
#define PP_SHARE_PROCESSES 32

#define PP_COUNTERS(X)                                                                             \
	X(requests, "planungsplattform_http_requests_total", "HTTP requests answered")             \
	X(refused, "planungsplattform_http_refused_total",                                         \
		"Requests refused before a route was found")                                       \
	X(client_errors, "planungsplattform_http_4xx_total", "Answers with a 4xx status")          \
	X(server_errors, "planungsplattform_http_5xx_total", "Answers with a 5xx status")          \
	X(limited, "planungsplattform_http_limited_total",                                         \
		"Requests over the rate limit of their address")                                   \
	X(limited_account, "planungsplattform_http_limited_account_total",                         \
		"Requests over the rate limit of their account")                                   \
	X(limited_procedure, "planungsplattform_http_limited_procedure_total",                     \
		"Requests of strangers over the rate limit of a procedure")                        \
	X(cross_site, "planungsplattform_http_cross_site_total",                                   \
		"Requests with a session that came from another site")                             \
	X(bytes_out, "planungsplattform_http_body_bytes_total", "Bytes of bodies sent")            \
	X(duration_us, "planungsplattform_http_duration_microseconds_total",                       \
		"Time from first byte to reply")                                                   \
	X(db_batches, "planungsplattform_db_batches_total", "Batches sent to PostgreSQL")          \
	X(db_faults, "planungsplattform_db_faults_total",                                          \
		"Batches that failed for want of PostgreSQL")                                      \
	X(geometry_jobs, "planungsplattform_geometry_jobs_total",                                  \
		"Questions to the geometry workers")                                               \
	X(file_jobs, "planungsplattform_file_jobs_total", "File jobs begun")                       \
	X(copies, "planungsplattform_document_copies_total",                                       \
		"Files sent from copies on this machine's disk")                                   \
	X(tiles_made, "planungsplattform_tiles_made_total", "Vector tiles made by PostgreSQL")     \
	X(tiles_kept, "planungsplattform_tiles_kept_total", "Vector tiles sent from memory")       \
	X(event_listeners, "planungsplattform_event_listeners", "Open event streams")              \
	X(open_requests, "planungsplattform_http_requests_open", "Requests under way")

struct pp_counters {
#define X(name, metric, help) atomic_llong name;
	PP_COUNTERS(X)
#undef X
};

struct pp_bucket {
	atomic_ullong full_at; /* monotonic microseconds; see share.c */
};

struct pp_share {
	struct pp_counters process[PP_SHARE_PROCESSES];
	atomic_llong restarts; /* children that ended and were started again */
	uint64_t seed;         /* nobody outside shall know which keys share a bucket */
	int64_t made_at;       /* µs since 1970: the stamp of copies (pp/io/copies.h) */
	struct pp_bucket buckets[PP_SHARE_BUCKETS];
};

/* A nameless file for the page, made by the master and inherited; aborts when there is none. */
int pp_share_make(void);
/* The page of that file in this process, for as long as it lives. */
struct pp_share *pp_share_map(int fd);

/* The process of that number has ended, and nothing of it is open any more. */
void pp_share_close(struct pp_share *share, unsigned number);

/* All counters, summed over the processes, as Prometheus reads them (text format 0.0.4). */
void pp_share_metrics(const struct pp_share *share, struct pp_buf *out);

struct pp_taken {
	unsigned wait_s; /* 0: allowed; else how long to wait (Retry-After, RFC 9110 §10.2.3) */
	unsigned left;   /* tokens after this one */
	unsigned full_s; /* until all of them are there again */
};

/* Takes one token from the bucket of that key: `burst` tokens at most, refilled at `per_minute`. */
struct pp_taken pp_share_take(struct pp_share *share, struct pp_slice key, unsigned burst,
	unsigned per_minute, int64_t now_us);
/* How long to wait until one could be taken, in seconds; 0 where that is now. */
unsigned pp_share_look(const struct pp_share *share, struct pp_slice key, unsigned burst,
	unsigned per_minute, int64_t now_us);
