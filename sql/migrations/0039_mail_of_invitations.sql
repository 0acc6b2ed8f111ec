-- SPDX-License-Identifier: EUPL-1.2
-- Invitations that go by mail: received is presumed from the day when the mail was sent, not from the day when it was
-- written. Locks: pp.invitation for the moment of a new column.

alter table pp.invitation add column awaits_mail bool not null default false;
comment on column pp.invitation.awaits_mail is
	'Its mail is not sent yet: nothing is presumed (§ 41 (2) VwVfG reckons from the dispatch).';
drop index pp.invitation_presumed;
create index invitation_presumed on pp.invitation (presumed_on) where state = 'VERSANDT' and not awaits_mail;
grant update (awaits_mail, presumed_on) on pp.invitation to pp_clerk;
grant update (awaits_mail) on pp.invitation to pp_server;
