-- SPDX-License-Identifier: EUPL-1.2
-- Receipts (docs/api/receipt.md): made with what they are of, in its transaction; signed by the clerk.

create function pp_api.clock_words(at timestamptz) returns text language sql stable as
$$ select to_char(at at time zone 'Europe/Berlin', 'DD.MM.YYYY, HH24:MI:SS') || ' Uhr' $$;

-- Why that deadline: what it follows from, the rule of it and the law.
create function pp_api.receipt_deadline(round uuid, i pp.invitation, deadline_at timestamptz) returns text
language plpgsql stable as $$
begin
	return (select '{"at":"' || pp.rfc3339($3) || '","day":"' || pp.iso(pp.last_day($3)) || '","law":'
			|| coalesce(to_json(s.law)::text, 'null') || ',"reason":"' || coalesce(i.deadline_reason, 'ROUND_END') || '","rule":'
			|| coalesce(to_json(coalesce(i.deadline_rule, d.minimum_rule))::text, 'null') || '}'
		  from pp.round d join pp.procedure p on p.id = d.procedure join pp.procedure_kind k on k.kind = p.kind
		  left join pp.round_step s on s.step = d.step and s.family = k.family
		 where d.id = $1);
end
$$;

-- Members in the order of their bytes, no blanks: RFC 8785. The words are for people; the rest is for programs.
create function pp_api.receipt_make(r pp.receipt, relation text, statement_number text, on_time bool, content text, deadline text,
	words text, instant timestamptz, at timestamptz) returns void language plpgsql volatile as $$
declare
	place record;
	planner text := pp.body_name(r.planner_body);
begin
	set constraints all immediate;
	set constraints all deferred;
	select * into strict place from pp.audit_place(r.procedure, relation, r.object::text);
	r.id := pp.uuid7(at);
	r.made_at := at;
	select '{"attachments":' || pp_api.attachments_receipt(r.object) || ',"chain":{"hash":"' || place.hash || '","procedure":"' || p.id || '","seq":' || place.seq
		|| '},"content_sha256":"' || coalesce(content, place.content) || '","deadline":' || coalesce(deadline, 'null')
		|| ',"id":"' || r.id || '","instant":"' || pp.rfc3339(instant) || '","kind":"' || r.kind
		|| '","number":' || coalesce(to_json(statement_number)::text, 'null') || ',"object":"' || r.object
		|| '","on_time":' || coalesce(on_time::text, 'null')
		|| ',"procedure":{"id":"' || p.id || '","number":' || to_json(p.number) || ',"planner":' || to_json(planner)
		|| ',"title":' || to_json(p.title) || '},"text":'
		|| to_json(words || format(' Verfahren %s: %s, %s.', p.number, p.title, planner))
		|| ',"type":"planungsplattform-receipt-1"}'
	  into strict r.document from pp.procedure p where p.id = r.procedure;
	insert into pp.receipt (id, procedure, kind, object, planner_body, participant, mailbox_body, author_account, person, document, sha256, made_at)
		values (r.id, r.procedure, r.kind, r.object, r.planner_body, r.participant, r.mailbox_body, r.author_account, r.person,
			r.document, sha256(convert_to(r.document, 'UTF8')), r.made_at);
end
$$;

create function pp_api.receipt_statement(kind text, s pp.statement, at timestamptz) returns void
language plpgsql volatile as $$
declare
	r pp.receipt;
	i pp.invitation;
	words text := format('Ihre Stellungnahme Nr. %s ist am %s eingegangen.', s.number, pp_api.clock_words(s.received_at));
