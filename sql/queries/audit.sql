-- SPDX-License-Identifier: EUPL-1.2
-- What planungsplattform audit asks, as pp_audit. Whoever owns the tables owns the functions, too: the
-- sentences of that lane call none but PostgreSQL's own.

-- audit_relations() -> relation text
-- lane: audit
select relation from unnest(array['procedure', 'procedure_event', 'procedure_due', 'procedure_track', 'procedure_link', 'procedure_party',
	'plan', 'affected_decision', 'affected_set', 'round', 'round_extension', 'invitation', 'person', 'consent',
	'reading', 'extension', 'extension_request', 'reminder', 'reminder_sent', 'statement',
	'reinstatement_request', 'lateness_decision', 'weighing', 'statement_group', 'concern', 'concern_proposal',
	'weighing_resolution', 'weighing_result', 'outage', 'outage_decision', 'probe_result', 'event', 'holiday',
	'rule_version', 'boundary_version', 'body', 'signing_key', 'membership', 'document', 'document_party', 'round_document',
	'invitation_link', 'assignment', 'forwarding', 'deputy', 'acted', 'release', 'legal_hold', 'privacy_notice', 'erasure_request', 'issuer', 'migration', 'distribution_list', 'retention_choice', 'retention_report', 'attachment', 'attachment_release']) with ordinality u (relation, no) order by no;

-- Entries of one chain or of all, in their order; an entry without head and a head without entry, too. Of what
-- was written as a migration's or adopted: within which migration. That lasts from the beginning of its transaction
-- to the entry of its row; of those before there were such entries, to the beginning of the next one.

-- audit_entries(chain uuid) -> chain text, seq bigint, at text, actor text, body text, role text, login text,
--   action text, relation text, key text, columns text, shape text, content text, marks text, prev text,
--   hash text, head bigint, head_hash text, migration text
-- lane: audit
with migrations as materialized (
	select m.no, m.name, m.applied_at as begun, case e.action when 'insert' then e.at else least(e.at, m.next) end as ended
	  from (select v.no, v.name, v.applied_at, lead(v.applied_at) over (order by v.no) as next from pp.migration v) m
	  join (select distinct on (v.key) v.key, v.action, v.at from pp.audit_entry v
		where v.chain = '00000000-0000-0000-0000-000000000000' and v.relation = 'migration'
		order by v.key, v.seq) e on e.key = m.no::text)
select coalesce(e.chain, h.chain)::text as chain, e.seq,
	to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.actor::text, e.body, e.role, e.login,
	e.action, e.relation, e.key, array_to_string(s.columns, ',') as columns, encode(s.sha256, 'hex') as shape,
	encode(e.content_sha256, 'hex') as content, encode(e.marks, 'hex') as marks, encode(e.prev, 'hex') as prev,
	encode(e.hash, 'hex') as hash, h.seq as head, encode(h.hash, 'hex') as head_hash,
	case when e.action = 'adopt' or e.role = 'migration' then
		(select m.name from migrations m where e.at between m.begun and m.ended order by m.no limit 1) end as migration
  from pp.audit_entry e full join pp.audit_head h on h.chain = e.chain left join pp.audit_shape s on s.id = e.shape
 where $1 is null or $1 in (e.chain, h.chain)
 order by coalesce(e.chain, h.chain), e.seq;

-- Rows of a table that are not as their last entry says: changed, with the columns; gone; or without
-- an entry. The last is looked for in all chains only, because not every row names its own.

-- audit_rows(chain uuid, relation text) -> key text, chain text, seq bigint, what text, columns text
-- lane: audit
with recorded as (
	select distinct on (e.key) e.key, e.chain, e.seq, e.content_sha256, e.marks, s.columns
	  from pp.audit_entry e join pp.audit_shape s on s.id = e.shape
	 where e.relation = $2 and ($1 is null or e.chain = $1)
	 order by e.key, e.seq desc),
