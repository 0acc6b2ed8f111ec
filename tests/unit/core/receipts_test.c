/* SPDX-License-Identifier: EUPL-1.2 */
/* A receipt is valid as it is, and with any other byte in any place it is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pp/core/receipts.h>
#include <pp/io/signing_key.h>

static const char words[] = PP_RECEIPT_BEGIN
	"],\"chain\":{\"hash\":\"00ff\",\"procedure\":\"x\",\"seq\":7},"
	"\"text\":\"Ihre Stellungnahme – fristgerecht\"," PP_RECEIPT_END;

struct made {
	char file[1024], keys[200];
	size_t len;
};

static void hex(char *out, const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void make(struct made *made)
{
	static const unsigned char seed[PP_SIGN_SEED_SIZE] = { 7 };
	unsigned char public_key[PP_SIGN_PUBLIC_SIZE], secret[PP_SIGN_SECRET_SIZE],
		signature[PP_SIGNATURE_SIZE];
	char id[PP_KEY_ID_SIZE], value[2 * PP_SIGNATURE_SIZE + 1],
		digits[2 * PP_SIGN_PUBLIC_SIZE + 1];

	pp_secret_open();
	pp_sign_pair(seed, public_key, secret);
	pp_key_id(public_key, id);
	pp_sign(secret, pp_slice_of(words), signature);
	hex(value, signature, sizeof(signature));
	hex(digits, public_key, sizeof(public_key));
	made->len = (size_t)snprintf(made->file, sizeof(made->file),
		"{\"receipt\":%s,\"signature\":{\"algorithm\":\"Ed25519\",\"key\":\"%s\","
		"\"value\":\"%s\"}}",
		words, id, value);
	/* Another key stands before it, as after a rotation. */
	snprintf(made->keys, sizeof(made->keys), "{\"public_key\":\"%064d\"},\"%s\"", 0, digits);
}

static enum pp_receipt_verdict check(const struct made *made, const char *keys)
{
	struct pp_slice document, key;

	return pp_receipt_check(
		pp_slice(made->file, made->len), pp_slice_of(keys), &document, &key);
}

static void it_is_valid_by_the_public_key_alone(void **state)
{
	struct made made;

	(void)state;
	make(&made);
	assert_int_equal(check(&made, made.keys), PP_RECEIPT_VALID);
	assert_int_equal(check(&made, ""), PP_RECEIPT_OTHER_KEY);
	made.file[made.len++] = '\n';
	assert_int_equal(check(&made, made.keys), PP_RECEIPT_VALID);
	made.file[made.len++] = '\n';
	assert_int_not_equal(check(&made, made.keys), PP_RECEIPT_VALID);
}

static void no_other_byte_is(void **state)
{
	struct made made;

	(void)state;
	make(&made);
	for (size_t i = 0; i < made.len; i++)
		for (unsigned change = 1; change < 256; change += i % 16 ? 37 : 1) {
			char was = made.file[i];

			made.file[i] = (char)(was ^ (char)change);
			assert_int_not_equal(check(&made, made.keys), PP_RECEIPT_VALID);
			made.file[i] = was;
		}
	assert_int_equal(check(&made, made.keys), PP_RECEIPT_VALID);
}

static void none_is_missing_and_none_too_many(void **state)
{
	struct made made, other;

	(void)state;
	make(&made);
	for (size_t i = 0; i < made.len; i++) {
		other = made;
		memmove(other.file + i, other.file + i + 1, made.len - i - 1);
		other.len--;
		assert_int_not_equal(check(&other, made.keys), PP_RECEIPT_VALID);
		other = made;
		memmove(other.file + i + 1, other.file + i, made.len - i);
		other.file[i] = ' ';
		other.len++;
		assert_int_not_equal(check(&other, made.keys), PP_RECEIPT_VALID);
		other = made;
		other.len = i;
		assert_int_not_equal(check(&other, made.keys), PP_RECEIPT_VALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_valid_by_the_public_key_alone),
		cmocka_unit_test(no_other_byte_is),
		cmocka_unit_test(none_is_missing_and_none_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
