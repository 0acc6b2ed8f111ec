-- SPDX-License-Identifier: EUPL-1.2

-- xplanung_list(lang text) -> reply
-- lane: read public
select (r).* from pp_api.xplanung_list($1) r;

-- xbeteiligung_list(lang text) -> reply
-- lane: read public
select (r).* from pp_api.xbeteiligung_list($1) r;
