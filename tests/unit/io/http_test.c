/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of the HTTP room that neither read nor write: whole tables of them are in
 * tests/api/http. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/un.h>

#include <cmocka.h>
#include <zlib.h>

#include "../../../server/io/http_inner.h"

static struct pp_arena arena;

static int begin(void **state)
{
	(void)state;
	pp_arena_begin(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	pp_arena_end(&arena);
	return 0;
}

/* ---- the end of a header block ---- */

static void the_end_is_found_however_the_bytes_come(void **state)
{
	static const char block[] = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\nbody\r\n\r\n";
	const size_t size = sizeof("GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n") - 1;

	(void)state;
	for (size_t first = 0; first < sizeof(block); first++) {
		for (size_t second = first; second < sizeof(block); second++) {
			size_t scanned = 0, line = 0, found;
			bool broken = false;

			found = pp_http_head_end(pp_slice(block, first), &scanned, &line, &broken);
			if (!found)
				found = pp_http_head_end(
					pp_slice(block, second), &scanned, &line, &broken);
			assert_false(broken);
			assert_int_equal(found, second < size ? 0 : size);
			assert_int_equal(line, second < 16 ? 0 : 16);
		}
	}
}

static void a_bare_line_feed_is_found_at_once(void **state)
{
	static const char *const broken[] = { "\n", "G\n", "G\r\nH\n", "G\r\n\n" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(broken); i++) {
		size_t scanned = 0, line = 0;
		bool is_broken = false;

		pp_http_head_end(pp_slice_of(broken[i]), &scanned, &line, &is_broken);
		assert_true(is_broken);
	}
}

/* ---- header blocks ---- */

static enum pp_problem read_block(
	const char *text, struct pp_http_exchange *exchange, struct pp_http_head *head)
{
	const char *why = NULL;
	enum pp_problem problem;

	*exchange = (struct pp_http_exchange){ .arena = &arena };
	problem = pp_http_head_read(pp_slice_of(text), exchange, head, &why);
	assert_non_null(why);
	return problem;
}

static void a_block_says_what_it_says(void **state)
{
	struct pp_http_exchange exchange;
	struct pp_http_head head;

	(void)state;
	assert_int_equal(read_block("POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n"
				    "Expect: 100-continue\r\n\r\n",
				 &exchange, &head),
		PP_no_problem);
	assert_int_equal(exchange.method, PP_POST);
	assert_int_equal(exchange.field_count, 3);
	assert_true(pp_slice_is(exchange.path, PP_S("/a")));
	assert_true(pp_slice_is(exchange.query, PP_S("b")));
	assert_int_equal(head.framing.kind, PP_FRAMED_LENGTH);
	assert_int_equal(head.framing.left, 7);
	assert_true(head.keep_alive && head.expects_continue && !head.http_1_0);
	assert_int_equal(
		read_block("GET / HTTP/1.0\r\nExpect: x\r\n\r\n", &exchange, &head), PP_no_problem);
	assert_false(head.keep_alive || head.expects_continue);
}

/* Our own reading refuses by itself, whatever llhttp would say of the same bytes. */
static void what_is_ambiguous_is_refused_without_a_second_opinion(void **state)
{
	static const struct {
		const char *fields;
		enum pp_problem problem;
	} all[] = {
		{ "X: a\vb\r\n", PP_malformed_request },
		{ "X: a\x7f\r\n", PP_malformed_request },
		{ "X: a\rb\r\n", PP_malformed_request },
		{ "X : a\r\n", PP_malformed_request },
		{ " X: a\r\n", PP_malformed_request },
		{ "X: a\r\n b\r\n", PP_malformed_request },
		{ "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", PP_malformed_request },
		{ "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", PP_malformed_request },
		{ "Content-Length: 4\r\nContent-Length: 4\r\n", PP_malformed_request },
		{ "Content-Length: 4,4\r\n", PP_malformed_request },
		{ "Content-Length: +4\r\n", PP_malformed_request },
		{ "Content-Length:\r\n", PP_malformed_request },
		{ "Content-Length: 18446744073709551620\r\n", PP_malformed_request },
		{ "Transfer-Encoding: xchunked\r\n", PP_malformed_request },
		{ "Transfer-Encoding: chunked, gzip\r\n", PP_malformed_request },
		{ "Transfer-Encoding: gzip, chunked\r\n", PP_not_implemented },
		{ "Transfer-Encoding:\r\n", PP_malformed_request },
		{ "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n", PP_malformed_request },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(all); i++) {
		struct pp_http_exchange exchange;
		struct pp_http_head head;
		struct pp_slice block = pp_format(
			&arena, "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n", all[i].fields);

		assert_int_equal(read_block(block.at, &exchange, &head), all[i].problem);
	}
}

/* A block that is cut anywhere is refused and never read beyond its end. */
static void a_cut_block_is_refused(void **state)
{
	static const char block[] = "GET /a%20b/../c?d HTTP/1.1\r\nHost: h:1\r\nX: y\r\n\r\n";
	struct pp_http_exchange exchange;
	struct pp_http_head head;
	const char *why;

	(void)state;
	for (size_t len = 0; len + 1 < sizeof(block); len++) {
		char *copy = malloc(len + 1);

		memcpy(copy, block, len);
		exchange = (struct pp_http_exchange){ .arena = &arena };
		assert_int_equal(pp_http_head_read(pp_slice(copy, len), &exchange, &head, &why),
			PP_malformed_request);
		free(copy);
	}
}

/* ---- targets and hosts ---- */

static void paths_are_decoded_once_and_have_no_dots(void **state)
{
	static const struct {
		const char *target, *path; /* NULL: refused */
	} all[] = {
		{ "/", "/" },
		{ "/a/", "/a/" },
		{ "/.", "/" },
		{ "/./", "/" },
		{ "/a/.", "/a/" },
		{ "/a/..", "/" },
		{ "/a/../b", "/b" },
		{ "/a/b/../../c", "/c" },
		{ "/a//../b", "/a/b" },
		{ "/%61%2e/%2E./b", "/b" },
		{ "/%2541", "/%41" },
		{ "/...", "/..." },
		{ "/.a/..b", "/.a/..b" },
		{ "/a;b=c,d", "/a;b=c,d" },
		{ "/%E2%82%AC", "/\xe2\x82\xac" },
		{ "/%5c", "/\\" },
		{ "/..", NULL },
		{ "/a/../..", NULL },
		{ "/%2e%2e", NULL },
		{ "/%", NULL },
		{ "/%1", NULL },
		{ "/%1g", NULL },
		{ "/%00", NULL },
		{ "/%2f", NULL },
		{ "/%1f", NULL },
		{ "/%80", NULL },
		{ "/%f4%90%80%80", NULL },
		{ "", NULL },
		{ "a", NULL },
		{ "*", NULL },
		{ "http://h", "/" },
		{ "http://h?x", "/" },
		{ "http://H/%61", "/a" },
		{ "http://hh/", NULL },
		{ "http://", NULL },
		{ "http:/h/", NULL },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(all); i++) {
		struct pp_http_exchange exchange = { .arena = &arena, .host = PP_S("h") };
		const char *why = NULL;
		enum pp_problem problem = pp_http_target_read(
			&exchange, pp_slice_of(all[i].target), &why);

		if (!all[i].path) {
			assert_int_equal(problem, PP_malformed_request);
			assert_non_null(why);
			continue;
		}
		assert_int_equal(problem, PP_no_problem);
		assert_string_equal(pp_text(&arena, exchange.path), all[i].path);
	}
}

static void hosts_are_what_the_rfc_says(void **state)
{
	static const char *const good[] = { "a", "a:", "a:0", "a:65535", "127.0.0.1", "[::1]",
		"[::1]:8080", "[::ffff:127.0.0.1]", "a-b.example", "1234", "%41",
		"a_b~!$&'()*+,;=" };
	static const char *const bad[] = { "", ":", ":80", "a:b", "a:65536",
		"a:99999999999999999999", "a:-1", "::1", "[]", "[::1", "::1]", "[g::]", "[1]",
		"[::1]x", "[::1]:x", "a b", "a/b", "a@b", "a?b", "a#b", "a%", "a%4", "a%zz", "a%00",
		"\x7f", "\xc3\xa4", "a\tb" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(good); i++)
		assert_true(pp_http_is_host(pp_slice_of(good[i])));
	for (size_t i = 0; i < PP_LENGTH(bad); i++)
		assert_false(pp_http_is_host(pp_slice_of(bad[i])));
}

/* ---- the framing of bodies ---- */

static void chunks_end_where_they_end_however_they_come(void **state)
{
	static const char *const bodies[] = { "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n",
		"5;a=b\r\nhello\r\n00b\r\nhello world\r\n0;x\r\nA: b\r\nC:\r\n\r\n" };
	static const char more[] = "GET / HTTP/1.1\r\n\r\n";

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(bodies); i++) {
		struct pp_slice all = pp_format(&arena, "%s%s", bodies[i], more);
		size_t size = strlen(bodies[i]);

		for (size_t cut = 0; cut <= all.len; cut++) {
			struct pp_http_framing framing = { .kind = PP_FRAMED_CHUNKED };
			size_t first, second = 0;
			enum pp_http_framed framed = pp_http_framing_take(
				&framing, pp_slice(all.at, cut), &first);

			assert_int_equal(first, cut < size ? cut : size);
			if (framed == PP_FRAME_MORE)
				framed = pp_http_framing_take(
					&framing, pp_slice(all.at + cut, all.len - cut), &second);
			assert_int_equal(framed, PP_FRAME_DONE);
			assert_int_equal(first + second, size);
		}
	}
}

