/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/signing_key.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pp/io/key_file.h>

#define TITLE    "planungsplattform signing key 1"
#define FILE_MAX 256

PP_PRINTF(2, 3) static bool fail(char error[256], const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error, 256, format, list);
	va_end(list);
	return false;
}

void pp_key_id(const unsigned char public_key[PP_SIGN_PUBLIC_SIZE], char id[PP_KEY_ID_SIZE])
{
	unsigned char digest[PP_SHA256_SIZE];

	pp_sha256(pp_slice((const char *)public_key, PP_SIGN_PUBLIC_SIZE), digest);
	for (size_t i = 0; i < (PP_KEY_ID_SIZE - 1) / 2; i++)
		snprintf(id + 2 * i, 3, "%02x", digest[i]);
}

static void complete(struct pp_signing_key *key, const unsigned char seed[PP_SIGN_SEED_SIZE])
{
	pp_sign_pair(seed, key->public_key, key->secret);
	pp_key_id(key->public_key, key->id);
}

static bool read_lines(const char *text, struct pp_signing_key *key)
{
	unsigned char seed[PP_SIGN_SEED_SIZE], id[(PP_KEY_ID_SIZE - 1) / 2];
	char hex[2 * PP_SIGN_SEED_SIZE + 1], previous[PP_KEY_ID_SIZE];
	int end = 0;
	bool good;

	good = sscanf(text, TITLE "\nseed %64s\nprevious %16s\n%n", hex, previous, &end) == 2 &&
		end && !text[end] && pp_unhex(pp_slice_of(hex), seed, sizeof(seed)) &&
		(strcmp(previous, "-") == 0 || pp_unhex(pp_slice_of(previous), id, sizeof(id)));
	if (good) {
		complete(key, seed);
		snprintf(key->previous, sizeof(key->previous), "%s",
			previous[0] == '-' ? "" : previous);
	}
	pp_wipe(seed, sizeof(seed));
	pp_wipe(hex, sizeof(hex));
	return good;
}

/* -1 where there is none, 0 with a sentence where it is not to be used. */
static int read_file(const char *path, struct pp_signing_key *key, char error[256])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[FILE_MAX + 1];
	struct stat about;
	ssize_t len;
	bool good;

	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0 || fstat(fd, &about) != 0) {
		fail(error, "%.180s cannot be opened: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return 0;
	}
	len = read(fd, text, FILE_MAX);
	close(fd);
	if (about.st_mode & 077)
		return fail(error, "%.180s may be read by others: chmod 600 it", path);
	text[len > 0 ? len : 0] = '\0';
	good = read_lines(text, key);
	pp_wipe(text, sizeof(text));
	return good || fail(error, "%.180s is no signing key", path);
}

static bool write_file(const char *path, const char *previous, bool replace, char error[256])
{
	unsigned char seed[PP_SIGN_SEED_SIZE];
	char text[FILE_MAX], hex[2 * sizeof(seed) + 1];
	bool good;

	pp_sign_seed(seed);
	for (size_t i = 0; i < sizeof(seed); i++)
		snprintf(hex + 2 * i, 3, "%02x", seed[i]);
	snprintf(text, sizeof(text), TITLE "\nseed %s\nprevious %s\n", hex,
		previous[0] ? previous : "-");
	good = pp_key_file_write(path, text, replace, error);
	pp_wipe(seed, sizeof(seed));
	pp_wipe(hex, sizeof(hex));
	pp_wipe(text, sizeof(text));
	return good;
}

bool pp_signing_key_open(const char *path, struct pp_signing_key *key, char error[256])
{
	int found = read_file(path, key, error);

	if (found >= 0)
		return found;
	if (!write_file(path, "", false, error))
		return false;
	found = read_file(path, key, error);
	return found > 0 || (found < 0 && fail(error, "%.180s is gone again", path));
}

bool pp_signing_key_rotate(const char *path, struct pp_signing_key *key, char error[256])
{
	return pp_signing_key_open(path, key, error) && write_file(path, key->id, true, error) &&
		read_file(path, key, error) > 0;
}
