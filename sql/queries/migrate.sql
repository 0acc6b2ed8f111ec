-- SPDX-License-Identifier: EUPL-1.2
-- What planungsplattform migrate keeps its books with (server/database/migrate.c), as pp_owner.

-- migrate_begun() -> begun bool
-- lane: owner
select to_regclass('pp.migration') is not null as begun;

-- migrate_lock() -> held bool
-- lane: owner
select pg_advisory_lock(hashtext('pp migrate')) is not null as held;

-- migration_list() -> no int, name text, sha256 bytea
-- lane: owner
select m.no, m.name, m.sha256 from pp.migration m order by m.no;

-- migration_add(no int, name text, sha256 bytea) -> nothing
-- lane: owner
insert into pp.migration (no, name, sha256, server_version)
values ($1, $2, $3, current_setting('server_version'));

-- repeatable_list() -> name text, sha256 bytea
-- lane: owner
select r.name, r.sha256 from pp.repeatable r order by r.name collate "C";

-- repeatable_clear() -> nothing
-- lane: owner
delete from pp.repeatable;

-- repeatable_add(name text, sha256 bytea) -> nothing
-- lane: owner
insert into pp.repeatable (name, sha256) values ($1, $2);
