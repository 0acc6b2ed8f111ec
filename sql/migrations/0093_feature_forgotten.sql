-- SPDX-License-Identifier: EUPL-1.2
-- Up to which change the past of a collection is gone, so that nobody who asks what has changed since before that is told less than
-- it was. And drafts are stored as all other features are (0088); what lies nowhere needs no index there, because drafts are found by
-- their body. Locks: pp.feature_collection and pp.feature_drafts, for a moment.
alter table pp.feature_collection add forgotten bigint not null default 0, add forgotten_at timestamptz;
comment on column pp.feature_collection.forgotten is 'Of the clock: of what ended up to then some is not kept any more; 0 where all is.';
comment on column pp.feature_collection.forgotten_at is 'When the last of that had ended.';
-- Nobody has written down what was swept before.
update pp.feature_collection set forgotten = version, forgotten_at = now() where name = 'drafts' and version > 0;
alter table pp.feature_drafts set (toast_tuple_target = 8160);
grant select, update (forgotten, forgotten_at) on pp.feature_collection to pp_clerk;
