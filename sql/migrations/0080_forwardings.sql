-- SPDX-License-Identifier: EUPL-1.2
-- Forwarding for reading: what a body was asked, or weighs, is shown to another one, or pointed out to a colleague, for as long as
-- that counts. Locks: new objects, and for a moment the tables whose rows are read along.

create table pp.forwarding (
	id uuid primary key,
	body text not null collate "C" references pp.body,
	other_body text collate "C" references pp.body check (other_body <> body),
	kind text not null check (kind in ('EINLADUNG', 'STELLUNGNAHME', 'VERFAHREN')),
	procedure uuid not null references pp.procedure,
	round uuid references pp.round,
	plan uuid references pp.plan,
	invitation uuid references pp.invitation,
	statement uuid references pp.statement,
	number text,
	participant text collate "C" references pp.body,
	recipient text not null collate "C" references pp.body,
	member uuid references pp.account,
	person uuid references pp.person,
	person_account uuid,
	sealed bytea,
	reason text not null check (length(reason) between 1 and 2000),
	note text check (length(note) between 1 and 4000),
	forwarded_at timestamptz not null,
	forwarded_by uuid not null references pp.account,
	last_on date,
	until timestamptz not null default 'infinity' check (until > forwarded_at),
	closed_at timestamptz check (closed_at >= forwarded_at),
	closed_by uuid references pp.account,
	closed_body text collate "C" references pp.body,
	check ((kind = 'EINLADUNG') = (invitation is not null) and (kind = 'STELLUNGNAHME') = (statement is not null)),
	check ((recipient = body) = (member is not null)),
	check ((person is null) = (sealed is null) and (person is null or statement is not null)),
	check ((last_on is null) = (until = 'infinity')),
	check ((closed_at is null) = (closed_by is null) and (closed_by is null) = (closed_body is null))
);
create index forwarding_recipient on pp.forwarding (recipient, id) where closed_at is null;
create index forwarding_body on pp.forwarding (body, id);
create index forwarding_other on pp.forwarding (other_body, id) where other_body is not null;
create index forwarding_procedure on pp.forwarding (procedure, id);
comment on table pp.forwarding is 'What was shown to whom for reading, by whom and why. Only these two know of it; it stands in the chain of the platform, because '
	'the planning body reads that of its procedure.';
comment on column pp.forwarding.other_body is 'The other side of an invited body: its office, or for whom the office has forwarded.';
comment on column pp.forwarding.member is 'A colleague of the own body to whom it is pointed out.';
comment on column pp.forwarding.sealed is 'What is shown of a private statement, without the person, sealed with the person''s key; the statement itself is not shown.';
create trigger forwarding_stays before update of id, body, other_body, kind, procedure, round, plan, invitation, statement, number, participant,
	recipient, member, person, person_account, sealed, reason, note, forwarded_at, forwarded_by, last_on, until
	or delete or truncate on pp.forwarding for each statement execute function pp.forbid_change();

-- A body forwards its own: an invitation that it was sent or whose office it is, a statement that it has made or weighs, a
-- procedure that it conducts. What belongs to it is taken from there, whatever was said.
create function pp.forwarding_whose() returns trigger language plpgsql as $$
declare
	i pp.invitation;
	s pp.statement;
begin
	select * into i from pp.invitation v where v.id = new.invitation and new.body in (v.participant, v.mailbox_body);
	select * into s from pp.statement v where v.id = new.statement and new.body in (v.participant, v.mailbox_body, v.planner_body);
	if not (new.kind = 'VERFAHREN' and exists (select from pp.procedure p where p.id = new.procedure and p.planner_body = new.body))
		and coalesce(i.id, s.id) is null then
		perform pp.refuse('forbidden', 'A body forwards what it was asked, what it has said and what it weighs.');
	end if;
	new.procedure := coalesce(i.procedure, s.procedure, new.procedure);
	new.round := coalesce(i.round, s.round);
	new.plan := coalesce(i.plan, s.plan);
	new.participant := coalesce(i.participant, s.participant);
	new.number := s.number;
	new.person := s.person;
	new.person_account := (select p.account from pp.person p where p.id = s.person);
	new.other_body := case when s.planner_body is distinct from new.body then nullif(case new.participant when new.body
		then coalesce(i.mailbox_body, s.mailbox_body) else new.participant end, new.body) end;
	return new;
end
$$;
create trigger forwarding_whose before insert on pp.forwarding for each row execute function pp.forwarding_whose();

-- Which one is read by, and the instant of the request: for one transaction, as who asks is (pp_api.forwarding_enter).
create function pp.current_forwarding() returns uuid language sql stable parallel safe as
$$ select pp.identity('pp.forwarding')::uuid $$;
create function pp.current_instant() returns timestamptz language sql stable parallel safe as
$$ select pp.identity('pp.instant')::timestamptz $$;

