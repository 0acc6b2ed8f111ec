-- SPDX-License-Identifier: EUPL-1.2
-- Links by which people set the password of their account: invited to it, or because they forgot the one they had. What
-- must work before anybody is known is SECURITY DEFINER and belongs to pp_sign_in (last lines). No link signs anybody in.

-- By what somebody can sign in, and when their account was last invited: for a body's administrator and operators.
create function pp_api.account_access(account uuid) returns jsonb language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select jsonb_build_object('password', a.password_hash is not null,
		'issuer', exists (select from pp.account_identity i where i.account = a.id),
		'invited_at', pp.rfc3339(m.created_at), 'mail', m.state)
	  from pp.account a
	  left join lateral (select v.created_at, v.state from pp.mail v where v.account = a.id and v.kind = 'account_invitation'
		order by v.created_at desc limit 1) m on true
	 where a.id = $1
	   and (pp.has_role('operator') or pp.has_role('body_administrator')
		and exists (select from pp.membership b where b.account = a.id and b.body = pp.current_body()))
$$;

-- For nobody to call but the two below: the mail to an account that has no way in.
create function pp_api.account_invite_by_mail(account uuid, lang text, at timestamptz) returns uuid language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	a pp.account;
	id uuid;
begin
	select * into a from pp.account v where v.id = $1;
	id := pp_api.mail_enqueue('account_invitation', a.email, lang, jsonb_build_object('email', a.email,
		'inviter', (select concat_ws(', ', coalesce((select i.name from pp.account_identity i where i.account = me.id
				order by i.last_seen_at desc limit 1), me.email), pp.body_name(pp.current_body()))
			from pp.account me where me.id = pp.current_account()),
		'operator', case when pp.current_account() is null then '' end,
		'bodies', (select string_agg(pp.body_name(m.body), ', ' order by m.id) from pp.membership m
			where m.account = a.id and pp.is_live(m, pp.day(at)))), null, null, at, a.id);
	perform pp.emit('account.invited', at, data => json_build_object('account', a.id));
	return id;
end
$$;

-- Whom one may invite, with an address and no way in. body_administrator: members of one's own body.
create function pp_api.account_to_invite(account uuid, at timestamptz) returns uuid language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
declare
	a pp.account;
begin
	select * into a from pp.account v where v.id = $1
	   and (pp.has_role('operator') or pp.has_role('body_administrator') and exists (select from pp.membership m
		where m.account = v.id and m.body = pp.current_body() and m.state = 'confirmed' and pp.is_live(m, pp.day(at))));
	if not found then
		perform pp.refuse('account_not_found', 'There is no such account that you may invite.');
	elsif a.password_hash is not null or exists (select from pp.account_identity i where i.account = a.id) then
		perform pp.refuse('conflict', 'This account can sign in already. Its person may ask for a new password on the page /konto.');
	elsif not a.active or not coalesce(pp.is_mail_address(a.email), false) then
		perform pp.refuse('conflict', 'This account is closed, or has no e-mail address.');
	end if;
	return a.id;
end
$$;

