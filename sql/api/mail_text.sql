-- SPDX-License-Identifier: EUPL-1.2
-- What mails say. {name} stands for data; a line that names data which is absent is left out. {base}, the public
-- address of the platform, and {link}, an invitation link or that of a subscription, made at the moment of sending, are put in
-- by the mailer, and so is {holds}, how long one to an account does: no link lies in the database. Days and instants in the data are written as people of that language do.

-- needs: data that a mail of this kind has in any case. at_most: so many of a kind to one address in a day; more come
-- from somebody who types the addresses of others. secret: the text is forgotten as soon as it is sent.
create function pp_api.mail_kinds() returns table (kind text, needs text[], at_most int, secret bool)
language sql immutable parallel safe as $$
	values
		('invitation', '{name,planner,title,number,deadline}'::text[], null::int, true),
		('invitation_portal', '{name,planner,title,number,deadline}', null, false),
		('reminder', '{name,planner,title,number,deadline}', null, false),
		('reminder_link', '{name,planner,title,number,deadline}', null, true),
		('deadline_extended', '{name,planner,title,number,previous,deadline}', null, false),
		('extension_declined', '{name,planner,title,number,deadline,text}', null, false),
		('result', '{name,planner,title,number,statement,text}', null, false),
		('address_confirmation', '{path}', 5, true),
		('statement_receipt', '{title,number,statement,received_at,sha256}', 50, false),
		('mailbox_left', '{name}', null, false),
		('membership_pending', '{body,who}', null, false),
		('membership_confirmed', '{body}', null, false),
		('assigned_invitation', '{name,title,number,deadline}', null, false),
		('assigned_statement', '{title,number,statement}', null, false),
		('forwarded', '{by,title,procedure}', null, false),
		('release_waiting', '{what,title,number,body}', null, false),
		('release_due', '{what,title,number,body}', null, false),
		('release_given_back', '{title,number,text}', null, false),
		('deputy_named', '{name,body,first_on,last_on}', null, false),
		('account_invitation', '{email}', 10, true),
		('password_reset', '{email}', 10, true),
		('password_by_issuer', '{email,issuer}', 10, true),
		('subscription_confirm', '{what,until}', 5, true),
		('subscription_known', '{what}', 5, true),
		('subscription_published', '{title,number,planner,what}', null, true),
		('subscription_round', '{title,number,planner,start,end,what}', null, true),
		('subscription_state', '{title,number,planner,state,since,what}', null, true),
		('subscription_result', '{title,number,planner,what}', null, true),
		('barrier_report', '{number,received_at,page,text}', null, true),
		('test', '{}', null, false)
$$;

