-- SPDX-License-Identifier: EUPL-1.2
-- What a requester may see: one view per table that is not everybody's and has no row-level
-- security of its own, because that would switch off GiST and trigram indexes. The views belong to
-- pp_owner and are the public's only way to these tables. They are no barriers, so that searches
-- use their indexes: the logins that read here can make neither functions nor temporary objects,
-- and only prepared sentences are sent. Nobody's identity is null, which equals no body.

-- An event's place: events follow their transactions, and within one the ids. Gives away no more
-- than that an event exists, so every listener may look up the place of the last one it has seen.
create view pp_api.event_place as select id, xid from pp.event;

-- What one listener may see: what is public, and what concerns the body that asks. A view of
-- pp_owner: it is all that the public's login gets of the table.
create view pp_api.event_visible as
	select e.id, e.xid, e.at, e.kind, e.procedure, e.round, e.invitation, e.statement, e.bodies,
		e.public, e.data
	  from pp.event e
	 where e.public or (select pp.current_body()) = any (e.bodies);

-- For the authority of R80: every Land's own planning authority.
create view pp_api.planning_authority as
	select b.key as body, b.name, b.land from pp.body b
	 where b.kind = 'LANDESPLANUNG' and b.land is not null;

-- What a planning authority of a Land reads besides: every procedure of its Land, and of another from the moment a
-- rule about the border between them has named it. Nothing of this for whoever has no such role.
create view pp_api.overseen as
	select p.id from pp.procedure p
	 where (select pp.has_role('oversight'))
	   and (p.lands && (select array[a.land] from pp_api.planning_authority a where a.body = (select pp.current_body()))
		or exists (select from pp.plan l join pp.affected_authority f on f.plan = l.id
			where l.procedure = p.id and f.body = (select pp.current_body())));

-- To whom the Planungsanzeige goes (§ 11 LaplaG SH): the planning authority of the procedure's Land, nobody across the border.
create view pp_api.notified as
	select p.id from pp.procedure p
	 where (select pp.has_role('oversight'))
	   and p.lands && (select array[a.land] from pp_api.planning_authority a where a.body = (select pp.current_body()));

-- What is published, one's own, what one was invited to, what one oversees, and what one reads by a forwarding.
create view pp_api.procedure_visible as
	select p.id, p.number, p.kind, p.title, p.reference, p.planning_municipalities, p.applicant_body,
		p.planner_body, p.lands, p.vorhabenbezogen, p.subjects, p.state, p.state_since,
		p.resolved_on, p.published_at, p.withdrawn_at, p.withdraw_reason, p.search_text, p.created_at,
		p.changed_at, p.version, p.law_on, p.project, p.section
	  from pp.procedure p
	 where p.published_at is not null
	    or p.planner_body = (select pp.current_body())
	    or exists (select from pp.procedure_party y
		where y.procedure = p.id and y.body = (select pp.current_body()))
	    or exists (select from pp_api.overseen o where o.id = p.id)
	    or p.id = (select pp.forwarded('procedure'));

-- Published plans, those of one's own body, those announced to a party, all of an overseen procedure.
create view pp_api.plan_visible as
	select l.id, l.procedure, l.planner_body, l.no, l.geom, l.geometry_kind, l.geom_sha256,
		l.subjects, l.source_name, l.source_type, l.source_sha256, l.changes, l.boundary_version,
		l.rule_version, l.engine, l.result, l.created_at, l.announced_at, l.published_at, l.xplanung
	  from pp.plan l
	 where l.published_at is not null
	    or l.planner_body = (select pp.current_body())
	    or (l.announced_at is not null and exists (select from pp.procedure_party y
		where y.procedure = l.procedure and y.body = (select pp.current_body())))
	    or exists (select from pp_api.overseen o where o.id = l.procedure)
	    or l.id = (select pp.forwarded('plan'));

create view pp_api.plan_newest as
	select v.id, v.procedure, v.geom from pp_api.plan_visible v
	 where not exists (select from pp_api.plan_visible w
		where w.procedure = v.procedure and w.no > v.no);

-- What was found and decided goes with its plan.
create view pp_api.affected_municipality_visible as
	select a.plan, a.ags, a.data, a.class, a.distance_m, a.cross_border
	  from pp.affected_municipality a
	 where exists (select from pp_api.plan_visible v where v.id = a.plan);
create view pp_api.affected_authority_visible as
	select a.plan, a.body, a.data, a.class from pp.affected_authority a
	 where exists (select from pp_api.plan_visible v where v.id = a.plan);
create view pp_api.affected_evidence_visible as
	select e.plan, e.body, e.no, e.data from pp.affected_evidence e
	 where exists (select from pp_api.plan_visible v where v.id = e.plan);
create view pp_api.affected_answer_visible as
	select a.plan, a.query, a.answer, a.sha256 from pp.affected_answer a
	 where exists (select from pp_api.plan_visible v where v.id = a.plan);
