-- SPDX-License-Identifier: EUPL-1.2
-- What every room stands on: the reply, refusals, identity, instants, cursors, the state machines'
-- table, idempotency and events. Locks: none that anybody waits for (new objects only).

alter default privileges revoke execute on functions from public;
grant usage on schema pp to pp_server, pp_public, pp_geometry, pp_clerk, pp_sign_in;

create table pp.migration (
	no int primary key,
	name text not null,
	sha256 bytea not null check (length(sha256) = 32),
	applied_at timestamptz not null default now(),
	server_version text not null
);
comment on table pp.migration is 'Which structural steps this database has taken; written by migrate.';

create table pp.repeatable (
	name text primary key,
	sha256 bytea not null check (length(sha256) = 32),
	applied_at timestamptz not null default now()
);
comment on table pp.repeatable is 'Which text of sql/api is in force; written by migrate.';
grant select on pp.migration, pp.repeatable to pp_server, pp_public, pp_geometry, pp_clerk;

-- Answers ---------------------------------------------------------------------------------------

create type pp.reply as (status int, location text, etag text, next text, body json);

create function pp.ok(body json, etag text default null, next text default null) returns pp.reply
language sql immutable as
$$ select row(200, null, etag, next, body)::pp.reply $$;

create function pp.created(location text, body json, etag text default null) returns pp.reply
language sql immutable as
$$ select row(201, location, etag, null, body)::pp.reply $$;

-- A refusal that the caller can act on: PP001, the problem's id as hint, the field as column.
create function pp.refuse(problem text, detail text default null, pointer text default null)
returns void language plpgsql volatile as $$
begin
	raise exception using errcode = 'PP001', message = 'refused: ' || problem, hint = problem,
		detail = coalesce(detail, ''), column = coalesce(pointer, '');
end
$$;

-- Something that must never happen to a record, whoever tries. It is a bug, not a refusal.
create function pp.forbid_change() returns trigger language plpgsql as $$
begin
	raise exception using errcode = 'restrict_violation',
		message = format('%s of %I.%I is not possible: what was recorded stays as it is',
			lower(tg_op), tg_table_schema, tg_table_name);
end
$$;

-- Identity --------------------------------------------------------------------------------------
-- The server names the requester in the first statement of each transaction. An unset name is
-- null, which equals nothing: policies fail closed. The public's login has no identity at all,
-- whatever somebody sets.

create function pp.identity(setting text) returns text language sql stable parallel safe as $$
	select case when 'pp_public' in (current_user, session_user) then null
		else nullif(current_setting(setting, true), '') end
$$;

create function pp.current_account() returns uuid language sql stable parallel safe as
$$ select pp.identity('pp.account')::uuid $$;

create function pp.current_body() returns text language sql stable parallel safe as
$$ select pp.identity('pp.body') $$;

create function pp.current_role() returns text language sql stable parallel safe as
$$ select pp.identity('pp.role') $$;

-- Spellings -------------------------------------------------------------------------------------
-- to_char counts as stable: only a function that says so as well is taken into the query.

create function pp.rfc3339(at timestamptz) returns text language sql stable parallel safe as
$$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

create function pp.iso(day date) returns text language sql stable parallel safe as
$$ select to_char(day, 'YYYY-MM-DD') $$;

-- The civil date of an instant where the law of this platform applies.
create function pp.day(at timestamptz) returns date language sql immutable parallel safe as
$$ select (at at time zone 'Europe/Berlin')::date $$;

-- UUID version 7 of an instant (RFC 9562 section 5.7); the twelve bits after the version count
-- fractions of the millisecond (section 6.2, method 3), so that ids sort as they were received.
create function pp.uuid7(at timestamptz) returns uuid language plpgsql volatile parallel safe as $$
declare
	micro bigint := floor(extract(epoch from at) * 1000000)::bigint;
	bytes bytea := uuid_send(gen_random_uuid());
begin
	bytes := overlay(bytes placing substring(int8send(micro / 1000) from 3) from 1 for 6);
	return encode(overlay(bytes
		placing substring(int4send((7 << 12) | ((micro % 1000) * 4096 / 1000)::int) from 3)
		from 7 for 2), 'hex')::uuid;
