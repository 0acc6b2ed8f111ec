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
	"planungsplattform audit verify [--roots DATEI] [--procedure KENNUNG] [--lang de|en]\n"
	"planungsplattform audit export > DATEI\n"
	"planungsplattform audit prove KETTE EINTRAG\n\n"
	"verify prüft die Kette der Einträge, jede verzeichnete Zeile gegen ihren letzten Eintrag\n"
	"und die Siegel: findet Änderungen, Löschungen, Umordnung und ein fehlendes Ende, je "
	"Kette\n"
	"die erste Stelle. Mit den Wurzeln, die export ausgegeben hat, auch eine neu geschriebene\n"
	"Kette und einen älteren Stand. prove gibt den Weg eines Eintrags zur Wurzel aus.\n"
	"Rückgabewert 1, wenn etwas nicht stimmt, 3, wenn nicht geprüft werden konnte.\n\n"
	"Checks the chain of entries, every recorded row against its last entry, and the seals:\n"
	"finds edits, deletions, reordering and a missing end, of each chain the first place; "
	"with\n"
	"exported roots a chain that was written anew and an older backup, too. prove prints the\n"
	"way from an entry to the root. Exit code 1 where something does not hold, 3 where "
	"nothing\n"
	"could be checked.\n\n"
	"Einstellungen / settings:\n";

enum { EXIT_FOUND = 1, EXIT_NOT_CHECKED = 3 };

void pp_audit_tell(struct pp_audit *audit, const struct pp_audit_place *place,
	const struct pp_audit_words *what, struct pp_slice detail)
{
	audit->findings++;
	if (place) {
		printf("%s", audit->english ? "chain " : "Kette ");
		printf("%.*s", PP_SHOW(place->chain.at ? place->chain : PP_S("-")));
		if (place->seq.at)
			printf(audit->english ? ", entry %.*s" : ", Eintrag %.*s",
				PP_SHOW(place->seq));
		if (place->relation.at)
			printf(", %.*s %.*s", PP_SHOW(place->relation), PP_SHOW(place->key));
		printf(": ");
	}
	printf("%s", audit->english ? what->en : what->de);
	if (detail.at)
		printf(" %.*s", PP_SHOW(detail));
	printf("\n");
}

static void conclude(const struct pp_audit *audit)
{
	printf("%.*s", PP_SHOW(pp_buf_all(audit->notices)));
	printf(audit->english
			? "%llu entries checked, %llu adopted, %llu by migrations; %llu seals, "
			  "%llu exported roots: %llu findings\n"
			: "%llu Einträge geprüft, %llu übernommen, %llu durch Migrationen; "
			  "%llu Siegel, %llu exportierte Wurzeln: %llu Befunde\n",
		(unsigned long long)audit->entries, (unsigned long long)audit->adopted,
		(unsigned long long)audit->migrated, (unsigned long long)audit->seals,
		(unsigned long long)audit->roots_held, (unsigned long long)audit->findings);
}

static bool verify(struct pp_audit *audit, struct pp_fault *fault)
{
	struct pp_arena arena;
	bool good;

	pp_arena_begin(&arena);
	audit->notices = pp_buf_make(&arena);
	good = pp_audit_chains(audit, fault) && pp_audit_tables(audit, fault) &&
		pp_audit_seals(audit, fault);
	if (good)
		conclude(audit);
	pp_arena_end(&arena);
	return good;
}

static const struct job {
	const char *name;
	bool (*run)(struct pp_audit *audit, struct pp_fault *fault);
	bool has_place;
} jobs[] = { { "verify", verify, false }, { "export", pp_audit_export, false },
	{ "prove", pp_audit_prove, true } };

/* Where verify looks, or what prove proves. */
static bool read_place(
	const struct pp_options *options, int *i, struct pp_audit *audit, char error[256])
{
	if (options->rest_count >= 3 && pp_uuid_is(pp_slice_of(options->rest[1])) &&
		pp_slice_u64(pp_slice_of(options->rest[2]), &audit->seq)) {
		audit->chain = pp_slice_of(options->rest[1]);
		*i = 3;
		return true;
	}
	snprintf(error, 256, "prove takes the id of a chain and the number of an entry");
	return false;
}

static bool read_option(struct pp_audit *audit, const char *word, const char *text)
{
	struct pp_slice value = pp_slice_of(text);

	if (strcmp(word, "--procedure") == 0 && pp_uuid_is(value))
		audit->chain = value;
	else if (strcmp(word, "--roots") == 0)
		audit->roots = text;
	else if (strcmp(word, "--lang") == 0 &&
		(pp_slice_is(value, PP_S("de")) || pp_slice_is(value, PP_S("en"))))
		audit->english = pp_slice_is(value, PP_S("en"));
	else
		return false;
	return true;
}

static const struct job *read_words(
	const struct pp_options *options, struct pp_audit *audit, char error[256])
{
	const char *name = options->rest_count ? options->rest[0] : "";
	const struct job *job = NULL;
	int i = 1;

	for (size_t j = 0; j < PP_LENGTH(jobs); j++)
		if (strcmp(name, jobs[j].name) == 0)
			job = &jobs[j];
	if (!job) {
		snprintf(
			error, 256, "audit verify, export and prove are what there is; see --help");
		return NULL;
	}
	if (job->has_place && !read_place(options, &i, audit, error))
		return NULL;
	for (; i < options->rest_count; i += 2)
		if (i + 1 == options->rest_count || job->run != verify ||
			!read_option(audit, options->rest[i], options->rest[i + 1])) {
			snprintf(error, 256, "'%.200s' is unknown or lacks its value",
				options->rest[i]);
			return NULL;
		}
	return job;
}

/* One snapshot for all of it: what is written meanwhile does not look like a forgery. */
static bool run_on(
	struct pp_audit *audit, const struct job *job, const char *url, struct pp_fault *fault)
{
	bool good;

	audit->db = pp_migrate_check(url, fault) ? pp_admin_open(url, fault) : NULL;
	good = audit->db &&
		pp_admin_run(audit->db,
			"begin transaction isolation level repeatable read read only", fault) &&
		job->run(audit, fault);
	pp_admin_close(audit->db);
	return good;
}

static int run(struct pp_audit *audit, const struct job *job, const struct pp_config *config,
	struct pp_arena *arena)
{
	struct pp_postgres *postgres = NULL;
	struct pp_fault fault;
	char error[256] = "";
	bool good;

	pp_secret_open();
	if (config->database_url[0]) {
		good = run_on(audit, job,
			pp_child_database(arena, config, config->database_audit_url, "pp_audit"),
			&fault);
	} else {
		postgres = pp_postgres_borrow(config->data, error);
		good = postgres ? run_on(audit, job, pp_postgres_url(postgres, "pp_audit"), &fault)
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
	if (pp_options_apply(&options, &config, &arena, error)) {
		const struct job *job = read_words(&options, &audit, error);

		if (job)
			code = run(&audit, job, &config, &arena);
	}
	if (error[0])
		fprintf(stderr, "planungsplattform audit: %s\n", error);
	pp_arena_end(&arena);
	return code;
}
