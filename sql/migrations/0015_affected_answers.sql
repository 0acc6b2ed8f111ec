-- SPDX-License-Identifier: EUPL-1.2
-- What the engine was asked for a plan, and its own words, so that a result can be computed again and
-- compared to the byte. Locks: a new table; pp.plan gets an index while writers wait.

create table pp.affected_answer (
	plan uuid primary key references pp.plan,
	query json not null,
	answer text not null,
	sha256 bytea not null check (sha256 = sha256(convert_to(answer, 'UTF8')))
);
comment on table pp.affected_answer is
	'For each plan since this table exists. With the versions of boundaries and rules that pp.plan names and its geometry, query is all that the engine knew.';
comment on column pp.affected_answer.query is
	'kind, date (whose rules), planning_municipalities, applicant_land, subjects, language.';
comment on column pp.affected_answer.answer is 'Byte for byte.';

create trigger affected_answer_frozen before insert on pp.affected_answer
	for each row execute function pp.forbid_frozen();
create trigger affected_answer_stays before update or delete or truncate on pp.affected_answer
	for each statement execute function pp.forbid_change();

-- Recomputation goes from version to version of the boundaries and rules, and there from plan to plan.
create index plan_versions on pp.plan (boundary_version, rule_version, id);

grant select, insert on pp.affected_answer to pp_server;
