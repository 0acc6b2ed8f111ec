/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The rules that say whom a plan affects are data (data/rules/affected.tsv; docs/data.md explains
 * the columns): a row more fires without a line of C. This reads them and knows the metrics; the
 * engine in affected.h applies them.
 */
#include <pp/geo/subject.h>

enum pp_class { PP_CLASS_NONE, PP_MUSS, PP_SOLL, PP_PRUEFEN, PP_EIGEN };

/* "MUSS" and so on; "" for none. */
const char *pp_class_name(enum pp_class value);

enum pp_metric {
	PP_METRIC_OVERLAP,           /* the plan lies in the municipality */
	PP_METRIC_ADJACENT,          /* it adjoins a planning municipality */
	PP_METRIC_ADJACENT_DISTANCE, /* that, and the plan is at most `threshold` metres away */
	PP_METRIC_DISTANCE,          /* the plan is at most `threshold` metres away */
	PP_METRIC_CIRCLE,       /* a distance; and each one's share of the circle around a point */
	PP_METRIC_CATCHMENT,    /* the supplied catchment reaches it */
	PP_METRIC_LISTED,       /* a study names it, with at least `threshold` per cent */
	PP_METRIC_LAND_BORDER,  /* another Land is hit, or at most `threshold` metres away */
	PP_METRIC_STATE_BORDER, /* another state is at most `threshold` metres away */
	PP_METRIC_MANUAL,       /* never fires by itself: added or dropped by hand */
	PP_METRIC_UNINCORPORATED, /* an unincorporated area that another rule hit */
	PP_METRIC_COUNT
};

const char *pp_metric_name(enum pp_metric metric);

/*
 * A threshold as a rule has it: `const`, `param`, `k*param` or `max(const,k*param)`. Its value is
 * the greater of the constant and the product; without a value of the parameter the rule's default.
 */
struct pp_threshold {
	struct pp_slice text; /* as it was written; empty: the metric has none */
	double least;
	double factor;
	bool has_param;
	enum pp_param param;
};

/* One of a rule's conditions: all of them must hold. What was not given fulfils none but `!x`. */
struct pp_condition {
	enum pp_param param;
	enum pp_comparison {
		PP_IS_SET,     /* x: given, and not false */
		PP_IS_NOT_SET, /* !x: not given, or false */
		PP_IS,
		PP_IS_NOT,
		PP_AT_LEAST,
		PP_AT_MOST,
		PP_ABOVE,
		PP_BELOW
	} comparison;
	double value;
};

enum { PP_CONDITIONS_MAX = 6 };

struct pp_rule {
	struct pp_slice id, name; /* "R04", "NAH" */
	struct pp_slice
		kinds; /* "*", or kinds with commas between them; a trailing * matches any end */
	enum pp_metric metric;
	struct pp_threshold threshold; /* metres; per cent of a study */
	double default_m;              /* where the threshold's parameter is not known */
	bool has_default;
	enum pp_class class; /* PP_CLASS_NONE: as the other rules say */
	struct pp_condition when[PP_CONDITIONS_MAX];
	size_t when_count;
	struct pp_slice subject; /* fires for plans with one of these, "WIND|TURM"; empty: any */
	struct pp_slice land;    /* of plans from this Land only; empty: any */
	struct pp_slice reason_de, reason_en; /* with {value}, {unit}, {threshold}, {name} */
	struct pp_slice source;
	struct pp_slice valid_from, valid_to; /* YYYY-MM-DD, both inclusive; empty: open */
};

/*
 * What a threshold comes to for a subject: false where its parameter is not given and the rule has
 * no default.
 */
PP_CHECKED bool pp_threshold_value(const struct pp_rule *rule, const struct pp_subject *subject,
	double *value, bool *is_default);
/*
 * Whether all conditions hold. When they do not, *missing says which parameter was not given and
 * might have made them hold; PP_PARAM_COUNT: none.
 */
bool pp_rule_holds(
	const struct pp_rule *rule, const struct pp_subject *subject, enum pp_param *missing);
/* Whether it is about that subject, or about any. */
bool pp_rule_has_subject(const struct pp_rule *rule, struct pp_slice subject);

struct pp_rules {
	struct pp_slice id; /* of the version, "" without a database */
	struct pp_rule *list;
	size_t count;
};

/*
 * Tab separated, the first line names the columns (any order, id first; `default` and `when` may be
 * missing; lines that begin with # and empty lines are skipped). Copies into the arena. Refuses
 * with invalid_parameter and a sentence that names line and column.
 */
PP_CHECKED bool pp_rules_read(struct pp_arena *arena, struct pp_slice text, struct pp_rules *rules,
	struct pp_fault *fault);

/* Whether a text would be read, and has a rule at all: before it is stored. */
PP_CHECKED bool pp_rules_check(struct pp_slice text, struct pp_fault *fault);

/*
 * One rule from the fields of its row, in the order of the columns id name kinds metric threshold
 * default class subject when land reason_de reason_en source valid_from valid_to (as a database
 * keeps them; empty for null). Copies into the arena. Refuses with invalid_parameter and a sentence
 * that names the column.
 */
enum { PP_RULE_FIELDS = 15 };
PP_CHECKED bool pp_rule_read(struct pp_arena *arena, const struct pp_slice fields[PP_RULE_FIELDS],
	struct pp_rule *rule, struct pp_fault *fault);

/* Whether a rule applies to a kind of procedure on a day. */
bool pp_rule_is_for(const struct pp_rule *rule, struct pp_slice kind, struct pp_slice date);
