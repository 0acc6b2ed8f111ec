/* SPDX-License-Identifier: EUPL-1.2 */
/* What a rule's columns threshold, default, subject and when say, and what subjects may say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pp/geo/rules.h>

static struct pp_rule rule_of(struct pp_arena *arena, const char *metric, const char *threshold,
	const char *by_default, const char *subject, const char *when)
{
	const struct pp_slice fields[PP_RULE_FIELDS] = { PP_S("R99"), PP_S("X"), PP_S("*"),
		pp_slice_of(metric), pp_slice_of(threshold), pp_slice_of(by_default), PP_S("SOLL"),
		pp_slice_of(subject), pp_slice_of(when), PP_S(""), PP_S("de"), PP_S("en"),
		PP_S("source"), PP_S(""), PP_S("") };
	struct pp_rule rule;
	struct pp_fault fault;

	if (!pp_rule_read(arena, fields, &rule, &fault))
		fail_msg("%s %s %s: %s", threshold, by_default, when, fault.detail);
	return rule;
}

static void assert_refused(const char *metric, const char *threshold, const char *by_default,
	const char *subject, const char *when, const char *column)
{
	const struct pp_slice fields[PP_RULE_FIELDS] = { PP_S("R99"), PP_S("X"), PP_S("*"),
		pp_slice_of(metric), pp_slice_of(threshold), pp_slice_of(by_default), PP_S("SOLL"),
		pp_slice_of(subject), pp_slice_of(when), PP_S(""), PP_S("de"), PP_S("en"),
		PP_S("source"), PP_S(""), PP_S("") };
	struct pp_arena arena;
	struct pp_rule rule;
	struct pp_fault fault;
	char expected[64];

	pp_arena_begin(&arena);
	if (pp_rule_read(&arena, fields, &rule, &fault))
		fail_msg("%s %s %s is read", threshold, by_default, when);
	snprintf(expected, sizeof(expected), "column %s ", column);
	assert_memory_equal(fault.detail, expected, strlen(expected));
	pp_arena_end(&arena);
}

static struct pp_subject subject_of(const char *name, const char *param, const char *value)
{
	struct pp_subject subject;
	struct pp_fault fault;

	assert_true(pp_subject_begin(&subject, pp_slice_of(name), &fault));
	if (param)
		assert_true(
			pp_subject_set(&subject, pp_slice_of(param), pp_slice_of(value), &fault));
	return subject;
}

static void thresholds_come_to_metres(void **state)
{
	static const struct {
		const char *threshold, *by_default, *subject, *param, *value;
		double expected;
		bool is_default, is_known;
	} cases[] = {
		{ "2500", "", "WIND", NULL, NULL, 2500, false, true },
		{ "expert_radius_m", "", "BIMSCHG", "expert_radius_m", "1800.5", 1800.5, false,
			true },
		{ "expert_radius_m", "", "BIMSCHG", NULL, NULL, 0, true, false },
		{ "15*total_height_m", "3750", "WIND", "total_height_m", "235", 3525, false, true },
		{ "15*total_height_m", "3750", "WIND", NULL, NULL, 3750, true, true },
		{ "max(1000,50*stack_height_m)", "", "BIMSCHG", "stack_height_m", "12", 1000, false,
			true },
		{ "max(1000,50*stack_height_m)", "", "BIMSCHG", "stack_height_m", "40", 2000, false,
			true },
		{ "max(700,safety_distance_m)", "", "STOERFALL", "safety_distance_m", "650", 700,
			false, true },
		/* To the millimetre, whatever binary fractions do. */
		{ "15*total_height_m", "", "WIND", "total_height_m", "135.05", 2025.75, false,
			true },
	};
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_rule rule = rule_of(&arena, "distance", cases[i].threshold,
			cases[i].by_default, cases[i].subject, "");
		struct pp_subject subject = subject_of(
			cases[i].subject, cases[i].param, cases[i].value);
		bool is_default;
		double value;

		assert_int_equal(pp_threshold_value(&rule, &subject, &value, &is_default),
			cases[i].is_known);
		assert_int_equal(is_default, cases[i].is_default);
		if (cases[i].is_known)
			assert_true(value == cases[i].expected);
	}
	pp_arena_end(&arena);
}

static void terms_that_cannot_be_read_are_refused(void **state)
{
	static const char *const thresholds[] = { "far", "-5", "15*", "*total_height_m", "15*far",
		"max(1000)", "max(1000,2)", "max(a,15*total_height_m)", "max(1,15*total_height_m",
		"15 * total_height_m", "1e999" };
	static const char *const conditions[] = { "voltage_kv>=", ">=380", "voltage>=380", "!",
		"cable=perhaps", "voltage_kv>=380 or cable", "voltage_kv>=380 and ",
		"cable and cable and cable and cable and cable and cable and cable" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(thresholds); i++)
		assert_refused("distance", thresholds[i], "", "", "", "threshold");
	for (size_t i = 0; i < PP_LENGTH(conditions); i++)
		assert_refused("distance", "1", "", "", conditions[i], "when");
	assert_refused("distance", "", "", "", "", "threshold");
	assert_refused("circle", "", "", "WIND", "", "threshold");
	assert_refused("distance", "15*total_height_m", "far", "WIND", "", "default");
	assert_refused("distance", "2500", "100", "WIND", "", "default");
	assert_refused("distance", "2500", "", "WIND|MOND", "", "subject");
}

