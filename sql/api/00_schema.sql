-- SPDX-License-Identifier: EUPL-1.2
-- The schema that the server calls is made anew as a whole: this file first, then the rooms in
-- alphabetical order, all in one transaction of pp_owner. Nothing in schema pp depends on it. Rooms call each other, so
-- that bodies are looked at when all are there (tests/sql/house_test.sql does).

drop schema if exists pp_api cascade;
create schema pp_api;
set local check_function_bodies = off;
grant usage on schema pp_api to pp_server, pp_public, pp_geometry, pp_clerk, pp_sign_in, pp_deadlines;

-- In which language refusals are told whose words are rows of tables; everything else the server translates (pp_german).
create function pp_api.speak(lang text) returns void language sql volatile as $$ select set_config('pp.lang', lang, true) $$;
create function pp_api.in_two(en text, de text) returns text language sql stable as
$$ select left(case when current_setting('pp.lang', true) = 'de' then de else en end, 220) $$;
grant execute on function pp_api.speak(text), pp_api.in_two(text, text) to pp_server, pp_clerk;

-- What the server computes in C for a body that is told today: by the portal at once, by letter or
-- mail after the days of § 41 (2) VwVfG. Null where the step knows no period of the body's own.
create type pp_api.own_period as (portal_on date, portal_at timestamptz, post_on date,
	post_at timestamptz, post_received date, rule text);