create function pp_api.mail_texts() returns table (kind text, lang text, subject text, body text)
language sql immutable parallel safe as $$
	values
	('invitation', 'de', 'Beteiligung: {title} – Stellungnahme bis {deadline}', $t$Sehr geehrte Damen und Herren,

{planner} beteiligt Sie ({name}) an diesem Verfahren:

  {title}
  Verfahren {number}
  Rechtsgrundlage: {law}

Ihre Stellungnahme geht rechtzeitig ein bis einschließlich {deadline}, 24:00 Uhr.
Spätere Stellungnahmen werden angenommen und als verspätet gekennzeichnet.

Über diesen Link lesen Sie die Unterlagen und antworten ohne Anmeldung:

  {link}

Der Link gilt nur für Ihre Stelle und dieses Verfahren. Wer ihn hat, kann für Sie antworten: Geben Sie ihn nur an
Personen weiter, die dafür zuständig sind. Bitte bestätigen Sie dort den Eingang auch dann, wenn Sie erst später antworten.$t$),
	('invitation', 'en', 'Participation: {title} – statement by {deadline}', $t$Dear Sir or Madam,

{planner} asks you ({name}) to take part in this procedure:

  {title}
  Procedure {number}
  Legal basis: {law}

Your statement is in time if it arrives on or before {deadline}, 24:00 (Berlin).
Later statements are accepted and marked as late.

With this link you read the documents and answer without signing in:

  {link}

The link is for your body and this procedure only. Whoever has it can answer for you: pass it on only to those whose
task that is. Please acknowledge receipt there even if you answer later.$t$),
	('invitation_portal', 'de', 'Neue Beteiligung: {title} – Stellungnahme bis {deadline}', $t$Sehr geehrte Damen und Herren,

{planner} beteiligt {name} an diesem Verfahren:

  {title}
  Verfahren {number}
  Rechtsgrundlage: {law}

Die Einladung liegt in Ihrem Eingang auf der Planungsplattform; damit ist sie zugegangen.
Ihre Stellungnahme geht rechtzeitig ein bis einschließlich {deadline}, 24:00 Uhr.

Bitte melden Sie sich an und antworten Sie dort:

  {base}$t$),
	('invitation_portal', 'en', 'New participation: {title} – statement by {deadline}', $t$Dear Sir or Madam,

{planner} asks {name} to take part in this procedure:

  {title}
  Procedure {number}
  Legal basis: {law}

The invitation is in your inbox on the platform; with that it has been received.
Your statement is in time if it arrives on or before {deadline}, 24:00 (Berlin).

Please sign in and answer there:

  {base}$t$),
	('reminder', 'de', 'Erinnerung: {title} – Frist endet am {deadline}', $t$Sehr geehrte Damen und Herren,

{planner} hat {name} an diesem Verfahren beteiligt; eine Stellungnahme liegt noch nicht vor:

  {title}
  Verfahren {number}

Die Frist endet mit Ablauf des {deadline} (24:00 Uhr).

Bitte melden Sie sich an und antworten Sie. Haben Sie nichts vorzubringen, genügt die Antwort „keine Bedenken“:

  {base}$t$),
	('reminder', 'en', 'Reminder: {title} – the period ends on {deadline}', $t$Dear Sir or Madam,

{planner} has asked {name} to take part in this procedure; there is no statement yet:

  {title}
  Procedure {number}

The period ends with {deadline} (24:00, Berlin).

Please sign in and answer. If you have nothing to put forward, "no objections" is enough:

  {base}$t$),
	('reminder_link', 'de', 'Erinnerung: {title} – Frist endet am {deadline}', $t$Sehr geehrte Damen und Herren,

{planner} hat {name} an diesem Verfahren beteiligt; eine Stellungnahme liegt noch nicht vor:

  {title}
  Verfahren {number}

Die Frist endet mit Ablauf des {deadline} (24:00 Uhr).

Über diesen Link antworten Sie ohne Anmeldung. Haben Sie nichts vorzubringen, genügt die Antwort „keine Bedenken“:

  {link}$t$),
	('reminder_link', 'en', 'Reminder: {title} – the period ends on {deadline}', $t$Dear Sir or Madam,

{planner} has asked {name} to take part in this procedure; there is no statement yet:

  {title}
  Procedure {number}

The period ends with {deadline} (24:00, Berlin).

With this link you answer without signing in. If you have nothing to put forward, "no objections" is enough:

  {link}$t$),
	('deadline_extended', 'de', 'Frist verlängert bis {deadline}: {title}', $t$Sehr geehrte Damen und Herren,

{planner} hat die Frist für die Stellungnahme von {name} verlängert:

  {title}
  Verfahren {number}

  bisher: bis einschließlich {previous}
  neu:    bis einschließlich {deadline}, 24:00 Uhr
  Rechtsgrundlage: {law}

Begründung: {text}

Ihre Einladung und ein Link darin gelten weiter.$t$),
	('deadline_extended', 'en', 'Period extended to {deadline}: {title}', $t$Dear Sir or Madam,

{planner} has extended the period for the statement of {name}:

  {title}
  Procedure {number}

  until now: to {previous}, inclusive
  new:       to {deadline}, inclusive, 24:00 (Berlin)
  Legal basis: {law}

Reason: {text}

Your invitation, and a link in it, remain valid.$t$),
	('extension_declined', 'de', 'Keine Fristverlängerung: {title} – Frist bleibt {deadline}', $t$Sehr geehrte Damen und Herren,

{planner} hat den Antrag von {name} auf Fristverlängerung abgelehnt:

  {title}
  Verfahren {number}

Begründung: {text}

Es bleibt bei der Frist bis einschließlich {deadline}, 24:00 Uhr. Auch eine vorläufige Stellungnahme wahrt sie.$t$),
	('extension_declined', 'en', 'No extension: {title} – the period still ends on {deadline}', $t$Dear Sir or Madam,

{planner} has declined the request of {name} for more time:

  {title}
  Procedure {number}

Reason: {text}

The period still ends on {deadline}, inclusive, 24:00 (Berlin). A preliminary statement keeps it as well.$t$),
	('result', 'de', 'Ergebnis der Abwägung zu Ihrer Stellungnahme {statement}', $t$Sehr geehrte Damen und Herren,

über die Stellungnahme {statement} von {name} ist entschieden:

  {title}
  Verfahren {number}
  Beschluss vom {resolved_on}

{text}

{planner}$t$),
	('result', 'en', 'Result of the weighing of your statement {statement}', $t$Dear Sir or Madam,

the statement {statement} of {name} has been decided on:

  {title}
  Procedure {number}
  Resolution of {resolved_on}

{text}

{planner}$t$),
	('address_confirmation', 'de', 'Bitte bestätigen Sie Ihre E-Mail-Adresse', $t$Guten Tag,

diese Adresse wurde auf der Planungsplattform angegeben. Bitte bestätigen Sie, dass sie Ihnen gehört:

  {base}{path}

Ihre Stellungnahme {statement} ist bereits eingegangen; die Bestätigung ändert daran nichts. Sie sorgt nur dafür, dass
Sie Nachrichten zu diesem Vorgang erhalten.

Haben Sie nichts angegeben? Dann ist nichts zu tun; an diese Adresse geht keine weitere Nachricht.$t$),
	('address_confirmation', 'en', 'Please confirm your e-mail address', $t$Hello,

this address was given on the planning platform. Please confirm that it is yours:

  {base}{path}

Your statement {statement} has been received already; the confirmation changes nothing about that. It only makes sure
that you get messages about this matter.

You gave no address? Then there is nothing to do; no further message goes to this address.$t$),
	('statement_receipt', 'de', 'Eingangsbestätigung: Stellungnahme {statement}', $t$Guten Tag,

Ihre Stellungnahme ist eingegangen:

  {title}
  Verfahren {number}
  Stellungnahme {statement}
  Eingang: {received_at}
  Frist: bis einschließlich {deadline}
  SHA-256 des Inhalts: {sha256}

Sie wird geprüft und in die Abwägung eingestellt. Bewahren Sie diese Nachricht als Nachweis auf.$t$),
	('statement_receipt', 'en', 'Receipt: statement {statement}', $t$Hello,

your statement has been received:

  {title}
  Procedure {number}
  Statement {statement}
  Received: {received_at}
  Period: to {deadline}, inclusive
  SHA-256 of the content: {sha256}

It will be examined and weighed. Please keep this message as a record.$t$),
	('membership_pending', 'de', 'Bitte prüfen: {who} möchte für {body} arbeiten', $t$Guten Tag,

{who} hat sich mit einem Servicekonto angemeldet, das zu {body} gehört, und kann bis zu Ihrer Entscheidung nur lesen.

Bitte bestätigen Sie die Person und ihre Aufgaben, oder lehnen Sie ab:

  {base}

Kennen Sie die Person nicht, lehnen Sie ab.$t$),
	('membership_pending', 'en', 'Please check: {who} wishes to work for {body}', $t$Hello,

{who} has signed in with an account that belongs to {body}, and can only read until you decide.

Please confirm the person and their tasks, or decline:

  {base}

If you do not know the person, decline.$t$),
	('membership_confirmed', 'de', 'Sie arbeiten jetzt für {body}', $t$Guten Tag,

Ihre Zugehörigkeit zu {body} ist bestätigt. Ihre Aufgaben: {roles}

Sie finden Einladungen und Verfahren nach der Anmeldung:

  {base}$t$),
	('membership_confirmed', 'en', 'You now work for {body}', $t$Hello,

your membership of {body} has been confirmed. Your tasks: {roles}

You find invitations and procedures after signing in:

  {base}$t$),
	('test', 'de', 'Probe des Mailversands', $t$Guten Tag,

diese Nachricht zeigt, dass die Planungsplattform E-Mails versenden kann. Umlaute: ÄÖÜ äöü ß.$t$),
	('test', 'en', 'Test of sending mail', $t$Hello,

this message shows that the planning platform can send mail. Umlauts: ÄÖÜ äöü ß.$t$)
	union all select o.kind, o.lang, o.subject, o.body from pp_api.mail_texts_office() o
	union all select o.kind, o.lang, o.subject, o.body from pp_api.mail_texts_subscription() o
