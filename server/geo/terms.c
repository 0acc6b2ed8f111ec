/* SPDX-License-Identifier: EUPL-1.2 */
#include "terms.h"

#include <math.h>

/* A number that is not below zero. */
static bool read_number(struct pp_slice text, double *value)
{
	return pp_slice_double(text, value) && *value >= 0;
}

/* `param` or `k*param`. */
static bool read_product(struct pp_slice text, struct pp_threshold *threshold)
{
	struct pp_slice rest, first = pp_slice_cut(text, '*', &rest);

	threshold->has_param = true;
	threshold->factor = 1;
	if (first.len == text.len)
		return pp_param_named(text, &threshold->param);
	return read_number(first, &threshold->factor) && pp_param_named(rest, &threshold->param);
}

bool pp_threshold_read(struct pp_threshold *threshold)
{
	struct pp_slice text = threshold->text, least, product;

	if (read_number(text, &threshold->least))
		return true;
	threshold->least = 0;
	if (!pp_slice_starts(text, PP_S("max(")) || text.at[text.len - 1] != ')')
		return read_product(text, threshold);
	least = pp_slice_cut(pp_slice(text.at + 4, text.len - 5), ',', &product);
	return read_number(least, &threshold->least) && read_product(product, threshold);
}

static const struct {
	const char *sign;
	enum pp_comparison comparison;
} signs[] = {
	/* Longer ones first: ">=" begins with ">". */
	{ ">=", PP_AT_LEAST },
	{ "<=", PP_AT_MOST },
	{ "!=", PP_IS_NOT },
	{ ">", PP_ABOVE },
	{ "<", PP_BELOW },
	{ "=", PP_IS },
};

static bool read_operand(struct pp_slice text, double *value)
{
	*value = pp_slice_is(text, PP_S("true"));
	return *value > 0 || pp_slice_is(text, PP_S("false")) || pp_slice_double(text, value);
}

static bool read_condition(struct pp_slice text, struct pp_condition *out)
{
	for (size_t at = 1; at < text.len; at++)
		for (size_t i = 0; i < PP_LENGTH(signs); i++) {
			struct pp_slice sign = pp_slice_of(signs[i].sign);
			struct pp_slice rest = pp_slice(text.at + at, text.len - at);

			if (!pp_slice_starts(rest, sign))
				continue;
			out->comparison = signs[i].comparison;
			return pp_param_named(pp_slice(text.at, at), &out->param) &&
				read_operand(pp_slice(rest.at + sign.len, rest.len - sign.len),
					&out->value);
		}
	out->comparison = text.len && text.at[0] == '!' ? PP_IS_NOT_SET : PP_IS_SET;
	if (out->comparison == PP_IS_NOT_SET)
		text = pp_slice(text.at + 1, text.len - 1);
	return pp_param_named(text, &out->param);
}

bool pp_conditions_read(
	struct pp_slice text, struct pp_condition list[PP_CONDITIONS_MAX], size_t *count)
{
	static const struct pp_slice and = { " and ", 5 };

	*count = 0;
	while (text.len) {
		size_t length = 0;

		while (length < text.len &&
			!pp_slice_starts(pp_slice(text.at + length, text.len - length), and))
			length++;
		if (*count == PP_CONDITIONS_MAX ||
			!read_condition(pp_slice(text.at, length), &list[(*count)++]))
			return false;
		if (length == text.len)
			return true;
		text = pp_slice(text.at + length + and.len, text.len - length - and.len);
		if (!text.len)
			return false;
	}
	return true;
}

static bool compares(const struct pp_condition *condition, double value)
{
	switch (condition->comparison) {
	case PP_IS_SET:
	case PP_IS_NOT_SET:
		break;
	case PP_IS:
		return value == condition->value;
	case PP_IS_NOT:
		return value != condition->value;
	case PP_AT_LEAST:
		return value >= condition->value;
	case PP_AT_MOST:
		return value <= condition->value;
	case PP_ABOVE:
		return value > condition->value;
	case PP_BELOW:
		return value < condition->value;
	}
	return false;
}

/* A flag that is false, or a height of 0, was given all the same. */
static bool is_set(const struct pp_subject *subject, enum pp_param param)
{
	return pp_subject_has(subject, param) &&
		(pp_param_row(param)->kind != PP_PARAM_KIND_FLAG || subject->value[param] != 0);
}

static bool holds(const struct pp_condition *condition, const struct pp_subject *subject)
{
	if (condition->comparison == PP_IS_SET || condition->comparison == PP_IS_NOT_SET)
		return is_set(subject, condition->param) == (condition->comparison == PP_IS_SET);
	return pp_subject_has(subject, condition->param) &&
		compares(condition, subject->value[condition->param]);
}

bool pp_rule_holds(
	const struct pp_rule *rule, const struct pp_subject *subject, enum pp_param *missing)
{
	bool failed = false;

	*missing = PP_PARAM_COUNT;
	for (size_t i = 0; i < rule->when_count; i++) {
		const struct pp_condition *condition = &rule->when[i];

		if (holds(condition, subject))
			continue;
		/* What was given and does not hold decides; nothing else is worth asking for. */
		if (condition->comparison <= PP_IS_NOT_SET ||
			pp_subject_has(subject, condition->param)) {
			*missing = PP_PARAM_COUNT;
			return false;
		}
		*missing = condition->param;
		failed = true;
	}
	return !failed;
}

bool pp_threshold_value(const struct pp_rule *rule, const struct pp_subject *subject, double *value,
	bool *is_default)
{
	const struct pp_threshold *threshold = &rule->threshold;

	*value = threshold->least;
	*is_default = false;
	if (!threshold->has_param)
		return true;
	if (pp_subject_has(subject, threshold->param)) {
		/* To the millimetre, as it is printed. */
		*value = round(fmax(*value, threshold->factor * subject->value[threshold->param]) *
				 1000) /
			1000;
		return true;
	}
	*value = rule->default_m;
	*is_default = true;
	return rule->has_default;
}

bool pp_rule_has_subject(const struct pp_rule *rule, struct pp_slice subject)
{
	struct pp_slice rest = rule->subject;

	if (!rest.len)
		return true;
	while (rest.len)
		if (pp_slice_is(pp_slice_cut(rest, '|', &rest), subject))
			return true;
	return false;
}
