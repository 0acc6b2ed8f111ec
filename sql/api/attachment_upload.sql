-- SPDX-License-Identifier: EUPL-1.2
-- Attachments that no statement has named yet (pp.upload): announced, on their way, taken back.

-- For nobody to call but basket_enter: of pp_sign_in, which alone reads hashes.
create function pp_api.basket_by_token(sha256 bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select u.basket from pp.upload u where u.token_sha256 = $1 limit 1
$$;

-- From here to the end of the transaction it is whoever has announced the others of that basket that asks.
create function pp_api.basket_enter(upload_token text) returns uuid language plpgsql volatile as $$
declare
	basket uuid := pp_api.basket_by_token(sha256(convert_to(upload_token, 'UTF8')));
begin
	if basket is null then
		perform pp.refuse('upload_token_unknown', 'Its files were submitted, or nobody went on with them: announce them anew, without the field Upload-Token.');
	end if;
	return pp_api.person_act(basket);
end
$$;

-- What strangers have announced and nobody has submitted, in bytes: of that round, and of all. For nobody to call but
-- upload_new: of pp_sign_in, which sees every upload.
create function pp_api.uploads_waiting(round uuid, out of_round bigint, out of_all bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select coalesce(sum(u.takes) filter (where u.round = $1), 0), coalesce(sum(u.takes), 0) from pp.upload u where u.basket is not null
$$;

-- limits: bytes and files of one statement, and (round_bytes, all_bytes; 0: none) what may wait that strangers have announced.
create function pp_api.upload_check(u pp.upload, limits jsonb) returns void language plpgsql volatile as $$
declare
	waits record;
begin
	if exists (select from pp.upload o where o.basket = u.basket and (o.round, o.invitation) is distinct from (u.round, u.invitation)) then
		perform pp.refuse('upload_token_unknown', 'Its files are for another statement: announce this one without the field Upload-Token.');
	elsif u.takes > (limits ->> 'bytes')::bigint then
		perform pp.refuse('attachment_limit', format('An attachment has %s bytes at most.', limits ->> 'bytes'), '/size');
	elsif (limits ->> 'files')::bigint <= (select count(*) from pp.upload o where (o.basket = u.basket or o.body = u.body)
		and (o.round, o.invitation, o.draft, o.basket) is not distinct from (u.round, u.invitation, u.draft, u.basket)) then
		perform pp.refuse('attachment_limit', format('At most %s attachments go with a statement.', limits ->> 'files'));
	elsif u.basket is not null then
		-- One after the other: what is counted is what there is.
		perform pg_advisory_xact_lock(hashtext('pp.upload of strangers'));
		waits := pp_api.uploads_waiting(u.round);
		if waits.of_round + u.takes > nullif((limits ->> 'round_bytes')::bigint, 0)
			or waits.of_all + u.takes > nullif((limits ->> 'all_bytes')::bigint, 0) then
			perform pp.refuse('attachments_full', 'Submit your statement without it now, and add the file to it later; the place becomes free within a day.');
		end if;
	end if;
end
$$;

-- u brings where it belongs. Who is no member of a body that has signed in gets a secret that what follows goes with. With an
-- Idempotency-Key it follows from that and the whole request, so that the same again has the same answer, and no secret is kept.
create function pp_api.upload_new(u pp.upload, is_sealed bool, upload_token text, body jsonb, limits jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	asked_before pp.reply;
	owner uuid;
	token text := upload_token;
	answer pp.reply;
begin
	perform pp_api.key_owner(coalesce(u.draft, u.invitation, u.round), idempotency_key, request_sha256);
	owner := pp.current_person();
	asked_before := pp.recall(idempotency_key, request_sha256);
	u.id := coalesce((asked_before.body ->> 'id')::uuid, pp.uuid7(at));
	if token is not null then
		u.basket := pp_api.basket_enter(token);
	elsif u.body is null or pp.current_account() is null then
		token := pp.base64url(coalesce(pp_keys.alike(u.procedure, request_sha256 || convert_to(idempotency_key, 'UTF8')),
			public.gen_random_bytes(32)));
		u.basket := pp_api.person_act(u.id);
	end if;
	if asked_before.status is null then
		-- However small it is, it takes a row and a chunk.
		u.takes := greatest((body ->> 'size')::bigint, 262144);
		-- A stranger's that never gets a byte makes room for others' within the hour.
		perform pp_api.upload_check(u, limits), pp_api.file_announce(u.id, body, at, is_sealed,
			case when u.basket is not null then interval '1 hour' else interval '7 days' end);
		insert into pp.upload (id, procedure, round, invitation, draft, body, basket, token_sha256, name, sealed, announced_at, expires_at, takes)
			values (u.id, u.procedure, u.round, u.invitation, u.draft, u.body, u.basket, sha256(convert_to(token, 'UTF8')),
				case when not is_sealed then body ->> 'name' end,
				case when is_sealed then pp_keys.seal_piece(u.id, 'name', convert_to(body ->> 'name', 'UTF8')) end, at,
				at + case when u.basket is not null then interval '1 day' when u.draft is null then interval '7 days' end,
				u.takes);
	end if;
	select * into u from pp.upload o where o.id = u.id;
	if not found then
		perform pp.refuse('attachment_not_found', 'It went with a statement, or nobody went on with it: announce it with another key.');
	end if;
	answer := pp.created('/api/v1/attachments/' || u.id, (pp_api.upload_item(u)
		|| case when token is not null then jsonb_build_object('upload_token', token) else '{}' end)::json);
	if owner is not null then
		perform pp_api.person_act(owner);
	end if;
	if asked_before.status is null then
		perform pp.remember(idempotency_key, row(201, null, null, null, json_build_object('id', u.id))::pp.reply);
	end if;
	return answer;
end
$$;

-- For a statement in a round that asks the public, a supplement included; by its planning body for what staff enter.
create function pp_api.attachment_announce(round uuid, upload_token text, body jsonb, limits jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	d pp_api.round_visible;
	u pp.upload;
begin
	select * into d from pp_api.round_visible v where v.id = $1;
	if d.planner_body = pp.current_body() and pp.has_role('manager') then
		u.body := d.planner_body;
		if d.cancelled_at is not null then
			perform pp.refuse('round_cancelled', 'The notice was withdrawn before the round began.');
		end if;
	else
		d := pp_api.public_round(round, at);
	end if;
	u.procedure := d.procedure;
	u.round := d.id;
	return pp_api.upload_new(u, d.audience = 'OEFF', upload_token, body, limits, at, idempotency_key, request_sha256);
end
$$;

create function pp_api.upload_of_invitation(i pp.invitation) returns pp.upload language plpgsql stable as $$
declare
	s pp.statement := pp_api.statement_of_invitation(i);
	u pp.upload;
begin
	u.procedure := s.procedure;
	u.round := s.round;
	u.invitation := s.invitation;
	u.body := pp.current_body();
	return u;
end
$$;

create function pp_api.attachment_announce_answer(invitation uuid, body jsonb, limits jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
begin
	return pp_api.upload_new(pp_api.upload_of_invitation(pp_api.my_invitation(invitation)), false, null, body, limits, at,
		idempotency_key, request_sha256);
end
$$;

create function pp_api.attachment_announce_draft(draft uuid, body jsonb, limits jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	d pp.draft := pp_api.my_draft(draft);
	u pp.upload := pp_api.upload_of_invitation(pp_api.my_invitation(d.invitation));
	r pp.reply;
begin
	u.draft := d.id;
	u.body := d.body;
	r := pp_api.upload_new(u, false, null, body, limits, at, idempotency_key, request_sha256);
	perform pp_api.draft_touch(d, at);
	return r;
end
$$;

create function pp_api.link_attachment_announce(invitation_link text, upload_token text, body jsonb, limits jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
begin
	return pp_api.upload_new(pp_api.upload_of_invitation(pp_api.my_invitation(((pp_api.link_enter(invitation_link, at)).i).id)),
		false, upload_token, body, limits, at, idempotency_key, request_sha256);
end
$$;

-- Taken back before it was submitted: its bytes are swept, and with its key they are gone at once.
create function pp_api.upload_drop(upload uuid) returns void language plpgsql volatile as $$
begin
	delete from pp.upload u where u.id = $1;
	update pp.file f set state = case when f.state = 'LAEDT' then 'VERFALLEN' else 'ABGELEHNT' end, reason = 'ENTFERNT'
	 where f.id = $1 and f.state in ('LAEDT', 'UNGEPRUEFT', 'GEPRUEFT');
	perform pp_keys.forget_file($1);
end
$$;

-- One's own, not submitted: a member who writes for the body, or whoever has the secret.
create function pp_api.my_upload(attachment uuid, upload_token text) returns pp.upload language plpgsql volatile as $$
declare
	u pp.upload;
begin
	if upload_token is not null then
		perform pp_api.basket_enter(upload_token);
	end if;
	select * into u from pp.upload o where o.id = $1
	   and (o.basket = pp.current_person() or pp.has_role('clerk') or pp.has_role('releaser') or pp.has_role('manager'));
	return u;
end
$$;

create function pp_api.attachment_drop(attachment uuid, upload_token text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	u pp.upload := pp_api.my_upload(attachment, upload_token);
begin
	if u.id is null and exists (select from pp.attachment a where a.id = $1) then
		perform pp.refuse('conflict', 'It was submitted; what was submitted stays.');
	elsif u.id is null then
		perform pp.refuse('attachment_not_found', 'There is no such attachment that you may see.');
	end if;
	if u.draft is not null then
		perform pp_api.draft_touch(pp_api.my_draft(u.draft), at);
	end if;
	perform pp_api.upload_drop(u.id);
	return row(204, null, null, null, null)::pp.reply;
end
$$;

grant execute on function pp_api.basket_by_token(bytea), pp_api.basket_enter(text), pp_api.uploads_waiting(uuid),
	pp_api.upload_check(pp.upload, jsonb), pp_api.upload_new(pp.upload, bool, text, jsonb, jsonb, timestamptz, text, bytea),
	pp_api.attachment_announce(uuid, text, jsonb, jsonb, timestamptz, text, bytea), pp_api.upload_of_invitation(pp.invitation),
	pp_api.attachment_announce_answer(uuid, jsonb, jsonb, timestamptz, text, bytea),
	pp_api.attachment_announce_draft(uuid, jsonb, jsonb, timestamptz, text, bytea),
	pp_api.link_attachment_announce(text, text, jsonb, jsonb, timestamptz, text, bytea), pp_api.upload_drop(uuid),
	pp_api.my_upload(uuid, text), pp_api.attachment_drop(uuid, text, timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.basket_by_token(bytea) owner to pp_sign_in;
alter function pp_api.uploads_waiting(uuid) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
