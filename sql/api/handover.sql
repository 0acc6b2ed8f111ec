-- SPDX-License-Identifier: EUPL-1.2
-- Drafts of the public on their way to another device. What arrives is sealed; whoever has the id may take it over, and
-- only who has the key as well can read it.

-- Bytes on their way: in that round, and in all. For nobody to call but handover_make: of pp_sign_in, which sees every row.
create function pp_api.handovers_waiting(round uuid, out of_round bigint, out of_all bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select coalesce(sum(h.size) filter (where h.round = $1), 0), coalesce(sum(h.size), 0) from pp.handover h
$$;

-- 64 MB a round and 512 MB in all: a draft without files is a few kB.
create function pp_api.handover_make(round uuid, body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	d pp_api.round_visible := pp_api.public_round(round, at);
	text text := body ->> 'sealed';
	h pp.handover;
	waits record;
begin
	-- RFC 4648 §4; an initialization vector of 12 bytes, a tag of 16 and something between them (NIST SP 800-38D).
	if text !~ '^[A-Za-z0-9+/]+={0,2}$' or length(text) % 4 <> 0 then
		perform pp.refuse('invalid_body', 'Base64 with its padding, as btoa writes it.', '/sealed');
	end if;
	h.sealed := decode(text, 'base64');
	if octet_length(h.sealed) < 29 then
		perform pp.refuse('invalid_body', 'Nothing is sealed in it.', '/sealed');
	end if;
	-- One after the other: what is counted is what there is.
	perform pg_advisory_xact_lock(hashtext('pp.handover'));
	waits := pp_api.handovers_waiting(d.id);
	if waits.of_round + octet_length(h.sealed) > 67108864 or waits.of_all + octet_length(h.sealed) > 536870912 then
		perform pp.refuse('handovers_full', 'Go on on this device, or try again in some days.');
	end if;
	h.id := pp_api.person_act(gen_random_uuid());
	h.expires_at := at + interval '7 days';
	insert into pp.handover (id, round, sealed, size, made_at, expires_at)
		values (h.id, d.id, h.sealed, octet_length(h.sealed), at, h.expires_at);
	return pp.created('/api/v1/handovers/' || h.id, json_build_object('id', h.id, 'expires_at', pp.rfc3339(h.expires_at)));
end
$$;

create function pp_api.handover_enter(handover uuid, at timestamptz) returns pp.handover language plpgsql volatile as $$
declare
	h pp.handover;
begin
	perform pp_api.person_act(handover);
	select * into h from pp.handover o where o.id = handover and o.expires_at > at;
	if not found then
		perform pp.refuse('handover_unknown', 'It was taken over, or a week has passed: make another link on the device with the draft.');
	end if;
	return h;
end
$$;

create function pp_api.handover_show(handover uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	h pp.handover := pp_api.handover_enter(handover, at);
begin
	return pp.ok(json_build_object('id', h.id, 'round', h.round, 'expires_at', pp.rfc3339(h.expires_at),
		'sealed', translate(encode(h.sealed, 'base64'), E'\n', '')), null, null);
end
$$;

create function pp_api.handover_end(handover uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	h pp.handover := pp_api.handover_enter(handover, at);
begin
	delete from pp.handover o where o.id = h.id;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

create function pp_api.handover_sweep(at timestamptz) returns bigint language sql volatile as $$
	with gone as (delete from pp.handover h where h.expires_at <= at returning 1) select count(*) from gone
$$;

grant execute on function pp_api.handovers_waiting(uuid), pp_api.handover_make(uuid, jsonb, timestamptz),
	pp_api.handover_enter(uuid, timestamptz), pp_api.handover_show(uuid, timestamptz), pp_api.handover_end(uuid, timestamptz) to pp_server;
grant execute on function pp_api.handover_sweep(timestamptz) to pp_clerk;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.handovers_waiting(uuid) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
