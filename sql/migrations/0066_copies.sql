-- SPDX-License-Identifier: EUPL-1.2
-- Copies of documents on the disk of a host are named by the hash of their bytes, and asked about by it.
-- Locks: pp.file, for the moment of a new index.

create index file_of_hash on pp.file (sha256) where state = 'GEPRUEFT';