static void a_length_is_counted_down(void **state)
{
	struct pp_http_framing framing = { .kind = PP_FRAMED_LENGTH, .left = 5 };
	size_t taken;

	(void)state;
	assert_int_equal(pp_http_framing_take(&framing, PP_S("abc"), &taken), PP_FRAME_MORE);
	assert_int_equal(taken, 3);
	assert_int_equal(pp_http_framing_take(&framing, PP_S("defgh"), &taken), PP_FRAME_DONE);
	assert_int_equal(taken, 2);
}

/* What is broken stays broken, and nothing behind the fault is taken. */
static void a_broken_chunk_stays_broken(void **state)
{
	struct pp_http_framing framing = { .kind = PP_FRAMED_CHUNKED };
	size_t taken;

	(void)state;
	assert_int_equal(pp_http_framing_take(&framing, PP_S("5\nhello"), &taken), PP_FRAME_BROKEN);
	assert_int_equal(taken, 2);
	assert_int_equal(
		pp_http_framing_take(&framing, PP_S("0\r\n\r\n"), &taken), PP_FRAME_BROKEN);
	assert_int_equal(taken, 0);
}

/* ---- codings ---- */

static void the_best_coding_is_chosen(void **state)
{
	static const struct {
		const char *accept;
		enum pp_coding coding;
	} all[] = {
		{ "", PP_IDENTITY },
		{ "gzip", PP_GZIP },
		{ "GZIP", PP_GZIP },
		{ "x-gzip", PP_GZIP },
		{ "br", PP_BROTLI },
		{ "gzip, br", PP_BROTLI },
		{ "br;q=0.5, gzip", PP_GZIP },
		{ "br;q=0.5, gzip;q=0.499", PP_BROTLI },
		{ "gzip ; q = 1.000 , br ; Q=0.9", PP_GZIP },
		{ "*", PP_BROTLI },
		{ "*;q=0", PP_IDENTITY },
		{ "br;q=0, *", PP_GZIP },
		{ "identity, gzip;q=0.5", PP_IDENTITY },
		{ "identity;q=0.5, gzip", PP_GZIP },
		{ "gzip;q=0", PP_IDENTITY },
		{ "gzip;q=1.001", PP_IDENTITY },
		{ "gzip;q=2", PP_IDENTITY },
		{ "gzip;q=x", PP_IDENTITY },
		{ "gzip;q=", PP_IDENTITY },
		{ "deflate, compress, zstd", PP_IDENTITY },
		{ ",,;,", PP_IDENTITY },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(all); i++)
		assert_int_equal(
			pp_coding_choose(pp_slice_of(all[i].accept), PP_BROTLI), all[i].coding);
}

