/* SPDX-License-Identifier: EUPL-1.2 */
/* Folders, owner, programs and the lock of the embedded PostgreSQL. */
#include "postgres_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pp/base/buf.h>
#include <pp/io/secret.h>

#include "postgres.h"

#define LEAST_MAJOR  15
#define SOCKET_BYTES 107 /* sun_path (unix(7)) without its NUL */
#define SOCKET_NAME  24

#define SERVERS_DIR "/usr/lib/postgresql"

static bool fail(char error[256], const char *format, ...) PP_PRINTF(2, 3);
static bool fail(char error[256], const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error, 256, format, list);
	va_end(list);
	return false;
}

static const char *join(struct pp_arena *arena, const char *folder, const char *name)
{
	return pp_format(arena, "%s/%s", folder, name).at;
}

const char *pp_postgres_data_dir(struct pp_arena *arena, const char *data)
{
	const char *home = getenv("XDG_DATA_HOME");
	char here[4096];

	if (data && data[0] == '/')
		return pp_text(arena, pp_slice_of(data));
	if (data && data[0])
		return getcwd(here, sizeof(here)) ? join(arena, here, data) : "/";
	if (geteuid() == 0)
		return "/var/lib/planungsplattform";
	if (home && home[0] == '/')
		return join(arena, home, "planungsplattform");
	home = getenv("HOME");
	return join(arena, home && home[0] ? home : "/tmp", ".local/share/planungsplattform");
}

static bool make_folders(struct pp_arena *arena, const char *path, mode_t mode, char error[256])
{
	char *copy = pp_text(arena, pp_slice_of(path));

	for (char *slash = strchr(copy + 1, '/');; slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		if (mkdir(copy, slash ? 0755 : mode) != 0 && errno != EEXIST)
			return fail(error, "%.180s cannot be made: %s", copy, strerror(errno));
		if (!slash)
			return true;
		*slash = '/';
	}
}

/*
 * A folder in a place where others may write is ours only if we made it: not a link, not theirs,
 * and closed to them.
 */
static bool make_private(const char *path, uid_t uid, gid_t gid, mode_t mode, char error[256])
{
	struct stat found;

	if (mkdir(path, 0700) == 0) {
		if (chown(path, uid, gid) != 0 || chmod(path, mode) != 0)
			return fail(
				error, "%.180s cannot be given away: %s", path, strerror(errno));
	} else if (errno != EEXIST) {
		return fail(error, "%.180s cannot be made: %s", path, strerror(errno));
	}
	if (lstat(path, &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != uid ||
		(found.st_mode & 0077 & ~mode))
		return fail(error, "%.180s belongs to another user or is open to others", path);
	return true;
}

static const char *run_dir_in(struct pp_arena *arena, const char *parent, const char *data)
{
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf *path = pp_buf_make(arena);

	pp_sha256(pp_slice_of(data), hash);
	pp_buf_format(path, "%s/planungsplattform-", parent);
	if (strcmp(parent, "/tmp") == 0)
		pp_buf_format(path, "%u-", (unsigned)geteuid());
	pp_buf_hex(path, pp_slice((const char *)hash, 4));
	pp_buf_u8(path, '\0');
	return path->at;
}

const char *pp_postgres_run_dir(struct pp_arena *arena, const char *data, char error[256])
{
	const char *runtime = geteuid() == 0 ? "/run" : getenv("XDG_RUNTIME_DIR");
	/* The postgres user's folder lies in root's, who lets nobody else do more than pass. */
	mode_t mode = geteuid() == 0 ? 0711 : 0700;
	const char *path;

	pp_secret_open();
	data = pp_postgres_data_dir(arena, data);
	if (!runtime || runtime[0] != '/' || access(runtime, W_OK) != 0)
		runtime = "/tmp";
	path = run_dir_in(arena, runtime, data);
	if (strlen(path) + 1 + SOCKET_NAME > SOCKET_BYTES)
		path = run_dir_in(arena, "/tmp", data);
	return make_private(path, geteuid(), getegid(), mode, error) ? path : NULL;
}

static bool find_owner(struct pp_place *place, char error[256])
{
	const struct passwd *user;

	place->uid = geteuid();
	place->gid = getegid();
	place->switches = geteuid() == 0;
	if (!place->switches)
		return true;
	user = getpwnam("postgres");
	if (!user)
		return fail(
			error, "there is no user postgres, and PostgreSQL does not run as root");
	place->uid = user->pw_uid;
	place->gid = user->pw_gid;
	return true;
}

/* With the bits of others, or of the user's own: a group of his that would let him in is ignored.
 */
static bool may_enter(const struct pp_place *place, const char *path)
{
	struct stat found;

	if (stat(path, &found) != 0)
		return false;
	return (found.st_mode & S_IXOTH) ||
		(found.st_uid == place->uid && (found.st_mode & S_IXUSR));
}

/* Empty, or with something of ours in it: a folder that may be opened for others to pass. */
static bool is_for_us(const char *path)
{
	static const char *const ours[] = { ".", "..", "lock", "log", "postgres", "postgres.new" };
	DIR *folder = opendir(path);
	const struct dirent *entry;
	unsigned known = 0, unknown = 0;

	while (folder && (entry = readdir(folder))) {
		size_t i = 0;

		while (i < PP_LENGTH(ours) && strcmp(entry->d_name, ours[i]) != 0)
			i++;
		known += i > 1 && i < PP_LENGTH(ours);
		unknown += i == PP_LENGTH(ours);
	}
	if (folder)
		closedir(folder);
	return known || !unknown;
}

/* As root: can the user postgres get to his files? He need not see what else is there. */
static bool let_in(struct pp_place *place, char error[256])
{
	char *path = pp_text(place->arena, pp_slice_of(place->data));

	if (!place->switches)
		return true;
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!may_enter(place, path))
			return fail(error,
				"the user postgres cannot enter %.100s; choose another data folder",
				path);
		*slash = '/';
	}
	if (may_enter(place, path))
		return true;
	if (!is_for_us(path) || chmod(path, 0711) != 0)
		return fail(error, "the user postgres cannot enter %.180s", path);
	return true;
}

