// SPDX-License-Identifier: EUPL-1.2
// What may lie in every column of pp that can hold words: text, lists of it, JSON, bytes. A new column is put into one of the
// lists, and its table's test then says whether that is true (canary.test.mjs):
//
//   planted  words of people or of what is confidential; plants.mjs has put one there, and it lies there
//   sealed   the same, but nobody can read it there: sealed, or the hash of it
//   shown    words that everybody reads, or everybody who sees the procedure: what bodies publish, registers, notices, rules
//   ours     keys, codes, states, hashes of what is not private, words of law and of the program
//
// In all but the first no planted word may be found.
const lists = (text) => Object.fromEntries(text.trim().split('\n').map((line) => line.trim().split(': ')).map(([table, columns]) => [table, new Set(columns.split(' '))]));

/** In any table: who a row is of, by the key of a body. */
export const keys = new Set('planner_body participant mailbox_body acting_body acknowledged_body applicant_body ags'.split(' '));

export const classes = {
	planted: lists(`
		account: email
		account_identity: subject name email organisation
		affected_decision: data reason decided_by_label confirmed_by_label
		affected_set: confirmed_by_label
		attachment: name
		barrier_report: page words tools email
		boundary_import: asked_by_label layer
		chunk: bytes
		concern: topic reason
		concern_proposal: reason proposed_by_label
		consent: text_version
		distribution_list: name about
		document: title name withdraw_reason
		draft: content
		feature_drafts: title note cells
		file: digest
		extension: reason granted_by_label
		extension_request: reason decision_reason decided_by_label
		forwarding: reason note
		idempotency_key: key body
		invitation: invite_reason extension_reason
		lateness_decision: reason decided_by_label
		legal_hold: reason by_label lifted_by_label
		mail: recipient subject body reply
		note: content
		outage: recorded_by_label
		outage_decision: reason decided_by_label
		person: erase_reason
		plan: source_name
		plan_draft: title note
		procedure: title reference project withdraw_reason search_text
		procedure_event: reason recorded_by_label data
		recomputation: asked_by_label
		reinstatement_request: obstacle
		release: content reason
		reminder_sent: recipient proof sent_by_label
		retention_choice: by_label
		round_extension: extended_by_label
		session: subject provider_session
		sign_in: return_to
		statement: text reservation withdraw_reason resolution discard_reason entered_by_label evidence signed_by
		statement_group: title
		statement_point: topic text legal_basis remedy document page
		subscription: text_version
		token: label
		upload: name
		weighing_resolution: reference council
		weighing_result: topic text reason reference council inspection`),
	sealed: lists(`
		account: password_hash
		account_link: sha256
		attachment: sealed sha256
		file: sha256
		file_chunk: chunk
		chunk: sha256
		forwarding: sealed
		handover: sealed
		idempotency_key: request_sha256
		invitation_link: sha256
		logout_token: jti_sha256
		mail: mailbox
		person: sealed token_sha256 confirm_sha256 marks
		recovery_code: sha256
		reinstatement_request: sealed
		release: content_sha256
		second_factor: sealed_secret
		session: sha256 sealed_id_token
		sign_in: state_sha256 browser_sha256 nonce_sha256
		statement: content_sha256 sealed withdraw_sealed alike
		subscription: sealed mark open_sha256 end_sha256
		token: sha256
		upload: token_sha256 sealed
		weighing: same_sha256`),
	shown: lists(`
		administration: source
		affected_answer: query answer
		agency: kinds channel
		attachment_release: name
		body: key name source
		body_mail: mail source
		boundary_version: dataset report
		feature_adjacency: name neighbour_name dataset cells
		feature_affected_municipalities: title name kreis class_text reason cells
		boundary_import: file_name dataset
		boundary_import_piece: bytes
		feature_export_piece: bytes
		feature_municipalities: name designation kreis dataset cells
		feature_plans: title kind_text planner_name cells
		feature_procedures: title kind_text state_text planner_name rechtsstand_text plan_art_text cells
		feature_statements: author_role_text body_name stance_text text cells
		holiday: name_de name_en source withdraw_reason
		issuer: title logo_text
		municipality: name designation kreis_name
		municipality_succession: source
		outage: what reason withdraw_reason
		plan: subjects changes result xplanung
		privacy_notice: version controller officer authority text_de text_en
		probe_result: probe url failures
		procedure: subjects section
		receipt: document
		round: notice cancel_reason
		round_extension: reason
		rule_version: source text imported_by_label
		statement: published_text redactions
		state_border: name
		stored_query: name definition`),
	ours: lists(`
		account: platform
		account_identity: issuer
		acted: body what
		adjacency: neighbour contact
		administration: body kind
		affected_answer: sha256
		affected_authority: body data class
		affected_decision: body action state
		affected_evidence: body data rule class
		affected_municipality: data class
		affected_rule: id name kinds metric threshold class subject land reason_de reason_en source when
		affected_set: sha256
		agency: body
		agency_area: body kind key
		agency_competence: body theme
		agency_theme: id label_de label_en
		agency_touch: theme kinds subject source
		assignment: body
		attachment: media_type
		attachment_release: media_type
		audit_entry: body role login action relation key content_sha256 marks prev hash
		audit_head: hash
		audit_relation: relation chain key
		audit_seal: root peaks key signature
		audit_shape: relation columns sha256
		body: kind land parent
		body_mail: body
		boundary_version: level parent source_sha256
		concern: decision
		concern_proposal: decision
		consent: kind
		deputy: body
		distribution_list: body bodies
		document: kind lang audiences bodies
		document_kind: kind de en xplanung_code xplanung_label
		document_party: body
		draft: body
		duty: duty text_de text_en legal_basis path
		event: kind bodies data
		extension: cause legal_basis
		extension_request: decision
		feature: fid key digest
		feature_adjacency: fid key digest neighbour contact
		feature_affected_municipalities: fid key digest number land class rule rules decision
		feature_collection: name
		feature_drafts: fid key digest body procedure_number
		feature_export: collection ask state reason sha256
		feature_lock: body
		feature_lock_item: body
		feature_municipalities: fid key digest kreis_key land ars
		feature_plans: fid key digest number kind planner lands geometry_kind xplan_object xplan_rechtsstand
		feature_procedures: fid key digest number kind state planner lands municipalities rechtsstand plan_art
		feature_statements: fid key digest number procedure_number author_role body stance state
		file: media_type state reason scanner found metadata
		forwarding: body other_body kind number recipient closed_body
		holiday: area falls_on kind
		idempotency_key: location etag
		invitation: class channel state received_how deadline_reason deadline_rule stance
		issuer: key url land client_id client_auth scopes claims levels algorithms audience scope roles
		lateness_decision: regime outcome
		lateness_regime: id family kinds steps audiences effect tests legal_basis text_de text_en
		logout_token: issuer
		machine_event: event name_de name_en fields
		machine_state: machine state name_de name_en news
		machine_transition: machine event from_state to_state who guards effect kinds lands not_lands due_rule due_older_rule due_event due_states skips legal_basis
		mail: kind lang state
		barrier_report: number state
		mass_notice: family purpose channel counts roles law
		media_type: media_type extensions name
		membership: body roles state
		migration: name sha256 server_version
		municipality: ars land kreis_key
		municipality_succession: predecessor successor kind
		note: body
		notice_requirement: item steps kinds not_kinds condition effect text_de text_en legal_basis
		outage: scope source
		outage_decision: rule decision
		outage_rule: id meaning text_de text_en source
		plan_draft: body
		plan: geometry_kind geom_sha256 source_type source_sha256 engine
		privacy_basis: family law purpose_de purpose_en
		procedure: number kind planning_municipalities lands state rested_state
		procedure_due: machine rule event states state legal_basis
		procedure_event: machine event from_state to_state who plan_sha256 skipped legal_basis
		procedure_kind: kind family name_de name_en law machine tracks like_kind
		procedure_link: kind
		procedure_party: body
		procedure_track: machine state
		reading: body what purpose
		receipt: kind sha256
		receipt_signature: key signature
		boundary_import: sha256 digest state stage findings refusal
		recomputation: kind rules_text state reason
		recomputation_item: data
		release: body kind state
		reminder: rule
		reminder_progress: rule
		reminder_rule: id condition recipient text_de text_en
		reminder_sent: channel
		repeatable: name sha256
		retention_choice: rule act
		retention_report: rule act
		retention_rule: id machine states legal_basis reason_de reason_en subject act
		round: step phase audience minimum_rule set_sha256 statement_rule
		round_document: change
		round_extension: legal_basis
		round_step: step family phase audiences law extension_law event machines
		rule_version: sha256 origin
		session: issuer level
		sign_in: issuer
		signing_key: id public_key
		state_border: state
		statement: number author_role channel stance state discard_kind cells
		statement_point: kind cell
		stored_query: body
		subscription: cell lang
		subscription_event: kind state
		transition: machine event from_state to_state
		upload: body
		weighing: channel
		weighing_decision: code name_de name_en
		weighing_gap: why de en law
		weighing_result: decision channel
		xbeteiligung_code: field list kinds machine ours variant code label direction note_de note_en
		xplanung_code: field list kinds machine ours variant code label direction note_de note_en`),
};

/** Every such column, with whether a planted word lies in it: [{place, planted}]. */
export const look = `do $$
declare c record; hit bool;
begin
	create temp table seen (place text, planted bool);
	for c in select t.relname::text as tab, a.attname::text as col, a.atttypid = any ('{bytea,bytea[]}'::regtype[]) as bytes
		from pg_attribute a join pg_class t on t.oid = a.attrelid where t.relnamespace = 'pp'::regnamespace and t.relkind in ('r', 'p') and a.attnum > 0
		and not a.attisdropped and a.atttypid = any ('{text,text[],varchar,json,jsonb,bytea,bytea[]}'::regtype[])
	loop
		-- Bytes are shown in hexadecimal: k or K, then anarie and a digit.
		execute format('select exists (select from pp.%I where %I::text ~* %L)', c.tab, c.col, case when c.bytes then '[46]b616e617269653[0-9]' else 'kanarie[0-9]{3}' end) into hit;
		insert into seen values (c.tab || '.' || c.col, hit);
	end loop;
end $$;
select json_agg(row_to_json(s)) from seen s;`;
