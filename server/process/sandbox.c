/* SPDX-License-Identifier: EUPL-1.2 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/check.h>

#if !PP_SANITIZED
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* What every process needs: memory, its descriptors, its clock, its end. */
static const int common[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvmsg),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(fcntl),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sysinfo),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrusage),
	SCMP_SYS(times),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* A loop that accepts connections on a socket it was given. */
static const int waiting[] = {
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(recvfrom),
	SCMP_SYS(sendto),
	SCMP_SYS(shutdown),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(setitimer),
	SCMP_SYS(getitimer),
	SCMP_SYS(timerfd_settime),
};

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	return true;
}

/* Calls that are allowed in one form only. */
static bool allow_forms(scmp_filter_ctx filter)
{
	const unsigned self = (unsigned)getpid();

	/* glibc's fstat is newfstatat without a path; with one it would look into folders. */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
		       SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) == 0 &&
		/* Memory never becomes code. */
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
		/* abort(3) signals itself. */
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
			SCMP_A0(SCMP_CMP_EQ, self, 0)) == 0;
}

/*
 * Threads of this very process, which are as confined as it is. clone3 hides what it is asked for,
 * therefore it does not exist here; the C library then takes clone.
 */
static bool allow_threads(scmp_filter_ctx filter)
{
	static const int begins[] = { SCMP_SYS(set_robust_list), SCMP_SYS(rseq) };
	const unsigned thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;

	return allow(filter, begins, PP_LENGTH(begins)) &&
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread)) == 0 &&
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
			SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0)) == 0 &&
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

bool pp_sandbox_is_real(void)
{
	return true;
}

bool pp_sandbox_enter(enum pp_sandbox profile)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool done;

	if (!filter)
		return false;
	/* libseccomp sets no_new_privs as it loads. A library's thread is confined with the rest.
	 */
	done = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
		allow(filter, common, PP_LENGTH(common)) && allow_forms(filter) &&
		(profile != PP_SANDBOX_GEOMETRY_WORKER ||
			allow(filter, waiting, PP_LENGTH(waiting))) &&
		(profile != PP_SANDBOX_SHEET_JOB || allow_threads(filter)) &&
		seccomp_load(filter) == 0;
	seccomp_release(filter);
	return done;
}

#else

bool pp_sandbox_is_real(void)
{
	return false;
}

bool pp_sandbox_enter(enum pp_sandbox profile)
{
	(void)profile;
	return true;
}

#endif

static int try_open(void)
{
	return open("/etc/hostname", O_RDONLY | O_CLOEXEC);
}

static int try_create(void)
{
	return open("/tmp/planungsplattform-sandbox", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
}

static int try_stat(void)
{
	struct stat about;

	return stat("/etc/hostname", &about);
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int try_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int try_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/nobody" };

	return connect(0, (const struct sockaddr *)&address, sizeof(address));
}

static int try_execve(void)
{
	char *const arguments[] = { (char[]){ "true" }, NULL };

	return execve("/bin/true", arguments, NULL);
}

static int try_fork(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	if (child > 0)
		waitpid(child, NULL, 0);
	return (int)child;
}

static int try_kill(void)
{
	return kill(getpid(), 0);
}

static int try_ptrace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int try_unlink(void)
{
	return unlink("/tmp/planungsplattform-sandbox");
}

bool pp_sandbox_prove(void)
{
	static const struct {
		const char *what;
		int (*attempt)(void);
	} attempts[] = {
		{ "open", try_open },
		{ "open for writing", try_create },
		{ "unlink", try_unlink },
		{ "stat", try_stat },
		{ "socket (internet)", try_socket },
		{ "socket (unix)", try_unix_socket },
		{ "connect", try_connect },
		{ "execve", try_execve },
		{ "fork", try_fork },
		{ "kill", try_kill },
		{ "ptrace", try_ptrace },
	};
	bool all = true;

	for (size_t i = 0; i < PP_LENGTH(attempts); i++) {
		int result = attempts[i].attempt(), why = errno;
		bool refused = result < 0 && why == EPERM;

		printf("%s: %s\n", attempts[i].what,
			refused               ? "EPERM"
				: result >= 0 ? "allowed"
					      : strerrorname_np(why));
		all &= refused;
	}
	fflush(stdout);
	return all;
}
