-- SPDX-License-Identifier: EUPL-1.2

-- privacy_show(procedure uuid, lang text) -> reply
-- lane: read public
select (r).* from pp_api.privacy_show($1, $2) r;

-- privacy_notice_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.privacy_notice_create($1, $2, $3, $4) r;

-- privacy_notice_show(notice uuid) -> reply
-- lane: read public
select (r).* from pp_api.privacy_notice_show($1) r;

-- retention_show(procedure uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.retention_show($1, $2) r;

-- retention_due(at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.retention_due($1) r;

-- hold_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.hold_create($1, $2, $3, $4, $5) r;

-- hold_lift(hold uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.hold_lift($1, $2, $3, $4) r;

-- person_erase(person uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.person_erase($1, $2, $3, $4, $5) r;

-- procedure_erase(procedure uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_erase($1, $2, $3, $4) r;

-- person_erase_own(person uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.person_erase_own($1, $2) r;

-- token_erase(status_token text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.token_erase($1, $2) r;

-- retention_rule_list(lang text) -> reply
-- lane: read
select (r).* from pp_api.retention_rule_list($1) r;

-- retention_choose(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.retention_choose($1, $2, $3, $4) r;

-- retention_report_list(row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.retention_report_list($1, $2) r;

-- retention_acts(at timestamptz) -> rule text, subject text, act text, number text, planner text, due_on text, act_on text,
--   concerned int, held int
-- lane: clerk
select a.rule, a.subject, a.act, a.number, pp.body_name(a.planner_body) as planner, pp.iso(a.due_on) as due_on, pp.iso(a.act_on) as act_on,
	a.concerned, a.held
  from pp_api.retention_acts($1) a;

-- retention_run(at timestamptz, most int) -> done int
-- lane: clerk
select pp_api.retention_run($1, $2) as done;

-- retention_reports(row_limit int) -> at text, rule text, act text, number text, planner text, due_on text, concerned int, held int
-- lane: clerk
select pp.rfc3339(o.at) as at, o.rule, o.act, p.number, pp.body_name(o.planner_body) as planner, pp.iso(o.due_on) as due_on, o.concerned, o.held
  from pp.retention_report o join pp.procedure p on p.id = o.procedure order by o.id desc limit $1;
