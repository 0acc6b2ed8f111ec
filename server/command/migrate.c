/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "../database/migrate.h"
#include "call.h"
#include "command.h"

static const char about[] =
	"planungsplattform migrate [--database URL] [--superuser URL]\n\n"
	"Bringt die Datenbank auf den Stand dieses Programms: nur vorwärts, jeder Schritt in "
	"einer\n"
	"Transaktion. --superuser legt zuvor Rollen und Erweiterungen an.\n"
	"Brings the database up to this program, forward only, one transaction a step. With\n"
	"--superuser roles and extensions are made first.\n\nEinstellungen / settings:\n";

static void progress(void *ctx, const char *sentence)
{
	(void)ctx;
	printf("%s\n", sentence);
}

/* The one option of its own. */
static bool read_superuser(
	const struct pp_options *options, const char **superuser, struct pp_fault *fault)
{
	*superuser = NULL;
	if (options->rest_count == 2 && strcmp(options->rest[0], "--superuser") == 0)
		*superuser = options->rest[1];
	else if (options->rest_count)
		return pp_fault(fault, PP_invalid_parameter, "'%.200s' has no meaning here",
			options->rest[0]);
	return true;
}

static int migrate(struct pp_call *call)
{
	const char *superuser;

	if (!read_superuser(&call->options, &superuser, &call->fault))
		return 2;
	if (!call->config.database_url[0]) {
		pp_fault(&call->fault, PP_invalid_parameter,
			"the embedded database is migrated by 'serve'; --database names another");
		return 2;
	}
	return pp_migrate(pp_call_url(call, "pp_owner"), superuser, progress, NULL, &call->fault)
		? 0
		: 1;
}

int pp_command_migrate(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "migrate", .about = about, .takes_rest = true, .run = migrate
	};

	return pp_call_run(&kind, NULL, argc, argv);
}
