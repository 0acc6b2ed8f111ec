-- SPDX-License-Identifier: EUPL-1.2
-- Reminders of deadlines: due by rules that are rows, recorded once on their day, sent by people and
-- kept as evidence. Locks: pp.invitation and pp.event while an index is built and a column is added.

create table pp.reminder_rule (
	id text primary key check (id ~ '^[A-Z_0-9]{3,40}$'),
	days int not null check (days between -365 and 365),
	condition text not null check (condition in ('UNBEANTWORTET', 'UNGELESEN')),
	recipient text not null check (recipient in ('BETEILIGTER', 'PLANUNG')),
	text_de text not null,
	text_en text not null,
	valid_from date not null default '2020-01-01',
	valid_to date check (valid_to >= valid_from)
);
comment on table pp.reminder_rule is
	'When somebody is to be reminded: so many days before the last day of an invitation, below 0 after it. No law asks for it: rows are the platform''s own.';
comment on column pp.reminder_rule.recipient is
	'BETEILIGTER: the invited body and its office; PLANUNG: the planning body, which may ask back.';
insert into pp.reminder_rule (id, days, condition, recipient, text_de, text_en) values
	('FRIST_7', 7, 'UNBEANTWORTET', 'BETEILIGTER', 'Die Frist endet in sieben Tagen; es liegt noch keine Stellungnahme vor.',
		'The period ends in seven days; there is no statement yet.'),
	('UNGELESEN_3', 3, 'UNGELESEN', 'BETEILIGTER', 'Die Frist endet in drei Tagen; die Einladung wurde noch nicht gelesen.',
		'The period ends in three days; the invitation has not been read yet.'),
	('ABGELAUFEN', -1, 'UNBEANTWORTET', 'PLANUNG', 'Die Frist ist gestern ohne Stellungnahme abgelaufen; fragen Sie nach, ob etwas unterwegs ist.',
		'The period ended yesterday without a statement; ask whether something is on its way.');

create table pp.reminder_progress (
	rule text primary key references pp.reminder_rule,
	done_until date not null
);
comment on table pp.reminder_progress is
	'Up to which day the clerk has looked who is to be reminded: each day is looked at once.';

create table pp.reminder (
	id uuid primary key,
	rule text not null references pp.reminder_rule,
	invitation uuid not null references pp.invitation,
	round uuid not null references pp.round,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C" references pp.body,
	participant text not null collate "C" references pp.body,
	mailbox_body text not null collate "C" references pp.body,
	deadline date not null,
	due_on date not null,
	recorded_at timestamptz not null,
	constraint reminder_once unique (invitation, rule, deadline)
);
create index reminder_procedure on pp.reminder (procedure, due_on);
create index reminder_round on pp.reminder (round, due_on);

create table pp.reminder_sent (
	id uuid primary key,
	invitation uuid not null references pp.invitation,
	round uuid not null references pp.round,
	planner_body text not null collate "C" references pp.body,
	participant text not null collate "C" references pp.body,
	mailbox_body text not null collate "C" references pp.body,
	channel text not null check (channel in ('PORTAL', 'EMAIL', 'POST', 'TELEFON')),
	recipient text check (length(recipient) between 1 and 500),
	proof text check (length(proof) between 1 and 2000),
	sent_at timestamptz not null,
	recorded_at timestamptz not null,
	sent_by uuid not null,
	sent_by_label text not null,
	check (sent_at <= recorded_at)
);
create index reminder_sent_invitation on pp.reminder_sent (invitation, sent_at);
create index reminder_sent_round on pp.reminder_sent (round, sent_at);
comment on column pp.reminder_sent.proof is 'What shows that it went out: an id of the mail, a posting receipt.';

create trigger reminder_stays before update or delete or truncate on pp.reminder
	for each statement execute function pp.forbid_change();
create trigger reminder_sent_stays before update or delete or truncate on pp.reminder_sent
	for each statement execute function pp.forbid_change();

alter table pp.reminder enable row level security;
alter table pp.reminder force row level security;
create policy parties on pp.reminder for select to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body()));
create policy clerk on pp.reminder to pp_clerk using (true) with check (true);
alter table pp.reminder_sent enable row level security;
alter table pp.reminder_sent force row level security;
create policy parties on pp.reminder_sent to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body()))
	with check (planner_body = (select pp.current_body()));

create index invitation_to_remind on pp.invitation (deadline) where answered_at is null;
create index event_invitation on pp.event (invitation, id) where invitation is not null;
alter table pp.invitation add column acknowledged_body text collate "C" references pp.body;
comment on column pp.invitation.acknowledged_body is 'For which body it was read: the participant or its office.';

grant select on pp.reminder_rule to pp_server, pp_public, pp_clerk;
grant select on pp.reminder to pp_server;
grant select, insert on pp.reminder_sent to pp_server;
grant select, insert on pp.reminder to pp_clerk;
grant select, insert, update (done_until) on pp.reminder_progress to pp_clerk;
grant update (acknowledged_body) on pp.invitation to pp_server;
