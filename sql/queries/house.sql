-- SPDX-License-Identifier: EUPL-1.2

-- schema_version() -> no int
-- lane: read public clerk geometry owner
select coalesce(max(no), 0) as no from pp.migration;

-- What a database of the operator's offers: how many connections it takes from logins that are no
-- superusers, and whether its locale knows that Ü is the capital of ü.

-- server_facts() -> room int, lc_ctype text, knows_umlauts bool
-- lane: read
select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as room,
	(select d.datctype from pg_database d where d.datname = current_database()) as lc_ctype,
	lower('Ü') = 'ü' as knows_umlauts;

-- event_tail(after bigint, row_limit int) -> id bigint, kind text, at timestamptz, procedure uuid,
--   round uuid, invitation uuid, statement uuid, bodies text[], public bool, data json
-- lane: clerk
select e.id, e.kind, e.at, e.procedure, e.round, e.invitation, e.statement, e.bodies, e.public, e.data
  from pp_api.event_tail($1, $2) e;

-- The same for a web worker, which hands each event to the listeners whom it concerns.

-- event_all_since(after bigint, row_limit int) -> id bigint, kind text, at text,
--   procedure uuid, round uuid, invitation uuid, statement uuid, bodies text[], public bool, data json
-- lane: read
select e.id, e.kind, pp.rfc3339(e.at) as at, e.procedure, e.round, e.invitation, e.statement, e.bodies, e.public, e.data
  from pp_api.event_tail($1, $2) e;

-- event_since(after bigint, row_limit int) -> id bigint, kind text, at text,
--   procedure uuid, round uuid, invitation uuid, statement uuid, bodies text[], public bool, data json
-- lane: read public
select e.id, e.kind, pp.rfc3339(e.at) as at, e.procedure, e.round, e.invitation, e.statement, e.bodies, e.public, e.data
  from pp_api.event_since($1, $2) e;

-- event_last() -> id bigint
-- lane: read public clerk
select pp_api.event_last() as id;

-- event_notify(payload text) -> nothing
-- lane: clerk
select pg_notify('pp_event', $1);

-- clerk_lead() -> leads bool
-- lane: clerk
select pg_try_advisory_lock(hashtext('pp clerk')) as leads;

-- Records what law has fixed to instants up to this one; next is when it is due again, null for never.

-- clock_tick(at timestamptz) -> next text
-- lane: clerk
select pp.rfc3339(pp_api.clock_tick($1)) as next;

-- idempotency_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.idempotency_sweep($1) as gone;
