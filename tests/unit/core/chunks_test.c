/* SPDX-License-Identifier: EUPL-1.2 */
/* Kept chunks: the bytes that belong to a name, and the one that goes is the one that nobody wanted
 * for longest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pp/core/chunks.h>

#define ROUNDS 20000
#define NAMES  9
#define MOST   4

/* A name that differs only in its last byte, and bytes that follow from it. */
static struct pp_slice name_of(unsigned n, char out[32])
{
	memset(out, 'n', 32);
	out[31] = (char)n;
	return pp_slice(out, 32);
}

static struct pp_slice bytes_of(unsigned n, char out[64])
{
	memset(out, 'a' + (int)n, 64);
	return pp_slice(out, n % 3 ? 64 : n + 1);
}

/* The oracle: names in the order in which they were wanted, the newest first. */
struct order {
	unsigned name[MOST];
	size_t count;
};

static bool take_out(struct order *order, unsigned n)
{
	for (size_t i = 0; i < order->count; i++)
		if (order->name[i] == n) {
			memmove(&order->name[i], &order->name[i + 1],
				(order->count - i - 1) * sizeof(n));
			order->count--;
			return true;
		}
	return false;
}

static void put_first(struct order *order, unsigned n)
{
	if (order->count == MOST)
		order->count--;
	memmove(&order->name[1], &order->name[0], order->count * sizeof(n));
	order->name[0] = n;
	order->count++;
}

static void keeps_what_was_wanted_last(void **state)
{
	struct pp_chunks *chunks = pp_chunks_open(MOST);
	struct order order = { 0 };
	char name[32], bytes[64];

	(void)state;
	srand(7);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned n = (unsigned)rand() % NAMES;
		struct pp_slice found = pp_chunks_find(chunks, name_of(n, name));
		bool known = take_out(&order, n);

		assert_int_equal(found.at != NULL, known);
		if (known)
			assert_true(pp_slice_is(found, bytes_of(n, bytes)));
		else
			pp_chunks_keep(chunks, name_of(n, name), bytes_of(n, bytes));
		put_first(&order, n);
	}
	pp_chunks_close(chunks);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(keeps_what_was_wanted_last) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
