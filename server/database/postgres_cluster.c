/* SPDX-License-Identifier: EUPL-1.2 */
/* The cluster's own files, its processes, and the settings it runs with. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pp/base/buf.h>

#include "postgres_place.h"

#define PATH_BYTES 4400

/* What is done at every restart, for years, takes nothing from the arena. */
static const char *in(char out[PATH_BYTES], const char *folder, const char *name)
{
	snprintf(out, PATH_BYTES, "%s/%s", folder, name);
	return out;
}

bool pp_place_has_cluster(const struct pp_place *place)
{
	char path[PATH_BYTES];

	return access(in(path, place->cluster, "PG_VERSION"), F_OK) == 0;
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *where)
{
	(void)found;
	(void)kind;
	(void)where;
	return remove(path);
}

const char *pp_place_new_cluster(struct pp_place *place)
{
	const char *path = pp_format(place->arena, "%s.new", place->cluster).at;

	/* What an initdb left that was interrupted; never a cluster that was in use. */
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	if (mkdir(path, 0700) == 0 && chown(path, place->uid, place->gid) != 0)
		rmdir(path);
	return path;
}

bool pp_place_keep_new(struct pp_place *place, char error[256])
{
	const char *made = pp_format(place->arena, "%s.new", place->cluster).at;

	if (rename(made, place->cluster) == 0)
		return true;
	snprintf(error, 256, "%.180s cannot be renamed: %s", made, strerror(errno));
	return false;
}

/* What a container may take of it (cgroups(7): version 2, version 1); "max" is no number. */
static long limit_mb(const char *path)
{
	FILE *file = fopen(path, "re");
	long long bytes = 0;

	if (!file)
		return LONG_MAX;
	if (fscanf(file, "%lld", &bytes) != 1 || bytes <= 0)
		bytes = LLONG_MAX;
	fclose(file);
	return (long)(bytes >> 20);
}

static long memory_mb(void)
{
	static const char *const limits[] = { "/sys/fs/cgroup/memory.max",
		"/sys/fs/cgroup/memory/memory.limit_in_bytes" };
	long memory = sysconf(_SC_PHYS_PAGES) / 1024 * (sysconf(_SC_PAGESIZE) / 1024);

	for (size_t i = 0; i < PP_LENGTH(limits); i++) {
		long limit = limit_mb(limits[i]);

		memory = limit < memory ? limit : memory;
	}
	return memory;
}

static long between(long least, long value, long most)
{
	return value < least ? least : value > most ? most : value;
}

/* A text in postgresql.conf doubles its quotes. */
static void quote(struct pp_buf *out, const char *name, const char *value)
{
	pp_buf_format(out, "%s = '", name);
	for (; *value; value++)
		pp_buf_format(out, *value == '\'' ? "''" : "%c", *value);
	pp_buf_text(out, "'\n");
}

/*
 * max_connections: 8 web workers with 17 each, twice while a reload replaces them, and the others.
 *
 * shared_buffers: a quarter of the memory (PostgreSQL 15, §20.4.1); it is taken as it is used, and
 * what is read from the kernel instead costs a call for each page.
 *
 * log_error_verbosity: details and hints quote what people have entered.
 *
 * client_connection_check_interval: the work of a server of ours that died ends within a second.
 */
static void write_settings(const struct pp_place *place, struct pp_buf *out)
{
	long memory = memory_mb();

	pp_buf_text(out,
		"# Written anew by Planungsplattform at every start; your own settings\n"
		"# belong into local.conf beside this file and win.\n\n");
	pp_buf_text(out, "listen_addresses = ''\n");
	quote(out, "unix_socket_directories", place->sockets);
	pp_buf_text(out, "unix_socket_permissions = 0700\nmax_connections = 300\n");
	pp_buf_format(out, "shared_buffers = %ldMB\n", between(128, memory / 4, 8192));
	pp_buf_format(out, "effective_cache_size = %ldMB\n", between(256, memory / 2, 65536));
	pp_buf_text(out,
		"work_mem = 16MB\nmaintenance_work_mem = 128MB\nmax_wal_size = 2GB\n"
		"random_page_cost = 1.1\njit = off\n\n"
		"fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n"
		"client_connection_check_interval = 1s\n\n"
		"timezone = 'UTC'\nlog_timezone = 'UTC'\nlc_messages = 'C'\n"
		"logging_collector = on\n");
	quote(out, "log_directory", place->log);
	pp_buf_text(out,
		"log_filename = 'postgresql-%a.log'\nlog_truncate_on_rotation = on\n"
		"log_rotation_age = 1d\nlog_rotation_size = 0\nlog_line_prefix = '%m [%p] %a '\n"
		"log_error_verbosity = terse\n\ninclude_if_exists = 'local.conf'\n");
}

