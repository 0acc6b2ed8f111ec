-- SPDX-License-Identifier: EUPL-1.2
-- New boundaries are compared with the features once: their row is new, and that of the ones before, which ends in the same
-- transaction, says nothing that the collections show. Locks: pp.boundary_version, for a moment.
drop trigger feature on pp.boundary_version;
create constraint trigger feature after insert on pp.boundary_version deferrable initially deferred
	for each row when (new.level = 'municipality' and new.parent = '') execute function pp.feature_follow();
