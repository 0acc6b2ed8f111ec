-- SPDX-License-Identifier: EUPL-1.2
-- What mails say to whoever has subscribed to notices. The rules of sql/api/mail_text.sql hold here as well; {link} is the page
-- on which its reader sees and ends what they have subscribed to. None says anything that is not public, or that somebody wrote.

create function pp_api.mail_texts_subscription() returns table (kind text, lang text, subject text, body text)
language sql immutable parallel safe as $$
	select v.kind, v.lang, v.subject, v.body || case when v.kind in ('subscription_confirm', 'subscription_known') then ''
		when v.lang = 'en' then E'\n\n{over}With this message your subscription ends.\n\nYou get it because you asked to be told of: {what}\n'
			'See and end what you have subscribed to, without signing in:\n\n  {link}\n\nWhoever has this link can do that as well: do not pass it on.'
		else E'\n\n{over}Mit dieser Nachricht endet Ihre Benachrichtigung.\n\nSie erhalten sie, weil Sie benachrichtigt werden wollten über: {what}\n'
			'Ansehen und beenden können Sie Ihre Benachrichtigungen ohne Anmeldung:\n\n  {link}\n\nWer diesen Link hat, kann das auch: Geben Sie ihn nicht weiter.' end
	  from (values
	('subscription_confirm', 'de', 'Bitte bestätigen: Benachrichtigungen per E-Mail', $t$Guten Tag,

mit dieser Adresse wurden Benachrichtigungen der Planungsplattform bestellt:

  {what}

Möchten Sie diese Nachrichten? Dann bestätigen Sie das bitte bis zum {until} auf dieser Seite; dort können Sie sie später
auch jederzeit beenden:

  {link}

Haben Sie nichts bestellt? Dann ist nichts zu tun: Ohne Bestätigung wird die Bestellung gelöscht, und es kommt keine weitere
Nachricht.$t$),
	('subscription_confirm', 'en', 'Please confirm: notices by e-mail', $t$Hello,

with this address notices of the planning platform were asked for:

  {what}

Do you want these messages? Then please confirm that until {until} on this page; there you can end them at any time, too:

  {link}

You have not asked for anything? Then there is nothing to do: without a confirmation the request is deleted, and no further
message comes.$t$),
	('subscription_known', 'de', 'Ihre Benachrichtigungen per E-Mail', $t$Guten Tag,

mit dieser Adresse wurden noch einmal Benachrichtigungen der Planungsplattform bestellt, die Sie schon erhalten:

  {what}

Es bleibt dabei; Sie müssen nichts tun. Ansehen, verlängern und beenden können Sie Ihre Benachrichtigungen hier:

  {link}$t$),
	('subscription_known', 'en', 'Your notices by e-mail', $t$Hello,

with this address notices of the planning platform were asked for once more that you get already:

  {what}

Nothing changes; there is nothing to do. Here you see, renew and end what you have subscribed to:

  {link}$t$),
	('subscription_published', 'de', 'Neues Verfahren: {title}', $t$Guten Tag,

ein neues Verfahren ist veröffentlicht:

  {title}
  Verfahren {number}
  Planende Stelle: {planner}

Wann die Öffentlichkeit beteiligt wird, erfahren Sie in einer weiteren Nachricht. Veröffentlicht ist es hier:

  {base}$t$),
	('subscription_published', 'en', 'New procedure: {title}', $t$Hello,

a new procedure has been published:

  {title}
  Procedure {number}
  Planning body: {planner}

Another message will say when the public is asked. It is published here:

  {base}$t$),
	('subscription_round', 'de', 'Beteiligung der Öffentlichkeit: {title}', $t$Guten Tag,

in diesem Verfahren wird die Öffentlichkeit beteiligt:

  {title}
  Verfahren {number}
  Planende Stelle: {planner}
  Unterlagen veröffentlicht ab {start}
  Stellungnahmen bis einschließlich {end}, 24:00 Uhr

Die Unterlagen liest, und Stellung nimmt jede Person ohne Anmeldung:

  {base}

Maßgeblich ist die amtliche Bekanntmachung.$t$),
	('subscription_round', 'en', 'Public participation: {title}', $t$Hello,

in this procedure the public is asked:

  {title}
  Procedure {number}
  Planning body: {planner}
  Documents published from {start}
  Statements to {end}, inclusive, 24:00 (Berlin)

Everybody reads the documents and makes a statement without signing in:

  {base}

The official notice is authoritative.$t$),
	('subscription_state', 'de', '{state}: {title}', $t$Guten Tag,

dieses Verfahren hat einen neuen Stand:

  {title}
  Verfahren {number}
  Planende Stelle: {planner}
  Stand: {state}, eingetragen am {since}

Einzelheiten und Fristen nennt die amtliche Bekanntmachung. Das Verfahren finden Sie hier:

  {base}$t$),
	('subscription_state', 'en', '{state}: {title}', $t$Hello,

this procedure has come into a new state:

  {title}
  Procedure {number}
  Planning body: {planner}
  State: {state}, recorded on {since}

The official notice says more, and which periods run. You find the procedure here:

  {base}$t$),
	('subscription_result', 'de', 'Über Ihre Stellungnahme ist entschieden: {title}', $t$Guten Tag,

über Ihre Stellungnahme zu diesem Verfahren ist entschieden, und das Ergebnis liegt vor:

  {title}
  Verfahren {number}
  Planende Stelle: {planner}

Sie lesen es mit dem Zugangsschlüssel, den Sie mit der Eingangsbestätigung erhalten haben, oder nach der Anmeldung mit dem Konto,
mit dem Sie sich geäußert haben:

  {base}$t$),
	('subscription_result', 'en', 'Your statement has been decided on: {title}', $t$Hello,

your statement in this procedure has been decided on, and the result is there:

  {title}
  Procedure {number}
  Planning body: {planner}

You read it with the secret that came with your receipt, or after signing in with the account with which you made it:

  {base}$t$)) v (kind, lang, subject, body)
$$;

grant execute on function pp_api.mail_texts_subscription() to pp_server, pp_sign_in, pp_clerk;
