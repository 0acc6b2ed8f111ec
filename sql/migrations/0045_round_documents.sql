-- SPDX-License-Identifier: EUPL-1.2
-- Which documents a round shows, and what has changed since the round before. Locks: new objects only.

create table pp.round_document (
	round uuid not null references pp.round,
	document uuid not null references pp.document,
	procedure uuid not null references pp.procedure,
	change text not null check (change in ('NEU', 'ERSETZT', 'UNVERAENDERT', 'ENTFALLEN')),
	previous uuid references pp.document,
	since uuid references pp.round,
	primary key (round, document),
	check ((change = 'ERSETZT') = (previous is not null)),
	check (since is not null or change = 'NEU')
);
comment on table pp.round_document is 'Frozen when the round is announced; ENTFALLEN were shown by the round before and are no more.';
comment on column pp.round_document.since is 'The round before of the same audience; null: this is the first.';
create index round_document_of on pp.round_document (document);
create trigger round_document_stays before update or delete or truncate on pp.round_document
	for each statement execute function pp.forbid_change();
grant select, insert on pp.round_document to pp_server;
do $$
begin
	perform pp.audit_watch('round_document', 'procedure', 'round,document');
end
$$;