$$;

create function pp_api.mail_footer(lang text) returns text language sql immutable parallel safe as $$
	select case lang when 'en' then E'\n\n-- \nPlanungsplattform – sent automatically\n{base}\n'
		else E'\n\n-- \nPlanungsplattform – automatisch versandt\n{base}\n' end
$$;

-- A value as it stands in a mail. What would end a line, hide text or turn its direction round becomes a blank, and
-- no braces are left: nobody's words become a header, a line of their own or a place that is filled in.
create function pp_api.mail_value(key text, value text, lang text) returns text language sql stable as $$
	select case
		when value ~ '^\d{4}-\d{2}-\d{2}$' then pp_api.mail_day(value::date, lang)
		when value ~ '^\d{4}-\d{2}-\d{2}T[\d:.]+Z$' then pp_api.mail_day(pp.day(value::timestamptz), lang)
			|| to_char(value::timestamptz at time zone 'Europe/Berlin', case lang when 'en' then '", "HH24:MI:SS "(Berlin)"' else '", "HH24:MI:SS" Uhr"' end)
		when key = 'text' then btrim(regexp_replace(regexp_replace(translate(value, '{}', '()'), '\r\n?', E'\n', 'g'),
			'[^\S\n]|[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]', ' ', 'g'))
		else btrim(regexp_replace(translate(value, '{}', '()'),
			'[[:cntrl:]\s\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+', ' ', 'g')) end
