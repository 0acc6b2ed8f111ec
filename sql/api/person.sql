-- SPDX-License-Identifier: EUPL-1.2
-- Private persons: made with their statement, known by a number, opened for a purpose, erased by their key.
-- A request without an account is that person's for one transaction once it has shown the secret of the receipt.

-- One statement and its supplements: from here on the request is this person's.
create function pp_api.person_act(person uuid) returns uuid language sql volatile as
$$ select set_config('pp.person', $1::text, true)::uuid $$;

-- What was sealed: null where the key is gone. Not in SQL, which would be looked into when a list of the
-- public's login names it: that one may not even enter the schema.
create function pp_api.opened(person uuid, sealed bytea) returns text language plpgsql stable as $$
begin
	return case when person is not null and sealed is not null then pp_keys.unseal(person, sealed) end;
end
$$;

create function pp_api.person_content(person jsonb) returns jsonb language sql immutable as $$
	select nullif(jsonb_strip_nulls(jsonb_object_agg(key, nullif(btrim(value), ''))), '{}')
	  from jsonb_each_text(jsonb_strip_nulls(coalesce($1, '{}')))
$$;

-- By what two are told to be one: name with place, mail address; keyed, so that nobody can compare with them.
create function pp_api.person_marks(procedure uuid, content jsonb) returns bytea[] language sql volatile as $$
	select array_agg(pp_keys.alike($1, pp.same_words(m))) from unnest(array[
		'name ' || (content ->> 'given_name') || ' ' || (content ->> 'family_name') || ' ' || coalesce(content ->> 'postcode', content ->> 'town'),
		'mail ' || (content ->> 'email')]) m where m is not null
$$;

-- Who sends this; content is what is known of them, null for an anonymous statement. Returns the secrets of the
-- receipt and of the link that confirms the address; what staff enter has neither, and no account.
create function pp_api.person_make(procedure uuid, planner_body text, content jsonb, by_staff bool, at timestamptz,
	out person uuid, out secret text, out confirmation text) language plpgsql volatile as $$
declare
	next int;
begin
	person := pp_api.person_act(pp.uuid7(at));
	if not by_staff then
		secret := pp.base64url(public.gen_random_bytes(32));
		confirmation := case when content ->> 'email' is not null then pp.base64url(public.gen_random_bytes(32)) end;
	end if;
	perform pp_keys.make_key(person, at);
	insert into pp.statement_number as n (procedure, last, last_person) values ($1, 0, 1)
		on conflict on constraint statement_number_pkey do update set last_person = n.last_person + 1
		returning n.last_person into next;
	insert into pp.person (id, procedure, planner_body, no, account, is_anonymous, sealed, token_sha256, confirm_sha256,
		marks, created_at)
		values (person, $1, $2, next, case when not by_staff then pp.current_account() end, content is null,
			case when content is not null then pp_keys.seal(person, content::text) end,
			sha256(convert_to(secret, 'UTF8')), sha256(convert_to(confirmation, 'UTF8')),
			pp_api.person_marks($1, content), at);
end
$$;

-- Checked before anything is stored: whoever wants to be told by a way has to say where.
create function pp_api.person_check(content jsonb, consents jsonb) returns void language plpgsql immutable as $$
begin
	if content ->> 'inform' = 'EMAIL' and content ->> 'email' is null then
		perform pp.refuse('invalid_body', 'Give the address that you want to be told at.', '/person/email');
	elsif content ->> 'inform' = 'POST' and (content ->> 'street' is null or content ->> 'town' is null) then
		perform pp.refuse('invalid_body', 'Give the address that you want to be told at.', '/person/street');
	elsif consents is not null and content is null then
		perform pp.refuse('invalid_body', 'Nobody consents to anything in an anonymous statement.', '/consents');
	end if;
end
$$;

create function pp_api.consent_write(person uuid, consents jsonb, at timestamptz) returns void
language sql volatile as $$
	insert into pp.consent (person, planner_body, account, kind, given, text_version, at)
		select p.id, p.planner_body, p.account, c.kind, c.given, consents ->> 'text_version', $3
		  from pp.person p, (values ('NAME', (consents ->> 'publish_name')::bool),
			('MITTEILUNGEN', (consents ->> 'notices')::bool)) c (kind, given)
		 where p.id = $1 and c.given is not null
$$;

