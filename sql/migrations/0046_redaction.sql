-- SPDX-License-Identifier: EUPL-1.2
-- What is shown of a private statement: a text of its own with marks of what was taken out, and the squares of its places.
-- Locks: statements, while their squares are written.

alter table pp.statement
	add redactions jsonb check (jsonb_typeof(redactions) = 'array'),
	add cells text[];
comment on column pp.statement.redactions is
	'What was taken out of the published text: start and end in characters of the original, and why. The original stays sealed.';
comment on column pp.statement.cells is 'Squares of 1 km of a private statement''s places: all of them that is ever shown.';

alter table pp.statement no force row level security;
alter table pp.statement_point no force row level security;
update pp.statement s set cells = c.cells
  from (select t.statement, array_agg(distinct t.cell order by t.cell) as cells from pp.statement_point t
	where t.cell is not null group by t.statement) c
 where c.statement = s.id;
alter table pp.statement force row level security;
alter table pp.statement_point force row level security;

grant update (redactions) on pp.statement to pp_server;
