/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * probe: proof of publication. Fetches everything that is published of procedures through the
 * public address, as anybody would, and compares it with what the platform says was published.
 */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pp/base/clock.h>

#include "command.h"
#include "probe.h"

static const char about[] =
	"planungsplattform probe --url ADRESSE (--all | --procedure ID) [--every 300] [--once]\n"
	"                        [--name NAME] [--report ADRESSE] [--out DATEI]\n"
	"planungsplattform probe --send DATEI --report ADRESSE\n\n"
	"Ruft alle fünf Minuten (--every, Sekunden) über die öffentliche Adresse ab, was von "
	"einem\n"
	"Verfahren (--procedure) oder von allen mit laufender Öffentlichkeitsbeteiligung (--all)\n"
	"veröffentlicht ist, ohne Anmeldung und ohne Cookies, und vergleicht die SHA-256 mit dem\n"
	"Verzeichnis der Plattform. Ergebnisse gehen mit dem Token aus PP_TOKEN an --report, als\n"
	"Zeilen in JSON an --out oder auf die Standardausgabe; --send trägt eine solche Datei "
	"nach.\n\n"
	"Fetches what is published through the public address every five minutes, without sign-in "
	"or\n"
	"cookies, and compares its SHA-256 with the platform's manifest. Results go to --report "
	"with\n"
	"the token in PP_TOKEN, and as lines of JSON to --out or standard output; --send reports "
	"such\n"
	"a file later. Exit code of --once: 0 all was well, 1 something was not; 2 wrong use.\n";

static volatile sig_atomic_t told_to_go;

static void go(int number)
{
	(void)number;
	told_to_go = 1;
}

struct asked {
	struct pp_probe probe;
	const char *send;
	bool all, once;
};

static int wrong(const char *what)
{
	fprintf(stderr, "planungsplattform probe: %s; --help\n", what);
	return 2;
}

static bool read_options(int argc, char **argv, struct asked *asked)
{
	static const struct option known[] = {
		{ "url", required_argument, NULL, 'u' },
		{ "procedure", required_argument, NULL, 'p' },
		{ "all", no_argument, NULL, 'a' },
		{ "every", required_argument, NULL, 'e' },
		{ "once", no_argument, NULL, '1' },
		{ "name", required_argument, NULL, 'n' },
		{ "report", required_argument, NULL, 'r' },
		{ "out", required_argument, NULL, 'o' },
		{ "send", required_argument, NULL, 's' },
		{ 0 },
	};
	struct pp_probe *probe = &asked->probe;
	int c;

	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'a')
			asked->all = true;
		else if (c == '1')
			asked->once = true;
		else if (c == 'e' && !pp_slice_u64(pp_slice_of(optarg), &probe->every_s))
			return false;
		else if (c != 'e' && c != 'u' && c != 'p' && c != 'n' && c != 'r' && c != 'o' &&
			c != 's')
			return false;
		if (c == 'u' || c == 'p' || c == 'n' || c == 'r' || c == 'o' || c == 's')
			*(c == 'u'                 ? &probe->url
					: c == 'p' ? &probe->procedure
					: c == 'n' ? &probe->name
					: c == 'r' ? &probe->report
					: c == 'o' ? &probe->out
						   : &asked->send) = optarg;
	}
	return optind == argc;
}

static bool is_address(const char *url)
{
	size_t len = url ? strlen(url) : 0;

	return len >= 8 && len <= 500 && url[len - 1] != '/' &&
		(strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0);
}

static int check(struct asked *asked)
{
	struct pp_probe *probe = &asked->probe;

	probe->token = getenv("PP_TOKEN");
	if (probe->report && !is_address(probe->report))
		return wrong("--report is an address with http:// or https://, without a slash at "
			     "its end");
	if (probe->report && !(probe->token && probe->token[0]))
		return wrong("--report needs a token in the environment: PP_TOKEN");
	if (asked->send)
		return probe->report ? 0 : wrong("--send needs --report");
	if (!is_address(probe->url))
		return wrong(
			"--url is an address with http:// or https://, without a slash at its end");
	if (asked->all == (probe->procedure != NULL))
		return wrong("either --all or --procedure");
	if (probe->procedure && strlen(probe->procedure) != PP_PROBE_ID - 1)
		return wrong("--procedure is the id of a procedure");
	if (probe->every_s < 1 || probe->every_s > 86400)
		return wrong("--every is a number of seconds from 1 to 86400");
	if (!probe->name[0] || strlen(probe->name) > 80)
		return wrong("--name has 1 to 80 bytes");
	return 0;
}

