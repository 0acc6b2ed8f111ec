/* SPDX-License-Identifier: EUPL-1.2 */
/* The program: one table of subcommands, and the birth of children. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/core/openapi.h>

#include "process/child.h"
#include "command/command.h"
#include "process/master.h"
#include "paths.h"
#include "routes.h"

static const struct pp_command commands[] = {
	{ "serve", pp_command_serve, "Den Server starten / run the server" },
	{ "migrate", pp_command_migrate,
		"Die Datenbank auf den Stand dieses Programms bringen / bring the database up to "
		"date" },
	{ "import", pp_command_import,
		"Gemeindegrenzen, Zuständigkeiten und Stellen einlesen / import boundaries and "
		"bodies" },
	{ "account", pp_command_account, "Konten anlegen / create accounts" },
	{ "issuer", pp_command_issuer, "Anmeldedienste / identity providers" },
	{ "affected", pp_command_affected,
		"Betroffene Gemeinden eines Plans, ohne Server / affected municipalities of a "
		"plan" },
	{ "neighbours", pp_command_neighbours,
		"Nachbargemeinden, ohne Server / neighbours of a municipality" },
	{ "deadline", pp_command_deadline,
		"Ende einer Frist, ohne Server / when a period ends, and why" },
	{ "holidays", pp_command_holidays, "Feiertage eines Landes / public holidays of a Land" },
	{ "cql2", pp_command_cql2,
		"Filter in CQL2 prüfen und übersetzen, ohne Server / check and translate "
		"filters" },
	{ "recompute", pp_command_recompute,
		"Gespeicherte Ergebnisse nachrechnen; was wäre wenn / recompute stored results" },
	{ "mail", pp_command_mail, "E-Mails ansehen und freigeben / look at and release mail" },
	{ "inspect", pp_command_inspect,
		"Hochgeladene Dateien jetzt prüfen / check uploaded files now" },
	{ "export", pp_command_export,
		"Bestellte GeoPackages jetzt erstellen / make GeoPackages that wait now" },
	{ "copies", pp_command_copies,
		"Kopien gezeigter Dokumente aufräumen / tidy up copies of shown documents" },
	{ "probe", pp_command_probe, "Nachweis der Veröffentlichung / proof of publication" },
	{ "audit", pp_command_audit,
		"Prüfen, ob das Gespeicherte das Verzeichnete ist / check what is stored against "
		"what "
		"was recorded" },
	{ "privacy", pp_command_privacy,
		"Was nicht mehr aufbewahrt wird / what is kept no longer" },
	{ "receipt", pp_command_receipt,
		"Quittungen prüfen, Schlüssel zeigen und wechseln / check receipts, show and "
		"rotate "
		"the key" },
	{ "document", pp_command_document,
		"OpenAPI, Rechte und Einstellungen ausgeben / print OpenAPI, rights, settings" },
};

static int help(FILE *out)
{
	fprintf(out,
		"Planungsplattform %s – gemeinsame Beteiligung an Raumplanung über "
		"Landesgrenzen\n\n"
		"  planungsplattform BEFEHL [OPTIONEN]     planungsplattform BEFEHL --help\n\n",
		PP_VERSION);
	for (size_t i = 0; i < PP_LENGTH(commands); i++)
		fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].about);
	return out == stdout ? 0 : 2;
}

static int run_child(struct pp_child *child)
{
	static char title[32];

	snprintf(title, sizeof(title), "%s %u", pp_role_names[child->role], child->number);
	pp_log_open(child->role == PP_ROLE_CLERK ? "clerk" : title,
		pp_log_level_named(child->config.log_level));
	PP_MUST(!child->config.clock_shift[0] || pp_clock_follow(child->config.clock_shift) == 0);
	switch (child->role) {
	case PP_ROLE_WEB:
		return pp_web_main(child);
	case PP_ROLE_GEOMETRY:
		return pp_geometry_main(child);
	case PP_ROLE_CLERK:
		return pp_clerk_main(child);
	case PP_ROLE_FILES:
	case PP_ROLES:
		break;
	}
	return 127;
}

int main(int argc, char **argv)
{
	struct pp_child child;

	pp_program_path();
	signal(SIGPIPE, SIG_IGN);
	if (pp_child_is(&child))
		return run_child(&child);
	if (argc < 2)
		return help(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0)
		return help(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		printf("planungsplattform %s\n", PP_VERSION);
		return 0;
	}
	for (size_t i = 0; i < PP_LENGTH(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "planungsplattform: den Befehl '%s' gibt es nicht / no such command\n\n",
		argv[1]);
	return help(stderr);
}
