/* SPDX-License-Identifier: EUPL-1.2 */
#include "copies_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <pp/base/check.h>
#include <pp/base/log.h>
#include <pp/io/copies.h>

#define UNFINISHED ".unfinished"
#define READ_SIZE  65536u

bool pp_folder_fail(const char *what)
{
	pp_log(PP_WARNING, "document_not_copied", "%s: %s", what, strerror(errno));
	return false;
}

static bool make_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char above[4096];

	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return true;
	if (errno != ENOENT || slash == path)
		return false;
	snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path);
	return (mkdir(above, 0755) == 0 || errno == EEXIST) && mkdir(path, 0700) == 0;
}

/* Nobody but this user sees what lies there, and one process at a time changes it. */
static bool take_folder(struct pp_folder *folder)
{
	struct stat about;
	int lock;

	if (!make_folder(folder->path))
		return pp_folder_fail(folder->path);
	folder->dir = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->dir < 0 || fstat(folder->dir, &about) != 0)
		return pp_folder_fail(folder->path);
	if (about.st_uid != geteuid() || (about.st_mode & 077)) {
		pp_log(PP_WARNING, "document_not_copied",
			"%s belongs to others or is open to them: chmod 700 it", folder->path);
		return false;
	}
	/* Kept until the end of the process. */
	lock = openat(folder->dir, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0 || flock(lock, LOCK_EX) != 0)
		return pp_folder_fail(".lock");
	return true;
}

static bool is_name(const char *name)
{
	return strlen(name) == PP_COPY_NAME && strspn(name, "0123456789abcdef") == PP_COPY_NAME;
}

