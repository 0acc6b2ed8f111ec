/* SPDX-License-Identifier: EUPL-1.2 */
#include "crew.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>

#define BACKOFF_LEAST (PP_SECOND / 10)
#define BACKOFF_MOST  (10 * PP_SECOND)

static void forget_readiness(struct pp_slot *slot)
{
	if (!slot->ready_watch)
		return;
	pp_watch_close(slot->ready_watch);
	close(slot->ready);
	slot->ready_watch = NULL;
}

/* The new one answers: the one before it may finish what it has and go. */
static void child_ready(void *ctx, unsigned what)
{
	struct pp_slot *slot = ctx;
	char byte;
	bool is_ready = read(slot->ready, &byte, 1) == 1;

	(void)what;
	forget_readiness(slot);
	if (!is_ready)
		return;
	slot->backoff = BACKOFF_LEAST;
	if (slot->older > 0)
		kill(slot->older, SIGTERM);
	slot->crew->ready(slot->crew->ctx, slot->role);
}

static void bear(struct pp_slot *slot)
{
	struct pp_crew *crew = slot->crew;
	struct pp_birth birth = { slot->role, slot->number, crew->config, crew->run_dir,
		crew->share_fd, { 0 }, slot->socket_count };

	memcpy(birth.sockets, slot->sockets, sizeof(birth.sockets));
	forget_readiness(slot);
	slot->born = pp_clock_monotonic();
	slot->pid = pp_child_bear(&birth, &slot->ready);
	if (slot->pid < 0) {
		pp_log(PP_ERROR, "child_not_started", "%s: %s", pp_role_names[slot->role],
			strerror(errno));
		pp_timer_start(slot->again, slot->backoff);
		return;
	}
	slot->ready_watch = pp_watch_open(crew->loop, slot->ready, child_ready, slot);
	pp_watch_for(slot->ready_watch, PP_READABLE);
	pp_log(PP_INFO, "child_started", "%s %u is process %d", pp_role_names[slot->role],
		slot->number, (int)slot->pid);
}

static void bear_again(void *ctx)
{
	struct pp_slot *slot = ctx;

	if (!slot->crew->ending && slot->pid <= 0)
		bear(slot);
}

struct pp_slot *pp_crew_add(struct pp_crew *crew, enum pp_role role, unsigned number)
{
	struct pp_slot *slot = &crew->slots[crew->count++];

	PP_MUST(crew->count <= PP_CREW_SLOTS);
	*slot = (struct pp_slot){
		.crew = crew, .role = role, .number = number, .backoff = BACKOFF_LEAST
	};
	slot->again = pp_timer_open(crew->loop, bear_again, slot);
	return slot;
}

void pp_crew_bear(struct pp_crew *crew, enum pp_role role)
{
	for (size_t i = 0; i < crew->count; i++)
		if (crew->slots[i].role == role)
			bear(&crew->slots[i]);
}

/* A process that is known as older may be over already: SIGCHLD can come after SIGHUP. */
static void replace(struct pp_slot *slot)
{
	bool serves = slot->pid > 0 && !slot->ready_watch;

	slot->once_more = slot->older > 0 && serves;
	if (slot->once_more)
		return;
	if (slot->older <= 0)
		slot->older = slot->pid;
	else if (slot->pid > 0)
		kill(slot->pid, SIGKILL); /* it was never ready: it has nothing to finish */
	bear(slot);
}

void pp_crew_replace(struct pp_crew *crew, enum pp_role role)
{
	for (size_t i = 0; i < crew->count; i++)
		if (crew->slots[i].role == role)
			replace(&crew->slots[i]);
}

void pp_crew_tell(struct pp_crew *crew, enum pp_role role, int number)
{
	for (size_t i = 0; i < crew->count; i++) {
		struct pp_slot *slot = &crew->slots[i];

		if (slot->role != role)
			continue;
		if (slot->pid > 0)
			kill(slot->pid, number);
		if (slot->older > 0)
			kill(slot->older, number);
	}
}

bool pp_crew_is_alive(const struct pp_crew *crew, enum pp_role role)
{
	for (size_t i = 0; i < crew->count; i++)
		if (crew->slots[i].role == role &&
			(crew->slots[i].pid > 0 || crew->slots[i].older > 0))
			return true;
	return false;
}

static void child_ended(struct pp_slot *slot, pid_t pid, int status)
{
	struct pp_crew *crew = slot->crew;
	bool was_current = slot->pid == pid, was_told = crew->ending || !was_current;

	if (was_current)
		slot->pid = 0;
	else
		slot->older = 0;
	if (slot->role == PP_ROLE_WEB && slot->pid <= 0 && slot->older <= 0)
		pp_share_close(crew->share, slot->number);
	if (!was_current && slot->once_more && !crew->ending)
		replace(slot);
	/* One that has not come as far as its own handler ends by SIGTERM when it is told to go. */
	if (was_told && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM)
		return;
	if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0)
		pp_log(PP_WARNING, "child_ended", "%s %u (process %d) ended by %s %d",
			pp_role_names[slot->role], slot->number, (int)pid,
			WIFSIGNALED(status) ? "signal" : "status",
			WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	if (was_told)
		return;
	atomic_fetch_add_explicit(&crew->share->restarts, 1, memory_order_relaxed);
	/* One that lived for a while starts at once; one that keeps dying waits ever longer. */
	if (pp_clock_monotonic() - slot->born > BACKOFF_MOST)
		slot->backoff = BACKOFF_LEAST;
	pp_timer_start(slot->again, slot->backoff);
	slot->backoff = slot->backoff * 2 > BACKOFF_MOST ? BACKOFF_MOST : slot->backoff * 2;
}

void pp_crew_ended(struct pp_crew *crew, pid_t pid, int status)
{
	for (size_t i = 0; i < crew->count; i++)
		if (crew->slots[i].pid == pid || crew->slots[i].older == pid)
			child_ended(&crew->slots[i], pid, status);
}

void pp_crew_close(struct pp_crew *crew)
{
	for (size_t i = 0; i < crew->count; i++) {
		forget_readiness(&crew->slots[i]);
		pp_timer_close(crew->slots[i].again);
	}
}
