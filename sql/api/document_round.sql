-- SPDX-License-Identifier: EUPL-1.2
-- Documents of rounds: which are frozen with one, whom they are shown to, and what has changed.

-- The newest versions that are for that audience. Of the public's, those for some bodies only are none.
create function pp_api.documents_of_audience(procedure uuid, audience text) returns setof pp.document
language sql stable as $$
	select d.* from pp.document d
	 where d.procedure = $1 and d.withdrawn_at is null and $2 = any (d.audiences) and ($2 <> 'OEFF' or d.bodies = '{}')
	   and not exists (select from pp.document n where n.replaces = d.id and n.withdrawn_at is null)
$$;

-- All or none: what is not checked yet would be missing in a round that is to show everything.
create function pp_api.round_freeze(d pp.round, at timestamptz) returns void language plpgsql volatile as $$
declare
	before uuid := (select o.id from pp.round o where o.procedure = d.procedure and o.audience = d.audience and o.no < d.no
		and o.cancelled_at is null order by o.no desc limit 1);
	waiting record;
begin
	select u.name, f.state into waiting from pp_api.documents_of_audience(d.procedure, d.audience) u join pp.file f on f.id = u.id
	 where f.state <> 'GEPRUEFT' order by u.no limit 1;
	if waiting.name is not null then
		perform pp.refuse('document_not_ready', format('%s is in state %s: wait, or withdraw it.', waiting.name, waiting.state));
	end if;
	-- Published with what it says about its making only where somebody has said so.
	select u.name into waiting from pp_api.documents_of_audience(d.procedure, d.audience) u join pp.file f on f.id = u.id
	 where d.audience = 'OEFF' and f.metadata = 'VERBLEIBT' and u.metadata_accepted_at is null order by u.no limit 1;
	if waiting.name is not null then
		perform pp.refuse('document_metadata', format('%s: set metadata_accepted, or replace it.', waiting.name));
	end if;
	insert into pp.round_document (round, document, procedure, change, previous, since)
		select d.id, u.id, d.procedure, case when b.document = u.id then 'UNVERAENDERT' when b.document is not null then 'ERSETZT' else 'NEU' end,
			nullif(b.document, u.id), before
		  from pp_api.documents_of_audience(d.procedure, d.audience) u
		  left join lateral (select r.document from pp.round_document r join pp.document o on o.id = r.document
			where r.round = before and r.change <> 'ENTFALLEN' and o.no = u.no) b on true;
	insert into pp.round_document (round, document, procedure, change, since)
		select d.id, r.document, d.procedure, 'ENTFALLEN', before from pp.round_document r join pp.document o on o.id = r.document
		 where r.round = before and r.change <> 'ENTFALLEN'
		   and o.no not in (select u.no from pp_api.documents_of_audience(d.procedure, d.audience) u);
	if d.audience = 'OEFF' then
		update pp.document o set published_at = at, change = o.change + 1 from pp.round_document r
		 where r.round = d.id and r.change <> 'ENTFALLEN' and o.id = r.document and o.published_at is null;
	end if;
end
$$;

-- To whoever is invited, and whose mailbox it is; again when somebody is invited later.
create function pp_api.round_show_documents(round uuid, at timestamptz) returns void language sql volatile as $$
	insert into pp.document_party (document, procedure, body, shown_at)
		select distinct d.id, d.procedure, b.body, $2
		  from pp.round_document r join pp.document d on d.id = r.document
		  join pp.invitation i on i.round = r.round, lateral (values (i.participant), (i.mailbox_body)) b (body)
		 where r.round = $1 and r.change <> 'ENTFALLEN' and b.body is not null and (d.bodies = '{}' or i.participant = any (d.bodies))
		on conflict do nothing
$$;

create view pp_api.round_document_visible as
	select r.round, r.document, r.change, r.previous, r.since, d.no, d.name, d.size, d.crc32, d.completed_at, d.sha256, d.state,
		d.is_shown
	  from pp.round_document r join pp_api.document_visible d on d.id = r.document
	 where exists (select from pp_api.round_visible v where v.id = r.round);

create function pp_api.round_documents(round uuid) returns pp.reply language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
begin
	return pp.ok((select json_build_object('round', d.id, 'changed_since', (select r.since from pp_api.round_document_visible r
			where r.round = d.id and r.since is not null limit 1),
		'archive', format('/api/v1/rounds/%s/documents.zip', d.id),
		'items', coalesce(json_agg(jsonb_build_object('change', r.change, 'previous', r.previous)
			|| pp_api.document_item(v) order by r.change = 'ENTFALLEN', v.no), '[]'))
		from pp_api.round_document_visible r join pp_api.document_visible v on v.id = r.document where r.round = d.id));
end
$$;

-- What goes into the archive, in its order. The name has the number before it: no two are the same.
create function pp_api.round_files(round uuid) returns table (document uuid, name text, size bigint, crc32 bigint,
	completed_at timestamptz, sha256 text, is_shown bool) language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
begin
	return query select r.document, lpad(r.no::text, 3, '0') || ' ' || r.name, r.size, r.crc32, r.completed_at, encode(r.sha256, 'hex'), r.is_shown
	  from pp_api.round_document_visible r where r.round = d.id and r.change <> 'ENTFALLEN' and r.state = 'GEPRUEFT' order by r.no;
end
$$;

grant select on pp_api.round_document_visible to pp_server, pp_public;
grant execute on function pp_api.round_documents(uuid), pp_api.round_files(uuid) to pp_server, pp_public;
grant execute on function pp_api.documents_of_audience(uuid, text), pp_api.round_freeze(pp.round, timestamptz),
	pp_api.round_show_documents(uuid, timestamptz) to pp_server;