$$;

create function pp_api.mail_day(day date, lang text) returns text language sql immutable parallel safe as $$
	select extract(day from $1) || case $2 when 'en' then ' ' else '. ' end || (case $2 when 'en'
		then '{January,February,March,April,May,June,July,August,September,October,November,December}'::text[]
		else '{Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember}'::text[] end)
		[extract(month from $1)] || ' ' || extract(year from $1)
$$;

-- One line filled in; null where it names data that is absent. What is a word of ours has one for each language: what_en.
create function pp_api.mail_line(line text, data jsonb, lang text) returns text language plpgsql stable as $$
declare
	key text;
begin
	for key in select (regexp_matches(line, '\{([a-z_0-9]+)\}', 'g'))[1] loop
		continue when key in ('base', 'link', 'holds');
		line := replace(line, '{' || key || '}', pp_api.mail_value(key, coalesce(data ->> (key || '_' || lang), data ->> key), lang));
	end loop;
	return line;
end
$$;

create function pp_api.mail_fill(template text, data jsonb, lang text) returns text language sql stable as $$
	select string_agg(l.filled, E'\n' order by l.n) from (
		select n, pp_api.mail_line(line, data, lang) as filled
		  from string_to_table(template, E'\n') with ordinality t (line, n)) l
$$;

grant execute on function pp_api.mail_kinds() to pp_server, pp_sign_in, pp_clerk;
grant execute on function pp_api.mail_texts(), pp_api.mail_footer(text), pp_api.mail_value(text, text, text),
	pp_api.mail_day(date, text), pp_api.mail_line(text, jsonb, text), pp_api.mail_fill(text, jsonb, text)
	to pp_server, pp_sign_in, pp_clerk;
