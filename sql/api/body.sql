-- SPDX-License-Identifier: EUPL-1.2
-- Bodies and their members. Who a member is is looked up by functions of pp_sign_in: a body's administrator sees
-- addresses of its members, and of nobody else.

create function pp_api.body_row(b pp.body) returns json language sql stable as $$
	select json_build_object('body', b.key, 'name', b.name, 'kind', b.kind, 'land', b.land, 'parent', b.parent,
		'parent_name', pp.body_name(b.parent), 'themes', (select coalesce(json_agg(c.theme order by c.theme), '[]')
			from pp.agency_competence c where c.body = b.key))
$$;

-- In the order of their keys, which is that of the Länder, Kreise and municipalities.
create function pp_api.body_list(q text, kind text, land text, theme text, area text, at timestamptz, row_limit int, cursor text)
returns pp.reply language plpgsql stable as $$
declare
	after text := (pp.cursor_read(cursor, 1))[1];
	size int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with page as (
		select b, row_number() over (order by b.key) as n from pp.body b
		 where (after is null or b.key > after collate "C") and ($2 is null or b.kind = $2) and ($3 is null or b.land = $3)
		   and (q is null or b.name ilike '%' || replace(replace(replace(q, '\', '\\'), '%', '\%'), '_', '\_') || '%'
			or b.key = q)
		   and ($4 is null and $5 is null or b.key in (select pp_api.agencies_of($4, $5, pp.day($6))))
		 order by b.key limit size + 1)
	select coalesce(json_agg(pp_api.body_row(b) order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((array_agg((b).key::text order by n))[size]) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.need_body(body text) returns pp.body language plpgsql stable as $$
declare
	b pp.body;
begin
	select * into b from pp.body v where v.key = $1;
	if not found then
		perform pp.refuse('not_found', 'There is no such body.');
	end if;
	return b;
end
$$;

-- Where the office of a body is written to from a day on, null: nowhere. History stays; what was to begin on that day or
-- later does not come any more.
create function pp_api.body_mail_set(body text, mail text, day date, source text) returns void language plpgsql volatile as $$
begin
	delete from pp.body_mail m where m.body = $1 and m.valid_from >= day and m.mail is distinct from $2;
	update pp.body_mail m set valid_to = day - 1
	 where m.body = $1 and m.mail is distinct from $2 and m.valid_from < day and coalesce(m.valid_to, 'infinity') >= day;
	insert into pp.body_mail (body, mail, valid_from, source)
		select $1, $2, day, $4 where $2 is not null and pp.body_mail_on($1, day) is null;
end
$$;

-- The same by somebody: the body's administrator, or an operator for one whose office has no account yet. Whoever reads at
-- the address that was is told, so that nobody turns a body's post away unseen.
create function pp_api.body_mail_change(body text, mail text, at timestamptz) returns void language plpgsql volatile as $$
declare
	day date := pp.day(at);
	before text := pp.body_mail_on(body, day);
begin
	if not (pp.has_role('operator') or pp.has_role('body_administrator') and body = pp.current_body()) then
		perform pp.refuse('forbidden', 'Only its own administrator or an operator says where a body is written to.', '/mail');
	elsif mail is not null and not pp.is_mail_address(mail) then
		perform pp.refuse('invalid_body', 'This is no e-mail address.', '/mail');
	elsif mail is not distinct from before then
		return;
	end if;
	perform pp_api.body_mail_set(body, mail, day, pp.current_account()::text);
	perform pp.emit('body.mail_changed', at, bodies => array[body], data => json_build_object('body', body));
	if before is not null then
		perform pp_api.mail_enqueue('mailbox_left', before, 'de', jsonb_build_object('name', pp.body_name(body)), null, null, at);
	end if;
end
$$;

-- One body: for whom it acts, who acts for it. How it works is its members' own matter, and where it is written to
-- theirs and the operators'.
create function pp_api.body_show(body_key text, at timestamptz) returns pp.reply language plpgsql stable as $$
declare
	b pp.body := pp_api.need_body(body_key);
	day date := pp.day(at);
	is_member bool := coalesce(b.key = pp.current_body(), false);
	mail text;
begin
	if is_member or pp.has_role('operator') then
		mail := pp.body_mail_on(b.key, day);
	end if;
	return pp.ok((pp_api.body_row(b)::jsonb || jsonb_build_object(
		'acts_for', (select coalesce(jsonb_agg(jsonb_build_object('body', a.ags, 'name', pp.body_name(a.ags), 'kind', a.kind,
				'valid_to', pp.iso(a.valid_to)) order by a.ags, a.kind), '[]')
			from pp.administration a where a.body = b.key and day between a.valid_from and coalesce(a.valid_to, 'infinity')),
		'acted_for_by', (select coalesce(jsonb_agg(jsonb_build_object('body', a.body, 'name', pp.body_name(a.body),
				'kind', a.kind, 'valid_to', pp.iso(a.valid_to)) order by a.body, a.kind), '[]')
			from pp.administration a where a.ags = b.key and day between a.valid_from and coalesce(a.valid_to, 'infinity')),
		'agency', pp_api.agency_json(b.key),
		'release_by_second', case when is_member then b.release_by_second end,
		'mail', mail))::json, b.version::text);
end
$$;

create function pp_api.body_change(body_key text, body jsonb, if_match text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	is_own bool := pp.has_role('body_administrator') and body_key = pp.current_body();
	b pp.body;
begin
	perform pp_api.need_body(body_key);
	if not is_own and (body ? 'release_by_second' or not pp.has_role('operator')) then
		perform pp.refuse('forbidden', 'Only its own administrator changes how a body works.');
	elsif body = '{}' then
		perform pp.refuse('invalid_body', 'Nothing is to be changed; name release_by_second or mail.');
	end if;
	select * into b from pp.body v where v.key = body_key for no key update;
	perform pp.match(if_match, b.version);
	if body ? 'mail' then
		perform pp_api.body_mail_change(body_key, body ->> 'mail', at);
	end if;
	update pp.body v set release_by_second = coalesce(($2 ->> 'release_by_second')::bool, v.release_by_second),
		version = v.version + 1 where v.key = b.key;
	return pp_api.body_show(b.key, at);
end
$$;

-- Members -----------------------------------------------------------------------------------------

-- The address of a member of one's own body, for whoever works there, or of anybody for operators.
create function pp_api.member_email(account uuid) returns text language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select coalesce(a.email, (select i.email from pp.account_identity i where i.account = a.id
			order by i.last_seen_at desc limit 1))
	  from pp.account a where a.id = $1
	   and (pp.has_role('operator') or exists (select from pp.membership m where m.account = a.id and m.body = pp.current_body())
		and pp.current_roles() && '{clerk,releaser,manager,body_administrator}')
$$;

-- The account of that address; made where there is none. It has no password: its person signs in with an identity
-- provider, or is given one on the command line.
create function pp_api.member_account(email text, at timestamptz) returns uuid language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	result uuid;
begin
	if not (pp.has_role('operator') or pp.has_role('body_administrator')) then
		perform pp.refuse('forbidden', 'Only a body''s administrator names its members.');
	end if;
	insert into pp.account (id, email, created_at) values (pp.uuid7(at), lower(btrim($1)), at)
		on conflict on constraint account_email_once do nothing returning id into result;
	return coalesce(result, (select a.id from pp.account a where a.email = lower(btrim($1))));
end
$$;

create function pp_api.membership_json(m pp.membership) returns json language sql stable as $$
	select json_build_object('id', m.id, 'body', m.body, 'body_name', pp.body_name(m.body),
		'account', m.account, 'email', pp_api.member_email(m.account), 'access', pp_api.account_access(m.account), 'roles', m.roles, 'state', m.state, 'valid_from', pp.iso(m.valid_from),
		'valid_to', pp.iso(m.valid_to), 'created_at', pp.rfc3339(m.created_at), 'confirmed_at', pp.rfc3339(m.confirmed_at),
		'ended_at', pp.rfc3339(m.ended_at))
$$;

-- Who may say who the members are: the body's own administrator; an operator only who administers it.
create function pp_api.need_administered(body text) returns void language plpgsql stable as $$
begin
	if not (pp.has_role('operator') or pp.has_role('body_administrator') and body = pp.current_body()) then
		perform pp.refuse('forbidden', 'Only its own administrator says who acts for a body.');
	end if;
end
$$;

create function pp_api.need_member_roles(roles text[], body text) returns text[] language plpgsql stable as $$
declare
	result text[] := pp_api.member_roles(roles);
begin
	if pp.has_role('operator') and not result <@ '{reader,body_administrator}' then
		perform pp.refuse('forbidden', 'An operator names a body''s administrator and nobody else; the administrator names the others.', '/roles');
	elsif 'oversight' = any (result) and not exists (select from pp_api.planning_authority a where a.body = $2) then
		perform pp.refuse('invalid_body', 'oversight is for planning authorities of a Land.', '/roles');
	end if;
	return result;
end
$$;

create function pp_api.need_membership(membership uuid) returns pp.membership language plpgsql volatile as $$
declare
	m pp.membership;
begin
	select * into m from pp.membership v where v.id = $1 for no key update;
	if not found then
		perform pp.refuse('membership_not_found', 'There is no such membership.');
	end if;
	perform pp_api.need_administered(m.body);
	if m.state = 'ended' then
		perform pp.refuse('conflict', 'This membership has ended; make a new one.');
	end if;
	return m;
end
$$;

create function pp_api.membership_list(body_key text) returns pp.reply language plpgsql stable as $$
begin
	perform pp_api.need_body(body_key), pp_api.need_administered(body_key);
	return pp.ok((select json_build_object('items', coalesce(json_agg(pp_api.membership_json(m) order by m.id), '[]'))
		from pp.membership m where m.body = body_key));
end
$$;

-- Tells the body's members; who it is about is theirs to look up.
create function pp_api.membership_reply(m pp.membership, kind text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
begin
	perform pp.emit(kind, at, bodies => array[m.body], data => json_build_object('membership', m.id));
	return pp.ok(pp_api.membership_json(m), m.version::text);
end
$$;

-- body: email, roles, valid_from, valid_to. Whoever is named by the administrator is confirmed with it.
create function pp_api.membership_create(body_key text, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	roles text[];
	m pp.membership;
	who uuid;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_body(body_key), pp_api.need_administered(body_key);
	roles := pp_api.need_member_roles(array(select jsonb_array_elements_text(body -> 'roles')), body_key);
	if (body ->> 'valid_to')::date < (body ->> 'valid_from')::date then
		perform pp.refuse('invalid_body', 'It ends before it begins.', '/valid_to');
	end if;
	who := pp_api.member_account(body ->> 'email', at);
	if who = pp.current_account() then
		perform pp.refuse('forbidden', 'Nobody makes a membership of their own.', '/email');
	end if;
	insert into pp.membership (id, account, body, roles, state, valid_from, valid_to, created_at, confirmed_at, confirmed_by)
		values (pp.uuid7(at), who, body_key, roles, 'confirmed', (body ->> 'valid_from')::date, (body ->> 'valid_to')::date,
			at, at, pp.current_account())
		on conflict do nothing returning * into m;
	if not found then
		perform pp.refuse('membership_exists', 'Change the membership that there is.', '/email');
	end if;
	r := pp_api.membership_reply(m, 'membership.created', at);
	return pp.remember(idempotency_key, pp.created('/api/v1/memberships/' || m.id, r.body, r.etag));
end
$$;

create function pp_api.membership_show(membership uuid) returns pp.reply language plpgsql stable as $$
declare
	m pp.membership;
begin
	select * into m from pp.membership v where v.id = $1;
	if not found then
		perform pp.refuse('membership_not_found', 'There is no such membership.');
	end if;
	perform pp_api.need_administered(m.body);
	return pp.ok(pp_api.membership_json(m), m.version::text);
end
$$;

create function pp_api.membership_change(membership uuid, body jsonb, if_match text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	m pp.membership := pp_api.need_membership(membership);
begin
	perform pp.match(if_match, m.version);
	if body ? 'roles' then
		m.roles := pp_api.need_member_roles(array(select jsonb_array_elements_text(body -> 'roles')), m.body);
	end if;
	if body ? 'valid_to' then
		m.valid_to := (body ->> 'valid_to')::date;
		if m.valid_to < m.valid_from then
			perform pp.refuse('invalid_body', 'It ends before it begins.', '/valid_to');
		end if;
	end if;
	update pp.membership v set roles = m.roles, valid_to = m.valid_to, version = v.version + 1
	 where v.id = m.id returning * into m;
	return pp_api.membership_reply(m, 'membership.changed', at);
end
$$;

-- Of somebody who joined by signing in; body: roles, which replace those that were claimed.
create function pp_api.membership_confirm(membership uuid, body jsonb, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	m pp.membership := pp_api.need_membership(membership);
begin
	if m.state <> 'pending' then
		perform pp.refuse('conflict', 'This membership is confirmed.');
	end if;
	update pp.membership v set state = 'confirmed', confirmed_at = at, confirmed_by = pp.current_account(),
		roles = case when $2 ? 'roles'
			then pp_api.need_member_roles(array(select jsonb_array_elements_text($2 -> 'roles')), m.body) else v.roles end,
		version = v.version + 1
	 where v.id = m.id returning * into m;
	return pp_api.membership_reply(m, 'membership.confirmed', at);
end
$$;

-- It ends at once; a body keeps an administrator.
create function pp_api.membership_end(membership uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	m pp.membership := pp_api.need_membership(membership);
begin
	if m.account = pp.current_account() then
		perform pp.refuse('forbidden', 'Nobody ends a membership of their own: another administrator does.');
	end if;
	update pp.membership v set state = 'ended', ended_at = at, version = v.version + 1
	 where v.id = m.id returning * into m;
	return pp_api.membership_reply(m, 'membership.ended', at);
end
$$;

grant execute on function pp_api.body_row(pp.body), pp_api.body_list(text, text, text, text, text, timestamptz, int, text), pp_api.need_body(text),
	pp_api.body_show(text, timestamptz) to pp_server, pp_public;
grant execute on function pp_api.body_change(text, jsonb, text, timestamptz), pp_api.body_mail_change(text, text, timestamptz),
	pp_api.body_mail_set(text, text, date, text), pp_api.member_email(uuid),
	pp_api.member_account(text, timestamptz), pp_api.membership_json(pp.membership), pp_api.need_administered(text),
	pp_api.need_member_roles(text[], text), pp_api.need_membership(uuid), pp_api.membership_list(text),
	pp_api.membership_reply(pp.membership, text, timestamptz),
	pp_api.membership_create(text, jsonb, timestamptz, text, bytea), pp_api.membership_show(uuid),
	pp_api.membership_change(uuid, jsonb, text, timestamptz), pp_api.membership_confirm(uuid, jsonb, timestamptz),
	pp_api.membership_end(uuid, timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.member_email(uuid) owner to pp_sign_in;
alter function pp_api.member_account(text, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
