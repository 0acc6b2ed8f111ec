-- SPDX-License-Identifier: EUPL-1.2
-- What auditors read: entries by time and by account, seals by size, and who has read private statements, which names its
-- procedure from now on. Locks: readings and entries, while an index is made of each.

create index audit_entry_at on pp.audit_entry (at, chain, seq);
create index audit_entry_actor on pp.audit_entry (actor, at, chain, seq) where actor is not null;
create unique index audit_seal_size on pp.audit_seal (size);
create unique index audit_range_leaf on pp.audit_range (first_leaf);

alter table pp.reading add procedure uuid references pp.procedure;
alter table pp.reading no force row level security, disable trigger user;
alter table pp.person no force row level security;
update pp.reading r set procedure = p.procedure from pp.person p where p.id = r.person;
alter table pp.person force row level security;
alter table pp.reading force row level security, enable trigger user, alter procedure set not null;
create index reading_procedure on pp.reading (procedure, at, id);
create index reading_at on pp.reading (at, id);
create index reading_statement on pp.reading (statement, at, id) where statement is not null;

-- Auditors see every reading, whoever answers for a planning body those of its people. What was read is not in it.
create policy audited on pp.reading for select to pp_server
	using ((select pp.has_role('auditor')) or body = (select pp.current_body()) and (select pp.has_role('manager')));

do $$
begin
	perform pp.audit_adopt('reading');
end
$$;

grant select on pp.audit_seal to pp_chain;
