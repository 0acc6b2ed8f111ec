-- SPDX-License-Identifier: EUPL-1.2
-- A version of the rules keeps the very text that it was made from, and says whose it is. Locks:
-- pp.rule_version and pp.affected_rule exclusively, both small; readers wait for milliseconds.

alter table pp.rule_version
	add column text text check (sha256 = sha256(convert_to(text, 'UTF8'))),
	add column origin text not null default 'program' check (origin in ('program', 'person')),
	add column imported_by uuid,
	add column imported_by_label text,
	add check (origin = 'person' or imported_by is null);
alter table pp.rule_version alter column origin drop default;
comment on column pp.rule_version.text is
	'Byte for byte what was imported; null where a version is older than this column and not the program''s own.';
comment on column pp.rule_version.origin is
	'program: brought by migrate, which replaces it when the program brings another. person: imported, and only ever replaced by a person.';

create function pp.forbid_rule_change() returns trigger language plpgsql as $$
begin
	if (new.id, new.sha256, new.source, new.origin, new.valid_from, new.imported_at)
			is distinct from (old.id, old.sha256, old.source, old.origin, old.valid_from, old.imported_at)
		or new.text is distinct from old.text and old.text is not null
		or new.valid_to is distinct from old.valid_to and old.valid_to is not null then
		raise exception using errcode = 'restrict_violation',
			message = 'a version of the rules is only ever closed';
	end if;
	return new;
end
$$;
create trigger rule_version_stays before update on pp.rule_version
	for each row execute function pp.forbid_rule_change();

-- Rules are everybody's to read and an administrator's to write; the owner does it for the program
-- and for the command line.
create function pp.for_administrators() returns trigger language plpgsql as $$
begin
	if current_user = 'pp_server' and pp.current_role() is distinct from 'administrator' then
		perform pp.refuse('forbidden', 'Only administrators do that.');
	end if;
	return null;
end
$$;
create trigger rule_version_administrators after insert or update on pp.rule_version
	for each statement execute function pp.for_administrators();
create trigger affected_rule_administrators after insert on pp.affected_rule
	for each statement execute function pp.for_administrators();
grant insert, update (valid_to, successor) on pp.rule_version to pp_server;
grant insert on pp.affected_rule to pp_server;
grant usage on sequence pp.rule_version_id_seq to pp_server;

-- Who imported a version is told to administrators (pp_api.rule_version_json), never to the public.
revoke select on pp.rule_version from pp_public;
grant select (id, sha256, source, valid_from, valid_to, successor, imported_at, text, origin)
	on pp.rule_version to pp_public;

create function pp.cursor_bigint(cursor text) returns bigint language plpgsql immutable as $$
begin
	return (pp.cursor_read(cursor, 1))[1]::bigint;
exception when invalid_text_representation or numeric_value_out_of_range then
	perform pp.refuse('invalid_parameter', 'cursor: take it from the "next" of the page before.');
end
$$;
grant execute on function pp.cursor_bigint(text) to pp_server, pp_public;