static bool write_line(const struct pp_probe *probe, struct pp_slice line)
{
	FILE *out = probe->out ? fopen(probe->out, "a") : stdout;
	bool written = out && fwrite(line.at, 1, line.len, out) == line.len && fflush(out) == 0;

	if (out && out != stdout)
		written = fclose(out) == 0 && written;
	if (!written)
		perror("planungsplattform probe: --out");
	return written;
}

/* Each procedure once. False when something was not as it should be. */
static bool look_at_all(
	const struct pp_probe *probe, struct pp_probe_list *list, struct pp_probe_spool *spool)
{
	bool all_well = probe->procedure || pp_probe_find(probe, list);
	struct pp_buf line;

	pp_buf_begin(&line);
	for (size_t i = 0; i < list->count && !told_to_go; i++) {
		pp_buf_clear(&line);
		all_well = pp_probe_look(probe, list->ids[i].id, &line) && all_well;
		if (probe->report)
			pp_probe_spool_add(spool, pp_buf_all(&line));
		if (probe->out || !probe->report)
			all_well = write_line(probe, pp_buf_all(&line)) && all_well;
	}
	pp_buf_end(&line);
	if (probe->report && !pp_probe_report(probe, spool))
		all_well = false;
	return all_well;
}

/* At even distances, whatever a look takes; a signal ends the wait. */
static void wait_until(int64_t next)
{
	while (!told_to_go && pp_clock_monotonic() < next) {
		int64_t left = (next - pp_clock_monotonic()) / 1000 + 1;

		poll(NULL, 0, (int)(left < 60000 ? left : 60000));
	}
}

static int watch(const struct asked *asked, struct pp_probe_spool *spool)
{
	const struct pp_probe *probe = &asked->probe;
	struct pp_arena arena;
	struct pp_probe_list list = { 0 };
	int64_t next = pp_clock_monotonic();
	bool all_well;

	pp_arena_begin(&arena);
	list.ids = PP_NEW_ARRAY(&arena, struct pp_probe_known, PP_PROBE_MOST);
	if (probe->procedure) {
		snprintf(list.ids[0].id, PP_PROBE_ID, "%s", probe->procedure);
		list.count = 1;
	}
	do {
		all_well = look_at_all(probe, &list, spool);
		next += (int64_t)probe->every_s * PP_SECOND;
		if (!asked->once)
			wait_until(next);
	} while (!asked->once && !told_to_go);
	pp_arena_end(&arena);
	return asked->once && !all_well ? 1 : 0;
}

/* A file of lines, as --out writes it. What is known already the platform passes over. */
static int send_file(const struct asked *asked, struct pp_probe_spool *spool)
{
	FILE *in = fopen(asked->send, "r");
	bool taken = true;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (!in) {
		perror("planungsplattform probe: --send");
		return 1;
	}
	while (taken && (len = getline(&line, &room, in)) > 0) {
		pp_probe_spool_add(spool, pp_slice(line, (size_t)len));
		if (spool->lines.len > (size_t)1 << 20)
			taken = pp_probe_report(&asked->probe, spool);
	}
	taken = taken && pp_probe_report(&asked->probe, spool);
	free(line);
	fclose(in);
	return taken ? 0 : 1;
}

int pp_command_probe(int argc, char **argv)
{
	static char host[81];
	struct asked asked = { .probe = { .every_s = 300, .name = host } };
	struct pp_probe_spool spool = { 0 };
	struct sigaction action = { .sa_handler = go };
	const char *shift = getenv("PP_CLOCK_SHIFT");
	int status;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return fputs(about, stdout) < 0;
	if (gethostname(host, sizeof(host) - 1))
		snprintf(host, sizeof(host), "probe");
	if (!read_options(argc, argv, &asked))
		return wrong("that is not understood");
	status = check(&asked);
	if (status)
		return status;
	if (shift && pp_clock_follow(shift))
		return wrong("PP_CLOCK_SHIFT names no file of eight bytes");
	pp_secret_open();
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	pp_buf_begin(&spool.lines);
	asked.probe.fetch = pp_fetch_open("planungsplattform-probe/" PP_VERSION);
	status = asked.send ? send_file(&asked, &spool) : watch(&asked, &spool);
	if (spool.lines.len || spool.dropped)
		fprintf(stderr,
			"planungsplattform probe: not everything was reported; use --out\n");
	pp_fetch_close(asked.probe.fetch);
	pp_buf_end(&spool.lines);
	return status;
}
