-- SPDX-License-Identifier: EUPL-1.2
-- What a submission pays for functions that it calls. One in SQL that is not inlined is parsed and planned at each call, one in
-- PL/pgSQL once for a connection; these are called many times in every transaction. They say what they said. Locks: none.

create or replace function pp.emit(kind text, at timestamptz, procedure uuid default null,
	round uuid default null, invitation uuid default null, statement uuid default null,
	bodies text[] default '{}', public bool default false, data json default null)
returns void language plpgsql volatile as $$
begin
	insert into pp.event (at, kind, procedure, round, invitation, statement, bodies, public, data)
		values ($2, $1, $3, $4, $5, $6, array(select distinct b from unnest($7) b where b is not null order by b), $8, $9);
end
$$;
create or replace function pp.body_name(key text) returns text language plpgsql stable as
$$ begin return (select b.name from pp.body b where b.key = $1); end $$;
create or replace function pp.last_day(ends_at timestamptz) returns date language plpgsql immutable parallel safe as
$$ begin return (($1 - interval '1 microsecond') at time zone 'Europe/Berlin')::date; end $$;
create or replace function pp.next_state(machine text, event text, from_state text) returns text language plpgsql stable as $$
begin
	return (select t.to_state from pp.transition t where t.machine = $1 and t.event = $2 and t.from_state = $3);
end
$$;
create or replace function pp.same_words(words text) returns bytea language plpgsql immutable parallel safe as $$
begin
	return sha256(convert_to(btrim(regexp_replace(lower(normalize(words, NFKC)), '[^[:alnum:]]+', ' ', 'g')), 'UTF8'));
end
$$;