create function pp_api.account_invite(account uuid, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid := pp_api.account_to_invite(account, at);
	mail uuid := pp_api.account_invite_by_mail(who, lang, at);
begin
	return pp.ok(json_build_object('account', who, 'email', (select a.email from pp.account a where a.id = who), 'mail', mail));
end
$$;

-- For the command line: the account of an address, or (null) all that are active, have an address and no way in, and no
-- invitation that still holds or waits. How many were invited.
create function pp_api.account_invite_all(email text, lang text, at timestamptz) returns int language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid;
	invited int := 0;
begin
	if not pp.has_role('operator') then
		perform pp.refuse('forbidden', 'Only operators do that.');
	elsif email is not null then
		perform pp_api.account_invite_by_mail(pp_api.account_to_invite(pp_api.account_of(email), at), lang, at);
		return 1;
	end if;
	for who in select a.id from pp.account a
		where a.active and a.password_hash is null and pp.is_mail_address(a.email) and a.platform = '{}'
		  and exists (select from pp.membership m where m.account = a.id and m.state = 'confirmed' and pp.is_live(m, pp.day(at)))
		  and not exists (select from pp.account_identity i where i.account = a.id)
		  and not exists (select from pp.account_link l where l.account = a.id and at < l.expires_at)
		  and not exists (select from pp.mail v where v.account = a.id and v.state = 'WARTET')
		  and not exists (select from pp.token t where t.account = a.id)
		order by a.id
	loop
		perform pp_api.account_invite_by_mail(who, lang, at);
		invited := invited + 1;
	end loop;
	return invited;
end
$$;

create function pp_api.account_of(email text) returns uuid language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid;
begin
	select a.id into who from pp.account a where a.email = lower(btrim($1));
	if not found then
		perform pp.refuse('not_found', format('No account has the address %s.', $1));
	end if;
	return who;
end
$$;

-- For the command line: a link that an operator hands over, whose secret is printed once.
create function pp_api.account_link_make(email text, sha256 bytea, valid_s int, at timestamptz) returns uuid language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid;
begin
	if not pp.has_role('operator') then
		perform pp.refuse('forbidden', 'Only operators do that.');
	end if;
	who := pp_api.account_to_invite(pp_api.account_of(email), at);
	insert into pp.account_link (id, account, sha256, made_at, expires_at)
		values (pp.uuid7(at), who, $2, at, at + make_interval(secs => valid_s));
	perform pp.emit('account.invited', at, data => json_build_object('account', who));
	return who;
end
$$;

-- Whoever says that they forgot their password. What is answered says nothing about whether there is such an account;
-- the mail says what it can: a link, or that this account is for an issuer.
create function pp_api.password_forgotten(body jsonb, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	a pp.account;
	title text;
begin
	select * into a from pp.account v where v.email = lower(btrim($1 ->> 'email')) and v.active;
	if found and pp.is_mail_address(a.email) then
		select i.title into title from pp.account_identity k join pp.issuer i on i.key = k.issuer and i.active
		 where k.account = a.id order by k.last_seen_at desc limit 1;
		if a.password_hash is null and title is not null then
			perform pp_api.mail_enqueue('password_by_issuer', a.email, lang, jsonb_build_object('email', a.email, 'issuer', title),
				null, null, at);
		else
			perform pp_api.mail_enqueue('password_reset', a.email, lang, jsonb_build_object('email', a.email), null, null, at, a.id);
		end if;
	end if;
	return row(202, null, null, null, null)::pp.reply;
end
$$;

-- For nobody to call but the two below. Whoever has the secret may know what became of the link.
create function pp_api.account_link_find(sha256 bytea, at timestamptz) returns pp.account_link language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
declare
	l pp.account_link;
begin
	select v.* into l from pp.account_link v join pp.account a on a.id = v.account and a.active where v.sha256 = $1;
	if not found then
		perform pp.refuse('account_link_unknown', 'The link is not whole, or its account is closed.', '/secret');
	elsif l.used_at is not null then
		perform pp.refuse('account_link_used', 'A password was set by this link, or by another one of its account.', '/secret');
	elsif at >= l.expires_at then
		perform pp.refuse('account_link_expired', 'Ask for another one on the page /konto.', '/secret');
	end if;
	return l;
end
$$;

-- body: secret. Whose password the link sets.
create function pp_api.account_link_show(body jsonb, at timestamptz) returns pp.reply language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
declare
	l pp.account_link := pp_api.account_link_find(sha256(convert_to(body ->> 'secret', 'UTF8')), at);
begin
	return pp.ok((select json_build_object('email', a.email, 'expires_at', pp.rfc3339(l.expires_at),
			'is_first', a.password_hash is null,
			'bodies', (select coalesce(json_agg(pp.body_name(m.body) order by m.id), '[]') from pp.membership m
				where m.account = a.id and pp.is_live(m, pp.day(at))))
		from pp.account a where a.id = l.account));
end
$$;

-- Whose address the password must not be made of.
create function pp_api.account_link_email(sha256 bytea, at timestamptz) returns text language sql stable
security definer set search_path = pg_catalog, pg_temp as
$$ select a.email from pp.account a where a.id = (pp_api.account_link_find($1, $2)).account $$;

-- Once: the account's other links end with this one, and so do its sessions. Its second factor stays.
create function pp_api.password_set(sha256 bytea, password_hash text, at timestamptz) returns pp.reply language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	l pp.account_link;
begin
	-- Two at once: the second waits, and finds the link used.
	perform from pp.account a join pp.account_link v on v.account = a.id where v.sha256 = $1 for no key update of a;
	l := pp_api.account_link_find($1, at);
	update pp.account_link v set used_at = at where v.account = l.account and v.used_at is null;
	update pp.account a set password_hash = $2, version = a.version + 1 where a.id = l.account;
	update pp.session s set closed_at = at where s.account = l.account and s.closed_at is null;
	perform pp.emit('account.password_set', at, data => json_build_object('account', l.account));
	return row(204, null, null, null, null)::pp.reply;
end
$$;

grant execute on function pp_api.account_access(uuid), pp_api.account_invite(uuid, timestamptz, text),
	pp_api.account_invite_all(text, text, timestamptz), pp_api.account_link_make(text, bytea, int, timestamptz),
	pp_api.password_forgotten(jsonb, timestamptz, text), pp_api.account_link_show(jsonb, timestamptz),
	pp_api.account_link_email(bytea, timestamptz), pp_api.password_set(bytea, text, timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.account_access(uuid) owner to pp_sign_in;
alter function pp_api.account_invite_by_mail(uuid, text, timestamptz) owner to pp_sign_in;
alter function pp_api.account_to_invite(uuid, timestamptz) owner to pp_sign_in;
alter function pp_api.account_invite(uuid, timestamptz, text) owner to pp_sign_in;
alter function pp_api.account_invite_all(text, text, timestamptz) owner to pp_sign_in;
alter function pp_api.account_of(text) owner to pp_sign_in;
alter function pp_api.account_link_make(text, bytea, int, timestamptz) owner to pp_sign_in;
alter function pp_api.password_forgotten(jsonb, timestamptz, text) owner to pp_sign_in;
alter function pp_api.account_link_find(bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.account_link_show(jsonb, timestamptz) owner to pp_sign_in;
alter function pp_api.account_link_email(bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.password_set(bytea, text, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
