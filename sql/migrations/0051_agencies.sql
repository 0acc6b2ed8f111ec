-- SPDX-License-Identifier: EUPL-1.2
-- The register of public agencies (Träger öffentlicher Belange): what they look after, where, since when, and which
-- matters a plan touches. Locks: new objects only.

create table pp.agency_theme (
	id text primary key collate "C" check (id ~ '^[A-Z_]{2,30}$'),
	label_de text not null check (label_de <> ''),
	label_en text not null check (label_en <> '')
);
comment on table pp.agency_theme is 'What an agency looks after: the public matters of § 4 (1) BauGB, sorted as agencies are.';
insert into pp.agency_theme values
	('ABFALL', 'Abfall', 'Waste'),
	('BAHN', 'Eisenbahn', 'Railways'),
	('BERGBAU', 'Bergbau und Rohstoffe', 'Mining and raw materials'),
	('BODEN', 'Bodenschutz und Altlasten', 'Soil and contaminated sites'),
	('BUNDESWEHR', 'Landesverteidigung', 'National defence'),
	('DENKMAL', 'Denkmalpflege und Archäologie', 'Monuments and archaeology'),
	('ENERGIE', 'Energie und Leitungen', 'Energy and its lines'),
	('FEUERWEHR', 'Brand- und Katastrophenschutz', 'Fire and disaster protection'),
	('FISCHEREI', 'Fischerei', 'Fisheries'),
	('FORST', 'Forst und Wald', 'Forestry'),
	('GESUNDHEIT', 'Gesundheit', 'Public health'),
	('HANDWERK', 'Handwerk', 'Skilled crafts'),
	('IHK', 'Gewerbliche Wirtschaft', 'Trade and industry'),
	('IMMISSIONSSCHUTZ', 'Immissionsschutz und Gewerbeaufsicht', 'Emissions and workplace inspection'),
	('KAMPFMITTEL', 'Kampfmittel', 'Unexploded ordnance'),
	('KIRCHE', 'Kirchen und Religionsgemeinschaften', 'Churches and religious communities'),
	('KUESTENSCHUTZ', 'Küsten- und Hochwasserschutz', 'Coastal and flood protection'),
	('LANDESPLANUNG', 'Raumordnung und Landesplanung', 'Spatial planning of the Land'),
	('LANDWIRTSCHAFT', 'Landwirtschaft', 'Agriculture'),
	('LUFTFAHRT', 'Luftfahrt und Flugsicherung', 'Aviation and air traffic control'),
	('NATURSCHUTZ', 'Naturschutz und Landschaftspflege', 'Nature conservation'),
	('NATURSCHUTZVERBAND', 'Anerkannte Naturschutzvereinigungen', 'Recognised nature conservation associations'),
	('OEPNV', 'Öffentlicher Personennahverkehr', 'Local public transport'),
	('SCHIFFFAHRT', 'Wasserstraßen und Schifffahrt', 'Waterways and shipping'),
	('STRASSE', 'Straßenbau und Straßenverkehr', 'Roads and road traffic'),
	('TELEKOMMUNIKATION', 'Post und Telekommunikation', 'Post and telecommunications'),
	('WASSER', 'Wasserwirtschaft', 'Water management');

create table pp.agency_touch (
	theme text not null collate "C" references pp.agency_theme,
	kinds text[] not null check (cardinality(kinds) > 0),
	subject text not null default '' collate "C",
	source text not null check (source <> ''),
	primary key (theme, kinds, subject)
);
comment on table pp.agency_touch is 'Which themes a plan touches: by its kind alone, or by what is planned (subject).';
comment on column pp.agency_touch.kinds is 'Kinds of procedure; * stands for any characters, as in the rules.';
insert into pp.agency_touch (theme, kinds, source)
	select t, '{FNP*,BP_*}'::text[], s from (values
		('ABFALL', '§ 1 Abs. 6 Nr. 7 Buchst. e BauGB'), ('BERGBAU', '§ 1 Abs. 6 Nr. 8 Buchst. f BauGB'),
		('BODEN', '§ 1 Abs. 6 Nr. 7 Buchst. a BauGB'), ('BUNDESWEHR', '§ 1 Abs. 6 Nr. 10 BauGB'),
		('DENKMAL', '§ 1 Abs. 6 Nr. 5 BauGB'), ('ENERGIE', '§ 1 Abs. 6 Nr. 8 Buchst. e BauGB'),
		('FEUERWEHR', '§ 1 Abs. 6 Nr. 1 und 10 BauGB'), ('FORST', '§ 1 Abs. 6 Nr. 8 Buchst. b BauGB'),
		('GESUNDHEIT', '§ 1 Abs. 6 Nr. 1 und Nr. 7 Buchst. c BauGB'), ('HANDWERK', '§ 1 Abs. 6 Nr. 8 Buchst. a BauGB'),
		('IHK', '§ 1 Abs. 6 Nr. 8 Buchst. a BauGB'), ('IMMISSIONSSCHUTZ', '§ 1 Abs. 6 Nr. 1 und Nr. 7 Buchst. e BauGB'),
		('KAMPFMITTEL', '§ 1 Abs. 6 Nr. 1 BauGB'), ('KIRCHE', '§ 1 Abs. 6 Nr. 6 BauGB'),
		('KUESTENSCHUTZ', '§ 1 Abs. 6 Nr. 12 BauGB'), ('LANDESPLANUNG', '§ 1 Abs. 4 BauGB'),
		('LANDWIRTSCHAFT', '§ 1 Abs. 6 Nr. 8 Buchst. b BauGB'), ('NATURSCHUTZ', '§ 1 Abs. 6 Nr. 7 Buchst. a BauGB'),
		('OEPNV', '§ 1 Abs. 6 Nr. 9 BauGB'), ('STRASSE', '§ 1 Abs. 6 Nr. 9 BauGB'), ('BAHN', '§ 1 Abs. 6 Nr. 9 BauGB'),
		('TELEKOMMUNIKATION', '§ 1 Abs. 6 Nr. 8 Buchst. d BauGB'), ('WASSER', '§ 1 Abs. 6 Nr. 7 Buchst. a und Nr. 8 Buchst. e BauGB'),
		('NATURSCHUTZVERBAND', 'Voreinstellung der Plattform: kein Träger öffentlicher Belange, wird aber meist gefragt')) v (t, s);
