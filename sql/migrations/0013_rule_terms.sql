-- SPDX-License-Identifier: EUPL-1.2
-- Rules reckon with a plan's parameters: thresholds are expressions, with a default and conditions.
-- Locks: pp.affected_rule exclusively while its few hundred rows are written anew.

alter table pp.affected_rule
	drop constraint affected_rule_threshold_check,
	alter column threshold type text using trim_scale(threshold)::text,
	add column "default" numeric check ("default" >= 0),
	add column "when" text check ("when" <> ''),
	add check (threshold <> '');
comment on column pp.affected_rule.threshold is
	'const, param, k*param or max(const,k*param), metres; per cent of a study.';
comment on column pp.affected_rule."default" is
	'Metres where the threshold''s parameter was not given; null: the rule does not fire without it.';
comment on column pp.affected_rule."when" is 'Conditions on a subject''s parameters.';
