/* SPDX-License-Identifier: EUPL-1.2 */
/* A version of the rules, as an administrator sends it: read, or refused with its line. */
#include <pp/geo/rules.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice text = { (const char *)data, size };
	const struct pp_subject nothing = { 0 };
	struct pp_fault fault = { 0 }, why = { 0 };
	struct pp_rules rules;
	struct pp_arena arena;

	pp_arena_begin(&arena);
	if (!pp_rules_read(&arena, text, &rules, &fault)) {
		PP_MUST(fault.problem == PP_invalid_parameter && fault.detail[0]);
		PP_MUST(!pp_rules_check(text, &why));
	} else {
		/* More is asked of what shall be stored. */
		PP_MUST(pp_rules_check(text, &why) ? rules.count > 0 : why.detail[0]);
	}
	for (size_t i = 0; fault.problem == PP_no_problem && i < rules.count; i++) {
		const struct pp_rule *rule = &rules.list[i];
		enum pp_param missing;
		bool is_default;
		double value;

		PP_MUST(rule->id.len && rule->when_count <= PP_CONDITIONS_MAX);
		if (pp_threshold_value(rule, &nothing, &value, &is_default))
			PP_MUST(value >= 0);
		(void)pp_rule_holds(rule, &nothing, &missing);
		(void)pp_rule_is_for(rule, PP_S("BP_REGEL"), PP_S("2026-01-01"));
	}
	pp_arena_end(&arena);
	return 0;
}
