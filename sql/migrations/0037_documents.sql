-- SPDX-License-Identifier: EUPL-1.2
-- Documents of plans: files in content-addressed chunks, what they are, and whom they are for. Locks: new
-- objects only.

-- What is in a chunk is said by its name; equal pieces of whatever files are stored once.
create table pp.chunk (
	sha256 bytea primary key check (length(sha256) = 32),
	bytes bytea not null check (length(bytes) between 1 and 262144)
);
-- Drawings and PDF are compressed already.
alter table pp.chunk alter column bytes set storage external;
comment on table pp.chunk is 'Pieces of files under the hash of their bytes, at most 256 kB each.';

create table pp.media_type (
	media_type text primary key,
	extensions text[] not null check (cardinality(extensions) > 0),
	name text not null
);
comment on table pp.media_type is 'What a file may be; anything else is refused.';
insert into pp.media_type (media_type, extensions, name) values
	('application/pdf', '{pdf}', 'PDF'),
	('image/png', '{png}', 'PNG'),
	('image/jpeg', '{jpg,jpeg}', 'JPEG'),
	('image/tiff', '{tif,tiff}', 'TIFF'),
	('application/vnd.oasis.opendocument.text', '{odt}', 'OpenDocument Text'),
	('application/vnd.openxmlformats-officedocument.wordprocessingml.document', '{docx}', 'Office Open XML Text'),
	('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', '{xlsx}', 'Office Open XML Spreadsheet'),
	('application/zip', '{zip}', 'ZIP'),
	('application/gml+xml', '{gml,xml}', 'GML, XPlanGML'),
	('application/xml', '{xml}', 'XML'),
	('application/geo+json', '{geojson,json}', 'GeoJSON'),
	('application/geopackage+sqlite3', '{gpkg}', 'GeoPackage'),
	('image/vnd.dxf', '{dxf}', 'DXF');
grant select on pp.media_type to pp_server, pp_public, pp_clerk;

create table pp.file (
	id uuid primary key,
	media_type text not null references pp.media_type,
	size bigint not null check (size between 1 and 10737418240),
	sha256 bytea not null check (length(sha256) = 32),
	state text not null default 'LAEDT'
		check (state in ('LAEDT', 'UNGEPRUEFT', 'GEPRUEFT', 'ABGELEHNT', 'VERFALLEN')),
	received bigint not null default 0 check (received between 0 and size),
	digest bytea not null default '' check (length(digest) in (0, 108)),
	crc32 bigint check (crc32 between 0 and 4294967295),
	reason text,
	expires_at timestamptz not null,
	created_at timestamptz not null,
	completed_at timestamptz,
	swept_at timestamptz,
	check ((state in ('LAEDT', 'VERFALLEN')) = (completed_at is null)),
	check (completed_at is null or state = 'ABGELEHNT' or received = size and crc32 is not null)
);
comment on table pp.file is 'A file as it was announced, and how much of it is there; its bytes are in pp.file_chunk.';
comment on column pp.file.digest is 'SHA-256 and CRC-32 of what was received so far (server/core/digest.c).';
comment on column pp.file.reason is 'Why it was refused: a code of docs/api/document.md.';
create index file_unfinished on pp.file (expires_at) where state = 'LAEDT';
create index file_to_sweep on pp.file (id) where state in ('ABGELEHNT', 'VERFALLEN') and swept_at is null;
create index file_to_check on pp.file (completed_at) where state = 'UNGEPRUEFT';

create table pp.file_chunk (
	file uuid not null references pp.file,
	from_byte bigint not null check (from_byte >= 0),
	chunk bytea not null references pp.chunk,
	primary key (file, from_byte)
);
create index file_chunk_of on pp.file_chunk (chunk);

-- What is complete stays as it is; what was announced does too.
create function pp.file_stays() returns trigger language plpgsql as $$
begin
	if (new.id, new.media_type, new.size, new.sha256, new.created_at) is distinct from
		(old.id, old.media_type, old.size, old.sha256, old.created_at)
		or old.completed_at is not null and (new.received, new.digest, new.crc32, new.completed_at) is distinct from
			(old.received, old.digest, old.crc32, old.completed_at)
		or new.received < old.received then
		raise exception using errcode = 'restrict_violation', message = 'a file stays as it was received';
	end if;
	return new;
end
$$;
create trigger file_stays before update on pp.file for each row execute function pp.file_stays();
create trigger file_is_kept before delete or truncate on pp.file for each statement execute function pp.forbid_change();
create trigger chunk_stays before update on pp.chunk for each statement execute function pp.forbid_change();
create trigger file_chunk_stays before update on pp.file_chunk for each statement execute function pp.forbid_change();

create table pp.document_kind (
	no int generated always as identity,
	kind text primary key,
	de text not null,
	en text not null,
	xplanung_code text not null,
	xplanung_label text not null
);
comment on table pp.document_kind is
	'What a document is, with its code of XP_ExterneReferenzTyp (XPlanung 6.0).';
