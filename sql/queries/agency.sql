-- SPDX-License-Identifier: EUPL-1.2

-- agency_theme_list(lang text) -> reply
-- lane: read public
select (r).* from pp_api.agency_theme_list($1) r;
