-- SPDX-License-Identifier: EUPL-1.2
-- Displays of documents on which objections may still come after their end. Locks: pp.round for the
-- moment of a new column.

alter table pp.round add column statement_rule text;
comment on column pp.round.statement_rule is
	'Of a display: the rule by which statements may still come after end_on (§ 73 (4) VwVfG); closes_at follows from it.';
comment on column pp.round.end_on is
	'The last day as it was told, inclusive; of a display its own. closes_at says until when statements are in time.';
grant execute on function pp.last_day(timestamptz) to pp_public;
