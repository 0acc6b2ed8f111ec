/* SPDX-License-Identifier: EUPL-1.2 */
/* Buckets, against a count kept by hand; and by several processes at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <pp/base/clock.h>
#include <pp/core/share.h>

#define START (1000 * PP_SECOND)

static struct pp_share *share_made(void)
{
	int fd = pp_share_make();
	struct pp_share *share = pp_share_map(fd);

	close(fd);
	return share;
}

static void a_bucket_empties_and_fills(void **state)
{
	struct pp_share *share = share_made();
	struct pp_taken taken;

	(void)state;
	/* Ten at once, one more every second. */
	for (unsigned i = 0; i < 10; i++) {
		taken = pp_share_take(share, PP_S("a"), 10, 60, START);
		assert_int_equal(taken.wait_s, 0);
		assert_int_equal(taken.left, 9 - i);
		assert_int_equal(taken.full_s, i + 1);
	}
	for (unsigned i = 0; i < 3; i++) {
		taken = pp_share_take(share, PP_S("a"), 10, 60, START);
		assert_int_equal(taken.wait_s, 1);
		assert_int_equal(taken.left, 0);
		assert_int_equal(taken.full_s, 10);
	}
	taken = pp_share_take(share, PP_S("a"), 10, 60, START + PP_SECOND - 1);
	assert_int_equal(taken.wait_s, 1);
	taken = pp_share_take(share, PP_S("a"), 10, 60, START + PP_SECOND);
	assert_int_equal(taken.wait_s, 0);
	taken = pp_share_take(share, PP_S("a"), 10, 60, START + 60 * PP_SECOND);
	assert_int_equal(taken.left, 9);
	munmap(share, sizeof(*share));
}

/* Over a long time no more comes through than was promised, whatever the rate. */
static void the_rate_holds(void **state)
{
	static const unsigned rates[] = { 1, 7, 40, 6000, 10000000 };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rates); i++) {
		struct pp_share *share = share_made();
		unsigned burst = rates[i] < 10 ? rates[i] : 10, allowed = 0;

		for (unsigned step = 0; step < 60000; step++)
			allowed += !pp_share_take(
				share, PP_S("a"), burst, rates[i], START + step * 1000)
					    .wait_s;
		if (rates[i] < 60000)
			assert_in_range(allowed, rates[i] + burst - 1, rates[i] + burst + 1);
		else
			assert_int_equal(allowed, 60000);
		munmap(share, sizeof(*share));
	}
}

static void processes_share_it(void **state)
{
	enum { WORKERS = 4, EACH = 5000, BURST = 3000 };
	struct pp_share *share = share_made();
	long long allowed = 0;

	(void)state;
	for (unsigned i = 0; i < WORKERS; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			for (unsigned j = 0; j < EACH; j++)
				if (!pp_share_take(share, PP_S("a"), BURST, 60, START).wait_s)
					atomic_fetch_add(&share->process[i].limited, 1);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < WORKERS; i++)
		assert_true(wait(NULL) > 0);
	for (unsigned i = 0; i < WORKERS; i++)
		allowed += share->process[i].limited;
	assert_int_equal(allowed, BURST);
	munmap(share, sizeof(*share));
}

/* Two runs spread the same keys otherwise: nobody can prepare who shares a bucket with whom. */
static void the_seed_is_the_runs_own(void **state)
{
	struct pp_share *one = share_made(), *other = share_made();
	unsigned same = 0;

	(void)state;
	for (char key = 'a'; key < 'a' + 8; key++) {
		pp_share_take(one, pp_slice(&key, 1), 10, 60, START);
		pp_share_take(other, pp_slice(&key, 1), 10, 60, START);
	}
	for (size_t i = 0; i < PP_SHARE_BUCKETS; i++)
		same += one->buckets[i].full_at && other->buckets[i].full_at;
	assert_true(same < 4);
	munmap(one, sizeof(*one));
	munmap(other, sizeof(*other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bucket_empties_and_fills),
		cmocka_unit_test(the_rate_holds),
		cmocka_unit_test(processes_share_it),
		cmocka_unit_test(the_seed_is_the_runs_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
