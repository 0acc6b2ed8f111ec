-- SPDX-License-Identifier: EUPL-1.2
-- What the server sends for GET /procedures/{procedure} (sql/queries/procedure.sql), in one round trip and
-- one transaction as the server does it, with who asks as its first statement.
--   pgbench -M prepared -D account=… -D procedure=… -f bench/read.sql
\startpipeline
select set_config('pp.account', :account, true), set_config('pp.body', '02000000', true), set_config('pp.roles', 'reader manager', true);
select (r).* from pp_api.procedure_show(:procedure, now()) r;
\endpipeline
