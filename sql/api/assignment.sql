-- SPDX-License-Identifier: EUPL-1.2
-- Who of a body looks after an invitation that it was sent, or a statement that it weighs. It is the body's own matter:
-- row-level security shows it to its members, and no answer to anybody else has it.

-- For members of one's own body: who a colleague is, and whether their membership counts on a day. Null for anybody else.
create function pp_api.colleague(account uuid, day date) returns jsonb language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select jsonb_build_object('account', a.id,
		'name', coalesce((select i.name from pp.account_identity i where i.account = a.id order by i.last_seen_at desc limit 1), a.email),
		'roles', m.roles, 'present', m.state = 'confirmed' and pp.is_live(m, day))
	  from pp.membership m join pp.account a on a.id = m.account
	 where m.account = $1 and m.body = pp.current_body() and pp.has_role('reader')
	 order by m.state = 'ended', m.id desc limit 1
$$;

create function pp_api.is_present(membership uuid, day date) returns bool language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select exists (select from pp.membership m join pp.account a on a.id = m.account
		where m.id = $1 and m.body = pp.current_body() and m.state = 'confirmed' and pp.is_live(m, day) and a.active)
$$;

-- Whom something can be assigned: confirmed members of one's own body, by name.
create function pp_api.colleague_list(at timestamptz) returns pp.reply language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(c.found - 'present' order by c.found ->> 'name', m.account), '[]')))
	  from pp.membership m join pp.account a on a.id = m.account and a.active
	 cross join lateral (select pp_api.colleague(m.account, pp.day(at)) as found) c
	 where m.body = pp.current_body() and pp.has_role('reader') and m.state = 'confirmed' and pp.is_live(m, pp.day(at))
$$;

-- As whom assignments and deputies name somebody; a membership that no longer counts has nothing.
create function pp_api.assignment_json(a pp.assignment, at timestamptz) returns jsonb language sql stable as $$
	select jsonb_build_object('account', a.account, 'name', pp_api.colleague(a.account, pp.day(at)) -> 'name',
		'at', pp.rfc3339(a.assigned_at), 'by', pp_api.colleague(a.assigned_by, pp.day(at)) -> 'name')
	 where pp_api.is_present(a.membership, pp.day(at))
$$;

-- The one that counts; no row (null) for other bodies and where there is none.
create function pp_api.assignment_of(invitation uuid, statement uuid, at timestamptz) returns jsonb language sql stable as $$
	select pp_api.assignment_json(a, at) from pp.assignment a
	 where a.ended_at is null and a.body = pp.current_body() and (a.invitation = $1 or a.statement = $2)
$$;

-- What a list asks for: me (and whoever one stands in for), none or an account, as accounts; none of them where nobody is meant. Anything else is refused.
create function pp_api.assigned_read(assigned text) returns uuid[] language plpgsql stable as $$
begin
	return case when assigned = 'me' then array[pp.current_account()] || pp_api.stands_in_for() when assigned <> 'none' then array[assigned::uuid] else '{}' end;
exception when invalid_text_representation then
	perform pp.refuse('invalid_parameter', 'assigned: me, none, or the id of an account.');
end
$$;

-- Whether it is assigned to one of these, or (none of them) to nobody.
create function pp_api.is_assigned(invitation uuid, statement uuid, accounts uuid[], at timestamptz) returns bool
language sql stable as $$
	select case when accounts = '{}' then a.account is null else coalesce(a.account = any (accounts), false) end
	  from (select (pp_api.assignment_of($1, $2, at) ->> 'account')::uuid as account) a
$$;

-- Who looks after it, and how often that has changed: the ETag.
create function pp_api.assignment_reply(invitation uuid, statement uuid, at timestamptz) returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('invitation', $1, 'statement', $2, 'assignment', pp_api.assignment_of($1, $2, at)),
		(count(*) + count(a.ended_at))::text)
	  from pp.assignment a where a.body = pp.current_body() and (a.invitation = $1 or a.statement = $2)
$$;

