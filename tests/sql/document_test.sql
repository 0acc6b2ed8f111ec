-- SPDX-License-Identifier: EUPL-1.2
-- Documents: whom they are shown to, that they stay, chunks and where they are cut.
set client_min_messages = warning;
select plan(44);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
create function t.announce(procedure uuid, bytes bytea, more jsonb default '{}') returns text language sql as $$
	select format('pp_api.document_create(%L, %L, ''2026-02-01 12:00+00'', null, null)', procedure, jsonb_build_object('kind', 'PLAN', 'name', 'Plan.pdf',
		'media_type', 'application/pdf', 'size', length(bytes), 'sha256', encode(sha256(bytes), 'hex')) || more)
$$;
create function t.append(file uuid, at_byte bigint, bytes bytea, crc bigint default 0) returns text language sql as $$
	select format('select pp_api.upload_append(%L, %s, %L, decode(repeat(''00'', 108), ''hex''), %s, null, ''2026-02-01 13:00+00'')', file, at_byte, bytes, crc)
$$;
-- Bytes that are the same nowhere else in the file.
create function t.bytes(size int) returns bytea language sql immutable as $$
	select substring(string_agg(sha256(int4send(n)), '' order by n) from 1 for size) from generate_series(0, size / 32) n
$$;

-- Cut where 256 kB of the file end
select is(string_agg(c.from_byte || '+' || length(c.part), ' ' order by c.from_byte), expected, format('%s bytes from %s', size, first_byte))
	from (values (0, 1, '0+1'), (0, 262144, '0+262144'), (0, 262145, '0+262144 262144+1'), (262143, 2, '262143+1 262144+1'), (100, 600000, '100+262044 262144+262144 524288+75812')) v (first_byte, size, expected),
	lateral pp_api.chunk_cut(v.first_byte, t.bytes(v.size)) c group by first_byte, size, expected;
select is((select string_agg(c.part, '' order by c.from_byte) from pp_api.chunk_cut(99999, t.bytes(700000)) c), t.bytes(700000), 'and nothing is lost');

select t.body('planner', t.announce(:'p', t.bytes(600000))) ->> 'id' as d \gset
select is(t.outcome(who, t.append(:'d', 0, '\x00')), 'upload_not_found', who || ' sends nothing to another''s upload') from unnest(array['cremm', 'amt', 'root', 'citizen', 'nobody']) who;
select t.value('planner2', t.append(:'d', 0, substring(t.bytes(600000) from 1 for 1000))) as first \gset
select is(t.outcome('planner', t.append(:'d', 0, '\x00')), 'upload_offset', 'a place is written once');
select t.value('planner', t.append(:'d', 1000, substring(t.bytes(600000) from 1001))) as last \gset
select is(:'last'::text, '(600000,UNGEPRUEFT)', 'the last byte makes it complete');
select is((select string_agg(k.bytes, '' order by c.from_byte) from pp.file_chunk c join pp.chunk k on k.sha256 = c.chunk where c.file = :'d'), t.bytes(600000), 'it is what was sent');
select is((select count(*) from pp.chunk k where k.sha256 <> sha256(k.bytes)), 0::bigint, 'under the hash of its bytes');

-- Whom it is shown to
create function t.sees(document uuid) returns text language sql as $$
	select string_agg(who, ' ' order by who) from unnest(array['anyone', 'nobody', 'planner', 'cremm', 'amt', 'root', 'citizen', 'damm']) who
	 where t.value(who, format('select count(*) from pp_api.content_visible where file = %L', document)) <> '0'
