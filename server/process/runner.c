/* SPDX-License-Identifier: EUPL-1.2 */
#include "runner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>

#include "../paths.h"
#include "child.h"

#define FD_CONFIG   3
#define AGAIN_US    PP_SECOND
#define AWAY_US     (30 * PP_SECOND)
#define WORDS_MOST  4
#define POLITENESS  10
#define DESCRIPTORS 1024

bool pp_runner_is_free(struct pp_runner *runner)
{
	int status;

	if (runner->pid > 0 && waitpid(runner->pid, &status, WNOHANG) == runner->pid) {
		bool well;

		runner->more = WIFEXITED(status) && WEXITSTATUS(status) == PP_RUNNER_MORE;
		well = runner->more || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
		if (!well)
			pp_log(PP_WARNING, "runner_ended", "process %d ended by %s %d",
				(int)runner->pid, WIFSIGNALED(status) ? "signal" : "status",
				WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		runner->pid = 0;
		runner->again_at = pp_clock_monotonic();
		if (!runner->more)
			runner->again_at += well || WIFSIGNALED(status) ? AGAIN_US : AWAY_US;
	}
	return runner->pid <= 0 && pp_clock_monotonic() >= runner->again_at;
}

/* Nothing of the clerk's but the configuration; people who wait come first. */
static void become(const char *const *words, int config, pid_t clerk)
{
	char *arguments[WORDS_MOST + 4], title[64];
	size_t count = 0;

	snprintf(title, sizeof(title), "planungsplattform: %s", words[0]);
	arguments[count++] = title;
	for (size_t i = 0; words[i]; i++) {
		PP_MUST(i < WORDS_MOST);
		arguments[count++] = strdup(words[i]);
	}
	arguments[count++] = (char[]){ "--config" };
	arguments[count++] = (char[]){ "/proc/self/fd/3" };
	arguments[count] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != clerk)
		_exit(0);
	signal(SIGTERM, SIG_DFL);
	if (dup2(config, FD_CONFIG) < 0)
		_exit(127);
	for (int fd = FD_CONFIG + 1; fd < DESCRIPTORS; fd++)
		close(fd);
	if (setpriority(PRIO_PROCESS, 0, POLITENESS) != 0)
		pp_log(PP_WARNING, "runner_not_polite", "%s", strerror(errno));
	execv(pp_program_path(), arguments);
	_exit(127);
}

void pp_runner_bear(
	struct pp_runner *runner, const struct pp_config *config, const char *const *words)
{
	int file = pp_child_config_file(config);
	pid_t clerk = getpid();

	runner->pid = fork();
	if (runner->pid == 0)
		become(words, file, clerk);
	close(file);
	if (runner->pid > 0)
		pp_log(PP_INFO, "runner_started", "%s is process %d", words[0], (int)runner->pid);
	else
		runner->again_at = pp_clock_monotonic() + AGAIN_US;
}

void pp_runner_end(struct pp_runner *runner)
{
	if (runner->pid <= 0)
		return;
	kill(runner->pid, SIGTERM);
	while (waitpid(runner->pid, NULL, 0) < 0 && errno == EINTR)
		;
	runner->pid = 0;
}
