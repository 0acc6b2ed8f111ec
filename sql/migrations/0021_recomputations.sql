-- SPDX-License-Identifier: EUPL-1.2
-- Recomputations that administrators ask for over REST, done by a process of the clerk's. Locks: new
-- objects only.

create table pp.recomputation (
	id uuid primary key,
	kind text not null check (kind in ('verify', 'what_if')),
	rules bigint references pp.rule_version,
	rules_text text,
	boundaries bigint references pp.boundary_version,
	date date,
	procedures uuid[] check (cardinality(procedures) > 0),
	state text not null default 'QUEUED'
		check (state in ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
	asked_by uuid not null,
	asked_by_label text not null,
	asked_at timestamptz not null,
	started_at timestamptz,
	ended_at timestamptz,
	reason text,
	attempts int not null default 0,
	plans bigint,
	same bigint not null default 0,
	engine_name bigint not null default 0,
	content bigint not null default 0,
	different bigint not null default 0,
	refused bigint not null default 0,
	items bigint not null default 0,
	after_boundaries bigint,
	after_rules bigint,
	after_plan uuid,
	check (rules is null or rules_text is null),
	check ((state in ('DONE', 'FAILED', 'CANCELLED')) = (ended_at is not null)),
	check ((state = 'FAILED') = (reason is not null)),
	check (kind = 'what_if' or coalesce(rules::text, rules_text, boundaries::text, date::text) is null)
);
create index recomputation_open on pp.recomputation (id) where state in ('QUEUED', 'RUNNING');
create index recomputation_ended on pp.recomputation (ended_at);
comment on table pp.recomputation is
	'What was asked, how far it is, and how plans came out. Not a record: swept some months after its end.';
comment on column pp.recomputation.attempts is
	'Runners that were begun since the last batch was done: at the fourth it has failed.';
comment on column pp.recomputation.after_plan is
	'All plans up to this one, in the pass of those versions, are done: where a runner goes on.';

create table pp.recomputation_item (
	recomputation uuid not null references pp.recomputation on delete cascade,
	no bigint not null,
	data json not null,
	primary key (recomputation, no)
);

-- An administrator's matter: it shows procedures that are not published.
alter table pp.recomputation enable row level security;
alter table pp.recomputation force row level security;
alter table pp.recomputation_item enable row level security;
alter table pp.recomputation_item force row level security;
create policy administrator on pp.recomputation to pp_server
	using ((select pp.current_role()) = 'administrator')
	with check ((select pp.current_role()) = 'administrator');
create policy administrator on pp.recomputation_item for select to pp_server
	using ((select pp.current_role()) = 'administrator');
create policy runner on pp.recomputation to pp_clerk using (true) with check (true);
create policy runner on pp.recomputation_item to pp_clerk using (true) with check (true);

grant select, insert, update (state, ended_at) on pp.recomputation to pp_server;
grant select on pp.recomputation_item to pp_server;
grant select, update, delete on pp.recomputation to pp_clerk;
grant select, insert, delete on pp.recomputation_item to pp_clerk;

-- The runner logs in as the clerk: stored plans, what was found, boundaries and rules; no decision, no
-- statement.
grant select on pp.plan, pp.affected_answer, pp.affected_municipality, pp.affected_authority,
	pp.affected_evidence, pp.affected_set, pp.municipality, pp.state_border, pp.affected_rule
	to pp_clerk;
grant select (id, sha256, source, valid_from, valid_to, successor, imported_at, text, origin)
	on pp.rule_version to pp_clerk;
