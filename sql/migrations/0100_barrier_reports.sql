-- SPDX-License-Identifier: EUPL-1.2
-- Barriers that people report: a mail to whom the operator has named, and a number to ask by. Locks: new objects, and a trigger
-- on pp.mail.

create table pp.barrier_report (
	id uuid primary key,
	number text not null unique check (number ~ '^B-[0-9]{4}-[0-9]+$'),
	mail uuid not null unique references pp.mail,
	page text not null check (length(page) between 1 and 500 and page !~ '#'),
	words text check (length(words) between 1 and 5000),
	tools text check (length(tools) between 1 and 200),
	email text check (length(email) between 3 and 254),
	received_at timestamptz not null,
	state text not null default 'WARTET' check (state in ('WARTET', 'GESENDET', 'FEHLGESCHLAGEN', 'VERWORFEN')),
	settled_at timestamptz
);
create sequence pp.barrier_report_number;
comment on table pp.barrier_report is 'What somebody could not use, as they told it. Seen by operators; nothing says who they are but the address that they may leave.';
comment on column pp.barrier_report.page is 'Without what follows #: there a secret may stand.';
comment on column pp.barrier_report.words is
	'With tools and email until the mail has gone out; of one that nobody took until its text is forgotten, so that an operator can act by them.';
comment on column pp.barrier_report.state is 'Of the mail.';
create trigger barrier_report_stays before update of id, number, mail, page, received_at or truncate on pp.barrier_report
	for each statement execute function pp.forbid_change();

alter table pp.barrier_report enable row level security;
alter table pp.barrier_report force row level security;
create policy file on pp.barrier_report for insert to pp_server with check (true);
create policy operator on pp.barrier_report for select to pp_server using ((select pp.has_role('operator')));
create policy clerk on pp.barrier_report to pp_clerk using (true) with check (true);
grant insert, select on pp.barrier_report to pp_server;
grant usage on sequence pp.barrier_report_number to pp_server;
grant select (id, mail, state, words), update (state, settled_at, words, tools, email) on pp.barrier_report to pp_clerk;

-- What became of the mail is told to its report; what was said goes with the mail's own text.
create function pp.barrier_report_settles() returns trigger language plpgsql as $$
begin
	update pp.barrier_report r set state = new.state, settled_at = new.settled_at,
		words = case when new.body is not null then r.words end, tools = case when new.body is not null then r.tools end,
		email = case when new.body is not null then r.email end
	 where r.mail = new.id;
	return null;
end
$$;
create trigger barrier_report_settles after update of state, body on pp.mail for each row
	when (new.kind = 'barrier_report' and (new.state is distinct from old.state or new.body is distinct from old.body))
	execute function pp.barrier_report_settles();
