-- SPDX-License-Identifier: EUPL-1.2
-- The properties of a feature beside its columns as one value, in the order and spelling in which the server writes them: it costs
-- PostgreSQL as much to send a column as to send a hundred bytes, and a feature has some twenty. Filters and orders use the columns.
-- A column more for a collection means its cells anew. Locks: each table of features, for as long as it takes to write it anew.

-- to_char and convert_to count as stable, because a format may depend on the language and a conversion be another one; these do not.
create function pp.feature_cell(word text) returns bytea language plpgsql immutable strict parallel safe as $$
begin
	return convert_to(word, 'UTF8');
end
$$;
create function pp.feature_cell(at timestamptz) returns bytea language plpgsql immutable strict parallel safe as $$
begin
	return convert_to(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8');
end
$$;
create function pp.feature_cell(day date) returns bytea language plpgsql immutable strict parallel safe as $$
begin
	return convert_to(to_char(day, 'YYYY-MM-DD'), 'UTF8');
end
$$;
create function pp.feature_cell(holds bool) returns bytea language plpgsql immutable strict parallel safe as $$
begin
	return case when holds then 't' else 'f' end::bytea;
end
$$;

-- Each cell behind its length: one byte of up to 253; 254 and four bytes, the highest first; 255 for null.
create function pp.feature_cells(variadic cells bytea[]) returns bytea language plpgsql immutable parallel safe as $$
declare
	cell bytea;
	result bytea := '';
begin
	foreach cell in array cells loop
		result := result || case
			when cell is null then '\xff'
			when length(cell) < 254 then set_byte('\x00', 0, length(cell)) || cell
			else '\xfe' || int4send(length(cell)) || cell end;
	end loop;
	return result;
end
$$;
grant execute on function pp.feature_cell(text), pp.feature_cell(timestamptz), pp.feature_cell(date), pp.feature_cell(bool),
	pp.feature_cells(bytea[]) to pp_features;

do $$
declare
	collection text;
	names text;
	cells text;
begin
	for collection, names in values
			('procedures', 'number title kind kind_text state state_text state_since planner planner_name lands municipalities cross_border rechtsstand rechtsstand_text plan_art plan_art_text plan plan_no participation_from participation_to resolved_on published_at valid_from valid_to modified'),
			('plans', 'procedure number title kind kind_text plan_no is_newest planner planner_name lands geometry_kind area_m2 xplan_object xplan_rechtsstand published_at valid_from valid_to modified'),
			('affected_municipalities', 'procedure number title plan plan_no ags name kreis land class class_text cross_border rule rules reason distance_m inside_m2 shared_border_m decision valid_from valid_to modified'),
			('municipalities', 'ags name designation kreis kreis_key land ars unincorporated area_m2 dataset dataset_date valid_from valid_to modified'),
			('adjacency', 'ags name neighbour neighbour_name contact cross_border shared_border_m dataset dataset_date valid_from valid_to modified'),
			('statements', 'number procedure procedure_number round author_role author_role_text body body_name stance stance_text state received_on on_time text valid_from valid_to modified'),
			('drafts', 'title note procedure procedure_number body area_m2 revision created_at valid_from valid_to modified')
	loop
		select string_agg(format(case
				when a.atttypid = 'float8'::regtype then 'float8send(%1$I)'
				when a.atttypid in ('text'::regtype, 'bool'::regtype, 'date'::regtype, 'timestamptz'::regtype) then 'pp.feature_cell(%1$I)'
				else 'pp.feature_cell(%1$I::text)' end, a.attname), ', ' order by n.no) into cells
		  from unnest(string_to_array(names, ' ')) with ordinality n (name, no)
		  join pg_attribute a on a.attrelid = format('pp.feature_%s', collection)::regclass
			and a.attname = case n.name when 'modified' then 'valid_from' else n.name end;
		execute format('alter table pp.feature_%s add column cells bytea not null generated always as (pp.feature_cells(%s)) stored', collection, cells);
		execute format('comment on column pp.feature_%s.cells is %L', collection, 'What pp.feature_cells makes of: ' || names);
	end loop;
end
$$;

-- What is generated is no column of a source.
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
	 where a.attrelid = format('pp.feature_%s', collection)::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
	   and a.attname not in ('born', 'died', 'valid_from', 'valid_to', 'gone', 'digest');
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