-- Reasons and persons are the planning body's own matter, and so is the reason where it stands as the evidence of what was added.
create view pp_api.affected_decision_visible as
	select d.id, d.plan, d.body, d.action, case when v.planner_body = (select pp.current_body()) then d.data else
			jsonb_set(d.data, '{rules,0}', d.data #> '{rules,0}' || '{"reason": "Die Planungsstelle hat sie hinzugefügt.", "reason_en": "The planning body has added it."}')
		end as data, d.state, d.decided_at, d.confirmed_at, v.planner_body,
		case when v.planner_body = (select pp.current_body()) then d.reason end as reason,
		case when v.planner_body = (select pp.current_body()) then d.decided_by_label end as decided_by,
		case when v.planner_body = (select pp.current_body()) then d.confirmed_by_label end as confirmed_by
	  from pp.affected_decision d join pp_api.plan_visible v on v.id = d.plan;
create view pp_api.affected_set_visible as
	select s.plan, s.confirmed_at, s.sha256 from pp.affected_set s
	 where exists (select from pp_api.plan_visible v where v.id = s.plan);

-- Rounds that ask the public, once the procedure is published; all of them for its parties and for oversight.
create view pp_api.round_visible as
	select d.* from pp.round d
	 where d.planner_body = (select pp.current_body())
	    or (d.audience = 'OEFF' and exists (select from pp.procedure p
		where p.id = d.procedure and p.published_at is not null))
	    or exists (select from pp.procedure_party y
		where y.procedure = d.procedure and y.body = (select pp.current_body()))
	    or exists (select from pp_api.overseen o where o.id = d.procedure);

-- What happened to a procedure, for whoever may see it; who did it and why is the planning body's own matter, and some
-- events are no others' at all, but for the Planungsanzeige, which its addressee reads. What is said of a round goes with the round.
create view pp_api.procedure_event_visible as
	select e.id, e.procedure, e.no, e.machine, e.event, e.from_state, e.to_state, e.happened_on, e.at, e.recorded_at,
		e.who, case when v.is_own or g.sees then e.round end as round, e.plan, e.plan_sha256, e.skipped, e.legal_basis, e.law_on, m.is_public,
		case when v.is_own then e.recorded_by_label end as recorded_by, case when v.is_own then e.reason end as reason,
		case when v.is_own then e.data when g.sees then e.data - '{niederschrift,fehlend}'::text[] else '{}' end as data
	  from pp.procedure_event e join pp.machine_event m on m.event = e.event
	  join (select q.id, coalesce(q.planner_body = (select pp.current_body()), false) as is_own
		  from pp_api.procedure_visible q) v on v.id = e.procedure
	 cross join lateral (select e.round is null or exists (select from pp_api.round_visible d where d.id = e.round) as sees) g
	 where m.is_public or v.is_own
	    or (e.machine = 'PLANUNGSANZEIGE' and exists (select from pp_api.notified o where o.id = e.procedure));

-- Documents: one's own; what a round has shown to the public or to one's body, once its file was checked. is_shown: to
-- somebody, whoever that is.
-- Others than its planning body are shown what is without authors (pp.file.clean): size, hash and bytes are of that.
create view pp_api.document_visible as
	select d.id, d.procedure, d.no, d.version, d.replaces, d.kind, d.title, d.name, d.lang, d.audiences, d.bodies,
		d.created_at, d.published_at, d.withdrawn_at, d.withdraw_reason, d.change, f.media_type, g.size, g.sha256,
		f.state, f.received, g.crc32, f.reason, f.expires_at, f.completed_at, f.checked_at, f.scanner, f.found,
		coalesce(d.planner_body = (select pp.current_body()), false) as is_own,
		f.state = 'GEPRUEFT' and d.withdrawn_at is null and (d.published_at is not null
			or exists (select from pp.document_party y where y.document = d.id)) and g.id = coalesce(f.clean, f.id) as is_shown,
		g.id as bytes_of, f.metadata, f.clean, d.metadata_accepted_at
	  from pp.document d join pp.file f on f.id = d.id
	  join pp.file g on g.id = case when d.planner_body = (select pp.current_body()) then f.id else coalesce(f.clean, f.id) end
	 where d.planner_body = (select pp.current_body())
	    or f.state = 'GEPRUEFT' and (d.published_at is not null or exists (select from pp.document_party y
		where y.document = d.id and y.body = (select pp.current_body()))
		or d.id = any ((select pp.forwarded_documents())::uuid[]));
create view pp_api.bytes_visible as
	select v.id as file from pp_api.document_visible v where v.bytes_of = v.id and v.state in ('UNGEPRUEFT', 'GEPRUEFT')
	union all
	select f.clean from pp.file f join pp_api.document_visible v on v.id = f.id where v.bytes_of = f.clean and v.state = 'GEPRUEFT';
create view pp_api.content_visible as
	select c.file, c.from_byte, k.bytes, k.sha256 from pp.file_chunk c join pp.chunk k on k.sha256 = c.chunk
	 where exists (select from pp_api.bytes_visible v where v.file = c.file);

-- Extensions of a round go with it; who has recorded them is the planning body's own matter.
create view pp_api.round_extension_visible as
	select e.id, e.round, e.procedure, e.previous_end, e.previous_closes_at, e.end_on, e.closes_at,
		e.reason, e.notice_on, e.legal_basis, e.extended_at
	  from pp.round_extension e
	 where exists (select from pp_api.round_visible v where v.id = e.round);

-- Interruptions of the whole platform are everybody's to know, those of one procedure go with it and are the operator's
-- who has recorded them; what was decided about them is the planning body's matter.
create view pp_api.outage_visible as
	select o.id, o.from_at, o.to_at, o.what, o.scope, o.procedure, o.reason, o.source, o.recorded_at,
		o.withdrawn_at, o.withdraw_reason
	  from pp.outage o
	 where o.procedure is null or (select pp.has_role('operator'))
	    or exists (select from pp_api.procedure_visible v where v.id = o.procedure);
create view pp_api.outage_decision_visible as
	select e.* from pp.outage_decision e
	 where e.planner_body = (select pp.current_body());

-- What probes saw goes with its procedure.
create view pp_api.probe_result_visible as
	select r.id, r.procedure, r.probe, r.url, r.at, r.ended_at, r.every_s, r.entries, r.failures, r.ok
	  from pp.probe_result r
	 where exists (select from pp_api.procedure_visible v where v.id = r.procedure);

-- What the planning body has published of the statements, in the text that it has published.
create view pp_api.statement_published as
	select s.id, s.number, s.procedure, s.round, s.participant, s.author_role, s.stance,
		s.published_text, s.received_at, s.on_time, s.state, s.version, s.cells
	  from pp.statement s
	 where s.published;

-- Relations of a procedure's chain whose rows are a body's own matter: who there takes care of something, stands in for
-- whom, waits for a second person. tests/sql/audit_test.sql compares the list with the policies of those tables.
create function pp_api.own_matters() returns text[] language sql immutable as $$ select '{acted,assignment,release}'::text[] $$;

-- What was recorded: for auditors all of it, for whoever conducts a procedure what is of that one, except what other
-- bodies do among themselves, and events that they alone are told. Hashes, never words.
create view pp_api.audit_entry_visible as
	select e.chain, e.seq, e.at, e.actor, e.body, e.role, e.login, e.action, e.relation, e.key, s.columns,
		e.content_sha256, e.prev, e.hash, p.number
	  from pp.audit_entry e left join pp.audit_shape s on s.id = e.shape left join pp.procedure p on p.id = e.chain
	 where (select pp.has_role('auditor'))
	    or (select pp.has_role('manager')) and p.planner_body = (select pp.current_body())
	   and (e.body = (select pp.current_body()) or e.relation <> all (pp_api.own_matters()))
	   and (e.relation <> 'event' or exists (select from pp_api.event_visible v
		where v.id = case when e.relation = 'event' then e.key::bigint end));

grant select on pp_api.audit_entry_visible to pp_server;
grant execute on function pp_api.own_matters() to pp_server;
-- Attachments that go with those: what the planning body has released of them, once the copy is made that is shown.
create view pp_api.attachment_published as
	select r.attachment as id, r.statement, r.no, r.name, r.media_type, g.size, g.sha256, g.id as bytes_of
	  from pp.attachment_release r join pp.statement s on s.id = r.statement join pp.file f on f.id = r.attachment
	  join pp.file g on g.id = coalesce(f.clean, case when not f.sealed then f.id end)
	 where r.released and not r.waits and s.published and f.state = 'GEPRUEFT' and g.state = 'GEPRUEFT'
	   and (f.metadata in ('KEINE', 'ENTFERNT') or f.metadata = 'VERBLEIBT' and r.metadata_accepted);
create view pp_api.attachment_published_content as
	select p.id as attachment, c.from_byte, k.bytes from pp_api.attachment_published p
	  join pp.file_chunk c on c.file = p.bytes_of join pp.chunk k on k.sha256 = c.chunk;

grant select on pp_api.attachment_published, pp_api.attachment_published_content to pp_server, pp_public;
grant select on pp_api.planning_authority to pp_server, pp_geometry;
grant select on pp_api.notified to pp_server;
grant select on pp_api.event_place, pp_api.event_visible to pp_server, pp_public, pp_clerk;
grant select on pp_api.procedure_event_visible, pp_api.procedure_visible, pp_api.plan_visible, pp_api.plan_newest,
	pp_api.affected_municipality_visible, pp_api.affected_authority_visible,
	pp_api.affected_evidence_visible, pp_api.affected_answer_visible,
	pp_api.affected_decision_visible, pp_api.affected_set_visible, pp_api.round_visible, pp_api.round_extension_visible,
	pp_api.outage_visible, pp_api.outage_decision_visible, pp_api.probe_result_visible, pp_api.document_visible,
	pp_api.content_visible,
	pp_api.statement_published
	to pp_server, pp_public;