-- body: account, or null for nobody. The assignee is told by mail, unless they have done it themselves.
create function pp_api.assign(invitation pp.invitation, statement pp.statement, body jsonb, if_match text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	who uuid := ($3 ->> 'account')::uuid;
	procedure uuid := coalesce(($1).procedure, ($2).procedure);
	member uuid := (select pp_api.member_present(who, pp.day(at)));
	old pp.assignment;
begin
	if who is not null and member is null then
		perform pp.refuse('invalid_body', 'Only a confirmed member of your body can be assigned something.', '/account');
	end if;
	-- Two at once come one after the other.
	perform pg_advisory_xact_lock(hashtextextended(pp.current_body() || coalesce(($1).id, ($2).id), 0));
	perform pp.match(if_match, (pp_api.assignment_reply(($1).id, ($2).id, at)).etag::int);
	select * into old from pp.assignment a where a.ended_at is null and a.body = pp.current_body()
		and (a.invitation = ($1).id or a.statement = ($2).id);
	if old.account is distinct from who or old.membership is distinct from member then
		update pp.assignment a set ended_at = at, ended_by = pp.current_account() where a.id = old.id;
		if who is not null then
			insert into pp.assignment (id, body, invitation, statement, procedure, account, membership, assigned_at, assigned_by)
				values (pp.uuid7(at), pp.current_body(), ($1).id, ($2).id, procedure, who, member, at, pp.current_account());
			perform pp_api.assignment_mail($1, $2, who, at);
		end if;
		perform pp.emit(case when ($1).id is not null then 'invitation.assigned' else 'statement.assigned' end, at, procedure,
			coalesce(($1).round, ($2).round), ($1).id, ($2).id, bodies => array[pp.current_body()], data => json_build_object('account', who));
	end if;
	return pp_api.assignment_reply(($1).id, ($2).id, at);
end
$$;

-- The confirmed membership of an account in one's own body on a day.
create function pp_api.member_present(account uuid, day date) returns uuid language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select m.id from pp.membership m join pp.account a on a.id = m.account and a.active
	 where m.account = $1 and m.body = pp.current_body() and pp.has_role('reader') and m.state = 'confirmed' and pp.is_live(m, day)
$$;

create function pp_api.assignment_mail(i pp.invitation, s pp.statement, who uuid, at timestamptz) returns void
language plpgsql volatile as $$
declare
	address text := pp_api.colleague_mail(who);
	assigner text := pp_api.colleague(pp.current_account(), pp.day(at)) ->> 'name';
	about jsonb;
begin
	if address is null or who = pp.current_account() then
		return;
	end if;
	select jsonb_build_object('title', p.title, 'number', p.number, 'by', assigner) into about
	  from pp_api.procedure_visible p where p.id = coalesce(i.procedure, s.procedure);
	perform pp_api.mail_enqueue(case when i.id is not null then 'assigned_invitation' else 'assigned_statement' end, address, 'de',
		about || case when i.id is not null then jsonb_build_object('name', pp.body_name(i.participant), 'deadline', pp.iso(i.deadline))
			else jsonb_build_object('statement', s.number) end, null, null, at);
end
$$;

-- Where a colleague is written to; null where no mail can go.
create function pp_api.colleague_mail(account uuid) returns text language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select e.mail from pp.account a
	 cross join lateral (select coalesce(a.email, (select i.email from pp.account_identity i where i.account = a.id
		order by i.last_seen_at desc limit 1)) as mail) e
	 where a.id = $1 and pp.is_mail_address(e.mail) and pp.has_role('reader')
	   and exists (select from pp.membership m where m.account = a.id and m.body = pp.current_body() and m.state = 'confirmed')
$$;

create function pp_api.assigned_invitation(invitation uuid) returns pp.invitation language plpgsql stable as $$
declare
	i pp.invitation := pp_api.need_invitation(invitation);
begin
	if pp.current_body() not in (i.participant, i.mailbox_body) then
		perform pp.refuse('forbidden', 'The invited body or its office answers.');
	end if;
	return i;
end
$$;

create function pp_api.assigned_statement(statement uuid) returns pp.statement language plpgsql stable as $$
declare
	s pp.statement := pp_api.need_statement(statement);
begin
	if s.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body says who of it looks after a statement.');
	end if;
	return s;
end
$$;

create function pp_api.invitation_assignment(invitation uuid, at timestamptz) returns pp.reply language sql stable as
$$ select pp_api.assignment_reply((pp_api.assigned_invitation($1)).id, null, $2) $$;
create function pp_api.statement_assignment(statement uuid, at timestamptz) returns pp.reply language sql stable as
$$ select pp_api.assignment_reply(null, (pp_api.assigned_statement($1)).id, $2) $$;

create function pp_api.invitation_assign(invitation uuid, body jsonb, if_match text, at timestamptz) returns pp.reply language sql volatile as
$$ select pp_api.assign(pp_api.assigned_invitation($1), null, $2, $3, $4) $$;
create function pp_api.statement_assign(statement uuid, body jsonb, if_match text, at timestamptz) returns pp.reply language sql volatile as
$$ select pp_api.assign(null, pp_api.assigned_statement($1), $2, $3, $4) $$;

grant execute on function pp_api.colleague(uuid, date), pp_api.is_present(uuid, date), pp_api.colleague_list(timestamptz),
	pp_api.assignment_json(pp.assignment, timestamptz), pp_api.assignment_of(uuid, uuid, timestamptz), pp_api.assigned_read(text),
	pp_api.is_assigned(uuid, uuid, uuid[], timestamptz), pp_api.assignment_reply(uuid, uuid, timestamptz),
	pp_api.assign(pp.invitation, pp.statement, jsonb, text, timestamptz),
	pp_api.member_present(uuid, date), pp_api.assignment_mail(pp.invitation, pp.statement, uuid, timestamptz),
	pp_api.colleague_mail(uuid), pp_api.assigned_invitation(uuid), pp_api.assigned_statement(uuid),
	pp_api.invitation_assignment(uuid, timestamptz), pp_api.statement_assignment(uuid, timestamptz),
	pp_api.invitation_assign(uuid, jsonb, text, timestamptz), pp_api.statement_assign(uuid, jsonb, text, timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.colleague(uuid, date) owner to pp_sign_in;
alter function pp_api.is_present(uuid, date) owner to pp_sign_in;
alter function pp_api.colleague_list(timestamptz) owner to pp_sign_in;
alter function pp_api.member_present(uuid, date) owner to pp_sign_in;
alter function pp_api.colleague_mail(uuid) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
