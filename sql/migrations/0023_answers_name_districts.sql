-- SPDX-License-Identifier: EUPL-1.2
-- Districts have versions of their own, apart from those of the municipalities: an answer names them, or
-- it could not be had again after newer ones. Locks: pp.affected_answer and pp.recomputation exclusively for a moment.

alter table pp.affected_answer add column districts bigint[] not null default '{}';
alter table pp.affected_answer alter column districts drop default;
comment on column pp.affected_answer.districts is
	'Versions of the districts below municipalities that the engine knew, in the order of their parents.';
alter table pp.recomputation add column after_districts bigint[];
