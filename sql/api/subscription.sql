-- SPDX-License-Identifier: EUPL-1.2
-- Subscriptions: asked for with an address, confirmed by a mail to it (double opt-in), looked at and ended by the secrets in
-- mails. What is answered to a request says nothing about whether an address is known. What there is to tell, and to whom, is
-- in sql/api/subscription_tell.sql.

-- How long a request waits for its confirmation, how long a place is kept, and what is over stays until its last mail is sent.
create function pp_api.subscription_ends(is_place bool, is_person bool, confirmed_at timestamptz, requested_at timestamptz)
returns timestamptz language sql immutable as $$
	select case when confirmed_at is null then requested_at + case when is_person then interval '1 month' else interval '7 days' end
		when is_place then confirmed_at + interval '2 years' end
$$;

-- Keyed like marks of persons, but with a key of no procedure: an address is one reader's for the whole platform. mailbox:
-- without the subaddress (RFC 5233), so that nobody fills one by inventing those.
create function pp_api.subscription_mark(email text) returns bytea language sql volatile as
$$ select pp_keys.alike('00000000-0000-0000-0000-000000000000', convert_to('address ' || lower($1), 'UTF8')) $$;
create function pp_api.mailbox_mark(email text) returns bytea language sql volatile as $$
	select pp_keys.alike('00000000-0000-0000-0000-000000000000',
		convert_to('mailbox ' || regexp_replace(lower($1), '\+[^@]*@', '@'), 'UTF8'))
$$;

