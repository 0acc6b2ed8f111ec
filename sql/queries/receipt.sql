-- SPDX-License-Identifier: EUPL-1.2

-- receipt_show(receipt uuid) -> reply
-- lane: read
select (r).* from pp_api.receipt_show($1) r;

-- receipt_list(object uuid) -> reply
-- lane: read
select (r).* from pp_api.receipt_list($1) r;

-- receipt_key_list() -> reply
-- lane: read public
select (r).* from pp_api.receipt_key_list() r;

-- Of a receipt that somebody shows: its key, and what of it is known here.

-- receipt_check(receipt_sha256 bytea, chain uuid, seq bigint, hash text, key text) -> recorded bool, chained bool,
--   sealed bool, public_key bytea
-- lane: read public
select n.recorded, n.chained, n.sealed, (select k.public_key from pp.signing_key k where k.id = $5) as public_key
  from pp.receipt_known($1, $2, $3, $4) n;

-- receipt_unsigned(since timestamptz, row_limit int) -> id uuid, document text
-- lane: clerk
select u.id, u.document from pp_api.receipt_unsigned($1, $2) u;

-- receipt_sign(receipt uuid, key text, signature bytea) -> nothing
-- lane: clerk
insert into pp.receipt_signature (receipt, key, signature) values ($1, $2, $3) on conflict do nothing;
