-- SPDX-License-Identifier: EUPL-1.2
-- The audit chain: whatever is written in a procedure gets an entry, bound to the entry before it by
-- SHA-256, in the same transaction; docs/audit.md has the encoding. Entries are made at commit, so that
-- the lock of a chain is the last one that a transaction takes. Locks: every watched table for the
-- moment of a new trigger.

create table pp.audit_relation (
	relation text primary key,
	chain text not null check (chain in ('id', 'procedure', 'plan', 'round', 'invitation', 'statement', 'concern', 'person', 'none')),
	key text not null
);
comment on table pp.audit_relation is 'Which tables are recorded.';
comment on column pp.audit_relation.chain is
	'What leads from a row to its procedure; none: the chain of the platform, whose id is the nil UUID.';
comment on column pp.audit_relation.key is 'The columns that name a row, with commas between them.';

create table pp.audit_shape (
	id int generated always as identity primary key,
	relation text not null references pp.audit_relation,
	columns text[] not null collate "C",
	sha256 bytea not null check (length(sha256) = 32)
);
create index audit_shape_relation on pp.audit_shape (relation, id);
comment on table pp.audit_shape is
	'Which columns an entry is of, in the order of their bytes: a later column does not concern it.';

create table pp.audit_entry (
	chain uuid not null,
	seq bigint not null check (seq > 0),
	at timestamptz not null,
	actor uuid,
	body text,
	role text,
	login text not null,
	action text not null check (action in ('insert', 'update', 'adopt')),
	relation text not null references pp.audit_relation,
	key text not null,
	shape int not null references pp.audit_shape,
	content_sha256 bytea not null check (length(content_sha256) = 32),
	marks bytea not null,
	prev bytea not null check (length(prev) = 32),
	hash bytea not null check (length(hash) = 32),
	primary key (chain, seq)
);
comment on column pp.audit_entry.at is 'The database''s clock: beside the instants of law that the row itself has.';
comment on column pp.audit_entry.body is 'For which body the account acted.';
comment on column pp.audit_entry.login is 'As what the session had logged in: the server, the clerk, or somebody past them.';
comment on column pp.audit_entry.action is 'adopt: the row was there before the chain, or a migration has changed its columns.';
comment on column pp.audit_entry.content_sha256 is 'SHA-256 of the row as canonical JSON.';
comment on column pp.audit_entry.marks is
	'Two bytes of the SHA-256 of each column, in the order of the shape: they tell which one was changed.';

-- What a writer of a chain waits at; nothing in it that the entries do not say.
create table pp.audit_head (
	chain uuid primary key,
	seq bigint not null,
	hash bytea not null
) with (fillfactor = 50);

create trigger audit_entry_stays before update or delete or truncate on pp.audit_entry
	for each statement execute function pp.forbid_change();
create trigger audit_shape_stays before update or delete or truncate on pp.audit_shape
	for each statement execute function pp.forbid_change();
create trigger audit_head_stays before delete or truncate on pp.audit_head
	for each statement execute function pp.forbid_change();

grant usage on schema pp to pp_audit, pp_chain;
grant select on pp.audit_relation, pp.audit_shape, pp.audit_entry, pp.audit_head to pp_audit, pp_chain;
grant select on pp.migration to pp_audit;
grant insert on pp.audit_shape, pp.audit_entry, pp.audit_head to pp_chain;
grant update (seq, hash) on pp.audit_head to pp_chain;

-- The row's own columns, with what belongs to it and never changes: the points of a statement, what
-- was found for a plan. Geometry as its bytes, since GeoJSON rounds.
create function pp.audit_content(relation text, c jsonb) returns jsonb language plpgsql stable as $$
begin
	if relation = 'event' then
		return c - 'xid';
	elsif relation = 'statement' then
		return c || jsonb_build_object('points',
			(select jsonb_agg(to_jsonb(p) || jsonb_build_object('geom', p.geom::text) order by p.no)
			   from pp.statement_point p where p.statement = (c ->> 'id')::uuid));
	elsif relation = 'plan' then
		return c || (select jsonb_build_object('geom', p.geom::text,
				'affected_municipalities', (select jsonb_agg(to_jsonb(m) order by m.ags) from pp.affected_municipality m where m.plan = p.id),
				'affected_authorities', (select jsonb_agg(to_jsonb(m) order by m.body) from pp.affected_authority m where m.plan = p.id),
				'affected_evidence', (select jsonb_agg(to_jsonb(m) order by m.body, m.no) from pp.affected_evidence m where m.plan = p.id),
				'affected_answer', (select to_jsonb(m) from pp.affected_answer m where m.plan = p.id))
			from pp.plan p where p.id = (c ->> 'id')::uuid);
	elsif relation = 'concern' then
		return c || (select jsonb_build_object('geom', p.geom::text) from pp.concern p where p.id = (c ->> 'id')::uuid);
	end if;
	return c;
