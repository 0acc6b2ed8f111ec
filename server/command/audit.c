/* SPDX-License-Identifier: EUPL-1.2 */
/* audit: whether what is stored is what was recorded, entry by entry and row by row. */
#include <stdio.h>

#include <pp/base/uuid.h>

#include "audit.h"
#include "command.h"
#include "verbs.h"

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

struct wish {
	struct pp_wish words;
	const char *procedure, *roots;
	struct pp_audit audit;
};

static bool check_verify(struct pp_arena *arena, void *asked, char error[256])
{
	struct wish *wish = asked;

	(void)arena;
	wish->audit.roots = wish->roots;
	wish->audit.english = pp_wish_is_english(wish);
	wish->audit.chain = pp_verb_text(wish->procedure);
	if (!wish->procedure || pp_uuid_is(wish->audit.chain))
		return true;
	snprintf(error, 256, "--procedure takes the id of one");
	return false;
}

static bool check_prove(struct pp_arena *arena, void *asked, char error[256])
{
	struct wish *wish = asked;

	(void)arena;
	wish->audit.chain = pp_slice_of(wish->words.words[0]);
	if (pp_uuid_is(wish->audit.chain) &&
		pp_slice_u64(pp_slice_of(wish->words.words[1]), &wish->audit.seq))
		return true;
	snprintf(error, 256, "prove takes the id of a chain and the number of an entry");
	return false;
}

static struct pp_audit *audit_of(const struct pp_verb_run *run)
{
	struct pp_audit *audit = &((struct wish *)run->wish)->audit;

	audit->db = run->db;
	return audit;
}

static bool verify(const struct pp_verb_run *run)
{
	struct pp_audit *audit = audit_of(run);

	audit->notices = pp_buf_make(run->arena);
	if (!pp_audit_chains(audit, run->fault) || !pp_audit_tables(audit, run->fault) ||
		!pp_audit_seals(audit, run->fault))
		return false;
	conclude(audit);
	return true;
}

static bool export_roots(const struct pp_verb_run *run)
{
	return pp_audit_export(audit_of(run), run->fault);
}

static bool prove(const struct pp_verb_run *run)
{
	return pp_audit_prove(audit_of(run), run->fault);
}

static const struct pp_verb verbs[] = {
	{ "verify", " --procedure --roots ", 0, 0, check_verify, NULL, verify },
	{ "export", NULL, 0, 0, NULL, NULL, export_roots },
	{ "prove", NULL, 2, 2, check_prove, NULL, prove },
	{ 0 },
};
static const struct pp_verb_option options[] = {
	{ "--procedure", false, offsetof(struct wish, procedure), NULL },
	{ "--roots", false, offsetof(struct wish, roots), NULL },
	{ 0 },
};

static int code(const struct pp_fault *fault, const void *asked)
{
	const struct wish *wish = asked;

	return fault ? EXIT_NOT_CHECKED : wish->audit.findings ? EXIT_FOUND : 0;
}

int pp_command_audit(int argc, char **argv)
{
	static const struct pp_verbs audit = {
		.command = "audit",
		.about = about,
		.role = "pp_audit",
		.as = PP_VERBS_SNAPSHOT,
		.verbs = verbs,
		.options = options,
		.code = code,
	};
	struct wish wish = { 0 };

	return pp_verbs_run(&audit, &wish, argc, argv);
}
