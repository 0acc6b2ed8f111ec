-- SPDX-License-Identifier: EUPL-1.2
-- What a plan's XPlanGML file says of it beside its extent. Locks: pp.plan for an instant; no row is rewritten.

alter table pp.plan add column xplanung jsonb check (jsonb_typeof(xplanung) = 'object');
comment on column pp.plan.xplanung is
	'object, version and rechtsstand as the XPlanGML file has them, whether the code is known or not; null for other sources.';

create or replace trigger plan_stays before update of id, procedure, no, geom, geom_sha256, subjects,
	source_name, source_type, source_sha256, changes, boundary_version, rule_version, engine, result,
	created_at, xplanung or delete or truncate on pp.plan
	for each statement execute function pp.forbid_change();