end
$$;

create function pp.audit_chain(chain text, c jsonb) returns uuid language plpgsql stable as $$
declare
	result uuid;
begin
	if chain in ('procedure', 'id') then
		result := (c ->> chain)::uuid;
	elsif chain = 'plan' then
		select p.procedure into result from pp.plan p where p.id = (c ->> 'plan')::uuid;
	elsif chain = 'round' then
		select d.procedure into result from pp.round d where d.id = (c ->> 'round')::uuid;
	elsif chain = 'invitation' then
		select i.procedure into result from pp.invitation i where i.id = (c ->> 'invitation')::uuid;
	elsif chain = 'statement' then
		select s.procedure into result from pp.statement s where s.id = (c ->> 'statement')::uuid;
	elsif chain = 'concern' then
		select n.procedure into result from pp.concern n where n.id = (c ->> 'concern')::uuid;
	elsif chain = 'person' then
		select n.procedure into result from pp.person n where n.id = (c ->> 'person')::uuid;
	end if;
	return coalesce(result, '00000000-0000-0000-0000-000000000000');
end
$$;

create function pp.audit_shape_of(relation text, columns text[]) returns pp.audit_shape language plpgsql volatile as $$
declare
	s pp.audit_shape;
begin
	select * into s from pp.audit_shape v where v.relation = $1 order by v.id desc limit 1;
	if s.columns is distinct from $2 then
		select * into s from pp.audit_shape v where v.relation = $1 and v.columns = $2;
	end if;
	if s.id is null then
		insert into pp.audit_shape (relation, columns, sha256)
			values ($1, $2, sha256(convert_to(array_to_string($2, ','), 'UTF8'))) returning * into s;
	end if;
	return s;
end
$$;

-- Canonical JSON (RFC 8785) of an object whose values are all strings: in it nothing is left to choose.
create function pp.audit_append(relation text, action text, key text, chain uuid, content jsonb) returns void
language plpgsql volatile as $$
declare
	e pp.audit_entry;
	s pp.audit_shape;
	words text;
	columns text[];
	bytes bytea;
begin
	select string_agg(to_json(c.key)::text || ':' || to_json(c.value)::text, ','),
		array_agg(c.key),
		string_agg(coalesce(substr(sha256(convert_to(c.value, 'UTF8')), 1, 2), '\x0000'), '')
	  into words, columns, bytes
	  from (select u.key, u.value from jsonb_each_text(content) u order by u.key collate "C") c;
	s := pp.audit_shape_of(relation, columns);
	loop
		select h.seq + 1, h.hash into e.seq, e.prev from pp.audit_head h where h.chain = $4 for no key update;
		exit when found;
		insert into pp.audit_head (chain, seq, hash)
			values ($4, 0, decode(repeat('00', 32), 'hex')) on conflict do nothing;
	end loop;
	e := row($4, e.seq, clock_timestamp(), pp.current_account(), pp.current_body(), pp.current_role(), session_user,
		$2, $1, $3, s.id, sha256(convert_to('{' || words || '}', 'UTF8')), bytes, e.prev, null);
	e.hash := sha256(convert_to(pp.audit_words(e, s.sha256), 'UTF8'));
	insert into pp.audit_entry select e.*;
	update pp.audit_head h set seq = e.seq, hash = e.hash where h.chain = e.chain;
end
$$;

-- Version 1 of what an entry's hash is of.
create function pp.audit_words(e pp.audit_entry, shape bytea) returns text language sql stable as $$
	select '["pp-audit-1","' || e.chain || '",' || e.seq || ',"' || pp.rfc3339(e.at) || '",'
		|| coalesce('"' || e.actor || '"', 'null') || ',' || coalesce(to_json(e.body)::text, 'null') || ','
		|| coalesce(to_json(e.role)::text, 'null') || ',' || to_json(e.login) || ',"' || e.action || '","' || e.relation || '",'
		|| to_json(e.key) || ',"' || encode(shape, 'hex') || '","' || encode(e.content_sha256, 'hex') || '","'
		|| encode(e.marks, 'hex') || '","' || encode(e.prev, 'hex') || '"]'
$$;

create function pp.audit_key(key text, c jsonb) returns text language sql immutable as $$
	select string_agg(c ->> u.name, '/' order by u.no) from unnest(string_to_array(key, ',')) with ordinality u (name, no)
$$;

create function pp.audit_record() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
	c jsonb := pp.audit_content(tg_table_name, to_jsonb(new));
begin
	perform pp.audit_append(tg_table_name, lower(tg_op),
		case tg_argv[1] when 'id' then c ->> 'id' else pp.audit_key(tg_argv[1], c) end,
		pp.audit_chain(tg_argv[0], c), c);
	return null;
end
$$;

