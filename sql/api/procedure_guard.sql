-- SPDX-License-Identifier: EUPL-1.2
-- The conditions of the machines: each guard gives what is missing, nothing when it is met. A row of
-- pp.machine_transition names them; a guard more is a function more. data is what is said with the event,
-- on_day the day that counts, at the instant of the request.

create type pp_api.missing as (code text, pointer text, de text, en text);

create function pp_api.missing_if(wrong bool, code text, pointer text, de text, en text)
returns setof pp_api.missing language sql immutable as $$
	select code, pointer, de, en where wrong
$$;

create function pp_api.guard_not_ahead(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(on_day > pp.day(at), 'AHEAD', '/on', 'Was noch bevorsteht, ist noch nicht geschehen.',
		'What lies ahead has not happened yet.') m
$$;

-- § 12 (2) sentence 1 BauGB.
create function pp_api.guard_vorhaben_antrag(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(p.vorhabenbezogen and data ->> 'antrag_vom' is null, 'ANTRAG', '/data/antrag_vom',
		'Ein vorhabenbezogener Bebauungsplan setzt den Antrag des Vorhabenträgers voraus: Tag des Antrags nennen.',
		'A plan for a project needs the applicant''s request: name its day.') m
$$;

create function pp_api.guard_not_resolved(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(p.resolved_on is not null, 'RESOLVED', null,
		'Der Aufstellungsbeschluss ist schon festgehalten.', 'The resolution was recorded already.') m
$$;

create function pp_api.guard_verzicht(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(p.kind not in ('BP_13', 'BP_13A') and data ->> 'grund' is null, 'GRUND', '/data/grund',
		'Außerhalb der §§ 13, 13a BauGB nur aus einem Grund des § 3 Abs. 1 Satz 3 BauGB: ihn nennen.',
		'Outside §§ 13, 13a BauGB only on a ground of § 3 (1) sentence 3: name UNWESENTLICH or BEREITS_ERFOLGT.') m
	union all
	select m.* from pp_api.missing_if(data ->> 'grund' = 'UNWESENTLICH' and p.kind in ('FNP', 'FNP_AENDERUNG'), 'GRUND', '/data/grund',
		'§ 3 Abs. 1 Satz 3 Nr. 1 BauGB gilt nur für Bebauungspläne.', '§ 3 (1) sentence 3 no. 1 is for development plans only.') m
	union all
	select m.* from pp_api.missing_if(p.kind = 'BP_13A' and data ->> 'hinweis_vom' is null, 'HINWEIS_13A', '/data/hinweis_vom',
		'Die Bekanntmachung nach § 13a Abs. 3 BauGB fehlt: ihren Tag nennen.', 'Name the day of the notice under § 13a (3) BauGB.') m
$$;

-- The clerk asks too, and sees no geometry.
create function pp_api.newest_plan(procedure uuid, out id uuid, out geom_sha256 bytea) language sql stable as $$
	select l.id, l.geom_sha256 from pp.plan l where l.procedure = $1 order by l.no desc limit 1
$$;

create function pp_api.guard_plan_filed(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if((select n.id from pp_api.newest_plan(p.id) n) is null, 'PLAN', null,
		'Es gibt noch keinen Plan: einen Entwurf hochladen.', 'There is no plan yet: file one.') m
$$;

create function pp_api.guard_plan_newer(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(exists (select from pp.round d where d.procedure = p.id and d.phase = 'formal'
			and d.cancelled_at is null and d.plan = (select n.id from pp_api.newest_plan(p.id) n)), 'PLAN_UNCHANGED', null,
		'Der geänderte Plan ist noch nicht hochgeladen.', 'The changed plan has not been filed yet.') m
$$;

-- Uploaded and checked, or said to be attached elsewhere.
create function pp_api.has_attached(procedure uuid, data jsonb, kind text) returns bool language sql stable as $$
	select coalesce($2 -> 'dokumente' ? $3, false) or exists (select from pp.document d join pp.file f on f.id = d.id
		where d.procedure = $1 and d.kind = $3 and d.withdrawn_at is null and f.state = 'GEPRUEFT')
$$;

-- §§ 2a, 13 (3) sentence 1, 13a (2) no. 1 BauGB; § 8 ROG.
create function pp_api.guard_begruendung(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(not pp_api.has_attached(p.id, data, 'BEGRUENDUNG'), 'BEGRUENDUNG', '/data/dokumente',
		'Dem Entwurf ist eine Begründung beizufügen.', 'A statement of reasons must be attached.') m
	union all
	select m.* from pp_api.missing_if(p.kind not in ('BP_13', 'BP_13A') and not pp_api.has_attached(p.id, data, 'UMWELTBERICHT'),
		'UMWELTBERICHT', '/data/dokumente', 'Der Umweltbericht als Teil der Begründung fehlt.', 'The environmental report is missing.') m
$$;

create function pp_api.guard_not_repeat(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(data ->> 'step' in ('ERNEUT', 'ROP_ERNEUT'), 'NOT_CHANGED', '/step',
		'Erneut wird erst beteiligt, wenn der Entwurf nach einer Beteiligung geändert wurde.',
		'A repeat follows a draft that was changed after a participation.') m
$$;

-- Rounds -----------------------------------------------------------------------------------------

create function pp_api.running_rounds(procedure uuid, phase text, at timestamptz) returns bigint language sql stable as $$
	select count(*) from pp.round d where d.procedure = $1 and d.phase = $2 and d.cancelled_at is null and d.closes_at > $3
$$;

create function pp_api.guard_early_over(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(pp_api.running_rounds(p.id, 'early', at) > 0, 'ROUND_RUNNING', null,
		'Eine frühzeitige Beteiligung läuft noch.', 'An early round is still running.') m
$$;

create function pp_api.guard_formal_over(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(pp_api.running_rounds(p.id, 'formal', at) > 0, 'ROUND_RUNNING', null,
		'Eine förmliche Beteiligung läuft noch.', 'A formal round is still running.') m
$$;

create function pp_api.guard_formal_begun(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(not exists (select from pp.round d where d.procedure = p.id and d.phase = 'formal'
			and d.cancelled_at is null and d.opens_at <= at and d.announced_at >= p.state_since), 'ROUND_NOT_BEGUN', null,
		'Noch hat keine förmliche Beteiligung begonnen.', 'No formal round has begun yet.') m
$$;

create function pp_api.guard_not_begun(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(exists (select from pp.round d where d.procedure = p.id and d.phase = 'formal'
			and d.cancelled_at is null and d.opens_at <= at and d.closes_at > at), 'ROUND_BEGUN', null,
		'Eine Beteiligung hat schon begonnen; sie kann nicht mehr zurückgenommen werden.', 'A round has begun already.') m
$$;

create function pp_api.guard_no_round_open(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(exists (select from pp.round d where d.procedure = p.id and d.cancelled_at is null
			and d.closes_at > at), 'ROUND_RUNNING', null,
		'Eine Beteiligung läuft oder ist angekündigt: ihr Ende abwarten oder die Bekanntmachung zurücknehmen.',
		'A round is running or announced: wait for its end, or withdraw the notice.') m
$$;

-- § 31 (4) VwVfG: a display ends with its last day, whatever day that is; objections have their own end.
create function pp_api.display_ends_at(d pp.round) returns timestamptz language sql stable as
$$ select (d.end_on + 1)::timestamp at time zone 'Europe/Berlin' $$;

create function pp_api.guard_display_begun(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(not exists (select from pp.round d where d.procedure = p.id and d.step = 'PFV_AUSL'
			and d.cancelled_at is null and d.opens_at <= at and d.announced_at >= p.state_since), 'ROUND_NOT_BEGUN', null,
		'Noch hat keine Auslegung begonnen.', 'No display has begun yet.') m
$$;

create function pp_api.guard_display_over(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(exists (select from pp.round d where d.procedure = p.id and d.step = 'PFV_AUSL'
			and d.cancelled_at is null and pp_api.display_ends_at(d) > at), 'ROUND_RUNNING', null,
		'Eine Auslegung läuft noch.', 'A display is still running.') m
$$;

create function pp_api.guard_objections_over(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(exists (select from pp.round d where d.procedure = p.id
			and d.step in ('PFV_AUSL', 'PFV_EINW') and d.cancelled_at is null and d.closes_at > at), 'ROUND_RUNNING', null,
		'Die Einwendungsfrist läuft noch.', 'The objection period is still running.') m
$$;

create function pp_api.guard_change_over(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(not exists (select from pp.round d where d.procedure = p.id and d.step = 'PFV_AEND'
			and d.cancelled_at is null and d.announced_at >= p.state_since)
		or exists (select from pp.round d where d.procedure = p.id and d.step = 'PFV_AEND'
			and d.cancelled_at is null and d.closes_at > at), 'ROUND_RUNNING', null,
		'Zur Änderung wurde noch nicht abschließend angehört.', 'The change has not been heard to its end.') m
$$;

-- § 73 (6) sentence 2 VwVfG: the day of the notice is not counted (OVG Lüneburg, 1982-08-30, 6 C 12/80).
create function pp_api.guard_hearing_week(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(coalesce((data ->> 'termin_am')::date <= on_day + 7, true), 'WEEK', '/data/termin_am',
		'Der Erörterungstermin ist mindestens eine Woche vorher bekannt zu machen.', 'The hearing must be announced at least a week before.') m
$$;

-- Decisions --------------------------------------------------------------------------------------

-- § 3 (2) sentence 6 BauGB, § 7 (2) ROG, § 74 (2) VwVfG: every statement is decided on, and every neighbour has had its
-- time; sql/api/weighing_result.sql says which are not.
create function pp_api.guard_weighed(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select 'WEIGHING', null, format('Die Abwägung ist nicht vollständig (%s offen), zuerst: %s', count(*), (array_agg(g ->> 'de'))[1]),
		format('The weighing is not complete (%s open), first: %s', count(*), (array_agg(g ->> 'en'))[1])
	  from jsonb_array_elements(pp_api.weighing_missing(p.id)) g
	having count(*) > 0
$$;

-- § 12 (1) sentence 1 BauGB: before the by-law is adopted.
create function pp_api.guard_vertrag(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(p.vorhabenbezogen and coalesce((data ->> 'vertrag_vom')::date > on_day, true), 'VERTRAG', '/data/vertrag_vom',
		'Der Durchführungsvertrag muss vor dem Beschluss geschlossen sein.', 'The implementation contract must be made before.') m
$$;

-- Of links that the planning body has made itself: what others link to its procedure decides nothing there.
create function pp_api.parallel_in_force(procedure uuid) returns bool language sql stable as $$
	select bool_or(q.state = 'IN_KRAFT') from pp.procedure_link l
	  join pp.procedure q on q.id = case when l.procedure = $1 then l.other else l.procedure end
	 where l.kind = 'PARALLEL' and $1 in (l.procedure, l.other) and q.kind in ('FNP', 'FNP_AENDERUNG')
	   and (l.procedure = $1 or q.planner_body = (select p.planner_body from pp.procedure p where p.id = $1))
$$;

-- § 8 (2) to (4), § 13a (2) no. 2 BauGB.
create function pp_api.guard_fnp(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(data ->> 'fnp' is null, 'FNP', '/data/fnp',
		'Das Verhältnis zum Flächennutzungsplan nennen.', 'Name the relation to the land-use plan.') m
	union all
	select m.* from pp_api.missing_if(data ->> 'fnp' = 'BERICHTIGUNG' and p.kind <> 'BP_13A', 'FNP', '/data/fnp',
		'Berichtigt wird der Flächennutzungsplan nur im beschleunigten Verfahren (§ 13a Abs. 2 Nr. 2 BauGB).', 'Only § 13a lets the land-use plan be corrected.') m
	union all
	select m.* from pp_api.missing_if(data ->> 'fnp' like 'PARALLEL%' and pp_api.parallel_in_force(p.id) is null, 'PARALLEL', '/data/fnp',
		'Das parallele Verfahren des Flächennutzungsplans ist nicht verknüpft.', 'The parallel procedure of the land-use plan is not linked.') m
$$;

-- Hamburg: the district assembly consents to what the district office adopts (§ 6 (2) BauleitplFestG).
create function pp_api.guard_zustimmung(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(data ->> 'erlassen_von' = 'BEZIRKSAMT' and coalesce((data ->> 'zustimmung_vom')::date > on_day, true),
		'ZUSTIMMUNG', '/data/zustimmung_vom', 'Die Zustimmung der Bezirksversammlung fehlt.', 'The district assembly''s consent is missing.') m
$$;

-- § 6 (1), § 10 (2) BauGB; not in Hamburg (§ 246 (1)).
create function pp_api.is_approval_needed(p pp.procedure) returns bool language sql stable as $$
	select not p.lands <@ '{02}' and (p.kind in ('FNP', 'FNP_AENDERUNG') or coalesce((
		select case e.data ->> 'fnp' when 'PARALLEL' then not coalesce(pp_api.parallel_in_force(p.id), false)
			else e.data ->> 'fnp' in ('SELBSTAENDIG', 'PARALLEL_VORAB', 'VORZEITIG') end
		  from pp.procedure_event e
		 where e.procedure = p.id and e.event = 'SATZUNGSBESCHLUSS' order by e.no desc limit 1), false))
$$;

create function pp_api.guard_needs_approval(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(not pp_api.is_approval_needed(p), 'NO_APPROVAL', null,
		'Dieser Plan bedarf keiner Genehmigung; er kann bekannt gemacht werden.', 'This plan needs no approval; it can be announced.') m
$$;

create function pp_api.guard_needs_no_approval(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(pp_api.is_approval_needed(p), 'APPROVAL', null,
		'Der Plan bedarf der Genehmigung (§ 6 Abs. 1, § 10 Abs. 2 BauGB): sie zuerst beantragen.', 'The plan needs approval: apply for it first.') m
$$;

create function pp_api.guard_attached(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(not coalesce((data ->> 'nicht_beruecksichtigte')::bool, false), 'ATTACHED', '/data/nicht_beruecksichtigte',
		'Die nicht berücksichtigten Stellungnahmen sind mit einer Stellungnahme der Gemeinde beizufügen (§ 3 Abs. 2 Satz 8 BauGB).',
		'Statements that were not followed must be attached with the municipality''s comment.') m
$$;

create function pp_api.guard_ausgefertigt(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(coalesce((data ->> 'ausgefertigt_am')::date > on_day, true), 'AUSFERTIGUNG', '/data/ausgefertigt_am',
		'Vor der Bekanntmachung ist der Plan auszufertigen: Tag der Ausfertigung nennen.', 'The plan must be engrossed before the notice: name the day.') m
$$;

create function pp_api.guard_hinweis(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(not coalesce((data ->> 'hinweis_fristen')::bool, false), 'HINWEIS', '/data/hinweis_fristen',
		'In der Bekanntmachung ist auf die Fristen für Rügen hinzuweisen (§ 215 Abs. 2 BauGB, § 11 Abs. 5 ROG).', 'The notice must hint at the periods for complaints.') m
$$;

-- § 11 (2) LaplaG SH; a town without Kreis has none to tell.
create function pp_api.guard_empfaenger(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select 'EMPFAENGER', '/data/empfaenger', 'Die Anzeige geht auch an: ' || string_agg(de, ', ') || '.', 'The notification goes to ' || string_agg(en, ', ') || ' as well.'
	  from (values ('LANDESPLANUNG', 'Landesplanung', 'the state planning authority'),
		('REFERAT_BAULEITPLANUNG', 'Referat für Bauleitplanung', 'the division for urban land-use planning'), ('KREIS', 'Kreis', 'the Kreis')) r (r, de, en)
	 where not coalesce(data -> 'empfaenger' ? r, false)
	   and (r <> 'KREIS' or exists (select from unnest(p.planning_municipalities) m where m like '01%' and m not like '_____000'))
	having count(*) > 0
$$;

-- § 233 (1) sentence 2 BauGB: forward only.
create function pp_api.guard_newer_law(p pp.procedure, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language sql stable as $$
	select m.* from pp_api.missing_if(coalesce((data ->> 'recht_vom')::date not between p.law_on + 1 and pp.day(at), true), 'LAW', '/data/recht_vom',
		format('Der neue Rechtsstand liegt nach dem %s und nicht in der Zukunft.', to_char(p.law_on, 'DD.MM.YYYY')), format('The newer law is of after %s and not of the future.', pp.iso(p.law_on))) m
$$;

grant execute on function pp_api.missing_if(bool, text, text, text, text), pp_api.newest_plan(uuid), pp_api.has_attached(uuid, jsonb, text),
	pp_api.running_rounds(uuid, text, timestamptz), pp_api.display_ends_at(pp.round),
	pp_api.parallel_in_force(uuid), pp_api.is_approval_needed(pp.procedure) to pp_server, pp_clerk;
do $$
declare
	guard regprocedure;
begin
	for guard in select f.oid::regprocedure from pg_proc f
		where f.pronamespace = 'pp_api'::regnamespace and f.proname like 'guard\_%'
	loop
		execute format('grant execute on function %s to pp_server, pp_clerk', guard);
	end loop;
end
$$;
