-- SPDX-License-Identifier: EUPL-1.2
-- Invitation links. Whoever sends the secret acts for the invited body in this one invitation, and in nothing else: no
-- function here takes the id of an invitation from them.

create type pp_api.link_found as (link uuid, invitation uuid, participant text);

-- For nobody to call but link_enter: of pp_sign_in, which alone reads hashes.
create function pp_api.link_by_secret(sha256 bytea) returns pp_api.link_found
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select l.id, l.invitation, l.participant from pp.invitation_link l where l.sha256 = $1 and l.revoked_at is null
$$;

-- A link lives as long as an answer is of use: late ones are taken, a quarter of a year after the deadline none is
-- expected any more. A deadline that moves on takes it along.
create function pp_api.link_ends_at(i pp.invitation) returns timestamptz language sql immutable as
$$ select (($1).deadline_at at time zone 'Europe/Berlin' + interval '3 months') at time zone 'Europe/Berlin' $$;

-- From here to the end of the transaction it is the invited body that asks, without any role.
create function pp_api.link_enter(secret text, at timestamptz, out link uuid, out i pp.invitation)
language plpgsql volatile as $$
declare
	found pp_api.link_found := pp_api.link_by_secret(sha256(convert_to(secret, 'UTF8')));
begin
	if found.link is not null then
		perform pp.become('', found.participant, '');
		select * into i from pp.invitation v where v.id = found.invitation;
		link := found.link;
	end if;
	if link is null or at >= pp_api.link_ends_at(i) then
		perform pp.refuse('invitation_link_unknown', 'Send the field Invitation-Link with the secret behind # of the link.');
	end if;
end
$$;

create function pp_api.link_used(link uuid, at timestamptz) returns void language sql volatile as
$$ update pp.invitation_link l set used_at = $2 where l.id = $1 and l.used_at is null $$;

create function pp_api.link_json(i pp.invitation, at timestamptz, lang text) returns json language sql stable as $$
	select json_build_object('invitation', pp_api.invitation_json(i, at, lang), 'ends_at', pp.rfc3339(pp_api.link_ends_at(i)),
		'documents', coalesce((select json_agg(pp_api.document_item(v) order by v.no, v.version)
			from pp_api.document_visible v where v.procedure = i.procedure and v.withdrawn_at is null
			and v.state = 'GEPRUEFT'), '[]'),
		'statements', coalesce((select json_agg(pp_api.statement_json(s.id) order by s.received_at, s.id)
			from pp.statement s where s.invitation = i.id), '[]'))
$$;

