-- SPDX-License-Identifier: EUPL-1.2
-- What mails say to people who work on the platform: about their accounts, and about what their body has for them to do. The
-- rules of sql/api/mail_text.sql hold here as well.

create function pp_api.mail_texts_office() returns table (kind text, lang text, subject text, body text)
language sql immutable parallel safe as $$
	values
	('barrier_report', 'de', 'Barriere gemeldet: {number}', $t$Guten Tag,

auf der Plattform wurde eine Barriere gemeldet:

  Nummer {number}, eingegangen am {received_at}
  Seite: {page}
  Hilfsmittel: {tools}
  Antwort an: {email}

{text}

Ohne Adresse für die Antwort wollte die Person keine hinterlassen. Nennen Sie in Ihrer Antwort bitte die Nummer.$t$),
	('barrier_report', 'en', 'Barrier reported: {number}', $t$Hello,

a barrier of the platform was reported:

  Number {number}, received on {received_at}
  Page: {page}
  Tools: {tools}
  Answer to: {email}

{text}

Where there is no address for the answer, the person wanted to leave none. Please name the number in your answer.$t$),
	('mailbox_left', 'de', 'Post an {name} geht nicht mehr an diese Adresse', $t$Guten Tag,

Einladungen und Nachrichten an {name} hat die Planungsplattform bisher an diese Adresse geschickt. Das wurde geändert: Von
heute an gehen sie nicht mehr hierher.

Wenn das nicht so sein soll, wenden Sie sich bitte an die Verwaltung Ihrer Stelle auf der Plattform oder an deren Betrieb.$t$),
	('mailbox_left', 'en', 'Mail for {name} does not go to this address any more', $t$Hello,

invitations and messages for {name} were sent to this address by the planning platform. That was changed: from today on
they do not go here any more.

If this is not as it should be, please turn to the administrator of your body on the platform, or to whoever runs it.$t$),
	('assigned_invitation', 'de', 'Ihnen zugewiesen: {title} – Frist {deadline}', $t$Guten Tag,

{by} hat Ihnen diese Beteiligung zugewiesen:

  {title}
  Verfahren {number}, beteiligt: {name}
  Frist: bis einschließlich {deadline}

Sie finden sie nach der Anmeldung unter den Ihnen zugewiesenen:

  {base}$t$),
	('assigned_invitation', 'en', 'Assigned to you: {title} – deadline {deadline}', $t$Hello,

{by} has assigned this participation to you:

  {title}
  Procedure {number}, asked: {name}
  Deadline: to {deadline}, inclusive

You find it after signing in, among those assigned to you:

  {base}$t$),
	('assigned_statement', 'de', 'Ihnen zugewiesen: Stellungnahme {statement}', $t$Guten Tag,

{by} hat Ihnen diese Stellungnahme zur Bearbeitung zugewiesen:

  Stellungnahme {statement}
  {title}
  Verfahren {number}

Sie finden sie nach der Anmeldung in der Abwägung:

  {base}$t$),
	('assigned_statement', 'en', 'Assigned to you: statement {statement}', $t$Hello,

{by} has assigned this statement to you:

  Statement {statement}
  {title}
  Procedure {number}

You find it after signing in, in the weighing:

  {base}$t$),
	('forwarded', 'de', 'Zur Kenntnis: {title}', $t$Guten Tag,

{by} hat Ihnen etwas zur Kenntnis weitergeleitet:

  {title}
  Verfahren {procedure}
  Beteiligte Stelle: {participant}
  Stellungnahme {statement}
  Lesbar bis einschließlich {last_on}

Es ist zum Lesen bestimmt; eine Stellungnahme wird von Ihnen damit nicht erbeten. Den Grund und was sonst dazu gesagt wurde, lesen
Sie nach der Anmeldung unter „Zur Kenntnis“:

  {base}$t$),
	('forwarded', 'en', 'For reading: {title}', $t$Hello,

{by} has forwarded something to you for reading:

  {title}
  Procedure {procedure}
  Asked: {participant}
  Statement {statement}
  To be read to {last_on}, inclusive

It is meant for reading; no statement is asked of you by it. Why, and what else was said about it, you read after signing in,
among what was forwarded for reading:

  {base}$t$),
	('release_waiting', 'de', 'Zur Freigabe: {title}', $t$Guten Tag,

bei {body} wartet {what} auf Ihre Freigabe:

  {title}
  Verfahren {number}
  Frist: bis einschließlich {deadline}

Fristwahrend ist erst die Freigabe: Die Vorlage ist kein Eingang. Bitte geben Sie frei oder mit einem Grund zurück:

  {base}$t$),
	('release_waiting', 'en', 'For release: {title}', $t$Hello,

at {body} something waits for your release ({what}):

  {title}
  Procedure {number}
  Deadline: to {deadline}, inclusive

Only the release keeps the deadline: handing in is no receipt. Please release it, or give it back with a reason:

  {base}$t$),
	('release_due', 'de', 'Frist läuft ab, Freigabe fehlt: {title}', $t$Guten Tag,

bei {body} wartet noch immer {what} auf Ihre Freigabe:

  {title}
  Verfahren {number}
  Frist: bis einschließlich {deadline}

Ohne Freigabe geht nichts ein, und die Frist läuft ab. Bitte geben Sie frei oder mit einem Grund zurück:

  {base}$t$),
	('release_due', 'en', 'The deadline is near, the release is missing: {title}', $t$Hello,

at {body} something still waits for your release ({what}):

  {title}
  Procedure {number}
  Deadline: to {deadline}, inclusive

Without a release nothing is received, and the deadline passes. Please release it, or give it back with a reason:

  {base}$t$),
	('release_given_back', 'de', 'Zurückgegeben: {title}', $t$Guten Tag,

{who} hat Ihnen zurückgegeben, was Sie zur Freigabe vorgelegt haben:

  {title}
  Verfahren {number}
  Frist: bis einschließlich {deadline}

Grund:

{text}

Bitte ändern Sie es und legen Sie es noch einmal vor:

  {base}$t$),
	('release_given_back', 'en', 'Given back: {title}', $t$Hello,

{who} has given back what you handed in for release:

  {title}
  Procedure {number}
  Deadline: to {deadline}, inclusive

Reason:

{text}

Please change it and hand it in once more:

  {base}$t$),
	('deputy_named', 'de', 'Vertretung: {name}, {first_on} bis {last_on}', $t$Guten Tag,

Sie vertreten {name} bei {body}:

  vom {first_on}
  bis einschließlich {last_on}

An diesen Tagen haben Sie nach der Anmeldung auch die Rechte von {name} und sehen, was {name} zugewiesen ist. Was Sie tun,
tun Sie unter Ihrem Namen, in Vertretung.

  {base}$t$),
	('deputy_named', 'en', 'Standing in for {name}, {first_on} to {last_on}', $t$Hello,

you stand in for {name} at {body}:

  from {first_on}
  to {last_on}, inclusive

On these days you also have the rights of {name} after signing in, and see what is assigned to {name}. What you do you do in
your own name, in their place.

  {base}$t$),
	('account_invitation', 'de', 'Ihr Zugang zur Planungsplattform', $t$Guten Tag,

{inviter} lädt Sie zur Planungsplattform ein.
Der Betrieb der Planungsplattform lädt Sie ein.{operator}
Sie arbeiten dort für: {bodies}

Bitte legen Sie über diesen Link Ihr Kennwort fest:

  {link}

Danach melden Sie sich mit der Adresse {email} und diesem Kennwort an. Der Link gilt {holds} und nur einmal; er meldet
niemanden an. Ist er abgelaufen, fordern Sie hier einen neuen an:

  {base}/konto

Kennen Sie die Stelle nicht, die Sie einlädt, ist nichts zu tun: Ohne Kennwort gibt es keinen Zugang.$t$),
	('account_invitation', 'en', 'Your access to the planning platform', $t$Hello,

{inviter} invites you to the planning platform.
The operator of the planning platform invites you.{operator}
There you work for: {bodies}

Please set your password with this link:

  {link}

After that you sign in with the address {email} and this password. The link holds for {holds} and once only; it signs
nobody in. Once it has expired, ask for another one here:

  {base}/konto

If you do not know who invites you, there is nothing to do: without a password there is no access.$t$),
	('password_reset', 'de', 'Neues Kennwort für die Planungsplattform', $t$Guten Tag,

für das Konto {email} wurde ein neues Kennwort angefordert. Über diesen Link legen Sie es fest:

  {link}

Der Link gilt {holds} und nur einmal; er meldet niemanden an. Mit dem neuen Kennwort enden alle Sitzungen des Kontos.
Ein zweiter Faktor bleibt, wie er ist.

Haben Sie nichts angefordert? Dann ist nichts zu tun: Ihr Kennwort bleibt, wie es ist.$t$),
	('password_reset', 'en', 'A new password for the planning platform', $t$Hello,

a new password was asked for, for the account {email}. With this link you set it:

  {link}

The link holds for {holds} and once only; it signs nobody in. With the new password all sessions of the account end. A
second factor stays as it is.

You have not asked for it? Then there is nothing to do: your password stays as it is.$t$),
	('password_by_issuer', 'de', 'Ihre Anmeldung an der Planungsplattform', $t$Guten Tag,

für das Konto {email} wurde ein neues Kennwort angefordert. Dieses Konto hat hier keines: Sie melden sich mit {issuer} an.

  {base}/sign-in

Haben Sie Ihr Kennwort dort vergessen, hilft Ihnen der Betreiber dieses Dienstes. Haben Sie nichts angefordert, ist nichts
zu tun.$t$),
	('password_by_issuer', 'en', 'Signing in to the planning platform', $t$Hello,

a new password was asked for, for the account {email}. This account has none here: you sign in with {issuer}.

  {base}/sign-in

If you have forgotten your password there, whoever runs that service can help you. If you have not asked for anything,
there is nothing to do.$t$)
$$;

grant execute on function pp_api.mail_texts_office() to pp_server, pp_sign_in, pp_clerk;
