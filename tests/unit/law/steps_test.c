/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/law/period.h>

/* No holidays. */
static const struct pp_calendar weekends = { 0 };

static const char *const kinds[] = { "FNP", "FNP_AENDERUNG", "BP_REGEL", "BP_13", "BP_13A" };

static int32_t day(struct pp_slice text)
{
	int32_t found = 0;

	assert_true(pp_day_read(text, &found));
	return found;
}

static void every_rule_has_a_name_of_its_own_and_says_why(void **state)
{
	size_t count;
	const struct pp_period_rule *rules = pp_period_rules(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(pp_period_rule_named(pp_slice_of(rules[i].id)), &rules[i]);
		assert_true(pp_slice_starts(pp_slice_of(rules[i].legal_basis), PP_S("§")));
		assert_int_equal(rules[i].is_statutory,
			!strstr(rules[i].legal_basis, "Voreinstellung der Plattform"));
	}
}

static void every_step_of_every_kind_has_its_periods(void **state)
{
	static const char *const steps[] = { "FRUEH_OEFF", "FRUEH_TOEB", "FOERM_OEFF", "FOERM_TOEB",
		"ERNEUT" };
	static const char *const audiences[] = { "OEFF", "TOEB", "NACHB", "STAAT", "VERB" };

	(void)state;
	for (size_t k = 0; k < PP_LENGTH(kinds); k++)
		for (size_t s = 0; s < PP_LENGTH(steps); s++)
			for (size_t a = 0; a < PP_LENGTH(audiences); a++) {
				const struct pp_step_period *row = pp_step_period_for(
					pp_slice_of(kinds[k]), pp_slice_of(steps[s]),
					pp_slice_of(audiences[a]));
				const struct pp_period_rule *proposed, *least;
				int32_t start = day(PP_S("2025-02-03"));

				assert_non_null(row);
				proposed = pp_period_rule_named(pp_slice_of(row->proposed));
				assert_non_null(proposed);
				if (!*row->least)
					continue;
				least = pp_period_rule_named(pp_slice_of(row->least));
				assert_non_null(least);
				assert_int_equal(least->parts[0].begin, proposed->parts[0].begin);
				assert_true(pp_deadline_of(least, start, &weekends).end <=
					pp_deadline_of(proposed, start, &weekends).end);
			}
}

static void the_law_is_hard_only_where_it_names_a_length(void **state)
{
	static const struct {
		const char *kind, *step, *audience, *least;
		bool is_statutory;
	} cases[] = {
		{ "BP_REGEL", "FOERM_OEFF", "OEFF", "AUSLEGUNG_BAUGB", true },
		{ "FNP", "FOERM_OEFF", "OEFF", "AUSLEGUNG_BAUGB", true },
		{ "FNP_AENDERUNG", "FOERM_TOEB", "NACHB", "TOEB_BAUGB", true },
		{ "BP_13", "FOERM_OEFF", "OEFF", "ANGEMESSEN_OEFF_BAUGB", false },
		{ "BP_13A", "FOERM_TOEB", "TOEB", "ANGEMESSEN_TOEB_BAUGB", false },
		{ "BP_REGEL", "ERNEUT", "OEFF", "ERNEUT_OEFF_BAUGB_MIN", false },
		{ "BP_REGEL", "ERNEUT", "NACHB", "ERNEUT_TOEB_BAUGB_MIN", false },
		{ "ROP_REG", "ROP_BET", "TOEB", "ROP_BET", true },
		{ "ROP_LAND", "ROP_ERNEUT", "OEFF", "ROP_ERNEUT_MIN", false },
		{ "RVP", "RVP_BET", "OEFF", "RVP_BET", true },
		{ "PFV_ENWG", "PFV_AUSL", "OEFF", "ENWG_AUSL", true },
		{ "PFV", "PFV_AUSL", "OEFF", "PFV_AUSL", true },
		{ "PFV_FSTR", "PFV_EINW", "VERB", "PFV_EINW", true },
		{ "PFV_NABEG", "PFV_EINW", "OEFF", "NABEG_EINW", true },
		{ "BIMSCH", "PFV_AUSL", "OEFF", "BIMSCHG_AUSL", true },
		{ "PFV_NABEG", "PFV_AUSL", "OEFF", "NABEG_AUSL", true },
		{ "PFV_FSTR", "PFV_AEND", "TOEB", "PFV_AEND", true },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		const struct pp_step_period *row = pp_step_period_for(pp_slice_of(cases[i].kind),
			pp_slice_of(cases[i].step), pp_slice_of(cases[i].audience));

		assert_non_null(row);
		assert_string_equal(row->least, cases[i].least);
		assert_int_equal(pp_period_rule_named(pp_slice_of(row->least))->is_statutory,
			cases[i].is_statutory);
	}
	assert_string_equal(
		pp_step_period_for(PP_S("PFV"), PP_S("PFV_AUFF"), PP_S("TOEB"))->least, "");
	assert_string_equal(
		pp_step_period_for(PP_S("BP_REGEL"), PP_S("FRUEH_OEFF"), PP_S("OEFF"))->least, "");
	assert_null(pp_step_period_for(PP_S("BP_1"), PP_S("FOERM_OEFF"), PP_S("OEFF")));
	assert_null(pp_step_period_for(PP_S("PFV"), PP_S("FOERM_OEFF"), PP_S("OEFF")));
	assert_null(pp_step_period_for(PP_S("FNP"), PP_S("PFV_AUSL"), PP_S("OEFF")));
	assert_null(pp_period_rule_named(PP_S("AUSLEGUNG")));
}

