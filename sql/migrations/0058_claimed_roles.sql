-- SPDX-License-Identifier: EUPL-1.2
-- Roles that an issuer's claims propose. Locks: the table of issuers, for a moment.

alter table pp.issuer add roles jsonb not null default '{}' check (jsonb_typeof(roles) = 'object'
	and not jsonb_path_exists(roles, 'strict $.* ? (@.type() != "array")')
	and not jsonb_path_exists(roles, '$.*[*] ? (@ != "reader" && @ != "clerk" && @ != "releaser" && @ != "manager"
		&& @ != "body_administrator")'));
comment on column pp.issuer.roles is
	'Values of its roles claim, and the roles in a body that each proposes. The body''s administrator decides.';
comment on column pp.issuer.claims is
	'What the platform''s name, email, organisation and roles are called by it; a path with dots is allowed.';
