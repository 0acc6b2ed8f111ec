-- SPDX-License-Identifier: EUPL-1.2
-- Looking into files: the clerk's process reads what is complete and not checked yet, and nothing else, has it
-- looked into, and says what came of it.

create view pp_api.unchecked_content as
	select c.file, c.from_byte, k.bytes, f.sealed from pp.file f join pp.file_chunk c on c.file = f.id join pp.chunk k on k.sha256 = c.chunk
	 where f.state = 'UNGEPRUEFT';

-- The one that has waited longest.
create function pp_api.file_to_check(at timestamptz, out id uuid, out media_type text, out size bigint, out attempts int)
returns setof record language sql stable as $$
	select f.id, f.media_type, f.size, f.attempts from pp.file f
	 where f.state = 'UNGEPRUEFT' and (f.check_at is null or f.check_at <= at)
	 order by f.check_at nulls first, f.completed_at limit 1
$$;

-- reason null: nothing speaks against it. It is told once; another clerk may have been faster.
create function pp_api.file_checked(file uuid, reason text, found text, scanner text, at timestamptz) returns bool
language plpgsql volatile as $$
declare
	f pp.file;
	d pp.document;
begin
	update pp.file u set state = case when $2 is null then 'GEPRUEFT' else 'ABGELEHNT' end, reason = $2, found = $3,
		scanner = $4, checked_at = $5, check_at = null
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
			'sha256', encode(f.sha256, 'hex')));
	return true;
end
$$;

-- Something that is needed is not there: again in a minute, then less often. The reason is shown meanwhile.
create function pp_api.file_check_later(file uuid, reason text, at timestamptz) returns bool language sql volatile as $$
	update pp.file u set reason = $2, attempts = u.attempts + 1,
		check_at = $3 + least(60, u.attempts + 1) * interval '1 minute'
	 where u.id = $1 and u.state = 'UNGEPRUEFT' returning true
$$;

grant select on pp_api.unchecked_content to pp_clerk;
grant execute on function pp_api.file_to_check(timestamptz), pp_api.file_checked(uuid, text, text, text, timestamptz),
	pp_api.file_check_later(uuid, text, timestamptz) to pp_clerk;