static bool write_file(const struct pp_place *place, const char *name, struct pp_slice text)
{
	char path[PATH_BYTES], next[PATH_BYTES + 8];
	bool good;
	int fd;

	snprintf(next, sizeof(next), "%s.new", in(path, place->cluster, name));
	fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	good = fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len &&
		fchown(fd, place->uid, place->gid) == 0;
	if (fd >= 0)
		close(fd);
	return good && rename(next, path) == 0;
}

bool pp_place_write_settings(struct pp_place *place, char error[256])
{
	/* The kernel has already asked: who cannot enter the socket's folder does not get here. */
	static const char hba[] = "# Written anew by Planungsplattform at every start.\n"
				  "local all all trust\n";
	struct pp_buf settings;
	bool good;

	pp_buf_begin(&settings);
	write_settings(place, &settings);
	good = write_file(place, "postgresql.conf", pp_buf_all(&settings)) &&
		write_file(place, "pg_hba.conf", pp_slice_of(hba));
	pp_buf_end(&settings);
	if (!good)
		snprintf(error, 256, "%.180s cannot be written: %s", place->cluster,
			strerror(errno));
	return good;
}

void pp_place_last_line(const struct pp_place *place, const char *log, char out[256])
{
	char path[PATH_BYTES], line[256];
	FILE *file = fopen(in(path, place->log, log), "re");

	out[0] = '\0';
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0])
			memcpy(out, line, sizeof(line));
	}
	if (file)
		fclose(file);
}

/* Where a link of /proc leads; "" where there is none or it is not ours to see. */
static const char *look(char out[4096], long pid, const char *name)
{
	char path[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	length = readlink(path, out, 4095);
	out[length > 0 ? length : 0] = '\0';
	return out;
}

/* Every process of PostgreSQL works in its cluster's folder. */
static bool is_of_cluster(const struct pp_place *place, long pid)
{
	char cwd[4096], exe[4096], real[4096];
	const char *name;

	if (!realpath(place->cluster, real) || strcmp(look(cwd, pid, "cwd"), real) != 0)
		return false;
	name = strrchr(look(exe, pid, "exe"), '/');
	return name && strncmp(name, "/postgres", 9) == 0;
}

/* postmaster.pid (miscadmin.h, LOCK_FILE_LINE_*): 1 process, 5 folder of the socket, 8 its state.
 */
bool pp_place_postmaster(const struct pp_place *place, struct pp_postmaster *found)
{
	char path[PATH_BYTES], line[PATH_BYTES];
	FILE *file = fopen(in(path, place->cluster, "postmaster.pid"), "re");

	*found = (struct pp_postmaster){ 0 };
	for (unsigned number = 1; file && fgets(line, sizeof(line), file); number++) {
		line[strcspn(line, "\n")] = '\0';
		if (number == 1)
			found->pid = atoi(line);
		else if (number == 5)
			snprintf(found->sockets, sizeof(found->sockets), "%.107s", line);
		else if (number == 8)
			found->ready = strncmp(line, "ready", 5) == 0;
	}
	if (file)
		fclose(file);
	return found->pid > 0 && is_of_cluster(place, found->pid);
}

void pp_place_end_orphans(const struct pp_place *place)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		long pid = strtol(entry->d_name, NULL, 10);

		/* SIGQUIT: at once, and without a touch of shared memory. */
		if (pid > 1 && is_of_cluster(place, pid))
			kill((pid_t)pid, SIGQUIT);
	}
	if (folder)
		closedir(folder);
}

static bool become_owner(const struct pp_place *place)
{
	return !place->switches ||
		(setgroups(1, &place->gid) == 0 && setgid(place->gid) == 0 &&
			setuid(place->uid) == 0);
}

/* In the child: nothing of the master's may reach PostgreSQL but this one file for its output. */
static _Noreturn void run(const struct pp_place *place, const char *const argv[], int output)
{
	sigset_t none;
	char **words;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (close(STDIN_FILENO) == 0 && open("/dev/null", O_RDONLY) != STDIN_FILENO)
		_exit(126);
	/* A session of its own, so that Ctrl-C reaches the master only, who then ends it in order.
	 */
	setsid();
	umask(0077);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	unsetenv("PGDATA");
	unsetenv("PGOPTIONS");
	setenv("LC_ALL", "C.UTF-8", 1);
	if (!become_owner(place) || chdir("/") != 0) {
		perror("PostgreSQL's user");
		_exit(126);
	}
	/* execv promises not to write to them. */
	memcpy(&words, &argv, sizeof(words));
	execv(argv[0], words);
	perror(argv[0]);
	_exit(127);
}

pid_t pp_place_spawn(const struct pp_place *place, const char *const argv[], const char *log)
{
	char path[PATH_BYTES];
	int output = open(in(path, place->log, log),
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	pid_t pid;

	if (output < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		run(place, argv, output);
	close(output);
	return pid;
}