$$;
-- What copies may be made of: how many files, bytes and names, and what the planning body is told.
create function t.shown(document uuid) returns text language sql as $$
	select t.value('clerk', format('select (select count(*) from pp_api.shown_file where id = %1$L) || ''/''
			|| (select coalesce(sum(length(bytes)), 0) from pp_api.shown_content where file = %1$L) || ''/''
			|| (select count(*) from pp.file f, pp_api.copies_shown(array[encode(f.sha256, ''hex''), repeat(''0'', 64)]) where f.id = %1$L)', document))
		|| '/' || t.value('planner', format('select is_shown from pp_api.content_find(%L)', document))
$$;
select is(t.sees(:'d'), 'planner', 'a draft is its planning body''s');
select is(t.shown(:'d'), '0/0/0/false', 'there are no copies of it');
insert into pp.document_party values (:'d', :'p', '019995001', '2026-02-02');
select is(t.sees(:'d') || t.shown(:'d'), 'planner0/0/0/false', 'what is not checked too, whoever it shall be shown to');
update pp.file set state = 'GEPRUEFT' where id = :'d';
select is(t.sees(:'d') || t.shown(:'d'), 'amt planner1/600000/1/true', 'then to whom a round has shown it');
select is(t.uses_index('clerk', 'select pp_api.copies_shown(array[repeat(''0'', 64)])', 'pp.file_of_hash'), true, 'they are asked about by their names');
select is(t.outcome('planner', format('select pp_api.document_change(%L, ''{"title":"x"}'', ''*'', now())', :'d')), 'document_frozen', 'from then on it stays');
update pp.document set published_at = '2026-02-02' where id = :'d';
select is(t.sees(:'d'), 'amt anyone citizen cremm damm nobody planner root', 'what is published is everybody''s');

-- Others are shown the copy without authors, its planning body what it has uploaded
insert into pp.file (id, media_type, size, sha256, state, received, crc32, created_at, expires_at, completed_at)
	values ('01890000-0000-7000-8000-00000000c1ea', 'application/pdf', 300000, sha256(t.bytes(300000)), 'GEPRUEFT', 300000, 7, '2026-02-01', '2026-02-02', '2026-02-01');
insert into pp.chunk (sha256, bytes) select sha256(c.part), c.part from pp_api.chunk_cut(0, t.bytes(300000)) c on conflict do nothing;
insert into pp.file_chunk (file, from_byte, chunk) select '01890000-0000-7000-8000-00000000c1ea', c.from_byte, sha256(c.part) from pp_api.chunk_cut(0, t.bytes(300000)) c;
update pp.file set metadata = 'ENTFERNT', clean = '01890000-0000-7000-8000-00000000c1ea' where id = :'d';
select is(t.value(who, format('select v.size || '' '' || (v.sha256 = %L) || '' '' || v.is_shown from pp_api.document_visible v where v.id = %L', sha256(t.bytes(300000)), :'d')), what, who || ' is shown ' || what)
	from (values ('anyone', '300000 true true'), ('amt', '300000 true true'), ('citizen', '300000 true true'), ('planner', '600000 false false')) v (who, what);
select is(t.value(who, format('select string_agg(c.bytes, '''' order by c.first_byte) = %L from pp_api.content_piece(%L, 0, 9) c', t.bytes(size), :'d')), 'true', who || ' reads the bytes of that')
	from (values ('anyone', 300000), ('amt', 300000), ('planner', 600000)) v (who, size);
select is(t.value('anyone', 'select count(*) from pp_api.content_visible where file = ''01890000-0000-7000-8000-00000000c1ea'''), '2', 'and the copy alone');
select is(t.value('anyone', format('select count(*) from pp_api.content_visible where file = %L', :'d')), '0', 'not the original');
select is(t.value('clerk', format('select f.size || '' '' || (f.sha256 = %L) from pp_api.shown_file f where f.id = %L', sha256(t.bytes(300000)), :'d')), '300000 true', 'copies on disks are of that too');
select is(t.uses_index('anyone', format('select pp_api.content_piece(%L, 200000, 4)', :'d'), 'pp.file_chunk_pkey'), true, 'a piece of it is found by its place');
update pp.file set metadata = null, clean = null where id = :'d';

-- Which copies are made before anybody reads: what is shown, the newest first, as far as it has room together
create function t.wanted(smallest int, room int) returns text language sql as $$
	select t.value('clerk', format('select string_agg(w.size::text, '' '') from pp_api.copies_wanted(%s, %s) w', smallest, room))
$$;
select t.body('planner', t.announce(:'p', t.bytes(size), jsonb_build_object('name', size || '.pdf'))) from (values (400000), (500000), (700000)) v (size);
update pp.file set state = 'GEPRUEFT', received = size, crc32 = 1, completed_at = '2026-02-01' where size in (400000, 500000, 700000);
update pp.document d set published_at = '2026-02-03' from pp.file f where f.id = d.id and f.size = 500000;
insert into pp.document_party select d.id, d.procedure, b, at from pp.document d join pp.file f on f.id = d.id, (values ('019995001', date '2026-02-05'), ('02000000', date '2026-02-04')) v (b, at)
	where f.size = 400000;
select is(t.wanted(1, 2000000), '400000 500000 600000', 'what is shown, the newest first');
select is(t.wanted(400001, 2000000), '500000 600000', 'from a size on');
select is(t.wanted(1, 900000) || '/' || t.wanted(1, 899999) || '/' || coalesce(t.wanted(1, 399999), ''), '400000 500000/400000/', 'as far as there is room');

-- Nobody reads or changes past these
select is(t.outcome('anyone', 'select from pp.chunk') || t.outcome('anyone', 'select from pp.file') || t.outcome('anyone', 'select from pp.document')
	|| t.outcome('planner', 'select from pp.chunk') || t.outcome('planner', 'select from pp.file_chunk') || t.outcome('clerk', 'select bytes from pp.chunk'),
	repeat('42501', 6), 'chunks are read by views alone');
select is(t.outcome('owner', 'update pp.chunk set bytes = ''\x00''') || t.outcome('owner', 'delete from pp.file') || t.outcome('owner', 'update pp.file_chunk set from_byte = 7')
	|| t.outcome('owner', format('update pp.file set size = 1 where id = %L', :'d')) || t.outcome('owner', format('update pp.file set received = 1 where id = %L', :'d'))
	|| t.outcome('owner', 'delete from pp.document_party'), repeat('23001', 6), 'and stay');

select is(t.value('anyone', format('select string_agg(c.first_byte || ''+'' || length(c.bytes), '' '' order by c.first_byte) from pp_api.content_piece(%L, %s, %s) c', :'d', place, chunks)), expected, format('%s chunks from %s', chunks, place))
	from (values (0, 1, '0+1000'), (999, 2, '0+1000 1000+261144'), (1000, 2, '1000+261144 262144+262144'), (599999, 4, '524288+75712')) v (place, chunks, expected);
select is(t.value('anyone', format('select count(*) from pp_api.content_piece(%L, 0, 4)', gen_random_uuid())), '0', 'of nothing that one sees none');
select is(t.uses_index('anyone', format('select pp_api.content_piece(%L, 300000, 4)', :'d'), 'pp.file_chunk_pkey'), true, 'a piece is found by its place');
select * from finish();
