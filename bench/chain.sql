-- SPDX-License-Identifier: EUPL-1.2
-- Switches the chain and the receipts of statements off (recorded 0) and on again, whatever they were.
--   psql -v recorded=0 -f bench/chain.sql
begin;
select to_regprocedure('pp_api.receipt_statement_kept(text, pp.statement, timestamptz)') is null as is_on \gset
select set_config('bench.how', case :'recorded' when '1' then 'enable' else 'disable' end, true) \gset
do $$
declare
	watched text;
begin
	for watched in select r.relation from pp.audit_relation r loop
		execute format('alter table pp.%I %s trigger audit', watched, current_setting('bench.how'));
	end loop;
end
$$;
select :'recorded' = '0' and :'is_on' as goes_off, :'recorded' = '1' and not :'is_on' as goes_on \gset
\if :goes_off
alter function pp_api.receipt_statement(text, pp.statement, timestamptz) rename to receipt_statement_kept;
create function pp_api.receipt_statement(kind text, s pp.statement, at timestamptz) returns void language plpgsql volatile as
$$ begin end $$;
grant execute on function pp_api.receipt_statement(text, pp.statement, timestamptz) to pp_server;
\elif :goes_on
drop function pp_api.receipt_statement(text, pp.statement, timestamptz);
alter function pp_api.receipt_statement_kept(text, pp.statement, timestamptz) rename to receipt_statement;
\endif
commit;