present as (
	select t.id::text as key, to_jsonb(t) as c
	  from pp.procedure t where $2 = 'procedure'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.procedure_event t where $2 = 'procedure_event'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.procedure_due t where $2 = 'procedure_due'
	union all
	select t.procedure || '/' || t.machine, to_jsonb(t)
	  from pp.procedure_track t where $2 = 'procedure_track'
	union all
	select t.procedure || '/' || t.other || '/' || t.kind, to_jsonb(t)
	  from pp.procedure_link t where $2 = 'procedure_link'
	union all
	select t.procedure || '/' || t.body, to_jsonb(t)
	  from pp.procedure_party t where $2 = 'procedure_party'
	union all
	select t.id::text, to_jsonb(t) || jsonb_build_object('geom', t.geom::text,
			'affected_municipalities', (select jsonb_agg(to_jsonb(m) order by m.ags) from pp.affected_municipality m where m.plan = t.id),
			'affected_authorities', (select jsonb_agg(to_jsonb(m) order by m.body) from pp.affected_authority m where m.plan = t.id),
			'affected_evidence', (select jsonb_agg(to_jsonb(m) order by m.body, m.no) from pp.affected_evidence m where m.plan = t.id),
			'affected_answer', (select to_jsonb(m) from pp.affected_answer m where m.plan = t.id))
	  from pp.plan t where $2 = 'plan'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.affected_decision t where $2 = 'affected_decision'
	union all
	select t.plan::text, to_jsonb(t)
	  from pp.affected_set t where $2 = 'affected_set'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.round t where $2 = 'round'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.round_extension t where $2 = 'round_extension'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.invitation t where $2 = 'invitation'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.person t where $2 = 'person'
	union all
	select t.person || '/' || t.kind || '/' || (to_jsonb(t) ->> 'at'), to_jsonb(t)
	  from pp.consent t where $2 = 'consent'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.reading t where $2 = 'reading'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.extension t where $2 = 'extension'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.extension_request t where $2 = 'extension_request'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.reminder t where $2 = 'reminder'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.reminder_sent t where $2 = 'reminder_sent'
	union all
	select t.id::text, to_jsonb(t) || jsonb_build_object('points',
			(select jsonb_agg(to_jsonb(p) || jsonb_build_object('geom', p.geom::text) order by p.no)
			   from pp.statement_point p where p.statement = t.id))
	  from pp.statement t where $2 = 'statement'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.reinstatement_request t where $2 = 'reinstatement_request'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.lateness_decision t where $2 = 'lateness_decision'
	union all
	select t.statement::text, to_jsonb(t)
	  from pp.weighing t where $2 = 'weighing'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.statement_group t where $2 = 'statement_group'
	union all
	select t.id::text, to_jsonb(t) || jsonb_build_object('geom', t.geom::text)
	  from pp.concern t where $2 = 'concern'
	union all
	select t.concern || '/' || t.no, to_jsonb(t)
	  from pp.concern_proposal t where $2 = 'concern_proposal'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.weighing_resolution t where $2 = 'weighing_resolution'
	union all
	select t.statement || '/' || t.no, to_jsonb(t)
	  from pp.weighing_result t where $2 = 'weighing_result'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.outage t where $2 = 'outage'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.outage_decision t where $2 = 'outage_decision'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.probe_result t where $2 = 'probe_result'
	union all
	select t.id::text, to_jsonb(t) - 'xid'
	  from pp.event t where $2 = 'event'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.holiday t where $2 = 'holiday'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.rule_version t where $2 = 'rule_version'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.boundary_version t where $2 = 'boundary_version'
	union all
	select t.key::text, to_jsonb(t)
	  from pp.body t where $2 = 'body'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.membership t where $2 = 'membership'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.document t where $2 = 'document'
	union all
	select t.document || '/' || t.body, to_jsonb(t)
	  from pp.document_party t where $2 = 'document_party'
	union all
	select t.round || '/' || t.document, to_jsonb(t)
	  from pp.round_document t where $2 = 'round_document'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.assignment t where $2 = 'assignment'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.forwarding t where $2 = 'forwarding'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.deputy t where $2 = 'deputy'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.acted t where $2 = 'acted'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.release t where $2 = 'release'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.invitation_link t where $2 = 'invitation_link'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.attachment t where $2 = 'attachment'
	union all
	select t.attachment::text, to_jsonb(t)
	  from pp.attachment_release t where $2 = 'attachment_release'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.legal_hold t where $2 = 'legal_hold'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.privacy_notice t where $2 = 'privacy_notice'
	union all
	select t.person || '/' || (to_jsonb(t) ->> 'at'), to_jsonb(t)
	  from pp.erasure_request t where $2 = 'erasure_request'
	union all
	select t.key::text, to_jsonb(t)
	  from pp.issuer t where $2 = 'issuer'
	union all
	select t.no::text, to_jsonb(t)
	  from pp.migration t where $2 = 'migration'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.distribution_list t where $2 = 'distribution_list'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.retention_choice t where $2 = 'retention_choice'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.retention_report t where $2 = 'retention_report'
	union all
	select t.id::text, to_jsonb(t)
	  from pp.signing_key t where $2 = 'signing_key'),
