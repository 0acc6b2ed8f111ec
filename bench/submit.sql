-- SPDX-License-Identifier: EUPL-1.2
-- What the server sends for POST /invitations/{invitation}/statements (sql/queries/statement.sql), in one
-- round trip and one transaction as the server does it, with who asks as its first statement.
-- bench.invitation has eight invitations for each of 32 clients, of one procedure each: no two clients
-- wait for the same row.
--   pgbench -M prepared -c 32 -D account=… -D body='…' -f bench/submit.sql
\set no :client_id * 8 + random(1, 8)
\startpipeline
select set_config('pp.account', :account, true), set_config('pp.body', '01056018', true), set_config('pp.roles', 'reader clerk releaser', true);
select (r).* from pp_api.statement_submit((select id from bench.invitation where no = :no), :body, clock_timestamp(), gen_random_uuid()::text, sha256('')) r;
\endpipeline
