/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * copies: makes copies of documents on this machine's disk and takes away those that are to go
 * (pp/io/copies.h). The clerk has this run; it is the only one that writes there, and nothing that
 * anybody waits for depends on it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/file.h>
#include <pp/base/log.h>
#include <pp/core/copies.h>
#include <pp/io/admin.h>
#include <pp/io/secret.h>

#include "../database/postgres.h"
#include "../process/child.h"
#include "../process/copier.h"
#include "command.h"
#include "options.h"
#include "queries.h"

#define NAME_SIZE  64
#define UNFINISHED ".unfinished"
#define READ_SIZE  (256u << 10)

static const char about[] =
	"planungsplattform copies [STEMPEL [DOKUMENT]]\n\n"
	"Entfernt Kopien von Dokumenten, die niemandem mehr gezeigt werden oder keinen Platz mehr "
	"haben.\nDer Server tut das von selbst, und legt sie mit seinem Stempel an.\n\n"
	"Removes copies of documents that are shown to nobody any more, or have no room any more.\n"
	"The server does it by itself, and makes them under its stamp.\n\n"
	"Einstellungen / settings:\n";

/* What lies in the folder under a name of a copy. */
struct entry {
	char name[NAME_SIZE + 1];
	uint64_t size;
	struct timespec wanted;
	bool is_shown, gone;
};

struct copying {
	struct pp_arena *arena;
	struct pp_admin *db;
	const char *folder;
	int dir;
	uint64_t limit, total;
	int64_t stamp;
	struct entry *entries;
	size_t count;
	/* The one that is being made. */
	int fd;
	struct pp_sha256_run hash;
	uint64_t size;
	int error;
};

static bool ask(struct copying *c, enum pp_query_id id, const struct pp_slice *params,
	struct pp_rows **rows)
{
	struct pp_fault fault;

	if (pp_admin_query(c->db, c->arena, &pp_queries[id], params, rows, &fault))
		return true;
	pp_log(PP_WARNING, "copies_disconnected", "%s: %s", pp_queries[id].name, fault.detail);
	return false;
}

static bool fail(const char *what)
{
	pp_log(PP_WARNING, "document_not_copied", "%s: %s", what, strerror(errno));
	return false;
}

/* ---- the folder ---- */

static bool make_folder(struct copying *c)
{
	const char *slash = strrchr(c->folder, '/');

	if (mkdir(c->folder, 0700) == 0 || errno == EEXIST)
		return true;
	if (errno != ENOENT || slash == c->folder)
		return false;
	return (mkdir(pp_text(c->arena, pp_slice(c->folder, (size_t)(slash - c->folder))), 0755) ==
			       0 ||
		       errno == EEXIST) &&
		mkdir(c->folder, 0700) == 0;
}

/* Nobody but this user sees what lies there, and one process at a time changes it. */
static bool open_folder(struct copying *c)
{
	struct stat about_it;
	int lock;

	if (!make_folder(c))
		return fail(c->folder);
	c->dir = open(c->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0 || fstat(c->dir, &about_it) != 0)
		return fail(c->folder);
	if (about_it.st_uid != geteuid() || (about_it.st_mode & 077)) {
		pp_log(PP_WARNING, "document_not_copied",
			"%s belongs to others or is open to them: chmod 700 it", c->folder);
		return false;
	}
	/* Kept until the end of the process. */
	lock = openat(c->dir, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0)
		return fail(".lock");
	return true;
}

static bool is_name(const char *name)
{
	return strlen(name) == NAME_SIZE && strspn(name, "0123456789abcdef") == NAME_SIZE;
}

