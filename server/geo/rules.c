/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/rules.h>

#include "terms.h"

static const char *const class_names[] = { "", "MUSS", "SOLL", "PRUEFEN", "EIGEN" };
static const char *const metric_names[PP_METRIC_COUNT] = { "overlap", "adjacent",
	"adjacent_distance", "distance", "circle", "catchment", "listed", "land_border",
	"state_border", "manual", "unincorporated" };
static const char *const columns[PP_RULE_FIELDS] = { "id", "name", "kinds", "metric", "threshold",
	"default", "class", "subject", "when", "land", "reason_de", "reason_en", "source",
	"valid_from", "valid_to" };
enum {
	ID,
	NAME,
	KINDS,
	METRIC,
	THRESHOLD,
	DEFAULT,
	CLASS,
	SUBJECT,
	WHEN,
	LAND,
	REASON_DE,
	REASON_EN,
	SOURCE,
	VALID_FROM,
	VALID_TO
};

const char *pp_class_name(enum pp_class value)
{
	return class_names[value];
}

const char *pp_metric_name(enum pp_metric metric)
{
	return metric_names[metric];
}

static bool wrong(struct pp_fault *fault, int column, const char *what)
{
	return pp_fault(fault, PP_invalid_parameter, "column %s %s", columns[column], what);
}

static bool read_metric(struct pp_slice text, enum pp_metric *metric)
{
	for (int i = 0; i < PP_METRIC_COUNT; i++) {
		if (pp_slice_is(text, pp_slice_of(metric_names[i]))) {
			*metric = (enum pp_metric)i;
			return true;
		}
	}
	return false;
}

/* MUSS, SOLL, PRUEFEN or nothing; EIGEN is never a rule's. */
static bool read_class(struct pp_slice text, enum pp_class *class)
{
	for (int i = PP_CLASS_NONE; i <= PP_PRUEFEN; i++) {
		if (pp_slice_is(text, pp_slice_of(class_names[i]))) {
			*class = (enum pp_class)i;
			return true;
		}
	}
	return false;
}