end
$$;

create function pp.base64url(bytes bytea) returns text language sql immutable parallel safe as
$$ select translate(encode(bytes, 'base64'), E'+/=\n', '-_') $$;

-- A list goes on after a key, never at an offset. The cursor is that key, opaque to the caller.
create function pp.cursor_make(variadic keys text[]) returns text
language sql immutable parallel safe as
$$ select pp.base64url(convert_to(array_to_json(keys)::text, 'UTF8')) $$;

create function pp.cursor_read(cursor text, keys int) returns text[]
language plpgsql immutable parallel safe as $$
declare
	result text[];
begin
	if cursor is null then
		return null;
	end if;
	begin
		select array_agg(value order by ordinality) into strict result
			from json_array_elements_text(convert_from(decode(
				translate(cursor, '-_', '+/') || repeat('=', (4 - length(cursor) % 4) % 4),
				'base64'), 'UTF8')::json) with ordinality;
	exception when others then
		result := null;
	end;
	if result is null or cardinality(result) <> keys or array_position(result, null) is not null then
		perform pp.refuse('invalid_parameter', 'cursor: take it from the "next" of the page before.');
	end if;
	return result;
end
$$;

create function pp.cursor_uuid(cursor text) returns uuid language plpgsql immutable as $$
begin
	return (pp.cursor_read(cursor, 1))[1]::uuid;
exception when invalid_text_representation then
	perform pp.refuse('invalid_parameter', 'cursor: take it from the "next" of the page before.');
end
$$;

create function pp.page_size(row_limit int) returns int language plpgsql immutable as $$
begin
	if row_limit < 1 or row_limit > 500 then
		perform pp.refuse('invalid_parameter', 'limit: a whole number from 1 to 500.');
	end if;
	return coalesce(row_limit, 50);
end
$$;

-- Change control --------------------------------------------------------------------------------

-- RFC 9110 section 13.1.1: who changes something says which state was seen.
create function pp.match(if_match text, version int) returns void language plpgsql immutable as $$
begin
	if if_match is null then
		perform pp.refuse('precondition_required', 'Send If-Match with the ETag that you have read.');
	elsif if_match <> '*' and if_match <> version::text then
		perform pp.refuse('precondition_failed',
			format('The current ETag is "%s"; read again, then repeat your change.', version));
	end if;
end
$$;

create table pp.transition (
	machine text not null check (machine in ('procedure', 'invitation', 'statement')),
	event text not null,
	from_state text not null,
	to_state text not null,
	primary key (machine, event, from_state)
);
comment on table pp.transition is
	'The state machines: an event that has no row for the present state is refused.';
grant select on pp.transition to pp_server, pp_clerk;

-- Null where the event does not belong to the state.
create function pp.next_state(machine text, event text, from_state text) returns text
language sql stable as $$
	select t.to_state from pp.transition t
	 where t.machine = $1 and t.event = $2 and t.from_state = $3
$$;

create function pp.step_state(machine text, event text, from_state text) returns text
language plpgsql stable as $$
declare
	result text := pp.next_state(machine, event, from_state);
begin
	if result is null then
		perform pp.refuse('conflict',
			format('The %s is in state %s, which does not allow that.', machine, from_state));
	end if;
	return result;
end
$$;

-- Idempotency -----------------------------------------------------------------------------------

create table pp.idempotency_key (
	account uuid not null,
	key text not null check (length(key) between 1 and 255),
	request_sha256 bytea,
	status int,
	location text,
	etag text,
	body json,
	created_at timestamptz not null default now(),
	constraint idempotency_key_once primary key (account, key)
) with (fillfactor = 70);
create index idempotency_key_age on pp.idempotency_key (created_at);
comment on table pp.idempotency_key is
	'Answers to writes by Idempotency-Key; kept for 30 days at least.';