static void add_entry(struct copying *c, const char *name, size_t *room)
{
	struct stat found;
	struct entry *entry;

	if (fstatat(c->dir, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (c->count == *room) {
		*room = 2 * *room + 64;
		c->entries = realloc(c->entries, *room * sizeof(c->entries[0]));
		PP_MUST(c->entries);
	}
	entry = &c->entries[c->count++];
	*entry = (struct entry){ .size = (uint64_t)found.st_size, .wanted = found.st_atim };
	memcpy(entry->name, name, NAME_SIZE);
	c->total += entry->size;
}

static bool read_folder(struct copying *c)
{
	int own = dup(c->dir);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	const struct dirent *found;
	size_t room = 0;

	if (!dir)
		return fail(c->folder);
	while ((found = readdir(dir)))
		if (is_name(found->d_name))
			add_entry(c, found->d_name, &room);
	closedir(dir);
	/* Of one that was ended in the middle. */
	unlinkat(c->dir, UNFINISHED, 0);
	return true;
}

static void take_away(struct copying *c, struct entry *entry, const char *why)
{
	if (unlinkat(c->dir, entry->name, 0) != 0 && errno != ENOENT) {
		pp_log(PP_WARNING, "document_copy_stays", "%s: %s", entry->name, strerror(errno));
		return;
	}
	pp_log(PP_INFO, "document_copy_gone", "%s: %s", entry->name, why);
	entry->gone = true;
	c->total -= entry->size;
}

static struct entry *entry_of(struct copying *c, struct pp_slice name)
{
	for (size_t i = 0; i < c->count; i++)
		if (!c->entries[i].gone && pp_slice_is(name, pp_slice_of(c->entries[i].name)))
			return &c->entries[i];
	return NULL;
}

static bool take_away_hidden(struct copying *c)
{
	struct pp_buf *names = pp_buf_make(c->arena);
	struct pp_slice params[1];
	struct pp_rows *rows;

	if (!c->count)
		return true;
	for (size_t i = 0; i < c->count; i++)
		pp_buf_format(names, "%c%s", i ? ',' : '{', c->entries[i].name);
	pp_buf_text(names, "}");
	params[0] = pp_buf_all(names);
	if (!ask(c, PP_Q_copies_shown, params, &rows))
		return false;
	for (size_t i = 0; i < rows->rows; i++)
		entry_of(c, pp_cell(rows, i, PP_C_copies_shown_name))->is_shown = true;
	for (size_t i = 0; i < c->count; i++)
		if (!c->entries[i].is_shown)
			take_away(c, &c->entries[i], "it is shown to nobody any more");
	return true;
}

static int by_wish(const void *a, const void *b)
{
	const struct timespec *left = &((const struct entry *)a)->wanted,
			      *right = &((const struct entry *)b)->wanted;

	if (left->tv_sec != right->tv_sec)
		return left->tv_sec < right->tv_sec ? -1 : 1;
	return left->tv_nsec < right->tv_nsec ? -1 : left->tv_nsec > right->tv_nsec;
}

/* So much at most stays: those go that nobody has wanted for longest. */
static void make_room(struct copying *c, uint64_t limit)
{
	for (size_t i = 0; i < c->count && c->total > limit; i++)
		if (!c->entries[i].gone)
			take_away(c, &c->entries[i], "others are wanted more");
}

/* ---- a copy ---- */

static bool is_hash(struct copying *c, struct pp_slice name)
{
	unsigned char hash[PP_SHA256_SIZE], wanted[PP_SHA256_SIZE];

	pp_sha256_end(&c->hash, hash);
	return pp_unhex(name, wanted, sizeof(wanted)) && memcmp(hash, wanted, sizeof(hash)) == 0;
}

/* From here on it counts, for as long as nobody writes to it. */
static bool stamp(struct copying *c, int fd, uint64_t size)
{
	const struct timespec times[] = { { .tv_nsec = UTIME_NOW }, pp_copy_time(c->stamp) };
	struct stat found;

	if (futimens(fd, times) != 0 || fstat(fd, &found) != 0)
		return false;
	/* A file system that knows no microseconds is of no use. */
	errno = ENOTSUP;
	return pp_copy_is_stamped(&found, size, c->stamp);
}

static bool take(void *ctx, const struct pp_rows *row)
{
	struct copying *c = ctx;
	struct pp_slice bytes = pp_cell(row, 0, 0);

	pp_sha256_feed(&c->hash, bytes);
	c->size += bytes.len;
	if (!pp_write_all(c->fd, bytes))
		c->error = errno;
	return !c->error;
}

/* The database's own disk may be the same one: a tenth of it is left. */
static bool has_room(struct copying *c, uint64_t size)
{
	struct statvfs disk;

	if (fstatvfs(c->dir, &disk) != 0)
		return fail(c->folder);
	if (disk.f_bavail * disk.f_frsize >= size + disk.f_blocks * disk.f_frsize / 10)
		return true;
	pp_log(PP_WARNING, "document_not_copied",
		"with its %llu bytes less than a tenth of the disk would be free",
		(unsigned long long)size);
	return false;
}

static bool fill(struct copying *c, struct pp_slice document, struct pp_slice name, uint64_t size)
{
	struct pp_fault fault;

	pp_sha256_begin(&c->hash);
	c->size = 0;
	c->error = 0;
	/* All of it or nothing, where the file system can say so. */
	if (fallocate(c->fd, 0, 0, (off_t)size) != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
		return fail(UNFINISHED);
	if (!pp_admin_each(c->db, &pp_queries[PP_Q_copy_bytes], &document, take, c, &fault)) {
		pp_log(PP_WARNING, "copies_disconnected", "%s", fault.detail);
		return false;
	}
	if (c->error) {
		errno = c->error;
		return fail(UNFINISHED);
	}
	/* It was taken back meanwhile, or is not what it is said to be. */
	if (c->size != size || !is_hash(c, name)) {
		pp_log(PP_WARNING, "document_not_copied", "%.*s: %llu bytes came, not the file",
			PP_SHOW(document), (unsigned long long)c->size);
		return false;
	}
	return (stamp(c, c->fd, size) &&
		       renameat(c->dir, UNFINISHED, c->dir, pp_text(c->arena, name)) == 0) ||
		fail(UNFINISHED);
}

static bool make(struct copying *c, struct pp_slice document, struct pp_slice name, uint64_t size)
{
	bool done;

	make_room(c, c->limit - size);
	if (!has_room(c, size))
		return false;
	c->fd = openat(c->dir, UNFINISHED, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	if (c->fd < 0)
		return fail(UNFINISHED);
	done = fill(c, document, name, size);
	if (!done)
		unlinkat(c->dir, UNFINISHED, 0);
	close(c->fd);
	if (done)
		pp_log(PP_INFO, "document_copied", "%.*s: %llu bytes", PP_SHOW(document),
			(unsigned long long)size);
	return done;
}

/* Of the run before, or of this one: read once, it need not be made again. */
static bool is_good_still(
	struct copying *c, struct entry *entry, struct pp_slice name, uint64_t size)
{
	int fd = openat(c->dir, entry->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char *bytes = pp_alloc(c->arena, READ_SIZE);
	ssize_t len;
	bool good;

	pp_sha256_begin(&c->hash);
	while (fd >= 0 && (len = read(fd, bytes, READ_SIZE)) > 0)
		pp_sha256_feed(&c->hash, pp_slice(bytes, (size_t)len));
	good = fd >= 0 && entry->size == size && is_hash(c, name) && stamp(c, fd, size);
	if (fd >= 0)
		close(fd);
	return good;
}

static bool is_there(struct copying *c, struct pp_slice name, uint64_t size)
{
	struct entry *entry = entry_of(c, name);
	struct stat found;

	if (!entry)
		return false;
	if (fstatat(c->dir, entry->name, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
		pp_copy_is_stamped(&found, size, c->stamp))
		return true;
	if (is_good_still(c, entry, name, size)) {
		pp_log(PP_INFO, "document_copy_read", "%s is as it was", entry->name);
		return true;
	}
	pp_log(PP_WARNING, "document_copy_damaged", "%s is made anew", entry->name);
	take_away(c, entry, "it is damaged");
	return false;
}

static bool copy(struct copying *c, const char *document)
{
	struct pp_slice id = pp_slice_of(document), name;
	struct pp_rows *rows;
	uint64_t size;

	if (!ask(c, PP_Q_copy_find, &id, &rows))
		return false;
	if (rows->rows == 0)
		return true;
	PP_MUST(pp_slice_u64(pp_cell(rows, 0, PP_C_copy_find_size), &size));
	name = pp_cell(rows, 0, PP_C_copy_find_sha256);
	if (size < PP_COPY_LEAST || size > c->limit)
		return true;
	return is_there(c, name, size) || make(c, id, name, size);
}

static bool tidy_and_copy(struct copying *c, const char *url, const char *document)
{
	struct pp_fault fault;
	bool well;

	c->db = pp_admin_open(url, &fault);
	if (!c->db) {
		pp_log(PP_WARNING, "copies_disconnected", "%s", fault.detail);
		return false;
	}
	well = open_folder(c) && read_folder(c) && take_away_hidden(c);
	if (well) {
		if (c->count)
			qsort(c->entries, c->count, sizeof(c->entries[0]), by_wish);
		make_room(c, c->limit);
		well = !document || copy(c, document);
	}
	pp_admin_close(c->db);
	free(c->entries);
	return well;
}

static int copies(
	const struct pp_config *config, struct pp_arena *arena, const struct pp_options *options)
{
	struct copying c = { .arena = arena, .limit = (uint64_t)config->document_cache_mb << 20 };
	const char *document = options->rest_count > 1 ? options->rest[1] : NULL;
	struct pp_postgres *postgres;
	char error[256] = "";
	uint64_t of_server = 0;
	bool well;

	pp_log_open("copies", pp_log_level_named(config->log_level));
	pp_secret_open();
	if (options->rest_count > 2 ||
		(options->rest_count && !pp_slice_u64(pp_slice_of(options->rest[0]), &of_server))) {
		fprintf(stderr, "planungsplattform copies: the server's stamp and a document\n");
		return 2;
	}
	c.stamp = (int64_t)of_server;
	c.folder = pp_copies_folder(arena, config);
	if (config->database_url[0])
		return !tidy_and_copy(&c,
			pp_child_database(arena, config, config->database_clerk_url, "pp_clerk"),
			document);
	postgres = pp_postgres_borrow(config->data, error);
	if (!postgres) {
		fprintf(stderr, "planungsplattform copies: %s\n", error);
		return 1;
	}
	well = tidy_and_copy(&c, pp_postgres_url(postgres, "pp_clerk"), document);
	pp_postgres_return(postgres);
	return !well;
}

int pp_command_copies(int argc, char **argv)
{
	struct pp_options options = {
		.argc = argc, .argv = argv, .about = about, .takes_rest = true
	};
	struct pp_config config;
	struct pp_arena arena;
	char error[256] = "";
	int code = 2;

	if (pp_options_wants_help(&options)) {
		pp_options_help(&options);
		return 0;
	}
	pp_arena_begin(&arena);
	if (!pp_options_apply(&options, &config, &arena, error))
		fprintf(stderr, "planungsplattform copies: %s\n", error);
	else
		code = copies(&config, &arena, &options);
	pp_arena_end(&arena);
	return code;
}