static bool is_date(struct pp_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (i == 4 || i == 7 ? s.at[i] != '-' : s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.len == 10;
}

static const bool needs_threshold[PP_METRIC_COUNT] = {
	[PP_METRIC_ADJACENT_DISTANCE] = true,
	[PP_METRIC_DISTANCE] = true,
	[PP_METRIC_CIRCLE] = true,
	[PP_METRIC_LISTED] = true,
	[PP_METRIC_LAND_BORDER] = true,
	[PP_METRIC_STATE_BORDER] = true,
};

/* Threshold, default, subjects and conditions: what a rule makes of a plan's parameters. */
static bool read_terms(
	struct pp_rule *rule, const struct pp_slice fields[PP_RULE_FIELDS], struct pp_fault *fault)
{
	struct pp_slice rest = rule->subject;

	if (rule->threshold.text.len && !pp_threshold_read(&rule->threshold))
		return wrong(fault, THRESHOLD,
			"must be a number, a parameter, k*parameter or max(number,k*parameter)");
	if (needs_threshold[rule->metric] && !rule->threshold.text.len)
		return wrong(fault, THRESHOLD, "is needed by this metric");
	rule->has_default = fields[DEFAULT].len;
	if (rule->has_default &&
		(!pp_slice_double(fields[DEFAULT], &rule->default_m) || rule->default_m < 0))
		return wrong(fault, DEFAULT, "must be a number of metres");
	if (rule->has_default && !rule->threshold.has_param)
		return wrong(fault, DEFAULT, "belongs to a threshold with a parameter");
	while (rest.len) {
		struct pp_subject known;
		struct pp_fault unknown;

		if (!pp_subject_begin(&known, pp_slice_cut(rest, '|', &rest), &unknown))
			return wrong(fault, SUBJECT, "names no subject of a plan");
	}
	if (!pp_conditions_read(fields[WHEN], rule->when, &rule->when_count))
		return wrong(fault, WHEN,
			"must be conditions such as floor_area_m2>=1200 or !cable, with ' and ' "
			"between them");
	return true;
}

bool pp_rule_read(struct pp_arena *arena, const struct pp_slice fields[PP_RULE_FIELDS],
	struct pp_rule *rule, struct pp_fault *fault)
{
	*rule = (struct pp_rule){ .id = pp_copy(arena, fields[ID]),
		.name = pp_copy(arena, fields[NAME]),
		.kinds = pp_copy(arena, fields[KINDS]),
		.threshold.text = pp_copy(arena, fields[THRESHOLD]),
		.subject = pp_copy(arena, fields[SUBJECT]),
		.land = pp_copy(arena, fields[LAND]),
		.reason_de = pp_copy(arena, fields[REASON_DE]),
		.reason_en = pp_copy(arena, fields[REASON_EN]),
		.source = pp_copy(arena, fields[SOURCE]),
		.valid_from = pp_copy(arena, fields[VALID_FROM]),
		.valid_to = pp_copy(arena, fields[VALID_TO]) };
	if (!rule->id.len)
		return wrong(fault, ID, "is empty");
	if (!rule->kinds.len)
		return wrong(fault, KINDS, "is empty; * stands for all");
	if (!rule->reason_de.len || !rule->reason_en.len)
		return wrong(fault, rule->reason_de.len ? REASON_EN : REASON_DE, "is empty");
	if (!read_metric(fields[METRIC], &rule->metric))
		return wrong(fault, METRIC, "names no metric");
	if (!read_class(fields[CLASS], &rule->class))
		return wrong(fault, CLASS, "must be MUSS, SOLL, PRUEFEN or empty");
	if (!read_terms(rule, fields, fault))
		return false;
	if (rule->valid_from.len && !is_date(rule->valid_from))
		return wrong(fault, VALID_FROM, "must be a date");
	if (rule->valid_to.len && !is_date(rule->valid_to))
		return wrong(fault, VALID_TO, "must be a date");
	return true;
}

static size_t fields_of(struct pp_slice line)
{
	size_t fields = 1;

	for (size_t i = 0; i < line.len; i++)
		fields += line.at[i] == '\t';
	return fields;
}

/* Which field of a line is which column; false and a fault when one is missing. */
static bool read_heading(struct pp_slice line, int places[PP_RULE_FIELDS], struct pp_fault *fault)
{
	if (!pp_slice_starts(line, pp_slice_of(columns[0])))
		return pp_fault(
			fault, PP_invalid_parameter, "line 1 must name the columns, id first");
	for (int column = 0; column < PP_RULE_FIELDS; column++) {
		struct pp_slice rest = line;
		bool found = false;

		for (places[column] = -1; rest.len && !found; places[column]++)
			found = pp_slice_is(
				pp_slice_cut(rest, '\t', &rest), pp_slice_of(columns[column]));
		if (found)
			continue;
		/* Texts from before there were parameters do not have these; beyond the last is
		 * nothing. */
		if (column != DEFAULT && column != WHEN)
			return pp_fault(fault, PP_invalid_parameter, "line 1 lacks the column %s",
				columns[column]);
		places[column] = (int)fields_of(line);
	}
	return true;
}

static void split(struct pp_slice line, const int places[PP_RULE_FIELDS],
	struct pp_slice fields[PP_RULE_FIELDS])
{
	for (int column = 0; column < PP_RULE_FIELDS; column++) {
		struct pp_slice rest = line, field = PP_S("");

		for (int place = 0; place <= places[column]; place++)
			field = pp_slice_cut(rest, '\t', &rest);
		fields[column] = field;
	}
}

bool pp_rules_read(struct pp_arena *arena, struct pp_slice text, struct pp_rules *rules,
	struct pp_fault *fault)
{
	struct pp_slice rest = text, fields[PP_RULE_FIELDS];
	int places[PP_RULE_FIELDS] = { 0 };
	size_t lines = 1, number = 0, fields_named = 0;

	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	*rules = (struct pp_rules){ .id = PP_S(""),
		.list = PP_NEW_ARRAY(arena, struct pp_rule, lines) };
	while (rest.len) {
		struct pp_slice line = pp_slice_cut(rest, '\n', &rest);
		struct pp_fault why;

		number++;
		if (!line.len || line.at[0] == '#')
			continue;
		if (!rules->count && !places[NAME]) {
			if (!read_heading(line, places, fault))
				return false;
			fields_named = fields_of(line);
			continue;
		}
		if (fields_of(line) > fields_named)
			return pp_fault(fault, PP_invalid_parameter,
				"line %zu has %zu fields, line 1 names %zu", number,
				fields_of(line), fields_named);
		split(line, places, fields);
		if (!pp_rule_read(arena, fields, &rules->list[rules->count++], &why))
			return pp_fault(
				fault, PP_invalid_parameter, "line %zu: %s", number, why.detail);
	}
	return true;
}

bool pp_rules_check(struct pp_slice text, struct pp_fault *fault)
{
	struct pp_arena arena;
	struct pp_rules rules;
	bool good;

	if (!pp_slice_is_utf8(text))
		return pp_fault(fault, PP_invalid_parameter, "the text is no UTF-8");
	pp_arena_begin(&arena);
	good = pp_rules_read(&arena, text, &rules, fault);
	if (good && !rules.count)
		good = pp_fault(fault, PP_invalid_parameter, "there is no rule in it");
	pp_arena_end(&arena);
	return good;
}

bool pp_rule_is_for(const struct pp_rule *rule, struct pp_slice kind, struct pp_slice date)
{
	struct pp_slice rest = rule->kinds;

	if (rule->valid_from.len && pp_slice_order(date, rule->valid_from) < 0)
		return false;
	if (rule->valid_to.len && pp_slice_order(date, rule->valid_to) > 0)
		return false;
	while (rest.len) {
		struct pp_slice one = pp_slice_cut(rest, ',', &rest);

		if (one.len && one.at[one.len - 1] == '*' &&
			pp_slice_starts(kind, pp_slice(one.at, one.len - 1)))
			return true;
		if (pp_slice_is(one, kind))
			return true;
	}
	return false;
}