/* § 187 (1) BGB: the day of a receipt is not counted, whatever the round does. */
static void a_body_of_its_own_never_counts_the_day_of_receipt(void **state)
{
	static const char *const all[] = { "FNP", "FNP_AENDERUNG", "BP_REGEL", "BP_13", "BP_13A",
		"ROP_LAND", "ROP_REG", "RVP", "ZAV", "PFV", "PFV_ENWG", "PFV_NABEG", "PFV_FSTR" };
	static const char *const steps[] = { "FRUEH_TOEB", "FOERM_TOEB", "ERNEUT", "ROP_BET",
		"ROP_ERNEUT", "RVP_BET", "PFV_AUFF", "PFV_AUSL", "PFV_EINW", "PFV_AEND" };
	size_t seen = 0;

	(void)state;
	for (size_t k = 0; k < PP_LENGTH(all); k++)
		for (size_t s = 0; s < PP_LENGTH(steps); s++) {
			const struct pp_step_period *row = pp_step_period_for(
				pp_slice_of(all[k]), pp_slice_of(steps[s]), PP_S("TOEB"));
			const struct pp_period_rule *own = row
				? pp_period_rule_named(pp_slice_of(row->own))
				: NULL;

			if (!own)
				continue;
			seen++;
			assert_int_equal(own->parts[0].begin, PP_BEGIN_EVENT);
			assert_int_equal(own->roll, PP_ROLL_WORKDAY);
		}
	assert_int_equal(seen, 18);
	assert_string_equal(pp_step_period_for(PP_S("ROP_REG"), PP_S("ROP_BET"), PP_S("TOEB"))->own,
		"ROP_BET_STELLE");
	assert_string_equal(pp_step_period_for(PP_S("RVP"), PP_S("RVP_BET"), PP_S("NACHB"))->own,
		"RVP_BET_STELLE");
}

static void objections_come_after_a_display_by_the_law_of_the_kind(void **state)
{
	static const struct {
		const char *kind, *named, *rule, *end; /* of a display until 2025-03-14, a Friday */
	} cases[] = {
		{ "PFV", "", "PFV_EINW", "2025-03-28" },
		{ "PFV_FSTR", "PFV_EINW", "PFV_EINW", "2025-03-28" },
		{ "PFV_ENWG", "PFV_EINW_UVP", "PFV_EINW_UVP", "2025-04-14" },
		{ "PFV_NABEG", "", "NABEG_EINW", "2025-04-14" },
		{ "BIMSCH", "", "BIMSCHG_EINW", "2025-03-28" },
		{ "BIMSCH", "BIMSCHG_EINW_IE", "BIMSCHG_EINW_IE", "2025-04-14" },
		{ "PFV_NABEG", "PFV_EINW", NULL, NULL },
		{ "PFV", "RUEGE", NULL, NULL },
		{ "BP_REGEL", "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		const struct pp_period_rule *rule = pp_objection_rule(
			pp_slice_of(cases[i].kind), pp_slice_of(cases[i].named));

		if (!cases[i].rule) {
			assert_null(rule);
			continue;
		}
		assert_non_null(rule);
		assert_string_equal(rule->id, cases[i].rule);
		assert_int_equal(pp_deadline_of(rule, day(PP_S("2025-03-14")), &weekends).end,
			day(pp_slice_of(cases[i].end)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_has_a_name_of_its_own_and_says_why),
		cmocka_unit_test(every_step_of_every_kind_has_its_periods),
		cmocka_unit_test(a_body_of_its_own_never_counts_the_day_of_receipt),
		cmocka_unit_test(objections_come_after_a_display_by_the_law_of_the_kind),
		cmocka_unit_test(the_law_is_hard_only_where_it_names_a_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
