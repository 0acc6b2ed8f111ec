/* SPDX-License-Identifier: EUPL-1.2 */
#include "call.h"

#include <stdio.h>

#include "../database/postgres.h"
#include "../process/child.h"

void pp_fault_print(const char *command, const char *file, const struct pp_fault *fault)
{
	const struct pp_problem_row *row = pp_problem_row(fault->problem);

	fprintf(stderr, "planungsplattform %s: %s%s%s / %s: %s\n", command, file ? file : "",
		file ? ": " : "", row->de, row->en, fault->detail);
	if (fault->has_place)
		fprintf(stderr, "planungsplattform %s: EPSG:25832 %.3f %.3f, lon lat %.8f %.8f\n",
			command, fault->x, fault->y, fault->lon, fault->lat);
}

bool pp_call_connect(struct pp_call *call, struct pp_fault *fault)
{
	char error[256] = "";

	if (call->config.database_url[0])
		return true;
	call->postgres = pp_postgres_borrow(call->config.data, error);
	return call->postgres || pp_fault(fault, PP_database_unavailable, "%s", error);
}

const char *pp_call_url(struct pp_call *call, const char *role)
{
	return call->postgres ? pp_postgres_url(call->postgres, role)
			      : pp_child_database(&call->arena, &call->config, role);
}

int pp_call_run(const struct pp_call_kind *kind, void *ctx, int argc, char **argv)
{
	struct pp_call call = { .kind = kind,
		.options = { .argc = argc,
			.argv = argv,
			.about = kind->about,
			.is_server = kind->is_server,
			.takes_rest = kind->takes_rest },
		.ctx = ctx };
	int code = 2;

	if (pp_options_wants_help(&call.options)) {
		pp_options_help(&call.options);
		return 0;
	}
	pp_arena_begin(&call.arena);
	if (pp_options_apply(&call.options, &call.config, &call.arena, call.fault.detail))
		code = kind->run(&call);
	if (call.postgres)
		pp_postgres_return(call.postgres);
	if (code && call.fault.detail[0])
		fprintf(stderr, "planungsplattform %s: %s\n", kind->command, call.fault.detail);
	pp_arena_end(&call.arena);
	return code;
}

bool pp_call_helps(int argc, char **argv, const char *about)
{
	const struct pp_options options = { .argc = argc, .argv = argv };

	if (!pp_options_wants_help(&options))
		return false;
	fputs(about, stdout);
	return true;
}

int pp_call_end(const char *command, int code)
{
	char lead[64];

	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	snprintf(lead, sizeof(lead), "planungsplattform %s", command);
	perror(lead);
	return 1;
}
