/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/share.h>

#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <pp/base/clock.h>

int pp_share_make(void)
{
	int fd = memfd_create("planungsplattform", MFD_CLOEXEC);
	int64_t made_at = pp_clock_utc();
	uint64_t seed;

	PP_MUST(fd >= 0 && ftruncate(fd, sizeof(struct pp_share)) == 0);
	PP_MUST(getrandom(&seed, sizeof(seed), 0) == sizeof(seed));
	PP_MUST(pwrite(fd, &seed, sizeof(seed), offsetof(struct pp_share, seed)) == sizeof(seed));
	PP_MUST(pwrite(fd, &made_at, sizeof(made_at), offsetof(struct pp_share, made_at)) ==
		sizeof(made_at));
	return fd;
}

struct pp_share *pp_share_map(int fd)
{
	void *page = mmap(NULL, sizeof(struct pp_share), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	PP_MUST(page != MAP_FAILED);
	return page;
}

static const struct {
	const char *metric, *help;
	size_t offset;
} counters[] = {
#define X(name, metric, help) { metric, help, offsetof(struct pp_counters, name) },
	PP_COUNTERS(X)
#undef X
};

static long long sum(const struct pp_share *share, size_t offset)
{
	long long total = 0;

	for (size_t i = 0; i < PP_SHARE_PROCESSES; i++) {
		const char *process = (const char *)&share->process[i];

		total += atomic_load_explicit(
			(const atomic_llong *)(const void *)(process + offset),
			memory_order_relaxed);
	}
	return total;
}

void pp_share_close(struct pp_share *share, unsigned number)
{
	atomic_store_explicit(&share->process[number].open_requests, 0, memory_order_relaxed);
	atomic_store_explicit(&share->process[number].event_listeners, 0, memory_order_relaxed);
}

void pp_share_metrics(const struct pp_share *share, struct pp_buf *out)
{
	for (size_t i = 0; i < PP_LENGTH(counters); i++) {
		bool is_total = pp_slice_ends(pp_slice_of(counters[i].metric), PP_S("_total"));

		pp_buf_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", counters[i].metric,
			counters[i].help, counters[i].metric, is_total ? "counter" : "gauge",
			counters[i].metric, sum(share, counters[i].offset));
	}
	pp_buf_format(out,
		"# HELP planungsplattform_restarts_total Child processes started again\n"
		"# TYPE planungsplattform_restarts_total counter\n"
		"planungsplattform_restarts_total %lld\n",
		(long long)atomic_load_explicit(&share->restarts, memory_order_relaxed));
}

/* FNV-1a, 64 bit, begun with the run's own seed, and the finalizer of SplitMix64. */
static uint64_t hash(uint64_t seed, struct pp_slice key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed;

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (unsigned char)key.at[i]) * UINT64_C(0x100000001b3);
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return h ^ h >> 31;
}

static unsigned seconds(uint64_t us)
{
	return (unsigned)((us + PP_SECOND - 1) / PP_SECOND);
}

/*
 * A bucket is one word, changed by compare and swap: the time in microseconds at which it would be
 * full again. Keys that fall into the same of the 65,536 buckets share it.
 */
struct pp_taken pp_share_take(struct pp_share *share, struct pp_slice key, unsigned burst,
	unsigned per_minute, int64_t now_us)
{
	uint64_t now = (uint64_t)now_us, step = 60 * (uint64_t)PP_SECOND / per_minute;
	uint64_t room = step * burst;
	atomic_ullong *bucket = &share->buckets[hash(share->seed, key) % PP_SHARE_BUCKETS].full_at;
	unsigned long long seen = atomic_load_explicit(bucket, memory_order_relaxed);

	for (;;) {
		uint64_t wanted = (seen < now ? now : seen) + step - now;

		if (wanted > room)
			return (struct pp_taken){ .wait_s = seconds(wanted - room),
				.full_s = seconds(wanted - step) };
		if (atomic_compare_exchange_weak_explicit(bucket, &seen, now + wanted,
			    memory_order_relaxed, memory_order_relaxed))
			return (struct pp_taken){ .left = (unsigned)((room - wanted) / step),
				.full_s = seconds(wanted) };
	}
}

unsigned pp_share_look(const struct pp_share *share, struct pp_slice key, unsigned burst,
	unsigned per_minute, int64_t now_us)
{
	uint64_t now = (uint64_t)now_us, step = 60 * (uint64_t)PP_SECOND / per_minute;
	uint64_t full_at = atomic_load_explicit(
		&share->buckets[hash(share->seed, key) % PP_SHARE_BUCKETS].full_at,
		memory_order_relaxed);
	uint64_t wanted = (full_at < now ? now : full_at) + step - now;

	return wanted > step * burst ? seconds(wanted - step * burst) : 0;
}
