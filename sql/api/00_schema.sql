-- SPDX-License-Identifier: EUPL-1.2
-- The schema that the server calls is made anew as a whole: this file first, then the rooms in
-- alphabetical order, all in one transaction of pp_owner. Nothing in schema pp depends on it.

drop schema if exists pp_api cascade;
create schema pp_api;
grant usage on schema pp_api to pp_server, pp_public, pp_geometry, pp_clerk, pp_sign_in;
