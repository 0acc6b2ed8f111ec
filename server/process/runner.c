/* SPDX-License-Identifier: EUPL-1.2 */
#include "runner.h"

#include <errno.h>
#include <signal.h>
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
#define POLITENESS  10
#define DESCRIPTORS 1024

bool pp_runner_is_free(struct pp_runner *runner)
{
	int status;

	if (runner->pid > 0 && waitpid(runner->pid, &status, WNOHANG) == runner->pid) {
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			pp_log(PP_WARNING, "runner_ended", "process %d ended by %s %d",
				(int)runner->pid, WIFSIGNALED(status) ? "signal" : "status",
				WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		runner->pid = 0;
		runner->again_at = pp_clock_monotonic() + AGAIN_US;
	}
	return runner->pid <= 0 && pp_clock_monotonic() >= runner->again_at;
}

/* Nothing of the clerk's but the configuration; people who wait come first. */
static void become(const char *job, int config, pid_t clerk)
{
	char *arguments[] = { (char[]){ "planungsplattform: recompute" }, (char[]){ "recompute" },
		(char[]){ "--job" }, strdup(job), (char[]){ "--config" },
		(char[]){ "/proc/self/fd/3" }, NULL };

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

void pp_runner_bear(struct pp_runner *runner, const struct pp_config *config, const char *job)
{
	int file = pp_child_config_file(config);
	pid_t clerk = getpid();

	runner->pid = fork();
	if (runner->pid == 0)
		become(job, file, clerk);
	close(file);
	if (runner->pid > 0)
		pp_log(PP_INFO, "runner_started", "recomputation %s is process %d", job,
			(int)runner->pid);
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
