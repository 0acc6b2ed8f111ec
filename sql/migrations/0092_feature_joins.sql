-- SPDX-License-Identifier: EUPL-1.2
-- Bringing a collection up to its source joins what ended with what begins: it looked through all that ended for each that
-- begins, so that new boundaries of all of Germany held the clock for four minutes. Locks: none.
grant create on schema pp to pp_features;
set local role pp_features;
create or replace function pp.feature_sync(collection text, keys text[]) returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
	c pp.feature_collection;
	names text;
	next bigint;
	is_bulk bool;
	ended bigint;
	begun bigint;
begin
	if keys = '{}' then
		return;
	end if;
	select k.version + 1 into next from pp.feature_clock k for update;
	-- Of many the planner knows no number: what it takes for a few would be compared each with each.
	is_bulk := keys[1] = '' or cardinality(keys) > 100;
	if is_bulk then
		perform set_config('enable_nestloop', 'off', true);
	end if;
	select * into c from pp.feature_collection f where f.name = collection;
	select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into names from pg_attribute a
	 where a.attrelid = format('pp.feature_%s', collection)::regclass and a.attnum > 0 and not a.attisdropped
	   and a.attname not in ('born', 'died', 'valid_from', 'valid_to', 'gone', 'digest', 'bytes');
	-- What begins waits for all that ended (first), because one feature has one version at a time.
	execute format($q$
		with shown as materialized (
			select s.*, sha256(convert_to(s::text, 'UTF8')) as digest from (
				select %2$s from pp_api.feature_source_%1$s where key = any ($1)) s),
		compared as (
			select f.fid, s.fid is null as gone, s.digest is not distinct from f.digest as is_equal
			  from pp.feature_%1$s f left join shown s on s.fid = f.fid
			 where f.key = any ($1) and f.died is null),
		ended as (
			update pp.feature_%1$s f set died = $2, valid_to = greatest($3, f.valid_from + interval '1 microsecond'),
				gone = o.gone %3$s
			  from compared o where f.fid = o.fid and f.died is null and not o.is_equal
			returning f.fid, f.valid_to),
		begun as (
			insert into pp.feature_%1$s (%2$s, digest, born, valid_from)
				select %4$s, s.digest, $2, greatest($3, e.valid_to)
				  from (select count(*) from ended) first
				 cross join shown s left join compared o on o.fid = s.fid left join ended e on e.fid = s.fid
				 where o.is_equal is not true
			returning 1)
		select (select count(*) from ended), (select count(*) from begun)
		$q$, collection, names, case when c.forgets then ', text = null, geom = null' end, 's.' || replace(names, ', ', ', s.'))
		into ended, begun using keys, next, clock_timestamp();
	if is_bulk then
		perform set_config('enable_nestloop', 'on', true);
	end if;
	if ended + begun > 0 then
		update pp.feature_clock k set version = next;
		update pp.feature_collection f set version = next, present = present + begun - ended where f.name = collection;
	end if;
end
$$;
reset role;
revoke create on schema pp from pp_features;
