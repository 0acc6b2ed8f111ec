/* SPDX-License-Identifier: EUPL-1.2 */
/* audit: whether what is stored is what was recorded, entry by entry and row by row. */
#include <stdio.h>

#include <pp/base/uuid.h>
#include <pp/io/secret.h>

#include "../database/migrate.h"
#include "../database/postgres.h"
#include "../process/child.h"
#include "audit.h"
#include "boundary_file.h"
#include "command.h"
#include "options.h"
#include "queries.h"

static const char about[] =
	"planungsplattform audit verify [--procedure KENNUNG] [--lang de|en]\n\n"
	"Prüft die Kette der Einträge und jede verzeichnete Zeile gegen ihren letzten Eintrag:\n"
	"findet Änderungen, Löschungen, Umordnung und ein fehlendes Ende, je Kette die erste\n"
	"Stelle. Rückgabewert 1, wenn etwas nicht stimmt, 3, wenn nicht geprüft werden konnte.\n\n"
	"Checks the chain of entries, and every recorded row against its last entry: finds edits,\n"
	"deletions, reordering and a missing end, of each chain the first place. Exit code 1 "
	"where\n"
	"something does not hold, 3 where nothing could be checked.\n\n"
	"Einstellungen / settings:\n";

enum { EXIT_FOUND = 1, EXIT_NOT_CHECKED = 3 };

void pp_audit_tell(struct pp_audit *audit, const struct pp_audit_place *place,
	const struct pp_audit_words *what, struct pp_slice detail)
{
	audit->findings++;
	printf("%s", audit->english ? "chain " : "Kette ");
	printf("%.*s", PP_SHOW(place->chain.at ? place->chain : PP_S("-")));
	if (place->seq.at)
		printf(audit->english ? ", entry %.*s" : ", Eintrag %.*s", PP_SHOW(place->seq));
	if (place->relation.at)
		printf(", %.*s %.*s", PP_SHOW(place->relation), PP_SHOW(place->key));
	printf(": %s", audit->english ? what->en : what->de);
	if (detail.at)
		printf(" %.*s", PP_SHOW(detail));
	printf("\n");
}

static void conclude(const struct pp_audit *audit)
{
	if (audit->english)
		printf("%llu entries checked, %llu adopted, %llu by migrations: %llu findings\n",
			(unsigned long long)audit->entries, (unsigned long long)audit->adopted,
			(unsigned long long)audit->migrated, (unsigned long long)audit->findings);
	else
		printf("%llu Einträge geprüft, %llu übernommen, %llu durch Migrationen: "
		       "%llu Befunde\n",
			(unsigned long long)audit->entries, (unsigned long long)audit->adopted,
			(unsigned long long)audit->migrated, (unsigned long long)audit->findings);
}

/* One snapshot for all of it: what is written meanwhile does not look like a forgery. */
static bool verify(struct pp_audit *audit, struct pp_fault *fault)
{
	bool good = pp_admin_run(audit->db,
			    "begin transaction isolation level repeatable read read only", fault) &&
		pp_audit_chains(audit, fault) && pp_audit_tables(audit, fault) &&
		pp_admin_run(audit->db, "commit", fault);

	if (good)
		conclude(audit);
	return good;
}

static bool read_words(const struct pp_options *options, struct pp_audit *audit, char error[256])
{
	if (options->rest_count == 0 || strcmp(options->rest[0], "verify") != 0) {
		snprintf(error, 256, "audit verify is what there is; see --help");
		return false;
	}
	for (int i = 1; i < options->rest_count; i++) {
		const char *word = options->rest[i];
		struct pp_slice value = i + 1 < options->rest_count
			? pp_slice_of(options->rest[i + 1])
			: (struct pp_slice){ 0 };

		if (strcmp(word, "--procedure") == 0 && pp_uuid_is(value)) {
			audit->chain = value;
		} else if (strcmp(word, "--lang") == 0 &&
			(pp_slice_is(value, PP_S("de")) || pp_slice_is(value, PP_S("en")))) {
			audit->english = pp_slice_is(value, PP_S("en"));
		} else {
			snprintf(error, 256, "'%.200s' is unknown or lacks its value", word);
			return false;
		}
		i++;
	}
	return true;
}

static bool run_on(struct pp_audit *audit, const char *url, struct pp_fault *fault)
{
	bool good;

	audit->db = pp_migrate_check(url, fault) ? pp_admin_open(url, fault) : NULL;
	good = audit->db && verify(audit, fault);
	pp_admin_close(audit->db);
	return good;
}

static int run(struct pp_audit *audit, const struct pp_config *config, struct pp_arena *arena)
{
	struct pp_postgres *postgres = NULL;
	struct pp_fault fault;
	char error[256] = "";
	bool good;

	pp_secret_open();
	if (config->database_url[0]) {
		good = run_on(audit,
			pp_child_database(arena, config, config->database_audit_url, "pp_audit"),
			&fault);
	} else {
		postgres = pp_postgres_borrow(config->data, error);
		good = postgres ? run_on(audit, pp_postgres_url(postgres, "pp_audit"), &fault)
				: pp_fault(&fault, PP_database_unavailable, "%s.", error);
		pp_postgres_return(postgres);
	}
	if (!good) {
		pp_fault_print("audit", NULL, &fault);
		return EXIT_NOT_CHECKED;
	}
	return audit->findings ? EXIT_FOUND : 0;
}

int pp_command_audit(int argc, char **argv)
{
	struct pp_options options = {
		.argc = argc, .argv = argv, .about = about, .takes_rest = true
	};
	struct pp_audit audit = { 0 };
	struct pp_config config;
	struct pp_arena arena;
	char error[256] = "";
	int code = 2;

	if (pp_options_wants_help(&options)) {
		pp_options_help(&options);
		return 0;
	}
	pp_arena_begin(&arena);
	if (pp_options_apply(&options, &config, &arena, error) &&
		read_words(&options, &audit, error))
		code = run(&audit, &config, &arena);
	if (error[0])
		fprintf(stderr, "planungsplattform audit: %s\n", error);
	pp_arena_end(&arena);
	return code;
}