alter table pp.forwarding enable row level security;
alter table pp.forwarding force row level security;
create policy own on pp.forwarding for select to pp_server
	using ((body = (select pp.current_body()) or other_body = (select pp.current_body())) and (select pp.has_role('reader')));
-- With its end it is gone; whoever has given it back knows of that.
create policy recipient on pp.forwarding for select to pp_server
	using (recipient = (select pp.current_body()) and (select pp.has_role('reader'))
		and (closed_at is null and until > (select pp.current_instant()) or closed_body = (select pp.current_body())));
create policy forward on pp.forwarding for insert to pp_server
	with check (body = (select pp.current_body()) and forwarded_by = (select pp.current_account())
		and ((select pp.has_role('clerk')) or (select pp.has_role('releaser')) or (select pp.has_role('manager'))));
create policy end_it on pp.forwarding for update to pp_server
	using (body = (select pp.current_body()) or other_body = (select pp.current_body()) or recipient = (select pp.current_body()))
	with check ((body = (select pp.current_body()) or other_body = (select pp.current_body()) or recipient = (select pp.current_body()))
		and closed_by = (select pp.current_account()) and closed_body = (select pp.current_body())
		and ((select pp.has_role('clerk')) or (select pp.has_role('releaser')) or (select pp.has_role('manager'))));
-- Whoever asks stands before views; behind them it is asked by the name of their owner.
create policy behind on pp.forwarding for select to pp_owner using (id = (select pp.current_forwarding()));
grant select, insert, update (closed_at, closed_by, closed_body) on pp.forwarding to pp_server;
do $$ begin perform pp.audit_watch('forwarding', 'none'); end $$;

-- What the forwarding that is read by shows to its recipient, for as long as it counts; null for everybody else. In PL/pgSQL, so
-- that it is planned once and costs others nothing but the look at a setting.
create function pp.forwarded(what text) returns uuid language plpgsql stable as $$
begin
	if pp.current_forwarding() is null then
		return null;
	end if;
	return (select case what when 'invitation' then f.invitation when 'statement' then case when f.person is null then f.statement end
			when 'procedure' then f.procedure
			else coalesce(f.plan, (select l.id from pp.plan l where l.procedure = f.procedure order by l.no desc limit 1)) end
		from pp.forwarding f
		where f.id = pp.current_forwarding() and f.recipient = pp.current_body() and f.closed_at is null and f.until > pp.current_instant());
end
$$;

-- The documents that go with it: those of its round that whoever was asked there was shown, or that everybody is; of a whole
-- procedure all that stand.
create function pp.forwarding_documents(f pp.forwarding) returns uuid[] language sql stable as $$
	select array(select d.id from pp.document d
		 where f.kind = 'VERFAHREN' and d.procedure = f.procedure and d.withdrawn_at is null
		   and not exists (select from pp.document n where n.replaces = d.id and n.withdrawn_at is null)
		union all
		select d.id from pp.round_document r join pp.document d on d.id = r.document
		 where r.round = f.round and r.change <> 'ENTFALLEN' and (d.published_at is not null
			or exists (select from pp.document_party y where y.document = d.id and y.body = f.participant)))
$$;
create function pp.forwarded_documents() returns uuid[] language plpgsql stable as $$
begin
	if pp.current_forwarding() is null then
		return null;
	end if;
	return (select pp.forwarding_documents(f) from pp.forwarding f
		where f.id = pp.current_forwarding() and f.recipient = pp.current_body() and f.closed_at is null and f.until > pp.current_instant());
end
$$;

create policy forwarded on pp.invitation for select to pp_server using (id = (select pp.forwarded('invitation')));
create policy forwarded on pp.statement for select to pp_server using (id = (select pp.forwarded('statement')));
create policy forwarded on pp.statement_point for select to pp_server using (statement = (select pp.forwarded('statement')));
create policy forwarded on pp.attachment for select to pp_server, pp_owner using (statement = (select pp.forwarded('statement')));

grant execute on function pp.current_forwarding(), pp.current_instant(), pp.forwarded(text), pp.forwarded_documents() to pp_server, pp_public;
grant execute on function pp.forwarding_documents(pp.forwarding) to pp_server;

-- To whom a private statement was forwarded is told to the person as who has read it is (Art. 15 (1) (c) GDPR): body is the recipient.
alter table pp.reading drop constraint reading_what_check,
	add constraint reading_what_check check (what in ('INHALT', 'PERSON', 'ANLAGE', 'WEITERGABE'));
