-- SPDX-License-Identifier: EUPL-1.2
-- Proof of publication: what probes have seen of published procedures. Locks: new objects only.

create table pp.probe_result (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	probe text not null check (length(probe) between 1 and 80),
	url text not null check (length(url) between 8 and 500),
	at timestamptz not null,
	ended_at timestamptz not null,
	every_s int not null check (every_s between 1 and 86400),
	entries int not null check (entries >= 0),
	failures jsonb not null default '[]' check (jsonb_typeof(failures) = 'array'),
	ok bool not null generated always as (failures = '[]'::jsonb) stored,
	recorded_at timestamptz not null,
	recorded_by uuid not null,
	constraint probe_result_once unique (procedure, probe, at),
	check (ended_at >= at)
);
comment on table pp.probe_result is
	'One look of a probe at everything that is published of a procedure, through the public address.';
comment on column pp.probe_result.every_s is 'How often the probe looks: what is twice as long without a look is a gap.';
comment on column pp.probe_result.failures is
	'[{"address", "problem": UNERREICHBAR|STATUS|VERAENDERT|VERZEICHNIS, "status", "expected", "found", "detail"}]';
create trigger probe_result_stays before update or delete or truncate on pp.probe_result
	for each statement execute function pp.forbid_change();
grant select, insert on pp.probe_result to pp_server;
