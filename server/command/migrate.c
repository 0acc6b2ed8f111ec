/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "../process/child.h"
#include "command.h"
#include "../database/migrate.h"
#include "options.h"

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
static const char *superuser(const struct pp_options *options, char error[256])
{
	if (options->rest_count == 2 && strcmp(options->rest[0], "--superuser") == 0)
		return options->rest[1];
	if (options->rest_count)
		snprintf(error, 256, "'%s' has no meaning here", options->rest[0]);
	return NULL;
}

int pp_command_migrate(int argc, char **argv)
{
	struct pp_options options = {
		.argc = argc, .argv = argv, .about = about, .takes_rest = true
	};
	struct pp_config config;
	struct pp_arena arena;
	char error[256] = "";
	struct pp_fault fault;
	const char *super;
	int code = 0;

	pp_arena_begin(&arena);
	if (pp_options_wants_help(&options)) {
		pp_options_help(&options);
		goto done;
	}
	code = 2;
	if (!pp_options_apply(&options, &config, &arena, error))
		goto failed;
	super = superuser(&options, error);
	if (!config.database_url[0])
		snprintf(error, sizeof(error),
			"the embedded database is migrated by 'serve'; --database names another");
	if (error[0])
		goto failed;
	code = 1;
	if (!pp_migrate(pp_child_database(&arena, &config, config.database_owner_url, "pp_owner"),
		    super, progress, NULL, &fault)) {
		snprintf(error, sizeof(error), "%.250s", fault.detail);
		goto failed;
	}
	code = 0;
	goto done;
failed:
	fprintf(stderr, "planungsplattform migrate: %s\n", error);
done:
	pp_arena_end(&arena);
	return code;
}
