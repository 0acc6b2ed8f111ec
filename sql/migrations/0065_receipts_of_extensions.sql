-- SPDX-License-Identifier: EUPL-1.2
-- Receipts of what is asked for and declined about deadlines, too. Locks: receipts, for the moment of a check.

alter table pp.receipt drop constraint receipt_kind_check, add constraint receipt_kind_check
	check (kind in ('EINGANG', 'RUECKNAHME', 'FRISTANTRAG', 'FRISTABLEHNUNG', 'FRISTVERLAENGERUNG', 'KENNTNISNAHME')) not valid;
alter table pp.receipt validate constraint receipt_kind_check;
comment on column pp.receipt.object is 'The statement, the invitation, the request for a later deadline, or the round.';
