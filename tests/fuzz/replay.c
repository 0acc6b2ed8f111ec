/* SPDX-License-Identifier: EUPL-1.2 */
/* Runs a fuzz target once over each file of the folders and files that are named, without
 * libFuzzer. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <pp/base/buf.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct pp_buf buf;
	size_t got;

	PP_MUST(file);
	pp_buf_begin(&buf);
	while ((got = fread(pp_buf_room(&buf, 65536), 1, 65536, file)) > 0)
		buf.len += got;
	fclose(file);
	/* A copy of exactly this size, so that reading one byte too many is seen. */
	uint8_t *exact = malloc(buf.len ? buf.len : 1);

	PP_MUST(exact);
	if (buf.len)
		memcpy(exact, buf.at, buf.len);
	got = buf.len;
	pp_buf_end(&buf);
	LLVMFuzzerTestOneInput(exact, got);
	free(exact);
	return 1;
}

static unsigned replay(const char *path)
{
	struct dirent **entries;
	struct stat status;
	unsigned done = 0;
	int count;

	PP_MUST(stat(path, &status) == 0);
	if (!S_ISDIR(status.st_mode))
		return replay_file(path);
	count = scandir(path, &entries, NULL, alphasort);
	PP_MUST(count >= 0);
	for (int i = 0; i < count; i++) {
		char name[4096];

		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			done += replay(name);
		free(entries[i]);
	}
	free(entries);
	return done;
}

int main(int count, char **arguments)
{
	unsigned done = 0;

	for (int i = 1; i < count; i++)
		done += replay(arguments[i]);
	printf("%u inputs replayed\n", done);
	return done ? 0 : 1;
}
