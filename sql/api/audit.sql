-- SPDX-License-Identifier: EUPL-1.2
-- Seals of the audit chain; docs/audit.md. The chain itself is written by triggers (sql/migrations).

-- One seal with its ranges; sealing the same no twice is refused by its key.
create function pp_api.audit_seal_add(no bigint, size bigint, root bytea, peaks bytea, at timestamptz, key text,
	signature bytea, ranges jsonb) returns void language plpgsql volatile as $$
begin
	insert into pp.audit_seal (no, size, root, peaks, sealed_at, key, signature) values ($1, $2, $3, $4, $5, $6, $7);
	insert into pp.audit_range (seal, chain, from_seq, to_seq, first_leaf)
		select $1, r.chain, r.from_seq, r.to_seq, r.first_leaf
		  from jsonb_to_recordset(ranges) r (chain uuid, from_seq bigint, to_seq bigint, first_leaf bigint);
	insert into pp.audit_sealed as s (chain, seq)
		select r.chain, max(r.to_seq) from jsonb_to_recordset(ranges) r (chain uuid, to_seq bigint) group by r.chain
		on conflict on constraint audit_sealed_pkey do update set seq = excluded.seq;
end
$$;

-- The key that the clerk signs with from now on; previous is the one that it has replaced.
create function pp_api.signing_key_register(id text, public_key bytea, previous text, at timestamptz) returns void
language plpgsql volatile as $$
begin
	insert into pp.signing_key (id, public_key, registered_at) values ($1, $2, at) on conflict do nothing;
	update pp.signing_key k set retired_at = at where k.id = $3 and k.retired_at is null and k.id <> $1;
end
$$;

grant execute on function pp_api.audit_seal_add(bigint, bigint, bytea, bytea, timestamptz, text, bytea, jsonb),
	pp_api.signing_key_register(text, bytea, text, timestamptz) to pp_clerk;
