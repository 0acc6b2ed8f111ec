-- SPDX-License-Identifier: EUPL-1.2
-- What comes by letter, fax, mail or is written down by an officer (Niederschrift), entered by staff: when it was
-- received and when it was entered stay apart. Confirmed addresses. What is alike, found without being read.
-- Locks: statements and persons for the moment in which they get their columns.

alter table pp.person
	add confirm_sha256 bytea check (length(confirm_sha256) = 32),
	add confirmed_at timestamptz,
	add marks bytea[],
	add constraint person_confirm_once unique (confirm_sha256);
create index person_marks on pp.person using gin (marks);
comment on column pp.person.confirmed_at is 'When the mail address was confirmed; a statement counts without that.';
comment on column pp.person.marks is
	'Keyed hashes of name with place and of the mail address, for telling that two are one; gone with the person.';

create function pp.forget_marks() returns trigger language plpgsql as $$
begin
	new.marks := null;
	new.confirm_sha256 := null;
	return new;
end
$$;
create trigger person_unmarked before update on pp.person for each row
	when (new.erased_at is not null) execute function pp.forget_marks();

alter table pp.statement
	drop constraint statement_channel_check,
	add constraint statement_channel_check check (channel in ('PORTAL', 'EMAIL', 'POST', 'FAX', 'NIEDERSCHRIFT')),
	add entered_at timestamptz,
	add entered_by uuid references pp.account,
	add entered_by_label text,
	add received_on date,
	add evidence text check (length(evidence) between 1 and 500),
	add signatures int check (signatures > 0),
	add alike bytea check (length(alike) = 32),
	add check (num_nonnulls(entered_at, entered_by, entered_by_label, received_on, evidence) in (0, 5)),
	add check (entered_by is null or author_account is null);
create index statement_alike on pp.statement (procedure, alike) where alike is not null;
comment on column pp.statement.received_on is
	'The day of receipt that an officer entered; received_at is an instant of it, by which lateness is judged.';
comment on column pp.statement.evidence is 'What shows that day: stamp, fax report, header of a mail, sheet of the file.';
comment on column pp.statement.signatures is 'How many have signed the same (§ 17 VwVfG): where it came as a list.';
comment on column pp.statement.alike is 'Keyed hash of the words, as pp_keys.alike makes it.';

do $$
declare
	name text := (select conname from pg_constraint where conrelid = 'pp.statement'::regclass and contype = 'c'
		and pg_get_constraintdef(oid) = 'CHECK (((author_account IS NOT NULL) OR (person IS NOT NULL)))');
begin
	execute format('alter table pp.statement drop constraint %I', name);
end
$$;
alter table pp.statement add check (author_account is not null or person is not null or entered_by is not null);

drop trigger statement_stays on pp.statement;
create trigger statement_stays before update of id, number, procedure, round, plan, invitation, parent,
	planner_body, participant, acting_body, author_account, author_role, channel, stance, text, person, sealed,
	reservation, received_at, deadline_at, content_sha256, entered_at, entered_by, entered_by_label, received_on, evidence,
	signatures, alike or delete or truncate
	on pp.statement for each statement execute function pp.forbid_change();

alter table pp.statement_point add entered_by uuid;
drop policy parties on pp.statement_point;
create policy parties on pp.statement_point to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (author_account = (select pp.current_account()) or person = (select pp.current_person())
		or entered_by = (select pp.current_account()));

-- Answers that were remembered before private words were sealed.
alter table pp.idempotency_key no force row level security;
delete from pp.idempotency_key k where k.body ->> 'author_role' = 'OEFF';
alter table pp.idempotency_key force row level security;

grant update (confirmed_at) on pp.person to pp_server;
grant select (confirm_sha256) on pp.person to pp_sign_in;