static size_t unzip(struct pp_slice coded, char *out, size_t room, bool whole)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)coded.at, .avail_in = (uInt)coded.len };
	int got;

	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	got = inflate(&z, Z_SYNC_FLUSH);
	assert_true(whole ? got == Z_STREAM_END : got == Z_OK);
	inflateEnd(&z);
	return room - z.avail_out;
}

/* What was flushed can be read before anything follows; a coder that was used is as good as new. */
static void a_flushed_stream_can_be_read(void **state)
{
	struct pp_coders coders = { 0 };
	char out[64];

	(void)state;
	for (int again = 0; again < 3; again++) {
		struct pp_coder *coder = pp_coder_open(&coders, PP_GZIP);
		struct pp_buf *buf = pp_buf_make(&arena);

		pp_coder_write(coder, PP_S("data: "), PP_CODE_MORE, buf);
		pp_coder_write(coder, PP_S("one\n\n"), PP_CODE_FLUSH, buf);
		assert_int_equal(unzip(pp_buf_all(buf), out, sizeof(out), false), 11);
		assert_memory_equal(out, "data: one\n\n", 11);
		pp_coder_write(coder, PP_S(""), PP_CODE_END, buf);
		assert_int_equal(unzip(pp_buf_all(buf), out, sizeof(out), true), 11);
		pp_coder_close(&coders, coder);
	}
	pp_coders_close(&coders);
}

