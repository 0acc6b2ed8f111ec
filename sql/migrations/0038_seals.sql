-- SPDX-License-Identifier: EUPL-1.2
-- Seals: once a second the clerk adds the entries of all chains to one Merkle tree and signs its root.
-- What was exported of them shows a chain that was rewritten as a whole, and an older backup. Locks: new
-- objects only.

create table pp.signing_key (
	id text primary key check (id ~ '^[0-9a-f]{16}$'),
	public_key bytea not null check (length(public_key) = 32),
	registered_at timestamptz not null,
	retired_at timestamptz
);
comment on table pp.signing_key is
	'Public keys (Ed25519). The private half is in a file of the clerk''s; of a retired key it is nowhere.';

create table pp.audit_seal (
	no bigint primary key check (no > 0),
	size bigint not null check (size > 0),
	root bytea not null check (length(root) = 32),
	peaks bytea not null check (length(peaks) % 32 = 0),
	sealed_at timestamptz not null,
	key text references pp.signing_key,
	signature bytea check (length(signature) = 64),
	check ((key is null) = (signature is null))
);
comment on column pp.audit_seal.size is 'Leaves of the tree: entries that were ever sealed.';
comment on column pp.audit_seal.peaks is 'Roots of the whole subtrees, the largest first: all that is needed to go on.';

-- The leaves of a seal: its ranges in the order of chain and place.
create table pp.audit_range (
	seal bigint not null references pp.audit_seal,
	chain uuid not null,
	from_seq bigint not null check (from_seq > 0),
	to_seq bigint not null,
	first_leaf bigint not null check (first_leaf >= 0),
	primary key (seal, chain, from_seq),
	constraint audit_range_once unique (chain, from_seq),
	check (to_seq >= from_seq)
);
create table pp.audit_sealed (chain uuid primary key, seq bigint not null) with (fillfactor = 50);
comment on table pp.audit_sealed is 'How far each chain is sealed: what audit_range says, quicker.';

create trigger signing_key_stays before update of id, public_key, registered_at or delete or truncate on pp.signing_key
	for each statement execute function pp.forbid_change();
create trigger audit_seal_stays before update or delete or truncate on pp.audit_seal
	for each statement execute function pp.forbid_change();
create trigger audit_range_stays before update or delete or truncate on pp.audit_range
	for each statement execute function pp.forbid_change();

grant select on pp.signing_key, pp.audit_seal, pp.audit_range to pp_audit, pp_clerk, pp_server;
grant select on pp.signing_key to pp_public;
grant select (chain, seq, hash) on pp.audit_entry to pp_clerk;
grant select (chain, seq) on pp.audit_head to pp_clerk;
grant insert, update (retired_at) on pp.signing_key to pp_clerk;
grant insert on pp.audit_seal, pp.audit_range to pp_clerk;
grant select, insert, update (seq) on pp.audit_sealed to pp_clerk;

do $$
begin
	perform pp.audit_watch('signing_key', 'none');
end
$$;