compared as (
	select coalesce(r.key, p.key) as key, r.chain, r.seq, r.columns, r.marks, p.c,
		case when r.key is null then 'unrecorded' when p.key is null then 'gone'
			when r.content_sha256 <> (select sha256(convert_to('{' || string_agg(
					to_json(v.key)::text || ':' || to_json(v.value)::text, ',' order by v.key collate "C") || '}', 'UTF8'))
				from jsonb_each_text(p.c) v where v.value is not null and v.key = any (r.columns)) then 'changed' end as what
	  from recorded r full join present p on p.key = r.key)
select d.key, d.chain::text, d.seq, d.what, (select string_agg(u.name, ', ' order by u.no)
		from unnest(d.columns) with ordinality u (name, no)
	   where d.what = 'changed' and substr(d.marks, 2 * u.no::int - 1, 2)
		<> coalesce(substr(sha256(convert_to(d.c ->> u.name, 'UTF8')), 1, 2), '\x0000')) as columns
  from compared d
 where d.what is not null and ($1 is null or d.what <> 'unrecorded')
 order by d.key;

-- Where the clerk goes on: nothing in a database that has no seal yet.

-- audit_last_seal() -> no bigint, size bigint, peaks bytea
-- lane: clerk
select s.no, s.size, s.peaks from pp.audit_seal s order by s.no desc limit 1;

-- audit_unsealed(row_limit int) -> chain uuid, seq bigint, hash bytea
-- lane: clerk
select e.chain, e.seq, e.hash
  from pp.audit_head h left join pp.audit_sealed s on s.chain = h.chain
  join pp.audit_entry e on e.chain = h.chain and e.seq > coalesce(s.seq, 0) and e.seq <= h.seq
 where h.seq > coalesce(s.seq, 0)
 order by e.chain, e.seq limit $1;

-- audit_seal_add(no bigint, size bigint, root bytea, peaks bytea, at timestamptz, key text, signature bytea,
--   ranges jsonb) -> nothing
-- lane: clerk
select pp_api.audit_seal_add($1, $2, $3, $4, $5, $6, $7, $8);

-- signing_key_register(id text, public_key bytea, previous text, at timestamptz) -> nothing
-- lane: clerk
select pp_api.signing_key_register($1, $2, $3, $4);

-- Seals as they are exported.

-- audit_seals() -> no bigint, size bigint, root text, at text, key text, signature text
-- lane: audit
select s.no, s.size, encode(s.root, 'hex') as root, to_char(s.sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
	s.key, encode(s.signature, 'hex') as signature
  from pp.audit_seal s order by s.no;

-- Every leaf in the order of the tree, with its seal; a seal whose entries are gone has rows without hash.

-- audit_leaves() -> no bigint, size bigint, root text, at text, key text, signature bytea, public_key bytea, chain text,
--   from_seq bigint, to_seq bigint, before bigint, seq bigint, hash bytea
-- lane: audit
select s.no, s.size, encode(s.root, 'hex') as root, to_char(s.sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
	s.key, s.signature, k.public_key, r.chain::text, r.from_seq, r.to_seq, r.before, e.seq, e.hash
  from pp.audit_seal s left join pp.signing_key k on k.id = s.key
  left join (select u.*, coalesce(lag(u.to_seq) over (partition by u.chain order by u.from_seq), 0) as before
	from pp.audit_range u) r on r.seal = s.no
  left join pp.audit_entry e on e.chain = r.chain and e.seq between r.from_seq and r.to_seq
 order by s.no, r.chain, r.from_seq, e.seq;

-- Who checks it by the interface: entries, proofs, seals, and who has read what private persons say.

-- audit_entry_list(procedure uuid, relation text, account uuid, action text, since timestamptz, until timestamptz,
--   row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.audit_entry_list($1, $2, $3, $4, $5, $6, $7, $8) r;

-- audit_entry_show(chain uuid, seq bigint, seal bigint) -> reply
-- lane: read
select (r).* from pp_api.audit_entry_show($1, $2, $3) r;

-- audit_seal_list(row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.audit_seal_list($1, $2) r;

-- audit_reading_list(procedure uuid, statement uuid, person uuid, account uuid, since timestamptz, until timestamptz,
--   row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.audit_reading_list($1, $2, $3, $4, $5, $6, $7, $8) r;
