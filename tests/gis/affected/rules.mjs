// SPDX-License-Identifier: EUPL-1.2
// The rules as data.md says they are to be read, for the referee: which apply to a plan, and what their
// thresholds come to. Nothing here calls the program.

/** The rows of a text of rules, as objects. */
export function readRules(text) {
	const [head, ...rows] = text.trimEnd().split('\n').map((line) => line.split('\t'));
	return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

/** A plan's subjects as {name, params, catchment: hex, study: {ags: percent}}; a bare name is one too. */
export const subjectsOf = (plan) => (plan.subjects ?? []).map((subject) => (typeof subject === 'string' ? { name: subject } : subject));

/** The same in the words of affected_tool. */
export function written({ name, params = {}, catchment, study }) {
	const cells = Object.entries(params).map(([key, value]) => `${key}=${value}`);
	if (catchment)
		cells.push(`catchment=${catchment}`);
	if (study)
		cells.push(`study=${Object.entries(study).map((row) => row.join(':')).join('+')}`);
	return cells.length ? `${name}:${cells.join(',')}` : name;
}

const isFor = (rule, kind, day) => rule.kinds.split(',').some((k) => k === kind || (k.endsWith('*') && kind.startsWith(k.slice(0, -1)))) &&
	day >= (rule.valid_from || day) && day <= (rule.valid_to || day);

const compare = { '>=': (a, b) => a >= b, '<=': (a, b) => a <= b, '!=': (a, b) => a !== b, '>': (a, b) => a > b, '<': (a, b) => a < b, '=': (a, b) => a === b };

function holds(condition, values) {
	const [, not, name, sign, text] = /^(!?)(\w+)(?:(>=|<=|!=|>|<|=)(.+))?$/.exec(condition);
	if (!sign)
		return (values[name] !== undefined && values[name] !== false) === !not;
	return values[name] !== undefined && compare[sign](Number(values[name]), text === 'true' ? 1 : text === 'false' ? 0 : Number(text));
}

// [threshold, whether it is the default], or null: the rule cannot be applied.
function thresholdOf(rule, values) {
	if (!rule.threshold || /^[\d.]+$/.test(rule.threshold))
		return [Number(rule.threshold || 0), false];
	const [, least = '0', factor = '1', name] = /^(?:max\(([\d.]+),)?(?:([\d.]+)\*)?([a-z]\w*)\)?$/.exec(rule.threshold);
	if (values[name] !== undefined)
		return [Math.round(Math.max(Number(least), Number(factor) * values[name]) * 1000) / 1000, false];
	return rule.default ? [Number(rule.default), true] : null;
}

// What follows from the other parameters and from the plan.
function valuesOf(subject, [area, points]) {
	const { hub_height_m: hub, rotor_diameter_m: rotor } = subject.params ?? {};
	return { ...(hub !== undefined && rotor !== undefined ? { total_height_m: hub + rotor / 2 } : {}), ...subject.params,
		...(area > 0 ? { plan_area_m2: area } : {}), ...(points > 0 ? { plan_points: points } : {}), ...(subject.catchment ? { has_catchment: true } : {}) };
}

/** Rows of the referee's table: rule_no, subject_no, id, metric, given, threshold, class, land, origin, is_default. */
export function applicable(rules, plan, sizes) {
	const subjects = subjectsOf(plan);
	return rules.flatMap((rule, i) => {
		if (!isFor(rule, plan.kind, plan.day))
			return [];
		const meant = rule.subject ? subjects.map((subject, no) => [subject, no]).filter(([{ name }]) => rule.subject.split('|').includes(name)) : [[{}, subjects.length]];
		return meant.flatMap(([subject, no]) => {
			const values = valuesOf(subject, sizes), found = thresholdOf(rule, values);
			if (!found || (rule.when && !rule.when.split(' and ').every((condition) => holds(condition, values))))
				return [];
			const origin = /[a-z]/.test(rule.threshold) ? rule.threshold : '';
			return [[i + 1, no, rule.id, rule.metric, rule.threshold ? found[0] : '', found[0], rule.class, rule.land, origin, origin ? found[1] : '']];
		});
	});
}
