-- SPDX-License-Identifier: EUPL-1.2

-- rule_version_list(row_limit int, cursor text) -> reply
-- lane: read public
select (r).* from pp_api.rule_version_list($1, $2) r;

-- rule_version_show(version bigint) -> reply
-- lane: read public
select (r).* from pp_api.rule_version_show($1) r;

-- rule_version_text(version bigint) -> text text, sha256 text
-- lane: read public
select t.text, t.sha256 from pp_api.rule_version_text($1) t;

-- rule_version_create(text text, source text, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.rule_version_create($1, $2, $3, $4, $5) r;

-- What the program carries, at each migrate; and what the command line imports.

-- rule_seed(text text, source text, at timestamptz) -> version bigint, origin text, is_new bool
-- lane: owner
select s.version, s.origin, s.is_new from pp_api.rule_seed($1, $2, $3) s;

-- rule_import(text text, source text, at timestamptz) -> version bigint, rules bigint
-- lane: owner
select i.version, i.rules from pp_api.rule_import($1, $2, $3) i;
