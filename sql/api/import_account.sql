-- SPDX-License-Identifier: EUPL-1.2
-- Imports of who acts for whom. pp_owner stages the rows and then works as pp_sign_in, which alone looks accounts up
-- (sql/api/import.sql; server/command/import_accounts.c). What the table does not name stays as it is.

-- The first cell that cannot be, for whoever mends the table; no row where all is well.
create function pp_api.accounts_wrong() returns table (line int, name text, cell text, why text)
language plpgsql stable as $$
declare
	known constant text[] := '{reader,clerk,releaser,manager,body_administrator,oversight}';
begin
	return query select i.line, w.name, w.cell, w.why
	  from (select v.*, string_to_array(v.roles, '|') as wanted, row_number() over (partition by v.body, lower(v.mail) order by v.line) as nth,
			min(lower(v.mail)) over (partition by v.issuer, v.subject) <> lower(v.mail) as shared
		from import_account v) i
	  left join pp.body b on b.key = i.body
	  left join pp.account a on a.email = lower(i.mail)
	  left join pp.membership m on m.account = a.id and m.body = i.body and m.state <> 'ended'
	  left join pp.issuer s on s.key = i.issuer and s.active
	  left join pp.account_identity k on k.issuer = i.issuer and k.subject = i.subject
	 cross join lateral (values
		(1, 'body', i.body, 'is no body that is known here', b.key is null),
		(2, 'mail', i.mail, 'stands in an earlier line for the same body', i.nth > 1),
		(3, 'roles', i.roles, 'has another word than ' || array_to_string(known, ', '), not i.wanted <@ known),
		(4, 'roles', i.roles, 'has oversight, which is for planning authorities of a Land',
			'oversight' = any (i.wanted) and (b.kind <> 'LANDESPLANUNG' or b.land is null)),
		(5, 'valid_to', pp.iso(coalesce(i.valid_to, m.valid_to)), 'is before the first day',
			coalesce(i.valid_to, m.valid_to) < coalesce(i.valid_from, m.valid_from)),
		(6, 'issuer', i.issuer, 'is no issuer that is set up here', i.issuer <> '' and s.key is null),
		(7, 'subject', i.subject, 'and issuer go together', (i.issuer = '') <> (i.subject = '')),
		(8, 'subject', i.subject, 'is somebody else at this issuer',
			i.subject <> '' and (i.shared or k.account is not null and k.account is distinct from a.id))) w (no, name, cell, why, is_wrong)
	 where w.is_wrong order by i.line, w.no limit 1;
end
$$;

-- What the staged rows would change, for whoever looks before it is done.
create function pp_api.accounts_diff() returns table (body text, mail text, what text, before text, after text)
language plpgsql stable as $$
begin
	return query select i.body, lower(i.mail), v.what, v.before, v.after
	  from (select w.*, array_to_string(pp_api.member_roles(string_to_array(w.roles, '|')), ' ') as wanted from import_account w) i
	  left join pp.account a on a.email = lower(i.mail)
	  left join pp.membership m on m.account = a.id and m.body = i.body and m.state <> 'ended'
	 cross join lateral (values
		(1, 'membership', null, i.wanted, m.id is null),
		(2, 'roles', array_to_string(m.roles, ' '), i.wanted, array_to_string(m.roles, ' ') <> i.wanted),
		(3, 'state', m.state, 'confirmed', m.state = 'pending'),
		(4, 'valid_from', pp.iso(m.valid_from), pp.iso(i.valid_from), i.valid_from is distinct from m.valid_from and i.valid_from is not null),
		(5, 'valid_to', pp.iso(m.valid_to), pp.iso(i.valid_to), i.valid_to is distinct from m.valid_to and i.valid_to is not null),
		(6, 'identity', null, i.issuer || ' ' || i.subject, i.issuer <> '' and not exists (select from pp.account_identity k
			where k.issuer = i.issuer and k.subject = i.subject))) v (no, what, before, after, is_new)
	 where v.is_new order by i.line, v.no;
end
$$;

-- An account is made where an address has none; it has no password. Whoever an issuer knows by that subject is that
-- account from the first sign-in on. What is named by hand is confirmed; an empty day leaves the one that there is.
create function pp_api.accounts_import(at timestamptz, out accounts int, out memberships int, out changed int)
language plpgsql volatile as $$
begin
	insert into pp.account (id, email, created_at)
		select pp.uuid7(at), i.mail, at from (select distinct lower(v.mail) as mail from import_account v order by 1) i
		on conflict on constraint account_email_once do nothing;
	get diagnostics accounts = row_count;
	insert into pp.account_identity (issuer, subject, account, created_at, last_seen_at)
		select distinct on (i.issuer, i.subject) i.issuer, i.subject, a.id, at, at
		  from import_account i join pp.account a on a.email = lower(i.mail) where i.issuer <> ''
		on conflict do nothing;
	update pp.membership m set roles = i.wanted, state = 'confirmed', confirmed_at = coalesce(m.confirmed_at, at),
			valid_from = coalesce(i.valid_from, m.valid_from), valid_to = coalesce(i.valid_to, m.valid_to), version = m.version + 1
	  from (select v.*, pp_api.member_roles(string_to_array(v.roles, '|')) as wanted, a.id as account
			from import_account v join pp.account a on a.email = lower(v.mail)) i
	 where m.account = i.account and m.body = i.body and m.state <> 'ended'
	   and (m.roles, m.state, m.valid_from, m.valid_to) is distinct from
		(i.wanted, 'confirmed', coalesce(i.valid_from, m.valid_from), coalesce(i.valid_to, m.valid_to));
	get diagnostics changed = row_count;
	insert into pp.membership (id, account, body, roles, state, valid_from, valid_to, created_at, confirmed_at)
		select pp.uuid7(at), a.id, i.body, pp_api.member_roles(string_to_array(i.roles, '|')), 'confirmed', i.valid_from, i.valid_to, at, at
		  from import_account i join pp.account a on a.email = lower(i.mail)
		 where not exists (select from pp.membership m where m.account = a.id and m.body = i.body and m.state <> 'ended')
		 order by i.line;
	get diagnostics memberships = row_count;
	perform pp.emit('memberships.imported', at, bodies => array(select distinct i.body from import_account i),
		data => json_build_object('accounts', accounts, 'memberships', memberships, 'changed', changed));
end
$$;

grant execute on function pp_api.member_roles(text[]), pp_api.accounts_wrong(), pp_api.accounts_diff(),
	pp_api.accounts_import(timestamptz) to pp_sign_in;