insert into pp.document_kind (kind, de, en, xplanung_code, xplanung_label) values
	('PLAN', 'Planzeichnung', 'Plan drawing', '1030', 'Rechtsplan'),
	('BEGRUENDUNG', 'Begründung', 'Statement of reasons', '1010', 'Begründung'),
	('UMWELTBERICHT', 'Umweltbericht', 'Environmental report', '1050', 'Umweltbericht'),
	('BESCHREIBUNG', 'Beschreibung', 'Description', '1000', 'Beschreibung'),
	('LEGENDE', 'Legende', 'Legend', '1020', 'Legende'),
	('PLANGRUNDLAGE', 'Plangrundlage', 'Base map', '1040', 'Plangrundlage'),
	('SATZUNG', 'Satzung', 'By-law', '1060', 'Satzung'),
	('VERORDNUNG', 'Verordnung', 'Ordinance', '1065', 'Verordnung'),
	('KARTE', 'Karte', 'Map', '1070', 'Karte'),
	('ERLAEUTERUNG', 'Erläuterungsbericht', 'Explanatory report', '1080', 'Erläuterung'),
	('ZUSAMMENFASSENDE_ERKLAERUNG', 'Zusammenfassende Erklärung', 'Summary statement (§ 10a (1) BauGB)', '1090', 'ZusammenfassendeErklaerung'),
	('KOORDINATEN', 'Koordinatenliste', 'List of coordinates', '2000', 'Koordinatenliste'),
	('GRUNDSTUECKE', 'Grundstücksverzeichnis', 'Land register', '2100', 'Grundstuecksverzeichnis'),
	('PFLANZLISTE', 'Pflanzliste', 'List of plants', '2200', 'Pflanzliste'),
	('GRUENORDNUNG', 'Grünordnungsplan', 'Green space plan', '2300', 'Gruenordnungsplan'),
	('ERSCHLIESSUNGSVERTRAG', 'Erschließungsvertrag', 'Servicing contract', '2400', 'Erschliessungsvertrag'),
	('DURCHFUEHRUNGSVERTRAG', 'Durchführungsvertrag', 'Implementation contract (§ 12 BauGB)', '2500', 'Durchfuehrungsvertrag'),
	('STAEDTEBAULICHER_VERTRAG', 'Städtebaulicher Vertrag', 'Urban development contract', '2600', 'StaedtebaulicherVertrag'),
	('UMWELTSTELLUNGNAHME', 'Umweltbezogene Stellungnahme', 'Statement on the environment', '2700', 'UmweltbezogeneStellungnahmen'),
	('BESCHLUSS', 'Beschluss', 'Resolution', '2800', 'Beschluss'),
	('VORHABENPLAN', 'Vorhaben- und Erschließungsplan', 'Project and servicing plan (§ 12 BauGB)', '2900', 'VorhabenUndErschliessungsplan'),
	('METADATEN', 'Metadaten', 'Metadata', '3000', 'MetadatenPlan'),
	('ENTWICKLUNGSKONZEPT', 'Städtebauliches Entwicklungskonzept', 'Urban development concept', '3100', 'StaedtebaulEntwicklungskonzeptInnenentwicklung'),
	('GENEHMIGUNG', 'Genehmigung', 'Approval', '4000', 'Genehmigung'),
	('BEKANNTMACHUNG', 'Bekanntmachung', 'Notice', '5000', 'Bekanntmachung'),
	('GUTACHTEN', 'Gutachten', 'Expert report', '9999', 'Informell'),
	('SONSTIGES', 'Sonstiges', 'Other', '9999', 'Informell');
grant select on pp.document_kind to pp_server, pp_public;

create table pp.document (
	id uuid primary key references pp.file,
	procedure uuid not null references pp.procedure,
	planner_body text not null references pp.body,
	no int not null,
	version int not null,
	replaces uuid references pp.document,
	kind text not null references pp.document_kind,
	title text not null check (length(title) between 1 and 300),
	name text not null check (length(name) between 1 and 200),
	lang text not null check (lang ~ '^[a-z]{2}$'),
	audiences text[] not null check (audiences <@ array['OEFF', 'TOEB', 'NACHB', 'STAAT', 'VERB']),
	bodies text[] not null default '{}',
	created_at timestamptz not null,
	created_by uuid not null,
	published_at timestamptz,
	withdrawn_at timestamptz,
	withdraw_reason text check (length(withdraw_reason) between 3 and 2000),
	change int not null default 1,
	constraint document_version unique (procedure, no, version),
	check ((replaces is null) = (version = 1)),
	check ((withdrawn_at is null) = (withdraw_reason is null))
);
comment on table pp.document is 'A version of a document of a procedure; its file has the same id.';
comment on column pp.document.no is 'Its number in the procedure; versions of one document share it.';
comment on column pp.document.audiences is 'In rounds of which audience it is shown.';
comment on column pp.document.bodies is 'Keys of the only bodies that it is shown to; empty: everybody of the audience.';
comment on column pp.document.change is 'Counts changes, for the ETag.';
create unique index document_replaced_once on pp.document (replaces) where withdrawn_at is null;

-- Whom a round has shown it to; written when the round is announced, and when a body is invited later.
create table pp.document_party (
	document uuid not null references pp.document,
	procedure uuid not null references pp.procedure,
	body text not null references pp.body,
	shown_at timestamptz not null,
	primary key (document, body)
);
create trigger document_party_stays before update or delete or truncate on pp.document_party
	for each statement execute function pp.forbid_change();
grant select, insert on pp.document, pp.document_party, pp.file to pp_server;
grant update (kind, title, audiences, bodies, published_at, withdrawn_at, withdraw_reason, change) on pp.document to pp_server;
grant update (state, received, digest, crc32, reason, expires_at, completed_at) on pp.file to pp_server;
grant insert on pp.chunk, pp.file_chunk to pp_server;
grant select on pp.document, pp.file to pp_clerk;
grant update (state, swept_at) on pp.file to pp_clerk;
grant select, delete on pp.file_chunk to pp_clerk;
grant select (sha256), delete on pp.chunk to pp_clerk;

-- Not pp.file: an upload would write an entry for each piece. What was announced and what became of it are events.
do $$
begin
	perform pp.audit_watch('document', 'procedure'), pp.audit_watch('document_party', 'procedure', 'document,body');
end
$$;