-- For nobody to call but the functions below: of pp_sign_in, which alone reads hashes.
create function pp_api.subscription_holder(mark bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select s.holder from pp.subscription s where s.mark = $1 order by s.id limit 1
$$;
create function pp_api.subscription_reader(sha256 bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select s.holder from pp.subscription s where s.open_sha256 = $1 limit 1
$$;
create function pp_api.subscription_to_end(sha256 bytea, out id uuid, out holder uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select s.id, s.holder from pp.subscription s where s.end_sha256 = $1
$$;

-- What it is about, in the words of its mails; no word of the reader's own.
create function pp_api.subscription_what(procedure uuid, ags text, radius_km int, lang text) returns text language sql stable as $$
	select case when $1 is not null then (select case $4 when 'en' then 'procedure ' else 'Verfahren ' end || p.number || ': ' || p.title
			from pp.procedure p where p.id = $1)
		when $2 is not null then (select case $4 when 'en' then 'what is planned in or near ' else 'Planungen in und bei ' end || m.name
			from pp.municipality m where m.ags = $2 order by m.boundary_version desc limit 1)
		else case $4 when 'en' then format('what is planned within %s km of your place', $3)
			else format('Planungen im Umkreis von %s km um Ihren Ort', $3) end end
$$;

create function pp_api.subscription_json(s pp.subscription) returns jsonb language sql stable as $$
	select jsonb_build_object('id', s.id, 'kind', case when s.person is not null then 'EIGENE' when s.procedure is not null then 'VERFAHREN'
			else 'UMKREIS' end, 'procedure', s.procedure, 'procedure_number', p.number, 'procedure_title', p.title, 'ags', s.ags,
		'name', (select m.name from pp.municipality m where m.ags = s.ags order by m.boundary_version desc limit 1), 'cell', s.cell,
		'radius_km', s.radius_km, 'text_version', s.text_version, 'requested_at', pp.rfc3339(s.requested_at),
		'confirmed_at', pp.rfc3339(s.confirmed_at), 'ends_at', pp.rfc3339(s.ends_at))
	  from (values (1)) one left join pp_api.procedure_visible p on p.id = s.procedure
$$;

-- Keeps it, sealed with its holder's key; one that is there is asked for anew, and stays confirmed where it is.
create function pp_api.subscription_store(s pp.subscription, email text) returns pp.subscription language plpgsql volatile as $$
declare
	kept pp.subscription;
begin
	s.id := pp.uuid7(s.requested_at);
	s.sealed := pp_keys.seal(s.holder, email);
	s.open_sha256 := sha256(convert_to(pp_keys.secret_of(s.holder, 'open'), 'UTF8'));
	s.end_sha256 := sha256(convert_to(pp_keys.secret_of(s.holder, 'end ' || s.id), 'UTF8'));
	s.ends_at := pp_api.subscription_ends(s.procedure is null, s.person is not null, s.confirmed_at, s.requested_at);
	insert into pp.subscription as v select s.* on conflict on constraint subscription_once do update
		set lang = excluded.lang, text_version = excluded.text_version, requested_at = excluded.requested_at, ends_at = excluded.ends_at
		where v.confirmed_at is null;
	select * into strict kept from pp.subscription v where v.holder = s.holder and v.procedure is not distinct from s.procedure
		and v.ags is not distinct from s.ags and v.cell is not distinct from s.cell and v.radius_km is not distinct from s.radius_km;
	return kept;
end
$$;

create function pp_api.subscription_mail(s pp.subscription, email text, at timestamptz) returns void language plpgsql volatile as $$
begin
	perform pp_api.mail_enqueue(case when s.confirmed_at is null then 'subscription_confirm' else 'subscription_known' end, null, s.lang,
		jsonb_build_object('what', pp_api.subscription_what(s.procedure, s.ags, s.radius_km, s.lang), 'until', pp.iso(pp.day(s.ends_at))),
		s.procedure, null, at,
		subscription => s.id, mailbox => pp_api.mailbox_mark(email));
end
$$;

-- Somebody who is nobody here. The same is done and answered whether the address is known or not.
create function pp_api.subscription_ask(s pp.subscription, body jsonb, lang text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	email text := btrim(body ->> 'email');
begin
	if not coalesce(pp.is_mail_address(email), false) then
		perform pp.refuse('invalid_body', 'This is no e-mail address.', '/email');
	end if;
	s.mark := pp_api.subscription_mark(email);
	s.lang := lang;
	s.text_version := btrim(body ->> 'text_version');
	s.requested_at := at;
	perform pp.become('', '', '');
	-- Two requests of one address at once shall find one holder.
	perform pg_advisory_xact_lock(hashtextextended(encode(s.mark, 'hex'), 0));
	s.holder := pp_api.subscription_holder(s.mark);
	if s.holder is null then
		s.holder := pp.uuid7(at);
		perform pp_keys.make_key(s.holder, at);
	end if;
	perform pp_api.person_act(s.holder);
	perform pp_api.subscription_mail(pp_api.subscription_store(s, email), email, at);
	return row(202, null, null, null, null)::pp.reply;
end
$$;

-- body: email, text_version. Of one procedure that is published and not over.
create function pp_api.subscription_to_procedure(procedure uuid, body jsonb, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile as $$
declare
	p pp_api.procedure_visible;
	s pp.subscription;
begin
	perform pp.become('', '', '');
	p := pp_api.need_procedure(procedure);
	if (select m.news = 'ENDE' from pp.procedure_kind k join pp.machine_state m on m.machine = k.machine and m.state = p.state
		where k.kind = p.kind) then
		perform pp.refuse('conflict', 'This procedure is over; there will be nothing more to tell.');
	end if;
	s.procedure := p.id;
	return pp_api.subscription_ask(s, body, lang, at);
end
$$;

-- body: email, text_version and either ags or longitude, latitude and radius_km. Of a place its square is kept, and nothing else.
create function pp_api.subscription_to_place(body jsonb, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile as $$
declare
	s pp.subscription;
	place geometry;
begin
	if (body ->> 'ags' is null) = (body ->> 'longitude' is null) or num_nulls(body ->> 'longitude', body ->> 'latitude', body ->> 'radius_km') not in (0, 3) then
		perform pp.refuse('invalid_body', 'Name a municipality, or a place by longitude, latitude and radius_km.', '/ags');
	elsif body ->> 'ags' is not null then
		perform pp_api.need_municipality(pp.need_boundaries(), body ->> 'ags');
		s.ags := body ->> 'ags';
	else
		place := ST_Transform(ST_SetSRID(ST_MakePoint((body ->> 'longitude')::float8, (body ->> 'latitude')::float8), 4326), 25832);
		if not place && ST_MakeEnvelope(200000, 5200000, 1000000, 6200000, 25832) then
			perform pp.refuse('geometry_out_of_area', 'Give longitude and latitude of a place in Germany, in degrees.', '/longitude');
		end if;
		s.cell := pp.cell(place);
		s.radius_km := (body ->> 'radius_km')::int;
	end if;
	return pp_api.subscription_ask(s, body, lang, at);
end
$$;

-- By the secrets in mails ------------------------------------------------------------------------------

-- From here on the request is the reader's whose page this secret opens: of an address all that it has subscribed to, of a
-- person who made a statement that alone.
create function pp_api.subscription_enter(secret text) returns uuid language plpgsql volatile as $$
declare
	holder uuid := pp_api.subscription_reader(sha256(convert_to(secret, 'UTF8')));
begin
	if holder is null then
		perform pp.refuse('subscription_unknown', 'The link is not whole, or what it led to has ended.', '/secret');
	end if;
	perform pp.become('', '', '');
	return pp_api.person_act(holder);
end
$$;

create function pp_api.subscription_need(holder uuid, subscription uuid, at timestamptz) returns pp.subscription language plpgsql stable as $$
declare
	s pp.subscription;
begin
	select * into s from pp.subscription v where v.holder = $1 and v.id = $2 and coalesce(v.ends_at > at, true);
	if not found then
		perform pp.refuse('subscription_unknown', 'There is no such subscription of yours.', '/subscription');
	end if;
	return s;
end
$$;

create function pp_api.subscription_items(holder uuid, at timestamptz) returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(pp_api.subscription_json(s) order by s.id), '[]')))
	  from pp.subscription s where s.holder = $1 and coalesce(s.ends_at > $2, true)
$$;

-- body: secret.
create function pp_api.subscription_open(body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
begin
	return pp_api.subscription_items(pp_api.subscription_enter(body ->> 'secret'), at);
end
$$;

-- body: secret, subscription. Confirms it, or keeps a place for another two years; the address is then known to be the reader's.
create function pp_api.subscription_confirm(body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	holder uuid := pp_api.subscription_enter(body ->> 'secret');
	s pp.subscription := pp_api.subscription_need(holder, (body ->> 'subscription')::uuid, at);
begin
	update pp.subscription v set confirmed_at = at, ends_at = pp_api.subscription_ends(v.procedure is null, v.person is not null, at, v.requested_at)
	 where v.id = s.id and (v.confirmed_at is null or v.procedure is null);
	update pp.person p set confirmed_at = at where p.id = s.person and p.confirmed_at is null;
	return pp_api.subscription_items(holder, at);
end
$$;

-- What rests on a consent that a statement came with ends by taking it back, which is written down.
create function pp_api.subscription_drop(s pp.subscription, at timestamptz) returns void language plpgsql volatile as $$
begin
	if s.person is not null then
		perform pp_api.consent_write(s.person, jsonb_build_object('notices', false, 'text_version', s.text_version), at);
	end if;
	delete from pp.subscription v where v.id = s.id;
end
$$;

-- body: secret, and which one, or all. As easy as it was given (Art. 7 (3) GDPR).
create function pp_api.subscription_end(body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	reader uuid := pp_api.subscription_enter(body ->> 'secret');
begin
	if (body ->> 'all')::bool then
		perform pp_api.subscription_drop(v, at) from pp.subscription v where v.holder = reader;
	else
		perform pp_api.subscription_drop(pp_api.subscription_need(reader, (body ->> 'subscription')::uuid, at), at);
	end if;
	return pp_api.subscription_items(reader, at);
end
$$;

-- What its secret would end, in the words of its mails; null where nothing is left to end. Who has the secret has the mail.
create function pp_api.subscription_ending(secret text, lang text) returns text language plpgsql volatile as $$
declare
	f record;
begin
	select * into f from pp_api.subscription_to_end(sha256(convert_to(secret, 'UTF8')));
	if f.id is null then
		return null;
	end if;
	perform pp.become('', '', '');
	perform pp_api.person_act(f.holder);
	return (select pp_api.subscription_what(s.procedure, s.ags, s.radius_km, $2) from pp.subscription s where s.id = f.id);
end
$$;

-- RFC 8058: by a mail program, which waits for no answer of ours. One that has ended already is no mistake.
create function pp_api.subscription_unsubscribe(secret text, at timestamptz) returns bool language plpgsql volatile as $$
declare
	f record;
begin
	select * into f from pp_api.subscription_to_end(sha256(convert_to(secret, 'UTF8')));
	if f.id is not null then
		perform pp.become('', '', '');
		perform pp_api.person_act(f.holder);
		perform pp_api.subscription_drop(v, at) from pp.subscription v where v.id = f.id;
	end if;
	return f.id is not null;
end
$$;

-- Of a statement ----------------------------------------------------------------------------------------

-- After a consent was given or taken back. asks: the address is asked about by a mail of its own, where nobody has confirmed it.
create function pp_api.subscription_of_person(person uuid, consents jsonb, email text, lang text, asks bool, at timestamptz)
returns void language plpgsql volatile as $$
declare
	p pp.person;
	s pp.subscription;
begin
	if (consents ->> 'notices')::bool is false then
		delete from pp.subscription v where v.person = $1;
	elsif (consents ->> 'notices')::bool and pp.is_mail_address(email) then
		select * into strict p from pp.person v where v.id = $1;
		s.holder := p.id;
		s.person := p.id;
		s.account := p.account;
		s.procedure := p.procedure;
		s.lang := lang;
		s.text_version := consents ->> 'text_version';
		s.requested_at := at;
		s.confirmed_at := p.confirmed_at;
		s := pp_api.subscription_store(s, email);
		if asks and s.confirmed_at is null then
			perform pp_api.subscription_mail(s, email, at);
		end if;
	end if;
end
$$;

-- body: notices, publish_name, text_version.
create function pp_api.person_consent(p pp.person, body jsonb, lang text, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	email text := pp_api.opened(p.id, p.sealed)::jsonb ->> 'email';
begin
	if p.erased_at is not null then
		perform pp.refuse('person_erased', format('That was done on %s.', pp.iso(pp.day(p.erased_at))));
	elsif p.is_anonymous then
		perform pp.refuse('conflict', 'Nobody consents to anything in an anonymous statement.');
	elsif (body ->> 'notices')::bool and email is null then
		perform pp.refuse('conflict', 'The statement came without an e-mail address. Subscribe to its procedure with one instead.', '/notices');
	end if;
	perform pp_api.consent_write(p.id, body, at);
	perform pp_api.subscription_of_person(p.id, body, email, lang, true, at);
	return pp.ok(pp_api.person_json(p.id)::json);
end
$$;

create function pp_api.token_consent(status_token text, body jsonb, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile as $$
begin
	return pp_api.person_consent(pp_api.need_person(pp_api.person_enter(status_token)), body, lang, at);
end
$$;

create function pp_api.person_consent_own(person uuid, body jsonb, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql volatile as $$
declare
	p pp.person := pp_api.need_person(person);
begin
	if p.account is distinct from pp.current_account() then
		perform pp.refuse('person_not_found', 'There is no such person that you may see.');
	end if;
	return pp_api.person_consent(p, body, lang, at);
end
$$;

grant execute on function pp_api.subscription_what(uuid, text, int, text) to pp_server, pp_clerk;
grant execute on function pp_api.subscription_ends(bool, bool, timestamptz, timestamptz), pp_api.subscription_mark(text), pp_api.mailbox_mark(text),
	pp_api.subscription_holder(bytea), pp_api.subscription_reader(bytea), pp_api.subscription_to_end(bytea), pp_api.subscription_json(pp.subscription),
	pp_api.subscription_store(pp.subscription, text), pp_api.subscription_mail(pp.subscription, text, timestamptz),
	pp_api.subscription_ask(pp.subscription, jsonb, text, timestamptz), pp_api.subscription_to_procedure(uuid, jsonb, timestamptz, text),
	pp_api.subscription_to_place(jsonb, timestamptz, text), pp_api.subscription_enter(text),
	pp_api.subscription_need(uuid, uuid, timestamptz), pp_api.subscription_items(uuid, timestamptz),
	pp_api.subscription_open(jsonb, timestamptz), pp_api.subscription_confirm(jsonb, timestamptz),
	pp_api.subscription_drop(pp.subscription, timestamptz), pp_api.subscription_end(jsonb, timestamptz),
	pp_api.subscription_ending(text, text), pp_api.subscription_unsubscribe(text, timestamptz),
	pp_api.subscription_of_person(uuid, jsonb, text, text, bool, timestamptz),
	pp_api.person_consent(pp.person, jsonb, text, timestamptz), pp_api.token_consent(text, jsonb, timestamptz, text),
	pp_api.person_consent_own(uuid, jsonb, timestamptz, text) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.subscription_holder(bytea) owner to pp_sign_in;
alter function pp_api.subscription_reader(bytea) owner to pp_sign_in;
alter function pp_api.subscription_to_end(bytea) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
