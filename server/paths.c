/* SPDX-License-Identifier: EUPL-1.2 */
#include "paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pp/base/check.h>

static char program[4096];
static char helper[4200];
static char web[4200];

const char *pp_program_path(void)
{
	static const char deleted[] = " (deleted)";
	ssize_t length;

	if (program[0])
		return program;
	length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	PP_MUST(length > 0);
	program[length] = '\0';
	if ((size_t)length > sizeof(deleted) &&
		strcmp(program + length - (sizeof(deleted) - 1), deleted) == 0)
		program[length - (ssize_t)(sizeof(deleted) - 1)] = '\0';
	return program;
}

const char *pp_files_path(void)
{
	const char *named = getenv("PP_FILES"), *slash;

	if (named && named[0])
		return named;
	slash = strrchr(pp_program_path(), '/');
	PP_MUST(slash);
	snprintf(helper, sizeof(helper), "%.*s/planungsplattform-files", (int)(slash - program),
		program);
	return helper;
}

const char *pp_web_path(void)
{
	static const char *const places[] = { "../web/application",
		"../share/planungsplattform/application" };
	const char *slash = strrchr(pp_program_path(), '/');

	PP_MUST(slash);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(web, sizeof(web), "%.*s/%s", (int)(slash - program), program, places[i]);
		if (access(web, R_OK) == 0)
			break;
	}
	return web;
}
