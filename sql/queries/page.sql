-- SPDX-License-Identifier: EUPL-1.2

-- page_addresses() -> path text, changed text
-- lane: read public
select a.path, a.changed from pp_api.page_addresses() a;

-- page_feed(near text, km int, ags text, land text, at timestamptz, lang text) -> reply
-- lane: read public
select (r).* from pp_api.page_feed($1, $2, $3, $4, $5, $6) r;
