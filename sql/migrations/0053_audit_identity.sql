-- SPDX-License-Identifier: EUPL-1.2
-- Entries name who has written, not who the transaction was for when it ended; and what migrations write is
-- told from what somebody writes under their name. Locks: pp.migration, for the moment of a new trigger.

-- What waits for the commit is recorded now, under the identity that wrote it. Nothing but the server's first
-- sentence of a transaction and this sets an identity.
create function pp.become(account text, body text, roles text) returns void language plpgsql volatile as $$
begin
	set constraints all immediate;
	set constraints all deferred;
	perform set_config('pp.account', account, true), set_config('pp.body', body, true), set_config('pp.roles', roles, true);
end
$$;
grant execute on function pp.become(text, text, text) to pp_server, pp_public, pp_clerk;

-- A migration's last act is its row here, whose entry therefore ends the time within which its entries lie.
do $$ begin perform pp.audit_watch('migration', 'none', 'no'); end $$;