begin
	select * into i from pp.invitation v where v.id = s.invitation;
	r.kind := kind;
	r.procedure := s.procedure;
	r.object := s.id;
	r.planner_body := s.planner_body;
	r.participant := s.participant;
	r.mailbox_body := s.mailbox_body;
	r.author_account := s.author_account;
	r.person := s.person;
	words := case when kind = 'RUECKNAHME'
		then format('Ihre Stellungnahme Nr. %s vom %s wurde am %s zurückgenommen. Sie bleibt in den Akten.', s.number,
			pp_api.clock_words(s.received_at), pp_api.clock_words(at))
		else words || format(' Die Frist endet mit Ablauf des %s; die Stellungnahme ist %s.',
			to_char(pp.last_day(s.deadline_at), 'DD.MM.YYYY'), case when s.on_time then 'fristgerecht' else 'verspätet' end) end;
	perform pp_api.receipt_make(r, 'statement', s.number, s.on_time, encode(s.content_sha256, 'hex'),
		pp_api.receipt_deadline(s.round, i, s.deadline_at), words, case when kind = 'RUECKNAHME' then at else s.received_at end, at);
end
$$;

-- Of what a receipt about an invitation has in any case.
create function pp_api.receipt_for(kind text, object uuid, i pp.invitation) returns pp.receipt language plpgsql immutable as $$
declare
	r pp.receipt;
begin
	r.kind := $1;
	r.object := $2;
	r.procedure := i.procedure;
	r.planner_body := i.planner_body;
	r.participant := i.participant;
	r.mailbox_body := i.mailbox_body;
	return r;
end
$$;

create function pp_api.deadline_words(last_day date) returns text language sql stable as
$$ select format(' Die Frist endet mit Ablauf des %s.', to_char($1, 'DD.MM.YYYY')) $$;

create function pp_api.receipt_invitation(kind text, i pp.invitation, at timestamptz) returns void
language plpgsql volatile as $$
declare
	name text := pp.body_name(i.participant);
begin
	perform pp_api.receipt_make(pp_api.receipt_for(kind, i.id, i), 'invitation', null, null, null,
		pp_api.receipt_deadline(i.round, i, i.deadline_at),
		case kind when 'KENNTNISNAHME' then format('Die Einladung an %s wurde am %s zur Kenntnis genommen.', name, pp_api.clock_words(at))
				|| pp_api.deadline_words(i.deadline)
			else format('Die Frist für %s wurde am %s verlängert. Sie endet mit Ablauf des %s.', name, pp_api.clock_words(at),
				to_char(i.deadline, 'DD.MM.YYYY')) end, at, at);
end
$$;

-- Of a request for a later deadline: that it came (on_time: before the deadline had ended), and how it was answered
-- where no deadline moved.
create function pp_api.receipt_request(kind text, q pp.extension_request, i pp.invitation, at timestamptz) returns void
language plpgsql volatile as $$
begin
	perform pp_api.receipt_make(pp_api.receipt_for(kind, q.id, i), 'extension_request', null,
		case kind when 'FRISTANTRAG' then at < i.deadline_at end, null, pp_api.receipt_deadline(i.round, i, i.deadline_at),
		case kind when 'FRISTANTRAG' then format('Der Antrag von %s, die Frist bis zum %s zu verlängern, ist am %s eingegangen.',
				pp.body_name(i.participant), to_char(q.until_on, 'DD.MM.YYYY'), pp_api.clock_words(at))
			else format('Der Antrag von %s vom %s, die Frist bis zum %s zu verlängern, wurde am %s %s.', pp.body_name(i.participant),
				pp_api.clock_words(q.requested_at), to_char(q.until_on, 'DD.MM.YYYY'), pp_api.clock_words(at),
				case kind when 'FRISTABLEHNUNG' then 'abgelehnt' else 'bewilligt' end) end
			|| pp_api.deadline_words(i.deadline), at, at);
end
$$;

-- Of a whole round that ends later; each invitation whose deadline moved with it has one of its own.
create function pp_api.receipt_round(d pp.round, previous_end date, moved int, at timestamptz) returns void
language plpgsql volatile as $$
declare
	r pp.receipt;