-- The number that stands for a person in lists, on boards and in what is published.
create function pp_api.person_short(person uuid) returns jsonb language plpgsql stable as $$
begin
	return (select jsonb_build_object('id', p.id, 'name', 'Person ' || lpad(p.no::text, greatest(3, length(p.no::text)), '0'),
			'anonymous', p.is_anonymous, 'erased', p.erased_at is not null)
		  from pp.person p where p.id = $1);
end
$$;

create function pp_api.person_json(person uuid) returns jsonb language sql stable as $$
	select pp_api.person_short(p.id) || jsonb_build_object('procedure', p.procedure,
		'created_at', pp.rfc3339(p.created_at), 'erased_at', pp.rfc3339(p.erased_at), 'erase_reason', p.erase_reason,
		'address_confirmed_at', pp.rfc3339(p.confirmed_at), 'details', pp_api.opened(p.id, p.sealed)::jsonb,
		'consents', (select coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'given', c.given,
				'text_version', c.text_version, 'at', pp.rfc3339(c.at)) order by c.at, c.kind), '[]')
			from pp.consent c where c.person = p.id))
	  from pp.person p where p.id = $1
$$;

create function pp_api.reading_write(person uuid, statement uuid, what text, purpose text, at timestamptz)
returns void language sql volatile as $$
	insert into pp.reading (id, at, account, body, procedure, person, person_account, statement, what, purpose)
		select pp.uuid7($5), $5, pp.current_account(), pp.current_body(), p.procedure, p.id, p.account, $2, $3, $4
		  from pp.person p where p.id = $1
$$;

-- The planning body has read what these persons say. Bodies' statements leave no trace here.
create function pp_api.reading_note(statements uuid[], at timestamptz default now()) returns void
language sql volatile as $$
	select pp_api.reading_write(s.person, s.id, 'INHALT', null, $2) from pp.statement s
	 where s.id = any ($1) and s.person is not null and s.planner_body = pp.current_body() and pp_api.reads_persons(s)
$$;

create function pp_api.need_person(person uuid) returns pp.person language plpgsql stable as $$
declare
	p pp.person;
begin
	select * into p from pp.person v where v.id = $1;
	if not found then
		perform pp.refuse('person_not_found', 'There is no such person that you may see.');
	end if;
	return p;
end
$$;

