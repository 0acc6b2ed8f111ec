-- SPDX-License-Identifier: EUPL-1.2

-- second_factor_of(account uuid) -> sealed_secret bytea
-- lane: write
select f.sealed_secret from pp_api.second_factor_of($1) f;

-- second_factor_take(account uuid, step bigint) -> taken bool
-- lane: write
select pp_api.second_factor_take($1, $2) as taken;

-- recovery_code_take(account uuid, code_sha256 bytea, at timestamptz) -> taken bool
-- lane: write
select pp_api.recovery_code_take($1, $2, $3) as taken;

-- second_factor_show() -> reply
-- lane: read
select (r).* from pp_api.second_factor_show() r;

-- second_factor_begin(sealed_secret bytea, at timestamptz) -> email text
-- lane: write
select pp_api.second_factor_begin($1, $2) as email;

-- second_factor_own() -> sealed_secret bytea
-- lane: write
select f.sealed_secret from pp_api.second_factor_own() f;

-- second_factor_confirm(step bigint, codes text[], at timestamptz) -> confirmed bool
-- lane: write
select pp_api.second_factor_confirm($1, $2, $3) as confirmed;

-- second_factor_remove() -> reply
-- lane: write
select (r).* from pp_api.second_factor_remove() r;
