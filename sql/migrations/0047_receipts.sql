-- SPDX-License-Identifier: EUPL-1.2
-- Receipts: what was received, when, until when it had to be and why, its hash and its place in the audit
-- chain, as one canonical JSON document that the clerk signs. What was asked for and held back of erasing is
-- recorded, too. Locks: the tables of that for the moment of a new trigger.

create table pp.receipt (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	kind text not null check (kind in ('EINGANG', 'RUECKNAHME', 'FRISTVERLAENGERUNG', 'KENNTNISNAHME')),
	object uuid not null,
	planner_body text not null collate "C",
	participant text collate "C",
	mailbox_body text collate "C",
	author_account uuid,
	person uuid,
	document text not null,
	sha256 bytea not null check (sha256 = sha256(convert_to(document, 'UTF8'))),
	made_at timestamptz not null
);
create index receipt_object on pp.receipt (object, kind, id);
create index receipt_sha256 on pp.receipt (sha256);
create index receipt_made on pp.receipt (made_at);
comment on column pp.receipt.object is 'The statement, or the invitation.';
comment on column pp.receipt.document is 'Byte for byte what is signed: canonical JSON (RFC 8785), without a word or a name of whoever it is for.';

create table pp.receipt_signature (
	receipt uuid primary key references pp.receipt,
	key text not null references pp.signing_key,
	signature bytea not null check (length(signature) = 64)
);
comment on table pp.receipt_signature is 'Written by the clerk afterwards; the reply has the same, because Ed25519 signs alike what is alike.';

create trigger receipt_stays before update or delete or truncate on pp.receipt
	for each statement execute function pp.forbid_change();
create trigger receipt_signature_stays before update or delete or truncate on pp.receipt_signature
	for each statement execute function pp.forbid_change();

alter table pp.receipt enable row level security;
alter table pp.receipt force row level security;
create policy parties on pp.receipt to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (author_account = (select pp.current_account()) or person = (select pp.current_person())
		or planner_body = (select pp.current_body()) or participant = (select pp.current_body())
		or mailbox_body = (select pp.current_body()));
create policy clerk on pp.receipt for select to pp_clerk using (true);
create policy audit on pp.receipt for select to pp_chain using (true);

grant select, insert on pp.receipt to pp_server;
grant select on pp.receipt to pp_clerk;
grant select (id, procedure, sha256) on pp.receipt to pp_chain;
grant select on pp.receipt_signature to pp_server, pp_clerk;
grant insert on pp.receipt_signature to pp_clerk;
grant select on pp.audit_range to pp_chain;

-- The place of what this transaction has written last of a row. What waits for the commit is chained now.
create function pp.audit_place(chain uuid, relation text, key text, out seq bigint, out hash text, out content text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select e.seq, encode(e.hash, 'hex'), encode(e.content_sha256, 'hex')
	  from pp.audit_entry e where e.chain = $1 and e.relation = $2 and e.key = $3 order by e.seq desc limit 1
$$;

-- Whether there is a receipt of those bytes, and whether its place in the chain is there and sealed. Nothing else of it.
create function pp.receipt_known(sha256 bytea, chain uuid, seq bigint, hash text, out recorded bool, out chained bool, out sealed bool)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select exists (select from pp.receipt r where r.sha256 = $1),
		exists (select from pp.audit_entry e where e.chain = $2 and e.seq = $3 and encode(e.hash, 'hex') = $4),
		exists (select from pp.audit_range g where g.chain = $2 and g.from_seq <= $3 and g.to_seq >= $3)
$$;

grant create on schema pp to pp_chain;
alter function pp.audit_place(uuid, text, text) owner to pp_chain;
alter function pp.receipt_known(bytea, uuid, bigint, text) owner to pp_chain;
revoke create on schema pp from pp_chain;
set local role pp_chain;
grant execute on function pp.audit_place(uuid, text, text) to pp_server;
grant execute on function pp.receipt_known(bytea, uuid, bigint, text) to pp_server, pp_public;
reset role;

do $$
begin
	perform pp.audit_watch('legal_hold', 'procedure');
	perform pp.audit_watch('privacy_notice', 'procedure');
	perform pp.audit_watch('erasure_request', 'person', 'person,at');
end
$$;