begin
	r.kind := 'FRISTVERLAENGERUNG';
	r.object := d.id;
	r.procedure := d.procedure;
	r.planner_body := d.planner_body;
	perform pp_api.receipt_make(r, 'round', null, null, null, pp_api.receipt_deadline(d.id, null, d.closes_at),
		format('Die Beteiligung, die am %s enden sollte, wurde am %s verlängert. Sie endet mit Ablauf des %s; mit ihr %s.',
			to_char(previous_end, 'DD.MM.YYYY'), pp_api.clock_words(at), to_char(pp.last_day(d.closes_at), 'DD.MM.YYYY'),
			case moved when 0 then 'verschob sich keine weitere Frist' when 1 then 'verschob sich die Frist einer Einladung'
				else format('verschoben sich die Fristen von %s Einladungen', moved) end), at, at);
end
$$;

-- A reply with the newest receipt of that kind; the web worker puts the clerk's signature in the place of null.
create function pp_api.with_receipt(body jsonb, kind text, object uuid) returns json language plpgsql stable as $$
declare
	document text := (select r.document from pp.receipt r where r.object = $3 and r.kind = $2 order by r.id desc limit 1);
begin
	return (case when document is null then body::text
		else left(body::text, -1) || ',"receipt":{"receipt":' || document || ',"signature":null}}' end)::json;
end
$$;

-- The receipt as a file: what receipt verify takes.
create function pp_api.receipt_show(receipt uuid) returns pp.reply language plpgsql stable as $$
declare
	file text;
begin
	select '{"receipt":' || r.document || ',"signature":' || coalesce('{"algorithm":"Ed25519","key":"' || g.key
			|| '","value":"' || encode(g.signature, 'hex') || '"}', 'null') || '}'
	  into file from pp.receipt r left join pp.receipt_signature g on g.receipt = r.id where r.id = $1;
	if file is null then
		perform pp.refuse('receipt_not_found', 'There is no such receipt that you may see.');
	end if;
	return pp.ok(file::json);
end
$$;

-- What was given out about a statement, an invitation, a request or a round, oldest first: for whom they are.
create function pp_api.receipt_list(object uuid) returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', (select coalesce(json_agg(json_build_object('id', r.id, 'kind', r.kind, 'object', r.object,
			'made_at', pp.rfc3339(r.made_at), 'text', r.document::json ->> 'text', 'sha256', encode(r.sha256, 'hex')) order by r.id), '[]')
		from pp.receipt r where r.object = $1), 'next', null))
$$;

create function pp_api.receipt_key_list() returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', (select coalesce(json_agg(json_build_object('id', k.id, 'algorithm', 'Ed25519',
			'public_key', encode(k.public_key, 'hex'), 'valid_from', pp.rfc3339(k.registered_at),
			'valid_to', pp.rfc3339(k.retired_at)) order by k.registered_at, k.id), '[]') from pp.signing_key k), 'next', null))
$$;

-- Those that the clerk has still to sign for good, of what was made since.
create function pp_api.receipt_unsigned(since timestamptz, row_limit int) returns table (id uuid, document text) language sql stable as $$
	select r.id, r.document from pp.receipt r
	 where r.made_at >= $1 and not exists (select from pp.receipt_signature g where g.receipt = r.id)
	 order by r.made_at limit $2
$$;

grant execute on function pp_api.clock_words(timestamptz), pp_api.receipt_deadline(uuid, pp.invitation, timestamptz),
	pp_api.receipt_make(pp.receipt, text, text, bool, text, text, text, timestamptz, timestamptz),
	pp_api.receipt_statement(text, pp.statement, timestamptz), pp_api.receipt_for(text, uuid, pp.invitation),
	pp_api.deadline_words(date), pp_api.receipt_invitation(text, pp.invitation, timestamptz),
	pp_api.receipt_request(text, pp.extension_request, pp.invitation, timestamptz),
	pp_api.receipt_round(pp.round, date, int, timestamptz),
	pp_api.with_receipt(jsonb, text, uuid), pp_api.receipt_show(uuid), pp_api.receipt_list(uuid) to pp_server;
grant execute on function pp_api.receipt_key_list() to pp_server, pp_public;
grant execute on function pp_api.receipt_unsigned(timestamptz, int) to pp_clerk;