/* ---- peers ---- */

static struct pp_peer peer_of_text(int family, const char *text, char out[PP_PEER_TEXT])
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} address = { .any.sa_family = (sa_family_t)family };

	assert_int_equal(inet_pton(family, text,
				 family == AF_INET ? (void *)&address.four.sin_addr
						   : (void *)&address.six.sin6_addr),
		1);
	return pp_peer_of(&address.any, out);
}

static void peers_are_told_apart(void **state)
{
	struct sockaddr local = { .sa_family = AF_UNIX };
	char text[PP_PEER_TEXT];
	struct pp_peer a, b;

	(void)state;
	a = peer_of_text(AF_INET, "192.0.2.1", text);
	assert_string_equal(text, "192.0.2.1");
	b = peer_of_text(AF_INET6, "::ffff:192.0.2.1", text);
	assert_string_equal(text, "192.0.2.1");
	assert_true(a.address == b.address && a.family == b.family);
	a = peer_of_text(AF_INET6, "2001:db8::1", text);
	b = peer_of_text(AF_INET6, "2001:db8::ffff:1", text);
	assert_true(a.address == b.address);
	b = peer_of_text(AF_INET6, "2001:db8:0:1::1", text);
	assert_true(a.address != b.address);
	assert_int_equal(pp_peer_of(&local, text).family, 0);
	assert_string_equal(text, "unix");
}

/* Against plain counters: random joining and leaving in a table that is as full as it gets. */
static void peers_are_counted(void **state)
{
	enum { PEERS = 40, CONNECTIONS = 64, MOST = 3 };
	struct pp_peers *peers = pp_peers_open(CONNECTIONS);
	unsigned counts[PEERS] = { 0 }, all = 0;

	(void)state;
	srandom(1);
	for (int i = 0; i < 200000; i++) {
		unsigned one = (unsigned)random() % PEERS;
		struct pp_peer peer = { one * UINT64_C(0x100000001), one % 2 ? AF_INET : AF_INET6 };

		if (random() % 2 && all < CONNECTIONS) {
			bool joined = pp_peers_join(peers, peer, MOST);

			assert_int_equal(joined, counts[one] < MOST);
			counts[one] += joined;
			all += joined;
		} else if (counts[one]) {
			pp_peers_leave(peers, peer);
			counts[one]--;
			all--;
		}
	}
	assert_true(pp_peers_join(peers, (struct pp_peer){ 0, 0 }, 0));
	pp_peers_leave(peers, (struct pp_peer){ 0, 0 });
	pp_peers_close(peers);
}

#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_is_found_however_the_bytes_come),
		cmocka_unit_test(a_bare_line_feed_is_found_at_once),
		IN_ARENA(a_block_says_what_it_says),
		IN_ARENA(what_is_ambiguous_is_refused_without_a_second_opinion),
		IN_ARENA(a_cut_block_is_refused),
		IN_ARENA(paths_are_decoded_once_and_have_no_dots),
		cmocka_unit_test(hosts_are_what_the_rfc_says),
		IN_ARENA(chunks_end_where_they_end_however_they_come),
		cmocka_unit_test(a_length_is_counted_down),
		cmocka_unit_test(a_broken_chunk_stays_broken),
		cmocka_unit_test(the_best_coding_is_chosen),
		IN_ARENA(a_flushed_stream_can_be_read),
		cmocka_unit_test(peers_are_told_apart),
		cmocka_unit_test(peers_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
