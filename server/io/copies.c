/* SPDX-License-Identifier: EUPL-1.2 */
#include "copies_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <event2/buffer.h>

#include <pp/base/check.h>
#include <pp/base/clock.h>
#include <pp/base/list.h>
#include <pp/base/log.h>

#define NAME_SIZE 64
/* That somebody wanted it is noted no more often. */
#define NOTED_US (60 * PP_SECOND)

struct pp_copies {
	int64_t stamp;
	struct pp_link open;
	size_t open_count;
	char folder[];
};

struct pp_copy {
	struct pp_link link;
	struct pp_copies *copies;
	struct evbuffer_file_segment *segment;
	int fd; /* the segment's */
	uint64_t size;
	int64_t noted_at;
	unsigned takers;
	char name[NAME_SIZE];
};

struct timespec pp_copy_time(int64_t stamp)
{
	return (struct timespec){ .tv_sec = stamp / PP_SECOND,
		.tv_nsec = stamp % PP_SECOND * 1000 };
}

bool pp_copy_is_stamped(const struct stat *about, uint64_t size, int64_t stamp)
{
	struct timespec at = pp_copy_time(stamp);

	return S_ISREG(about->st_mode) && about->st_nlink > 0 && (uint64_t)about->st_size == size &&
		about->st_mtim.tv_sec == at.tv_sec && about->st_mtim.tv_nsec == at.tv_nsec;
}

struct pp_copies *pp_copies_open(const char *folder, int64_t stamp)
{
	size_t len = strlen(folder) + 1;
	struct pp_copies *copies = calloc(1, sizeof(*copies) + len);

	PP_MUST(copies);
	copies->stamp = stamp;
	memcpy(copies->folder, folder, len);
	pp_list_begin(&copies->open);
	return copies;
}

void pp_copies_close(struct pp_copies *copies)
{
	PP_MUST(!copies || copies->open_count == 0);
	free(copies);
}

static bool is_good(const struct pp_copies *copies, int fd, uint64_t size)
{
	struct stat about;

	return fstat(fd, &about) == 0 && pp_copy_is_stamped(&about, size, copies->stamp);
}

bool pp_copy_is_good(const struct pp_copy *copy)
{
	return is_good(copy->copies, copy->fd, copy->size);
}

/* One that has gone bad stays until it is sent; another may have taken its place meanwhile. */
static struct pp_copy *named(struct pp_copies *copies, struct pp_slice name, uint64_t size)
{
	for (struct pp_link *at = copies->open.next; at != &copies->open; at = at->next) {
		struct pp_copy *copy = PP_OUTER(at, struct pp_copy, link);

		if (memcmp(copy->name, name.at, NAME_SIZE) == 0 && copy->size == size &&
			pp_copy_is_good(copy))
			return copy;
	}
	return NULL;
}

/* When it was wanted last, for whoever has to make room. The time of last change stays. */
static void note(struct pp_copy *copy)
{
	const struct timespec times[] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_OMIT } };
	int64_t now = pp_clock_monotonic();

	if (copy->noted_at && now - copy->noted_at < NOTED_US)
		return;
	/* Where it cannot be noted it only goes earlier. */
	if (futimens(copy->fd, times) == 0)
		copy->noted_at = now;
}

static struct pp_copy *open_file(struct pp_copies *copies, struct pp_slice name, uint64_t size)
{
	char path[4096];
	struct evbuffer_file_segment *segment = NULL;
	struct pp_copy *copy;
	int fd;

	if (copies->open_count == PP_COPIES_OPEN)
		return NULL;
	snprintf(path, sizeof(path), "%s/%.*s", copies->folder, PP_SHOW(name));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (is_good(copies, fd, size))
		segment = evbuffer_file_segment_new(fd, 0, (ev_off_t)size, EVBUF_FS_CLOSE_ON_FREE);
	if (!segment) {
		close(fd);
		return NULL;
	}
	copy = calloc(1, sizeof(*copy));
	PP_MUST(copy);
	*copy = (struct pp_copy){ .copies = copies, .segment = segment, .fd = fd, .size = size };
	memcpy(copy->name, name.at, NAME_SIZE);
	pp_list_push(&copies->open, &copy->link);
	copies->open_count++;
	return copy;
}

struct pp_copy *pp_copies_take(struct pp_copies *copies, struct pp_slice name, uint64_t size)
{
	struct pp_copy *copy;

	PP_MUST(name.len == NAME_SIZE);
	copy = named(copies, name, size);
	if (!copy)
		copy = open_file(copies, name, size);
	if (!copy)
		return NULL;
	copy->takers++;
	note(copy);
	return copy;
}

void pp_copy_release(struct pp_copy *copy)
{
	if (--copy->takers)
		return;
	pp_list_remove(&copy->link);
	copy->copies->open_count--;
	evbuffer_file_segment_free(copy->segment);
	free(copy);
}

void pp_copy_expect(const struct pp_copy *copy, uint64_t first, uint64_t len)
{
	posix_fadvise(copy->fd, (off_t)first, (off_t)len, POSIX_FADV_WILLNEED);
}

struct evbuffer_file_segment *pp_copy_segment(const struct pp_copy *copy)
{
	return copy->segment;
}

struct pp_copy_name pp_copy_name(const struct pp_copy *copy)
{
	struct pp_copy_name name = { .copies = copy->copies };

	memcpy(name.name, copy->name, NAME_SIZE);
	return name;
}

void pp_copy_lose(const struct pp_copy_name *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", name->copies->folder, name->name);
	pp_log(PP_ERROR, "document_copy_lost", "%s cannot be read: is the disk well?", path);
	/* A copy that has no name any more is none (pp_copy_is_stamped). */
	if (unlink(path) != 0 && errno != ENOENT)
		pp_log(PP_ERROR, "document_copy_stays", "%s: %s", path, strerror(errno));
}
