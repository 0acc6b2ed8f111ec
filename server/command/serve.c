/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/core/site.h>

#include "call.h"
#include "command.h"
#include "../process/mailer.h"
#include "../process/master.h"
#include "../rooms/rooms.h"
#include "../routes.h"

static const char about[] =
	"planungsplattform serve [--config DATEI] [--EINSTELLUNG WERT]…\n\n"
	"Startet den Server. Ohne database_url führt er ein eigenes PostgreSQL im Ordner data.\n"
	"Runs the server. Without database_url it keeps a PostgreSQL of its own in the folder "
	"data.\n\n"
	"SIGTERM beendet nach den laufenden Anfragen, SIGHUP liest die Einstellungen neu.\n"
	"SIGTERM ends after the requests under way, SIGHUP reads the settings anew.\n\n"
	"Einstellungen (auch in der Datei als 'name = wert' und in der Umgebung als PP_NAME)\n"
	"Settings (also as 'name = value' in the file and as PP_NAME in the environment):\n";

static bool site_is_right(const struct pp_config *config, char error[256])
{
	struct pp_arena arena;
	struct pp_site site;
	bool is_right;

	pp_arena_begin(&arena);
	is_right = pp_site_read(&arena, config->site, &site, error);
	pp_arena_end(&arena);
	return is_right;
}

static bool again(void *ctx, struct pp_config *config, struct pp_arena *arena, char error[256])
{
	return pp_options_apply(ctx, config, arena, error) &&
		pp_mail_settings_check(config, error) && site_is_right(config, error);
}

/* A clock that somebody has shifted decides nothing that holds in court: it is said at once. */
static bool follow_clock(const struct pp_config *config, char error[256])
{
	int code = config->clock_shift[0] ? pp_clock_follow(config->clock_shift) : 0;

	if (code)
		snprintf(error, 256, "clock_shift: %s: %s", config->clock_shift, strerror(code));
	else if (config->clock_shift[0])
		pp_log(PP_WARNING, "clock_shifted", "the clock follows %s: for drills only",
			config->clock_shift);
	return !code;
}

static int serve(struct pp_call *call)
{
	if (!pp_mail_settings_check(&call->config, call->fault.detail) ||
		!site_is_right(&call->config, call->fault.detail))
		return 2;
	pp_log_open("master", pp_log_level_named(call->config.log_level));
	if (!follow_clock(&call->config, call->fault.detail))
		return 2;
	return pp_master_main(&call->config, again, &call->options);
}

int pp_command_serve(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "serve", .about = about, .is_server = true, .run = serve
	};

	return pp_call_run(&kind, NULL, argc, argv);
}

static const char document_about[] =
	"planungsplattform document openapi|rights|config\n\n"
	"Gibt aus, was das Programm über sich selbst weiß.\n"
	"Prints what the program knows about itself.\n\n"
	"  openapi   die Schnittstelle als OpenAPI 3.0 (JSON) / the interface\n"
	"  rights    wer was aufrufen darf (Markdown) / who may call what\n"
	"  config    alle Einstellungen (Markdown) / every setting\n";

int pp_command_document(int argc, char **argv)
{
	static const char *const names[] = { "openapi", "rights", "config" };
	const char *what = argc == 2 ? argv[1] : "";
	struct pp_buf out;

	pp_buf_begin(&out);
	if (strcmp(what, names[0]) == 0)
		pp_openapi_write(&out, pp_routes, &pp_answers);
	else if (strcmp(what, names[1]) == 0)
		pp_rights_write(&out, pp_routes);
	else if (strcmp(what, names[2]) == 0)
		pp_config_document(&out);
	if (!out.len) {
		bool is_help = strcmp(what, "--help") == 0 || strcmp(what, "-h") == 0;

		fputs(document_about, is_help ? stdout : stderr);
		return is_help ? 0 : 2;
	}
	fwrite(out.at, 1, out.len, stdout);
	pp_buf_end(&out);
	return 0;
}
