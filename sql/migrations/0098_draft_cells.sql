-- SPDX-License-Identifier: EUPL-1.2
-- The cells of drafts in the order that the collection has now: what a client writes last (server/feature/collection.c) stands last. Locks:
-- pp.feature_drafts, for as long as it takes to write it anew; a body has a thousand at most.

alter table pp.feature_drafts drop column cells;
do $$
declare
	names constant text := 'title procedure procedure_number body area_m2 revision created_at valid_from valid_to modified note';
	cells text;
begin
	select string_agg(format(case
			when a.atttypid = 'float8'::regtype then 'float8send(%1$I)'
			when a.atttypid in ('text'::regtype, 'bool'::regtype, 'date'::regtype, 'timestamptz'::regtype) then 'pp.feature_cell(%1$I)'
			else 'pp.feature_cell(%1$I::text)' end, a.attname), ', ' order by n.no) into cells
	  from unnest(string_to_array(names, ' ')) with ordinality n (name, no)
	  join pg_attribute a on a.attrelid = 'pp.feature_drafts'::regclass
		and a.attname = case n.name when 'modified' then 'valid_from' else n.name end;
	execute format('alter table pp.feature_drafts add column cells bytea not null generated always as (pp.feature_cells(%s)) stored', cells);
	execute format('comment on column pp.feature_drafts.cells is %L', 'What pp.feature_cells makes of: ' || names);
end
$$;