create function pp_api.link_show(invitation_link text, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile as $$
begin
	return pp.ok(pp_api.link_json((pp_api.link_enter(invitation_link, at)).i, at, lang));
end
$$;

create function pp_api.link_acknowledge(invitation_link text, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile as $$
declare
	o record := pp_api.link_enter(invitation_link, at);
begin
	perform pp_api.invitation_acknowledge((o.i).id, at, null, null);
	perform pp_api.link_used(o.link, at);
	return pp.ok(pp_api.with_receipt(pp_api.link_json(pp_api.need_invitation((o.i).id), at, lang)::jsonb, 'KENNTNISNAHME', (o.i).id));
end
$$;

-- body: a statement, and name and function of who answers for the body.
create function pp_api.link_submit(invitation_link text, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	o record;
	s pp.statement;
	r pp.reply;
begin
	o := pp_api.link_enter(invitation_link, at);
	perform pp_api.key_owner(o.link, idempotency_key, request_sha256);
	r := pp.recall(idempotency_key, request_sha256);
	if r.status is not null then
		return r;
	end if;
	s := pp_api.statement_of_invitation(pp_api.my_invitation((o.i).id));
	s.channel := 'LINK';
	s.invitation_link := o.link;
	s.signed_by := btrim(body ->> 'name') || coalesce(', ' || nullif(btrim(body ->> 'function'), ''), '');
	s := pp_api.statement_store(s, body - '{name,function}'::text[], at);
	perform pp_api.invitation_answered((o.i).id, s, at);
	perform pp_api.link_used(o.link, at);
	return pp.remember(idempotency_key, pp.created('/api/v1/invitations/by-link', pp_api.with_receipt(pp_api.statement_json(s.id), 'EINGANG', s.id)));
end
$$;

create function pp_api.link_content_find(document uuid, invitation_link text, at timestamptz, out name text,
	out media_type text, out size bigint, out sha256 text, out is_shown bool) language plpgsql volatile as $$
begin
	perform pp_api.link_document($1, $2, $3);
	select c.* into name, media_type, size, sha256, is_shown from pp_api.content_find($1) c;
end
$$;

create function pp_api.link_content_piece(document uuid, from_byte bigint, chunks int, invitation_link text, at timestamptz)
returns table (first_byte bigint, bytes bytea) language plpgsql volatile rows 1 as $$
begin
	perform pp_api.link_document($1, $4, $5);
	return query select c.* from pp_api.content_piece($1, $2, $3) c;
end
$$;

-- Of the invitation's own procedure: the body may have been shown documents of others.
create function pp_api.link_document(document uuid, invitation_link text, at timestamptz) returns void
language plpgsql volatile as $$
begin
	if not exists (select from pp_api.document_visible v where v.id = $1
		and v.procedure = ((pp_api.link_enter($2, $3)).i).procedure) then
		perform pp.refuse('document_not_found', 'There is no such document in this procedure that you may see.');
	end if;
end
$$;

-- The planning body's -------------------------------------------------------------------------------

create function pp_api.link_list(invitation uuid) returns pp.reply language plpgsql stable as $$
declare
	i pp.invitation := pp_api.need_invitation(invitation);
begin
	if i.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body sees the links of an invitation.');
	end if;
	return pp.ok((select json_build_object('ends_at', pp.rfc3339(pp_api.link_ends_at(i)),
		'items', coalesce(json_agg(jsonb_build_object('id', l.id, 'by', case when l.mail is null then 'PLANUNG' else 'EMAIL' end,
			'mail', l.mail, 'made_at', pp.rfc3339(l.made_at), 'used_at', pp.rfc3339(l.used_at),
			'revoked_at', pp.rfc3339(l.revoked_at)) order by l.made_at, l.id), '[]'))
		from pp.invitation_link l where l.invitation = i.id));
end
$$;

-- A link for a letter: its secret, made by the server, is in this answer and nowhere else. send: instead, the
-- invitation goes out by mail once more, with a link of its own.
create function pp_api.link_make(invitation uuid, body jsonb, secret text, sha256 bytea, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	i pp.invitation := pp_api.own_invitation(invitation);
	new_id uuid := pp.uuid7(at);
	mail uuid;
begin
	if i.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'Its notice was withdrawn before it began; nobody is asked any more.');
	elsif at >= pp_api.link_ends_at(i) then
		perform pp.refuse('conflict', 'The deadline is over for more than three months; a link would not work any more.');
	end if;
	if (body ->> 'send')::bool then
		mail := pp_api.mail_about(i, 'invitation', '{}', at);
		if mail is null then
			perform pp.refuse('conflict', format('No e-mail address of %s is known.', pp.body_name(i.mailbox_body)));
		end if;
		return pp.created(format('/api/v1/invitations/%s/mails', i.id), json_build_object('invitation', i.id, 'mail', mail));
	end if;
	insert into pp.invitation_link (id, invitation, planner_body, participant, sha256, made_at, made_by)
		values (new_id, i.id, i.planner_body, i.participant, $4, at, pp.current_account());
	perform pp_api.invitation_emit(i, 'invitation.link_made', at);
	return pp.created(format('/api/v1/invitations/%s/links', i.id), json_build_object('id', new_id, 'invitation', i.id,
		'secret', secret, 'path', '/einladung#' || secret, 'ends_at', pp.rfc3339(pp_api.link_ends_at(i))));
end
$$;

-- All of an invitation, at once: whoever has one of them can do nothing with it any more.
create function pp_api.link_revoke(invitation uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	i pp.invitation := pp_api.own_invitation(invitation);
begin
	update pp.invitation_link l set revoked_at = at, revoked_by = pp.current_account()
	 where l.invitation = i.id and l.revoked_at is null;
	perform pp_api.invitation_emit(i, 'invitation.links_revoked', at);
	return pp_api.link_list(i.id);
end
$$;

-- The mailer's: a link of this mail, made at the moment of sending, and the page that it opens. What leads to an account
-- holds so many seconds after an invitation, or after somebody forgot a password.
create function pp_api.mail_link(mail uuid, sha256 bytea, invited_s int, forgotten_s int, at timestamptz) returns text
language plpgsql volatile as $$
declare
	m pp.mail;
begin
	select * into strict m from pp.mail v where v.id = $1;
	if m.account is null then
		insert into pp.invitation_link (id, invitation, planner_body, participant, sha256, mail, made_at)
			select pp.uuid7(at), i.id, i.planner_body, i.participant, $2, m.id, at from pp.invitation i where i.id = m.invitation;
		return 'einladung';
	end if;
	insert into pp.account_link (id, account, sha256, mail, made_at, expires_at) values (pp.uuid7(at), m.account, $2, m.id, at,
		at + make_interval(secs => case m.kind when 'account_invitation' then invited_s else forgotten_s end));
	return 'konto';
end
$$;

grant execute on function pp_api.link_by_secret(bytea), pp_api.link_ends_at(pp.invitation), pp_api.link_enter(text, timestamptz),
	pp_api.link_used(uuid, timestamptz), pp_api.link_json(pp.invitation, timestamptz, text),
	pp_api.link_show(text, timestamptz, text), pp_api.link_acknowledge(text, timestamptz, text),
	pp_api.link_submit(text, jsonb, timestamptz, text, bytea), pp_api.link_content_find(uuid, text, timestamptz),
	pp_api.link_content_piece(uuid, bigint, int, text, timestamptz), pp_api.link_document(uuid, text, timestamptz),
	pp_api.link_list(uuid), pp_api.link_make(uuid, jsonb, text, bytea, timestamptz),
	pp_api.link_revoke(uuid, timestamptz) to pp_server;
grant execute on function pp_api.mail_link(uuid, bytea, int, int, timestamptz) to pp_clerk;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.link_by_secret(bytea) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
