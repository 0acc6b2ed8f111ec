-- SPDX-License-Identifier: EUPL-1.2
-- A boundary version may have the borders to other states. Locks: a new table only.

create table pp.state_border (
	boundary_version bigint not null references pp.boundary_version,
	no int not null,
	state text not null collate "C" check (state ~ '^[a-z0-9]{0,8}$'),
	name text not null,
	geom geometry(MultiLineString, 25832) not null,
	primary key (boundary_version, no)
);
comment on table pp.state_border is
	'Stretches of the border to another state (VG250_LI, AGZ 1), beside the municipalities of a version: their outline is coast and border alike.';
comment on column pp.state_border.state is 'Short name, such as dk; empty where the data do not say.';

create trigger state_border_stays before update or delete or truncate on pp.state_border
	for each statement execute function pp.forbid_change();
grant select on pp.state_border to pp_server, pp_public, pp_geometry;
