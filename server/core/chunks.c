/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/chunks.h>

#include <stdlib.h>

#include <pp/base/check.h>

#define NAME_SIZE 32

struct chunk {
	char sha256[NAME_SIZE];
	char *bytes; /* NULL: nothing yet */
	size_t len;
	uint64_t wanted_at;
};

struct pp_chunks {
	size_t most;
	uint64_t now; /* counts what is wanted */
	struct chunk chunk[];
};

struct pp_chunks *pp_chunks_open(size_t most)
{
	struct pp_chunks *chunks = calloc(1, sizeof(*chunks) + most * sizeof(chunks->chunk[0]));

	PP_MUST(chunks && most);
	chunks->most = most;
	return chunks;
}

void pp_chunks_close(struct pp_chunks *chunks)
{
	for (size_t i = 0; i < chunks->most; i++)
		free(chunks->chunk[i].bytes);
	free(chunks);
}

/* There are a few dozen: to look at each takes less than to copy one. */
static struct chunk *named(struct pp_chunks *chunks, struct pp_slice sha256)
{
	PP_MUST(sha256.len == NAME_SIZE);
	for (size_t i = 0; i < chunks->most; i++)
		if (chunks->chunk[i].bytes &&
			memcmp(chunks->chunk[i].sha256, sha256.at, NAME_SIZE) == 0)
			return &chunks->chunk[i];
	return NULL;
}

struct pp_slice pp_chunks_find(struct pp_chunks *chunks, struct pp_slice sha256)
{
	struct chunk *found = named(chunks, sha256);

	if (!found)
		return pp_slice(NULL, 0);
	found->wanted_at = ++chunks->now;
	return pp_slice(found->bytes, found->len);
}

void pp_chunks_keep(struct pp_chunks *chunks, struct pp_slice sha256, struct pp_slice bytes)
{
	struct chunk *oldest = &chunks->chunk[0];

	PP_MUST(bytes.len);
	if (named(chunks, sha256))
		return;
	for (size_t i = 1; i < chunks->most; i++)
		if (chunks->chunk[i].wanted_at < oldest->wanted_at)
			oldest = &chunks->chunk[i];
	if (oldest->len != bytes.len) {
		free(oldest->bytes);
		oldest->bytes = malloc(bytes.len);
		PP_MUST(oldest->bytes);
	}
	memcpy(oldest->sha256, sha256.at, NAME_SIZE);
	memcpy(oldest->bytes, bytes.at, bytes.len);
	oldest->len = bytes.len;
	oldest->wanted_at = ++chunks->now;
}