static void conditions_hold_or_name_what_is_missing(void **state)
{
	static const struct {
		const char *when, *param, *value;
		bool holds;
		enum pp_param missing;
	} cases[] = {
		{ "voltage_kv>=380", "voltage_kv", "380", true, PP_PARAM_COUNT },
		{ "voltage_kv>=380", "voltage_kv", "379.9", false, PP_PARAM_COUNT },
		{ "voltage_kv>=380", NULL, NULL, false, PP_PARAM_voltage_kv },
		{ "voltage_kv>220", "voltage_kv", "220", false, PP_PARAM_COUNT },
		{ "voltage_kv<=220", "voltage_kv", "220", true, PP_PARAM_COUNT },
		{ "voltage_kv<220", "voltage_kv", "220", false, PP_PARAM_COUNT },
		{ "voltage_kv=110", "voltage_kv", "110", true, PP_PARAM_COUNT },
		{ "voltage_kv!=110", "voltage_kv", "110", false, PP_PARAM_COUNT },
		{ "voltage_kv!=110", NULL, NULL, false, PP_PARAM_voltage_kv },
		{ "cable", "cable", "true", true, PP_PARAM_COUNT },
		{ "cable", "cable", "false", false, PP_PARAM_COUNT },
		{ "cable=false", "cable", "false", true, PP_PARAM_COUNT },
		{ "cable", NULL, NULL, false, PP_PARAM_COUNT },
		{ "!cable", NULL, NULL, true, PP_PARAM_COUNT },
		{ "!cable", "cable", "false", true, PP_PARAM_COUNT },
		{ "!cable", "cable", "true", false, PP_PARAM_COUNT },
		{ "!voltage_kv", "voltage_kv", "0", false, PP_PARAM_COUNT },
		{ "voltage_kv>=380 and !cable", "voltage_kv", "400", true, PP_PARAM_COUNT },
		/* A cable of unknown voltage: the voltage would change nothing. */
		{ "voltage_kv>=380 and !cable", "cable", "true", false, PP_PARAM_COUNT },
		{ "", NULL, NULL, true, PP_PARAM_COUNT },
	};
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_rule rule = rule_of(
			&arena, "distance", "1", "", "LEITUNG", cases[i].when);
		struct pp_subject subject = subject_of("LEITUNG", cases[i].param, cases[i].value);
		enum pp_param missing;

		if (pp_rule_holds(&rule, &subject, &missing) != cases[i].holds ||
			missing != cases[i].missing)
			fail_msg("%s with %s %s", cases[i].when,
				cases[i].param ? cases[i].param : "nothing",
				cases[i].value ? cases[i].value : "");
	}
	pp_arena_end(&arena);
}

static void a_turbine_is_as_high_as_hub_and_half_the_rotor(void **state)
{
	struct pp_subject wind = subject_of("WIND", "hub_height_m", "160");
	struct pp_fault fault;

	(void)state;
	pp_subject_complete(&wind);
	assert_false(pp_subject_has(&wind, PP_PARAM_total_height_m));
	assert_true(pp_subject_set(&wind, PP_S("rotor_diameter_m"), PP_S("150"), &fault));
	pp_subject_complete(&wind);
	assert_true(wind.value[PP_PARAM_total_height_m] == 235);
	assert_true(pp_subject_set(&wind, PP_S("total_height_m"), PP_S("240"), &fault));
	pp_subject_complete(&wind);
	assert_true(wind.value[PP_PARAM_total_height_m] == 240);
}

static void subjects_know_their_parameters(void **state)
{
	static const struct {
		const char *subject, *param, *value, *pointer;
	} cases[] = {
		{ "WIND", "hub_height_ft", "500", "/hub_height_ft" },
		{ "WIND", "voltage_kv", "110", "/voltage_kv" },
		{ "WIND", "hub_height_m", "160 m", "/hub_height_m" },
		{ "WIND", "hub_height_m", "-1", "/hub_height_m" },
		{ "WIND", "hub_height_m", "1001", "/hub_height_m" },
		{ "LEITUNG", "cable", "1", "/cable" },
		{ "HAFEN", "plan_area_m2", "1", "/plan_area_m2" },
		{ "STOERFALL", "kas18_class", "5", "/kas18_class" },
	};
	struct pp_subject subject;
	struct pp_fault fault;

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		subject = subject_of(cases[i].subject, NULL, NULL);
		assert_false(pp_subject_set(&subject, pp_slice_of(cases[i].param),
			pp_slice_of(cases[i].value), &fault));
		assert_string_equal(fault.pointer, cases[i].pointer);
		assert_int_equal(subject.given, 0);
	}
	assert_false(pp_subject_begin(&subject, PP_S("MOND"), &fault));
	assert_string_equal(fault.pointer, "/subject");
	subject = subject_of("STRASSE", NULL, NULL);
	assert_true(pp_subject_may(&subject, PP_S("study"), &fault));
	assert_false(pp_subject_may(&subject, PP_S("catchment"), &fault));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thresholds_come_to_metres),
		cmocka_unit_test(terms_that_cannot_be_read_are_refused),
		cmocka_unit_test(conditions_hold_or_name_what_is_missing),
		cmocka_unit_test(a_turbine_is_as_high_as_hub_and_half_the_rotor),
		cmocka_unit_test(subjects_know_their_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