-- Who a person is, for the planning body and only for a purpose, which is written down.
create function pp_api.person_show(person uuid, purpose text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	p pp.person := pp_api.need_person(person);
begin
	if p.account is distinct from pp.current_account() then
		if purpose is null then
			perform pp.refuse('invalid_parameter', 'purpose: say what you need the name for.');
		end if;
		perform pp_api.reading_write(p.id, null, 'PERSON', purpose, at);
	end if;
	return pp.ok(pp_api.person_json(p.id)::json);
end
$$;

-- Credentials ------------------------------------------------------------------------------------

create function pp_api.person_by_secret(sha256 bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select p.id from pp.person p where p.token_sha256 = $1
$$;

-- The request is the person's who holds this secret; a wrong one and none at all are the same.
create function pp_api.person_enter(secret text) returns uuid language plpgsql volatile as $$
declare
	person uuid := pp_api.person_by_secret(sha256(convert_to(secret, 'UTF8')));
begin
	if person is null then
		perform pp.refuse('status_token_unknown', 'Send the field Status-Token with the secret of your receipt.');
	end if;
	return pp_api.person_act(person);
end
$$;

-- Idempotency without an account -------------------------------------------------------------------

-- Whose keys these are: an account's, else those of this very request. Who does not know place, key and
-- every byte of the body gets another owner, and learns nothing. UUID version 8 (RFC 9562 section 5.8).
create function pp_api.key_owner(place uuid, idempotency_key text, request_sha256 bytea) returns void
language sql volatile as $$
	select pp_api.person_act(encode(set_byte(set_byte(h, 6, get_byte(h, 6) & 15 | 128), 8, get_byte(h, 8) & 63 | 128), 'hex')::uuid)
	  from substring(sha256(uuid_send($1) || $3 || convert_to($2, 'UTF8')) for 16) h
	 where pp.current_account() is null and $2 is not null
$$;

-- What is remembered of a private statement is sealed as the statement is.
create function pp_api.remember_sealed(idempotency_key text, reply pp.reply, person uuid) returns pp.reply
language plpgsql volatile as $$
declare
	kept pp.reply := reply;
begin
	if person is not null and not exists (select from pp.person p where p.id = $3 and p.erased_at is not null) then
		kept.body := json_build_object('person', person, 'sealed', encode(pp_keys.seal(person, reply.body::text), 'base64'));
	end if;
	perform pp.remember(idempotency_key, kept);
	return reply;
end
$$;

create function pp_api.recall_sealed(idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
begin
	if r.body ->> 'sealed' is not null then
		r.body := pp_keys.unseal((r.body ->> 'person')::uuid, decode(r.body ->> 'sealed', 'base64'))::json;
		if r.body is null then
			perform pp.refuse('person_erased', 'What this answered was erased.');
		end if;
	end if;
	return r;
end
$$;

-- What the person itself does ----------------------------------------------------------------------

create function pp_api.statement_of(person uuid) returns uuid language sql stable as $$
	select s.id from pp.statement s where s.person = $1 and s.parent is null order by s.id limit 1
$$;

-- Everything that is kept of somebody, for that somebody (Art. 15, 20 GDPR).
create function pp_api.person_export(person uuid) returns jsonb language sql stable as $$
	select jsonb_build_object('person', pp_api.person_json(p.id),
		'statements', (select coalesce(jsonb_agg(pp_api.statement_json(s.id) || jsonb_build_object(
				'salt', encode(pp_keys.salt_of(p.id), 'hex'), 'attachments', pp_api.attachments_json(s.id, true, true), 'results', pp_api.weighing_result_json(s.id),
				'reinstatement_requests', (select coalesce(jsonb_agg(pp_api.reinstatement_json(q) order by q.requested_at), '[]')
					from pp.reinstatement_request q where q.statement = s.id)) order by s.id), '[]')
			from pp.statement s where s.person = p.id),
		'readings', (select coalesce(jsonb_agg(jsonb_build_object('at', pp.rfc3339(r.at), 'body', r.body,
				'body_name', pp.body_name(r.body), 'what', r.what, 'statement', r.statement, 'purpose', r.purpose) order by r.at), '[]')
			from pp.reading r where r.person = p.id),
		'subscriptions', (select coalesce(jsonb_agg(pp_api.subscription_json(s) order by s.id), '[]')
			from pp.subscription s where s.person = p.id))
	  from pp.person p where p.id = $1
$$;

create function pp_api.token_show(status_token text) returns pp.reply language plpgsql volatile as $$
begin
	return pp.ok(pp_api.person_export(pp_api.person_enter(status_token))::json);
end
$$;

create function pp_api.token_supplement(status_token text, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
begin
	return pp_api.statement_supplement(pp_api.statement_of(pp_api.person_enter(status_token)), body, at,
		idempotency_key, request_sha256);
end
$$;

create function pp_api.token_withdraw(status_token text, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
begin
	return pp_api.statement_withdraw(pp_api.statement_of(pp_api.person_enter(status_token)), body, at,
		idempotency_key, request_sha256);
end
$$;

-- By account: every person that one has been.
create function pp_api.account_export() returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('account', pp.current_account(), 'persons',
		coalesce(json_agg(pp_api.person_export(p.id) order by p.id), '[]')))
	  from pp.person p where p.account = pp.current_account()
$$;

grant execute on function pp_api.opened(uuid, bytea), pp_api.person_short(uuid) to pp_server, pp_public;
grant execute on function pp_api.person_act(uuid), pp_api.person_content(jsonb),
	pp_api.person_marks(uuid, jsonb),
	pp_api.person_make(uuid, text, jsonb, bool, timestamptz), pp_api.person_check(jsonb, jsonb),
	pp_api.consent_write(uuid, jsonb, timestamptz), pp_api.person_json(uuid),
	pp_api.reading_write(uuid, uuid, text, text, timestamptz), pp_api.reading_note(uuid[], timestamptz), pp_api.need_person(uuid),
	pp_api.person_show(uuid, text, timestamptz), pp_api.person_by_secret(bytea), pp_api.person_enter(text),
	pp_api.key_owner(uuid, text, bytea), pp_api.remember_sealed(text, pp.reply, uuid),
	pp_api.recall_sealed(text, bytea), pp_api.statement_of(uuid), pp_api.person_export(uuid), pp_api.token_show(text),
	pp_api.token_supplement(text, jsonb, timestamptz, text, bytea),
	pp_api.token_withdraw(text, jsonb, timestamptz, text, bytea), pp_api.account_export() to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.person_by_secret(bytea) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
