-- SPDX-License-Identifier: EUPL-1.2
-- Bodies, who administers whom, and the rules for affected municipalities. Locks: new objects only.

create table pp.body (
	key text primary key collate "C" check (key ~ '^[a-z0-9-]{2,40}$'),
	name text not null check (name <> ''),
	kind text not null check (kind ~ '^[A-Z_]{2,40}$'),
	land text collate "C" check (land ~ '^(0[1-9]|1[0-6])$'),
	parent text collate "C" references pp.body deferrable initially deferred,
	source text not null check (source in ('boundaries', 'table', 'engine'))
);
create index body_parent on pp.body (parent);
comment on table pp.body is 'Whoever files, is invited or answers.';
comment on column pp.body.key is
	'Land 2, Kreis 5, AGS 8, Amt or Verband 9 digits; a Bezirk 02000000-1; others a slug.';
comment on column pp.body.source is
	'Where the row comes from: an import of boundaries may rename only what boundaries brought.';

create table pp.administration (
	ags text not null collate "C",
	body text not null collate "C" references pp.body deferrable initially deferred,
	kind text not null check (kind in ('AMT', 'VERWALTUNGSGEMEINSCHAFT', 'SAMTGEMEINDE', 'KREIS')),
	valid_from date not null,
	valid_to date,
	source text not null check (source <> ''),
	primary key (ags, kind, valid_from),
	check (valid_to >= valid_from),
	constraint administration_one_at_a_time exclude using gist
		(ags with =, kind with =, daterange(valid_from, valid_to, '[]') with &&)
);
create index administration_body on pp.administration (body);
comment on table pp.administration is
	'Whose office writes and receives for a municipality. Maintained by hand, never derived from the ARS: an Amt may reach into another Kreis.';
comment on column pp.administration.valid_to is 'The last day, inclusive; null while it lasts.';

-- Whose mailbox a municipality's letters go to on a day: its Amt or Samtgemeinde; for an
-- unincorporated area the Kreis, of which no key but the AGS tells; else itself.
create function pp.mailbox(ags text, day date) returns text language sql stable as $$
	select coalesce(
		(select a.body from pp.administration a
		  where a.ags = $1 and $2 between a.valid_from and coalesce(a.valid_to, 'infinity')
			and (a.kind <> 'KREIS' or m.unincorporated)
		  order by (a.kind = 'KREIS') = m.unincorporated desc, a.kind limit 1),
		case when m.unincorporated then left($1, 5) end, $1)
	  from (select coalesce((select u.unincorporated from pp.municipality u
		where u.boundary_version = pp.current_boundaries() and u.ags = $1), false)) m (unincorporated)
$$;

create function pp.body_name(key text) returns text language sql stable as
$$ select b.name from pp.body b where b.key = $1 $$;

create table pp.rule_version (
	id bigint generated always as identity primary key,
	sha256 bytea not null check (length(sha256) = 32),
	source text not null,
	valid_from timestamptz not null,
	valid_to timestamptz check (valid_to > valid_from),
	successor bigint references pp.rule_version deferrable initially deferred,
	imported_at timestamptz not null default now(),
	check ((valid_to is null) = (successor is null))
);
create unique index rule_version_current on pp.rule_version ((true)) where valid_to is null;
comment on table pp.rule_version is 'One text of data/rules/affected.tsv; the one without an end is in force.';

create table pp.affected_rule (
	rule_version bigint not null references pp.rule_version,
	row_no int not null,
	id text not null check (id ~ '^R[0-9]{2}$'),
	name text not null check (name ~ '^[A-Z0-9_]+$'),
	kinds text not null check (kinds ~ '^[A-Z0-9_*]+(,[A-Z0-9_*]+)*$'),
	metric text not null check (metric ~ '^[a-z_]+$'),
	threshold numeric check (threshold >= 0),
	class text check (class in ('MUSS', 'SOLL', 'PRUEFEN')),
	subject text,
	land text check (land ~ '^(0[1-9]|1[0-6])$'),
	reason_de text not null check (reason_de <> ''),
	reason_en text not null check (reason_en <> ''),
	source text not null check (source <> ''),
	valid_from date not null,
	valid_to date check (valid_to >= valid_from),
	primary key (rule_version, row_no)
);
comment on table pp.affected_rule is 'The rules as data; docs/data.md explains the columns.';

create function pp.current_rules() returns bigint language sql stable parallel safe as
$$ select id from pp.rule_version where valid_to is null $$;

create trigger rule_version_kept before delete or truncate on pp.rule_version
	for each statement execute function pp.forbid_change();
create trigger affected_rule_stays before update or delete or truncate on pp.affected_rule
	for each statement execute function pp.forbid_change();

grant select on pp.body, pp.administration to pp_server, pp_public, pp_clerk;
grant insert on pp.body to pp_server;
grant select on pp.rule_version, pp.affected_rule to pp_server, pp_public, pp_geometry;
grant execute on function pp.mailbox(text, date), pp.body_name(text) to pp_server, pp_public, pp_clerk;
grant execute on function pp.current_rules() to pp_server, pp_public, pp_geometry;