/* The major version of a cluster, or 0 where there is none yet. */
static int version_of(const struct pp_place *place)
{
	FILE *file = fopen(join(place->arena, place->cluster, "PG_VERSION"), "re");
	int major = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &major) != 1)
		major = 0;
	fclose(file);
	return major;
}

static bool is_server(struct pp_arena *arena, const char *bin)
{
	return access(join(arena, bin, "postgres"), X_OK) == 0 &&
		access(join(arena, bin, "initdb"), X_OK) == 0;
}

static bool has_postgis(struct pp_arena *arena, int major)
{
	const char *control =
		pp_format(arena, "/usr/share/postgresql/%d/extension/postgis.control", major).at;

	return access(control, R_OK) == 0;
}

/* Debian's folders: the newest with PostGIS, or the one that made the cluster. */
static const char *find_debian(struct pp_arena *arena, int wanted)
{
	DIR *folder = opendir(SERVERS_DIR);
	const struct dirent *entry;
	const char *best = NULL;
	int best_major = 0;

	while (folder && (entry = readdir(folder))) {
		int major = atoi(entry->d_name);
		const char *bin = pp_format(arena, SERVERS_DIR "/%s/bin", entry->d_name).at;

		if (major < LEAST_MAJOR || major <= best_major || (wanted && major != wanted) ||
			!is_server(arena, bin) || !has_postgis(arena, major))
			continue;
		best = bin;
		best_major = major;
	}
	if (folder)
		closedir(folder);
	return best;
}

static const char *find_in_path(struct pp_arena *arena)
{
	const char *path = getenv("PATH");
	struct pp_slice rest = pp_slice_of(path ? path : "");

	while (rest.len) {
		const char *bin = pp_text(arena, pp_slice_cut(rest, ':', &rest));

		if (bin[0] == '/' && is_server(arena, bin))
			return bin;
	}
	return NULL;
}

static bool find_programs(struct pp_place *place, char error[256])
{
	int made_by = version_of(place);

	place->bin = find_debian(place->arena, made_by);
	if (!place->bin)
		place->bin = find_in_path(place->arena);
	if (place->bin)
		return true;
	if (made_by)
		return fail(error,
			"%.100s was made by PostgreSQL %d, which is not installed: apt"
			" install postgresql-%d-postgis-3",
			place->data, made_by, made_by);
	return fail(error,
		"PostgreSQL %d or later with PostGIS is not installed: apt install"
		" postgresql-15-postgis-3",
		LEAST_MAJOR);
}

static bool make_places(struct pp_place *place, char error[256])
{
	const char *run_dir;

	if (!make_folders(place->arena, place->data, place->switches ? 0711 : 0700, error))
		return false;
	place->cluster = join(place->arena, place->data, "postgres");
	place->log = join(place->arena, place->data, "log");
	if (!let_in(place, error))
		return false;
	run_dir = pp_postgres_run_dir(place->arena, place->data, error);
	if (!run_dir)
		return false;
	place->sockets = join(place->arena, run_dir, "pg");
	return make_private(place->log, place->uid, place->gid, 0700, error) &&
		make_private(place->sockets, place->uid, place->gid, 0700, error);
}

bool pp_place_open(
	struct pp_place *place, struct pp_arena *arena, const char *data, char error[256])
{
	*place = (struct pp_place){ .arena = arena, .lock = -1 };
	place->data = pp_postgres_data_dir(arena, data);
	if (!find_owner(place, error) || !make_places(place, error) || !find_programs(place, error))
		return false;
	place->lock = open(join(arena, place->data, "lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (place->lock < 0)
		return fail(
			error, "%.180s/lock cannot be opened: %s", place->data, strerror(errno));
	return true;
}

void pp_place_close(struct pp_place *place)
{
	if (place->lock >= 0)
		close(place->lock);
	place->lock = -1;
}

/*
 * Locks of POSIX belong to a process: no child inherits them, and the kernel lets go of them
 * however it ends. Byte 0 is the cluster's, byte 1 says that a server has it and not a command.
 */
static bool lock_byte(const struct pp_place *place, int byte, int command, struct flock *lock)
{
	*lock = (struct flock){
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1
	};
	return fcntl(place->lock, command, lock) == 0;
}

bool pp_place_lock(struct pp_place *place, enum pp_keeper as, enum pp_keeper *other)
{
	struct flock lock;

	*other = PP_KEEPER_NONE;
	if (lock_byte(place, 0, F_SETLK, &lock)) {
		if (as == PP_KEEPER_SERVER)
			PP_MUST(lock_byte(place, 1, F_SETLK, &lock));
		return true;
	}
	*other = PP_KEEPER_COMMAND;
	if (lock_byte(place, 1, F_GETLK, &lock) && lock.l_type != F_UNLCK)
		*other = PP_KEEPER_SERVER;
	return false;
}

void pp_place_unlock(struct pp_place *place)
{
	struct flock lock = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	fcntl(place->lock, F_SETLK, &lock);
}
