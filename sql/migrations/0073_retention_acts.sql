-- SPDX-License-Identifier: EUPL-1.2
-- What the clerk does by itself when a period of retention is over, rule by rule: propose or erase, after days of grace. Secrets
-- of links that lead nowhere any more go as well. Locks: rules of retention, persons and links, for the moment of new columns,
-- triggers and indexes.

alter table pp.retention_rule
	add subject text not null default 'PERSON' check (subject in ('PERSON', 'BESTAETIGUNG', 'LINK')),
	add act text not null default 'PROPOSE' check (act in ('PROPOSE', 'ERASE')),
	add grace_days int not null default 0 check (grace_days between 0 and 3650),
	alter machine drop not null,
	alter states drop not null,
	add check ((subject = 'PERSON') = (machine is not null)),
	add check ((machine is null) = (states is null));
comment on column pp.retention_rule.subject is
	'What goes: the key of a person; the secret by which an address would have been confirmed; the hash of the secret of an invitation link.';
comment on column pp.retention_rule.act is
	'PROPOSE: the planning body is told, and its manager erases. ERASE: the clerk does. A planning body chooses for its persons (retention_choice).';
comment on column pp.retention_rule.keep_months is
	'Of persons from the day of that state: the law names the period within which the words may be needed, and three months more are ours, for what is on its way then. Of the secret of a confirmation from the day of the statement. Of a link from its end.';
insert into pp.retention_rule (id, subject, act, keep_months, legal_basis, reason_de, reason_en) values
	('ADRESSE_UNBESTAETIGT', 'BESTAETIGUNG', 'ERASE', 1, 'Art. 5 Abs. 1 Buchst. c, e DSGVO',
		'Eine Adresse, die niemand bestätigt hat, wird für freiwillige Nachrichten nicht gebraucht', 'An address that nobody has confirmed is not needed for notices'),
	('LINK_ABGELAUFEN', 'LINK', 'ERASE', 0, 'Art. 5 Abs. 1 Buchst. c, e DSGVO',
		'Der Link führt nirgends mehr hin', 'The link leads nowhere any more');

-- What a planning body has chosen for its persons; the latest counts.
create table pp.retention_choice (
	id uuid primary key,
	planner_body text not null collate "C" references pp.body,
	rule text not null references pp.retention_rule,
	act text not null check (act in ('PROPOSE', 'ERASE')),
	grace_days int not null check (grace_days between 0 and 3650),
	at timestamptz not null,
	by_label text not null
);
create index retention_choice_latest on pp.retention_choice (planner_body, rule, id);
comment on table pp.retention_choice is 'The controller''s decision how a rule is carried out in its procedures. Never shorter than the rule.';
create trigger retention_choice_stays before update or delete or truncate on pp.retention_choice
	for each statement execute function pp.forbid_change();

-- What the clerk did or proposed, and how many a hold kept.
create table pp.retention_report (
	id uuid primary key,
	at timestamptz not null,
	rule text not null references pp.retention_rule,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C",
	act text not null check (act in ('PROPOSE', 'ERASE')),
	due_on date not null,
	concerned int not null check (concerned > 0),
	held int not null check (held >= 0)
);
create index retention_report_body on pp.retention_report (planner_body, id);
create index retention_report_once on pp.retention_report (procedure, rule, due_on);
comment on column pp.retention_report.concerned is 'How many persons or secrets were erased, or are proposed for it.';
create trigger retention_report_stays before update or delete or truncate on pp.retention_report
	for each statement execute function pp.forbid_change();

alter table pp.retention_choice enable row level security;
alter table pp.retention_choice force row level security;
create policy planner on pp.retention_choice to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()) and (select pp.has_role('manager')));
create policy clerk on pp.retention_choice for select to pp_clerk using (true);
alter table pp.retention_report enable row level security;
alter table pp.retention_report force row level security;
create policy planner on pp.retention_report for select to pp_server
	using (planner_body = (select pp.current_body()) or (select pp.has_role('auditor')));
create policy clerk on pp.retention_report to pp_clerk using (true) with check (true);
grant select, insert on pp.retention_choice to pp_server;
grant select on pp.retention_report to pp_server;
grant select on pp.retention_choice, pp.retention_rule to pp_clerk;
grant select, insert on pp.retention_report to pp_clerk;

-- The clerk reads no hash: that there is one is all that it has to know.
alter table pp.person add awaits_confirmation bool generated always as (confirm_sha256 is not null and confirmed_at is null) stored;
alter table pp.invitation_link add ended_at timestamptz;
comment on column pp.invitation_link.ended_at is 'Since when its secret is nowhere any more, not even as a hash.';

-- The clerk ends what is over, and sees of persons and links no more than that.
create policy clerk on pp.person to pp_clerk using (true) with check (true);
create policy clerk on pp.legal_hold for select to pp_clerk using (true);
drop policy clerk on pp.invitation_link;
create policy clerk on pp.invitation_link to pp_clerk using (true) with check (true);
grant select (id, procedure, planner_body, created_at, awaits_confirmation, erased_at),
	update (erased_at, erased_by, erase_reason, confirm_sha256) on pp.person to pp_clerk;
grant select (procedure, person, lifted_at) on pp.legal_hold to pp_clerk;
grant select (id, invitation, ended_at), update (sha256, ended_at) on pp.invitation_link to pp_clerk;
create index person_unconfirmed on pp.person (created_at) where awaits_confirmation;
create index invitation_link_live on pp.invitation_link (invitation) where ended_at is null;

-- The hash of a link may go, and nothing else of it changes.
create function pp.forbid_other_secret() returns trigger language plpgsql as $$
begin
	if new.sha256 is not null then
		raise exception using errcode = 'restrict_violation', message = 'the secret of a link may go, and never be another';
	end if;
	return new;
end
$$;
alter table pp.invitation_link alter sha256 drop not null, add check ((sha256 is null) = (ended_at is not null));
drop trigger invitation_link_stays on pp.invitation_link;
create trigger invitation_link_stays before update of id, invitation, planner_body, participant, mail, made_at, made_by
	or delete or truncate on pp.invitation_link for each statement execute function pp.forbid_change();
create trigger invitation_link_secret before update on pp.invitation_link for each row
	when (old.sha256 is distinct from new.sha256) execute function pp.forbid_other_secret();

do $$
begin
	perform pp.audit_adopt('person');
	perform pp.audit_watch('retention_choice', 'none');
	perform pp.audit_watch('retention_report', 'procedure');
end
$$;
