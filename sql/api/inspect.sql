-- SPDX-License-Identifier: EUPL-1.2
-- Looking into files: the clerk's process reads what is complete and not checked yet, and nothing else, has it
-- looked into, and says what came of it.

create view pp_api.unchecked_content as
	select c.file, c.from_byte, k.bytes, f.sealed from pp.file f join pp.file_chunk c on c.file = f.id join pp.chunk k on k.sha256 = c.chunk
	 where f.state = 'UNGEPRUEFT' or exists (select from pp.attachment_release r where r.attachment = f.id and r.waits);

-- The one that has waited longest; of what was checked, one that is to be shown. is_shown: to others than who has uploaded it,
-- so that a copy without authors is made; is_copied: also where nothing was taken out, because what there is is sealed.
create function pp_api.file_to_check(at timestamptz, out id uuid, out media_type text, out size bigint, out attempts int, out is_shown bool,
	out is_checked bool, out is_copied bool, out is_accepted bool) returns setof record language sql stable as $$
	(select f.id, f.media_type, f.size, f.attempts, exists (select from pp.document d where d.id = f.id), false, false, false from pp.file f
	 where f.state = 'UNGEPRUEFT' and (f.check_at is null or f.check_at <= at)
	 order by f.check_at nulls first, f.completed_at limit 1)
	union all
	(select f.id, f.media_type, f.size, f.attempts, true, true, f.sealed, r.metadata_accepted
	  from pp.attachment_release r join pp.file f on f.id = r.attachment
	 where r.waits and (f.check_at is null or f.check_at <= at) limit 1)
	limit 1
$$;

-- The copy is a file of its own. One that is not completed within a day is given up as every other (file_sweep).
create function pp_api.clean_begin(file uuid, size bigint, sha256 bytea, at timestamptz) returns uuid language sql volatile as $$
	insert into pp.file (id, media_type, size, sha256, created_at, expires_at)
		select pp.uuid7($4), f.media_type, $2, $3, $4, $4 + interval '1 day' from pp.file f where f.id = $1 returning id
$$;

create function pp_api.clean_append(clean uuid, from_byte bigint, bytes bytea) returns bool language plpgsql volatile as $$
begin
	perform pg_advisory_xact_lock_shared(hashtext('pp.chunk'));
	with cut as materialized (select c.from_byte, c.part, sha256(c.part) as name from pp_api.chunk_cut($2, $3) c),
	new as (insert into pp.chunk (sha256, bytes) select distinct on (name) name, part from cut order by name on conflict do nothing)
	insert into pp.file_chunk (file, from_byte, chunk) select $1, cut.from_byte, cut.name from cut;
	update pp.file f set received = $2 + length($3) where f.id = $1 and f.received = $2;
	return found;
end
$$;

-- reason null: nothing speaks against it. It is told once; another clerk may have been faster. metadata: what became of what it
-- says about its making; clean: the copy without, which is complete with this.
create function pp_api.file_checked(file uuid, reason text, found text, scanner text, metadata text, clean uuid, crc32 bigint,
	at timestamptz) returns bool language plpgsql volatile as $$
declare
	f pp.file;
	d pp.document;
begin
	update pp.file u set state = 'GEPRUEFT', crc32 = $7, completed_at = $8, checked_at = $8, metadata = 'KEINE'
	 where u.id = $6 and u.state = 'LAEDT' and (exists (select from pp.file o where o.id = $1 and o.state = 'UNGEPRUEFT')
		or exists (select from pp.attachment_release r where r.attachment = $1 and r.waits));
	update pp.attachment_release r set waits = false where r.attachment = $1 and r.waits;
	if found then
		update pp.file u set metadata = $5, clean = $6, check_at = null where u.id = $1;
		return true;
	end if;
	update pp.file u set state = case when $2 is null then 'GEPRUEFT' else 'ABGELEHNT' end, reason = $2, found = $3,
		scanner = $4, checked_at = $8, check_at = null, metadata = $5, clean = $6
	 where u.id = $1 and u.state = 'UNGEPRUEFT' returning * into f;
	if f.id is null then
		return false;
	end if;
	update pp.document o set change = o.change + 1 where o.id = f.id returning * into d;
	if d.id is null then
		perform pp_api.attachment_checked(f, at);
		return true;
	end if;
	perform pp.emit(case when $2 is null then 'document.checked' else 'document.refused' end, at, d.procedure,
		bodies => array[d.planner_body], data => json_build_object('document', d.id, 'state', f.state, 'reason', f.reason,
			'sha256', encode(f.sha256, 'hex'), 'metadata', f.metadata, 'public_sha256', (select encode(c.sha256, 'hex') from pp.file c where c.id = f.clean)));
	return true;
end
$$;

-- Something that is needed is not there: again in a minute, then less often. The reason is shown meanwhile.
create function pp_api.file_check_later(file uuid, reason text, at timestamptz) returns bool language sql volatile as $$
	update pp.file u set reason = $2, attempts = u.attempts + 1,
		check_at = $3 + least(60, u.attempts + 1) * interval '1 minute'
	 where u.id = $1 and (u.state = 'UNGEPRUEFT' or exists (select from pp.attachment_release r where r.attachment = $1 and r.waits)) returning true
$$;

grant select on pp_api.unchecked_content to pp_clerk;
grant execute on function pp_api.file_to_check(timestamptz), pp_api.clean_begin(uuid, bigint, bytea, timestamptz),
	pp_api.clean_append(uuid, bigint, bytea), pp_api.chunk_cut(bigint, bytea),
	pp_api.file_checked(uuid, text, text, text, text, uuid, bigint, timestamptz),
	pp_api.file_check_later(uuid, text, timestamptz) to pp_clerk;