alter table pp.idempotency_key enable row level security;
alter table pp.idempotency_key force row level security;
create policy own on pp.idempotency_key to pp_server
	using (account = (select pp.current_account()))
	with check (account = (select pp.current_account()));
create policy sweep on pp.idempotency_key to pp_clerk using (true);
grant select, insert, update (status, location, etag, body) on pp.idempotency_key to pp_server;
grant select (created_at), delete on pp.idempotency_key to pp_clerk;

-- Claims the key for this transaction, or gives the reply of whoever claimed it before. A second
-- caller waits here until the first has ended: the primary key makes it wait. No conflict target:
-- without the key this must fall into doing the work twice, which is what the drill looks for.
create function pp.recall(idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	owner uuid := pp.current_account();
	claim pp.idempotency_key;
begin
	if idempotency_key is null or owner is null then
		return null;
	end if;
	insert into pp.idempotency_key (account, key, request_sha256)
		values (owner, $1, $2) on conflict do nothing;
	if found then
		return null;
	end if;
	select * into strict claim from pp.idempotency_key k where k.account = owner and k.key = $1;
	if claim.request_sha256 is distinct from $2 then
		perform pp.refuse('idempotency_key_reused',
			'This key came with another request; use a new key for a new request.');
	end if;
	return row(claim.status, claim.location, claim.etag, null, claim.body)::pp.reply;
end
$$;

create function pp.remember(idempotency_key text, reply pp.reply) returns pp.reply
language plpgsql volatile as $$
begin
	if idempotency_key is not null then
		update pp.idempotency_key k
		   set status = reply.status, location = reply.location, etag = reply.etag,
			body = reply.body
		 where k.account = pp.current_account() and k.key = $1;
	end if;
	return reply;
end
$$;

-- Events ----------------------------------------------------------------------------------------

create table pp.event (
	id bigint generated always as identity primary key,
	xid xid8 not null default pg_current_xact_id(),
	at timestamptz not null,
	kind text not null,
	procedure uuid,
	round uuid,
	invitation uuid,
	statement uuid,
	bodies text[] not null default '{}',
	public bool not null default false,
	data json
);
create index event_order on pp.event (xid, id);
comment on table pp.event is
	'What happened, in one line each; ids and states only, never the content of a statement.';
comment on column pp.event.bodies is 'Keys of the bodies whom it concerns.';
grant select on pp.event to pp_server, pp_clerk;
grant insert on pp.event to pp_server, pp_clerk;
create trigger event_stays before update of id, at, kind, procedure, round, invitation, statement,
	bodies, public, data or delete or truncate on pp.event
	for each statement execute function pp.forbid_change();

create function pp.emit(kind text, at timestamptz, procedure uuid default null,
	round uuid default null, invitation uuid default null, statement uuid default null,
	bodies text[] default '{}', public bool default false, data json default null)
returns void language sql volatile as $$
	insert into pp.event (at, kind, procedure, round, invitation, statement, bodies, public, data)
	values ($2, $1, $3, $4, $5, $6,
		array(select distinct b from unnest($7) b where b is not null order by b), $8, $9)
$$;

-- Transaction ids mean nothing in another cluster: after restoring a logical dump the operator
-- (a superuser or pp_owner) calls this once, or the old events would wait for ids to come.
create function pp.event_rebase() returns bigint language sql volatile as $$
	with moved as (update pp.event set xid = '3'::xid8 where xid >= pg_snapshot_xmin(pg_current_snapshot())
		and xid <> pg_current_xact_id() returning 1)
	select count(*) from moved
$$;

grant execute on all functions in schema pp to pp_server, pp_clerk;
grant execute on function pp.identity(text), pp.current_account(), pp.current_body(),
	pp.current_role(), pp.ok(json, text, text), pp.refuse(text, text, text), pp.rfc3339(timestamptz),
	pp.iso(date), pp.day(timestamptz), pp.base64url(bytea), pp.cursor_make(text[]),
	pp.cursor_read(text, int), pp.cursor_uuid(text), pp.page_size(int)
	to pp_public, pp_geometry;
revoke execute on function pp.event_rebase() from pp_server, pp_clerk;
