-- SPDX-License-Identifier: EUPL-1.2
-- Issuers may sign with SHA-384 as well. Locks: the table of issuers, for a moment.

alter table pp.issuer drop constraint issuer_algorithms_check,
	add constraint issuer_algorithms_check check (algorithms <> '{}'
		and algorithms <@ '{RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512}');