-- Records rows that are there already: before the chain began, or before a migration changed their
-- columns. A migration that does calls it for each table.
create function pp.audit_adopt(relation text) returns bigint language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
	r pp.audit_relation;
	c jsonb;
	number bigint := 0;
begin
	select * into strict r from pp.audit_relation v where v.relation = $1;
	for c in execute format('select to_jsonb(t) from pp.%I t', $1) loop
		c := pp.audit_content($1, c);
		perform pp.audit_append($1, 'adopt', pp.audit_key(r.key, c), pp.audit_chain(r.chain, c), c);
		number := number + 1;
	end loop;
	return number;
end
$$;

-- Has a table recorded from now on. A migration that makes a table of the domain calls it.
create function pp.audit_watch(relation text, chain text, key text default 'id') returns void
language plpgsql volatile as $$
begin
	insert into pp.audit_relation (relation, chain, key) values ($1, $2, $3);
	perform pp.audit_readable($1);
	execute format('create constraint trigger audit after insert or update on pp.%I deferrable initially deferred
		for each row execute function pp.audit_record(%L, %L)', $1, $2, $3);
	perform pp.audit_adopt($1);
end
$$;

-- The recorder and the auditor's program read the whole table, for no other reason than hashing it.
create function pp.audit_readable(relation text) returns void language plpgsql volatile as $$
begin
	execute format('grant select on pp.%I to pp_chain, pp_audit', $1);
	if (select c.relrowsecurity from pg_class c where c.oid = format('pp.%I', $1)::regclass) then
		execute format('create policy audit on pp.%I for select to pp_chain, pp_audit using (true)', $1);
	end if;
end
$$;

-- Transactions that write in several procedures come one after the other: each holds several chains,
-- and two of them could wait for each other.
create function pp.audit_several() returns void language sql volatile as
$$ select pg_advisory_xact_lock(hashtext('pp audit several')) $$;

grant create on schema pp to pp_chain;
grant execute on function pp.audit_content(text, jsonb), pp.audit_chain(text, jsonb), pp.audit_shape_of(text, text[]),
	pp.audit_append(text, text, text, uuid, jsonb), pp.audit_words(pp.audit_entry, bytea), pp.audit_key(text, jsonb),
	pp.rfc3339(timestamptz), pp.current_account(), pp.current_body(), pp.current_role(), pp.identity(text) to pp_chain;
alter function pp.audit_record() owner to pp_chain;
alter function pp.audit_adopt(text) owner to pp_chain;
revoke create on schema pp from pp_chain;
set local role pp_chain;
grant execute on function pp.audit_record(), pp.audit_adopt(text) to pp_owner;
reset role;
grant execute on function pp.audit_several() to pp_server, pp_clerk;

do $$
begin
	perform pp.audit_readable(u) from unnest(array['statement_point', 'affected_municipality', 'affected_authority',
	'affected_evidence', 'affected_answer']) u;
	perform pp.audit_watch(relation, chain, key) from (values
	('procedure', 'id', 'id'), ('procedure_event', 'procedure', 'id'), ('procedure_due', 'procedure', 'id'),
	('procedure_track', 'procedure', 'procedure,machine'), ('procedure_link', 'procedure', 'procedure,other,kind'),
	('procedure_party', 'procedure', 'procedure,body'), ('plan', 'procedure', 'id'),
	('affected_decision', 'plan', 'id'), ('affected_set', 'plan', 'plan'),
	('round', 'procedure', 'id'), ('round_extension', 'procedure', 'id'), ('invitation', 'procedure', 'id'),
	('extension', 'invitation', 'id'), ('extension_request', 'invitation', 'id'),
	('reminder', 'procedure', 'id'), ('reminder_sent', 'invitation', 'id'),
	('person', 'procedure', 'id'), ('consent', 'person', 'person,kind,at'), ('reading', 'person', 'id'),
	('statement', 'procedure', 'id'), ('reinstatement_request', 'statement', 'id'), ('lateness_decision', 'statement', 'id'),
	('weighing', 'procedure', 'statement'), ('statement_group', 'procedure', 'id'), ('concern', 'procedure', 'id'),
	('concern_proposal', 'concern', 'concern,no'), ('weighing_resolution', 'procedure', 'id'),
	('weighing_result', 'statement', 'statement,no'), ('outage', 'procedure', 'id'), ('outage_decision', 'round', 'id'),
	('probe_result', 'procedure', 'id'), ('event', 'procedure', 'id'), ('holiday', 'none', 'id'),
	('rule_version', 'none', 'id'), ('boundary_version', 'none', 'id'), ('body', 'none', 'key')) w (relation, chain, key);
end
$$;
-- What orders events is no part of them, and a restored database numbers it anew.
drop trigger audit on pp.event;
create constraint trigger audit after insert on pp.event deferrable initially deferred
	for each row execute function pp.audit_record('procedure', 'id');