-- A plan of a whole Land or a route has its own law; every public matter can be one of it.
insert into pp.agency_touch (theme, kinds, source)
	select t.id, k.kinds, case when t.id = 'NATURSCHUTZVERBAND' then k.associations else k.source end
	  from pp.agency_theme t, (values
		('{ROP_*,RVP,ZAV}'::text[], '§ 9 Abs. 2, § 15 Abs. 3 ROG', 'Voreinstellung der Plattform: kein Träger öffentlicher Belange, wird aber meist gefragt'),
		('{PFV*,BFP}', '§ 73 Abs. 2 VwVfG', '§ 63 Abs. 1 Nr. 3, Abs. 2 Nr. 6 BNatSchG')) k (kinds, source, associations);
insert into pp.agency_touch (theme, kinds, subject, source) values
	('LUFTFAHRT', '{FNP*,BP_*}', 'WIND', '§§ 14, 18a LuftVG'), ('LUFTFAHRT', '{FNP*,BP_*}', 'TURM', '§§ 14, 18a LuftVG'),
	('LUFTFAHRT', '{FNP*,BP_*}', 'LEITUNG', '§§ 15, 18a LuftVG'), ('LUFTFAHRT', '{FNP*,BP_*}', 'FLUGHAFEN', '§ 12 LuftVG'),
	('SCHIFFFAHRT', '{FNP*,BP_*}', 'HAFEN', '§ 31 WaStrG'), ('FISCHEREI', '{FNP*,BP_*}', 'HAFEN', '§ 1 Abs. 6 Nr. 8 Buchst. a BauGB');

create table pp.agency (
	body text primary key collate "C" references pp.body deferrable initially deferred,
	kinds text[] not null default '{}',
	channel text check (channel in ('PORTAL', 'EMAIL', 'POST')),
	valid_from date not null,
	valid_to date check (valid_to >= valid_from)
);
comment on table pp.agency is 'The entry of a body in the register of public agencies.';
comment on column pp.agency.kinds is 'For which kinds of procedure it is asked, * for any characters; empty: for all.';
comment on column pp.agency.valid_to is 'The last day, inclusive; null while it lasts.';

create table pp.agency_competence (
	body text not null collate "C" references pp.agency on delete cascade,
	theme text not null collate "C" references pp.agency_theme,
	primary key (body, theme)
);
create index agency_competence_theme on pp.agency_competence (theme, body);

create table pp.agency_area (
	body text not null collate "C" references pp.agency on delete cascade,
	no int not null,
	kind text not null check (kind in ('BUND', 'LAND', 'KREIS', 'GEMEINDE', 'POLYGON')),
	key text collate "C" check (key ~ '^[0-9]+$' and (key = '00') = (kind = 'BUND')
		and length(key) = case kind when 'GEMEINDE' then 8 when 'KREIS' then 5 else 2 end),
	geom geometry(MultiPolygon, 25832),
	primary key (body, no),
	check ((kind = 'POLYGON') = (geom is not null) and (kind = 'POLYGON') = (key is null))
);
create index agency_area_key on pp.agency_area (key, body) where key is not null;
create index agency_area_geom on pp.agency_area using gist (geom) where geom is not null;
comment on table pp.agency_area is
	'Where an agency is competent: keys, whose extent is that of the boundaries in force, or an area of its own.';

grant select on pp.agency_theme, pp.agency_touch, pp.agency, pp.agency_competence, pp.agency_area to pp_server, pp_public;