static void add(struct pp_folder *folder, const char *name)
{
	struct pp_folder_entry *entry;
	struct stat found;

	if (fstatat(folder->dir, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (folder->count == folder->room) {
		folder->room = 2 * folder->room + 64;
		folder->entries = realloc(
			folder->entries, folder->room * sizeof(folder->entries[0]));
		PP_MUST(folder->entries);
	}
	entry = &folder->entries[folder->count++];
	*entry = (struct pp_folder_entry){ .size = (uint64_t)found.st_size,
		.wanted = found.st_atim,
		.counts = pp_copy_is_stamped(&found, (uint64_t)found.st_size, folder->stamp) };
	memcpy(entry->name, name, PP_COPY_NAME);
	folder->total += entry->size;
}

bool pp_folder_open(struct pp_folder *folder)
{
	const struct dirent *found;
	DIR *dir;
	int own;

	if (!take_folder(folder))
		return false;
	own = dup(folder->dir);
	dir = own < 0 ? NULL : fdopendir(own);
	if (!dir)
		return pp_folder_fail(folder->path);
	while ((found = readdir(dir)))
		if (is_name(found->d_name))
			add(folder, found->d_name);
	closedir(dir);
	/* Of one that was ended in the middle. */
	pp_folder_drop(folder);
	return true;
}

void pp_folder_close(struct pp_folder *folder)
{
	free(folder->entries);
}

struct pp_folder_entry *pp_folder_entry(const struct pp_folder *folder, struct pp_slice name)
{
	for (size_t i = 0; i < folder->count; i++)
		if (!folder->entries[i].gone &&
			pp_slice_is(name, pp_slice_of(folder->entries[i].name)))
			return &folder->entries[i];
	return NULL;
}

void pp_folder_take_away(struct pp_folder *folder, struct pp_folder_entry *entry, const char *why)
{
	if (unlinkat(folder->dir, entry->name, 0) != 0 && errno != ENOENT) {
		pp_log(PP_WARNING, "document_copy_stays", "%s: %s", entry->name, strerror(errno));
		return;
	}
	pp_log(PP_INFO, "document_copy_gone", "%s: %s", entry->name, why);
	entry->gone = true;
	folder->total -= entry->size;
}

static int compare(struct timespec left, struct timespec right)
{
	if (left.tv_sec != right.tv_sec)
		return left.tv_sec < right.tv_sec ? -1 : 1;
	return left.tv_nsec < right.tv_nsec ? -1 : left.tv_nsec > right.tv_nsec;
}

static int by_wish(const void *a, const void *b)
{
	return compare(((const struct pp_folder_entry *)a)->wanted,
		((const struct pp_folder_entry *)b)->wanted);
}

void pp_folder_make_room(struct pp_folder *folder, uint64_t limit)
{
	if (folder->count)
		qsort(folder->entries, folder->count, sizeof(folder->entries[0]), by_wish);
	for (size_t i = 0; i < folder->count && folder->total > limit; i++)
		if (!folder->entries[i].gone)
			pp_folder_take_away(folder, &folder->entries[i], "others are wanted more");
}

bool pp_folder_fits(const struct pp_folder *folder, uint64_t size, struct timespec wanted)
{
	for (size_t i = 0; i < folder->count; i++)
		if (!folder->entries[i].gone && compare(folder->entries[i].wanted, wanted) >= 0)
			size += folder->entries[i].size;
	return size <= folder->limit;
}

/* The database's own disk may be the same one: a tenth of it is left. */
bool pp_folder_has_disk(const struct pp_folder *folder, uint64_t size)
{
	struct statvfs disk;

	if (fstatvfs(folder->dir, &disk) != 0)
		return pp_folder_fail(folder->path);
	if (disk.f_bavail * disk.f_frsize >= size + disk.f_blocks * disk.f_frsize / 10)
		return true;
	pp_log(PP_WARNING, "document_not_copied",
		"with its %llu bytes less than a tenth of the disk would be free",
		(unsigned long long)size);
	return false;
}

int pp_folder_begin(const struct pp_folder *folder)
{
	int fd = openat(folder->dir, UNFINISHED, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);

	if (fd < 0)
		pp_folder_fail(UNFINISHED);
	return fd;
}

void pp_folder_drop(const struct pp_folder *folder)
{
	unlinkat(folder->dir, UNFINISHED, 0);
}

static bool stamp(const struct pp_folder *folder, int fd, uint64_t size, struct timespec wanted)
{
	const struct timespec times[] = { wanted, pp_copy_time(folder->stamp) };
	struct stat found;

	if (futimens(fd, times) != 0 || fstat(fd, &found) != 0)
		return false;
	/* A file system that knows no microseconds is of no use. */
	errno = ENOTSUP;
	return pp_copy_is_stamped(&found, size, folder->stamp);
}

bool pp_folder_keep(struct pp_folder *folder, int fd, struct pp_slice name, uint64_t size,
	struct timespec wanted)
{
	char as[PP_COPY_NAME + 1];

	snprintf(as, sizeof(as), "%.*s", PP_SHOW(name));
	if (!stamp(folder, fd, size, wanted) ||
		renameat(folder->dir, UNFINISHED, folder->dir, as) != 0)
		return pp_folder_fail(UNFINISHED);
	add(folder, as);
	return true;
}

bool pp_folder_is_hash(struct pp_sha256_run *hash, struct pp_slice name)
{
	unsigned char is[PP_SHA256_SIZE], wanted[PP_SHA256_SIZE];

	pp_sha256_end(hash, is);
	return pp_unhex(name, wanted, sizeof(wanted)) && memcmp(is, wanted, sizeof(is)) == 0;
}

bool pp_folder_check(struct pp_folder *folder, struct pp_folder_entry *entry, uint64_t size,
	struct timespec wanted)
{
	int fd = openat(folder->dir, entry->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct pp_sha256_run hash;
	char bytes[READ_SIZE];
	ssize_t len;

	pp_sha256_begin(&hash);
	while (fd >= 0 && (len = read(fd, bytes, sizeof(bytes))) > 0)
		pp_sha256_feed(&hash, pp_slice(bytes, (size_t)len));
	entry->counts = fd >= 0 && entry->size == size &&
		pp_folder_is_hash(&hash, pp_slice_of(entry->name)) &&
		stamp(folder, fd, size, wanted);
	entry->wanted = wanted;
	if (fd >= 0)
		close(fd);
	return entry->counts;
}
