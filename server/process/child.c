/* SPDX-License-Identifier: EUPL-1.2 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <pp/base/log.h>
#include <pp/core/share.h>

#include "../paths.h"

/* Where a child finds what it inherits. */
enum { FD_CONFIG = 3, FD_SHARE, FD_READY, FD_SOCKETS };

const char *const pp_role_names[PP_ROLES] = { "web", "geometry", "files", "clerk" };

int pp_child_config_file(const struct pp_config *config)
{
	int fd = memfd_create("configuration", MFD_CLOEXEC);
	struct pp_buf text;

	pp_buf_begin(&text);
	pp_config_write(config, &text);
	PP_MUST(fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len);
	pp_buf_end(&text);
	return fd;
}

static void die(const char *what)
{
	pp_log(PP_ERROR, "child_not_started", "%s: %s", what, strerror(errno));
	_exit(127);
}

/* Moves the descriptors to their places; first out of the way, so that none overwrites another. */
static void place(int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 64)) < 0)
			die("dup");
	for (size_t i = 0; i < count; i++)
		if (dup2(fds[i], FD_CONFIG + (int)i) < 0)
			die("dup2");
}

/* A program of its own, which knows neither our configuration nor where descriptors lie. */
static void become_files(const struct pp_birth *birth)
{
	char socket[16], ready[16], jobs[16];
	char *arguments[] = { (char[]){ "planungsplattform: files" }, (char[]){ "--serve" }, socket,
		(char[]){ "--ready" }, ready, (char[]){ "--jobs" }, jobs, NULL };

	snprintf(socket, sizeof(socket), "%d", FD_SOCKETS);
	snprintf(ready, sizeof(ready), "%d", FD_READY);
	snprintf(jobs, sizeof(jobs), "%lld", (long long)birth->config->file_jobs);
	execv(pp_files_path(), arguments);
	die(pp_files_path());
}

static void become(const struct pp_birth *birth, int *fds, size_t count, pid_t master)
{
	char title[64], about[64];
	char *arguments[] = { title, NULL };

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* Ctrl-C reaches the whole group, and the master says who ends when: kept by exec. */
	signal(SIGINT, SIG_IGN);
	if (getppid() != master)
		_exit(0);
	place(fds, count);
	snprintf(about, sizeof(about), "%d %u %zu", (int)birth->role, birth->number,
		birth->socket_count);
	setenv("PP_CHILD", about, 1);
	setenv("PP_RUN", birth->run_dir, 1);
	if (birth->role == PP_ROLE_FILES)
		become_files(birth);
	if (birth->role == PP_ROLE_CLERK)
		snprintf(title, sizeof(title), "planungsplattform: clerk");
	else
		snprintf(title, sizeof(title), "planungsplattform: %s %u",
			pp_role_names[birth->role], birth->number);
	execv(pp_program_path(), arguments);
	die(pp_program_path());
}

pid_t pp_child_bear(const struct pp_birth *birth, int *ready)
{
	int fds[3 + PP_CHILD_SOCKETS], ends[2];
	size_t count = 3;
	pid_t master = getpid(), pid;

	PP_MUST(birth->socket_count <= PP_CHILD_SOCKETS);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	fds[0] = pp_child_config_file(birth->config);
	fds[1] = birth->share;
	fds[2] = ends[1];
	for (size_t i = 0; i < birth->socket_count; i++)
		fds[count++] = birth->sockets[i];
	pid = fork();
	if (pid == 0)
		become(birth, fds, count, master);
	close(fds[0]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	*ready = ends[0];
	return pid;
}

bool pp_child_is(struct pp_child *child)
{
	const char *about = getenv("PP_CHILD");
	char path[32], error[256];
	int role;

	if (!about)
		return false;
	*child = (struct pp_child){ .ready = FD_READY };
	PP_MUST(sscanf(about, "%d %u %zu", &role, &child->number, &child->socket_count) == 3);
	PP_MUST(role >= 0 && role < PP_ROLES && child->socket_count <= PP_CHILD_SOCKETS);
	child->role = (enum pp_role)role;
	for (size_t i = 0; i < child->socket_count; i++)
		child->sockets[i] = FD_SOCKETS + (int)i;
	pp_arena_begin(&child->arena);
	pp_config_begin(&child->config, &child->arena);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", FD_CONFIG);
	PP_MUST(pp_config_read_file(&child->config, &child->arena, path, error));
	close(FD_CONFIG);
	child->share = pp_share_map(FD_SHARE);
	close(FD_SHARE);
	child->run_dir = pp_text(&child->arena, pp_slice_of(getenv("PP_RUN")));
	unsetenv("PP_CHILD");
	/* The configuration counts as it was handed over, not as the environment says. */
	return true;
}

void pp_child_ready(struct pp_child *child)
{
	if (child->ready < 0)
		return;
	if (write(child->ready, "R", 1) != 1)
		pp_log(PP_WARNING, "master_not_told", "%s", strerror(errno));
	close(child->ready);
	child->ready = -1;
}

/* libpq takes the last of a parameter that is named twice in its own key=value form. */
static const char *with_user(struct pp_arena *arena, const char *url, const char *user)
{
	const char *scheme = strstr(url, "://"), *at, *slash;

	if (!scheme)
		return pp_format(arena, "%s user=%s", url, user).at;
	at = strchr(scheme + 3, '@');
	slash = strpbrk(scheme + 3, "/?");
	if (at && (!slash || at < slash))
		return pp_format(arena, "%.*s%s%s", (int)(scheme + 3 - url), url, user, at).at;
	return pp_format(arena, "%.*s%s@%s", (int)(scheme + 3 - url), url, user, scheme + 3).at;
}

/* Roles that may have a connection string of their own. */
static const struct {
	const char *role;
	size_t url;
} urls[] = {
	{ "pp_public", offsetof(struct pp_config, database_public_url) },
	{ "pp_geometry", offsetof(struct pp_config, database_geometry_url) },
	{ "pp_clerk", offsetof(struct pp_config, database_clerk_url) },
	{ "pp_owner", offsetof(struct pp_config, database_owner_url) },
	{ "pp_audit", offsetof(struct pp_config, database_audit_url) },
};

const char *pp_child_database(
	struct pp_arena *arena, const struct pp_config *config, const char *role)
{
	for (size_t i = 0; i < PP_LENGTH(urls); i++)
		if (strcmp(role, urls[i].role) == 0) {
			const char *own = *(
				const char *const *)(const void *)((const char *)config +
				urls[i].url);

			return own[0] ? own : with_user(arena, config->database_url, role);
		}
	return config->database_url;
}
