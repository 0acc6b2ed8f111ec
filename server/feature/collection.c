/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/feature/collection.h>

/* Titles are German first: what QGIS shows as the alias of a column. */
#define NUMBER                                                                                     \
	{                                                                                          \
		"number", PP_FEATURE_TEXT, true, true, 0, "Verfahrensnummer", "Procedure number"   \
	}
#define TITLE                                                                                      \
	{                                                                                          \
		"title", PP_FEATURE_TEXT, true, true, 0, "Bezeichnung", "Title"                    \
	}
#define PROCEDURE                                                                                  \
	{                                                                                          \
		"procedure", PP_FEATURE_UUID, true, false, 0, "Verfahren (Kennung)",               \
			"Procedure (id)"                                                           \
	}
#define KIND                                                                                       \
	{ "kind", PP_FEATURE_TEXT, true, false, 0, "Verfahrensart (Code)", "Kind (code)" },        \
	{                                                                                          \
		"kind_text", PP_FEATURE_TEXT, true, false, 0, "Verfahrensart", "Kind"              \
	}
#define PLANNER                                                                                    \
	{ "planner", PP_FEATURE_TEXT, true, false, 0, "Planende Stelle (Schlüssel)",               \
		"Planning body (key)" },                                                           \
	{                                                                                          \
		"planner_name", PP_FEATURE_TEXT, false, false, 0, "Planende Stelle",               \
			"Planning body"                                                            \
	}
#define LANDS                                                                                      \
	{                                                                                          \
		"lands", PP_FEATURE_TEXT, true, false, 0, "Länder (Schlüssel)", "Länder (keys)"   \
	}
#define PUBLISHED                                                                                  \
	{                                                                                          \
		"published_at", PP_FEATURE_INSTANT, true, true, 0, "Veröffentlicht am",            \
			"Published at"                                                             \
	}
#define BORDER                                                                                     \
	{                                                                                          \
		"cross_border", PP_FEATURE_BOOLEAN, true, false, 0, "Grenzüberschreitend",         \
			"Across the state border"                                                  \
	}
#define SHARED                                                                                     \
	{                                                                                          \
		"shared_border_m", PP_FEATURE_NUMBER, false, false, 3, "Gemeinsame Grenze (m)",    \
			"Shared border (m)"                                                        \
	}
#define DATASET                                                                                    \
	{ "dataset", PP_FEATURE_TEXT, true, false, 0, "Grenzdatensatz", "Boundary dataset" },      \
	{                                                                                          \
		"dataset_date", PP_FEATURE_DATE, true, false, 0, "Stand der Grenzen",              \
			"Date of the boundaries"                                                   \
	}
/* Every version of a feature: since when the platform shows it so, until when, and when that was
 * written. */
#define VERSION                                                                                    \
	{ "valid_from", PP_FEATURE_INSTANT, true, false, 0, "Gültig ab", "Valid from" },           \
		{ "valid_to", PP_FEATURE_INSTANT, false, false, 0, "Gültig bis", "Valid to" },     \
	{                                                                                          \
		"modified", PP_FEATURE_INSTANT, true, true, 0, "Geändert am", "Modified",          \
			.computed = true                                                           \
	}

static const struct pp_feature_column procedures[] = { NUMBER, TITLE, KIND,
	{ "state", PP_FEATURE_TEXT, true, false, 0, "Verfahrensstand (Code)", "State (code)" },
	{ "state_text", PP_FEATURE_TEXT, false, false, 0, "Verfahrensstand", "State" },
	{ "state_since", PP_FEATURE_INSTANT, true, false, 0, "Stand seit", "State since" }, PLANNER,
	LANDS,
	{ "municipalities", PP_FEATURE_TEXT, true, false, 0, "Planende Gemeinden (AGS)",
		"Planning municipalities (AGS)" },
	BORDER,
	{ "rechtsstand", PP_FEATURE_TEXT, false, false, 0, "Rechtsstand (XPlanung)",
		"Legal status (XPlanung)" },
	{ "rechtsstand_text", PP_FEATURE_TEXT, false, false, 0, "Rechtsstand", "Legal status" },
	{ "plan_art", PP_FEATURE_TEXT, false, false, 0, "Planart (XPlanung)",
		"Kind of plan (XPlanung)" },
	{ "plan_art_text", PP_FEATURE_TEXT, false, false, 0, "Planart", "Kind of plan" },
	{ "plan", PP_FEATURE_UUID, false, false, 0, "Planfassung (Kennung)", "Plan version (id)" },
	{ "plan_no", PP_FEATURE_INTEGER, false, false, 0, "Planfassung", "Plan version" },
	{ "participation_from", PP_FEATURE_DATE, false, true, 0, "Beteiligung ab",
		"Participation from" },
	{ "participation_to", PP_FEATURE_DATE, false, true, 0, "Beteiligung bis",
		"Participation to" },
	{ "days_left", PP_FEATURE_INTEGER, false, false, 0, "Verbleibende Tage", "Days left",
		.computed = true, .passing = true },
	{ "resolved_on", PP_FEATURE_DATE, false, false, 0, "Aufstellungsbeschluss am",
		"Resolution to draw up on" },
	PUBLISHED, VERSION };

static const struct pp_feature_column plans[] = { PROCEDURE, NUMBER, TITLE, KIND,
	{ "plan_no", PP_FEATURE_INTEGER, true, false, 0, "Planfassung", "Plan version" },
	{ "is_newest", PP_FEATURE_BOOLEAN, true, false, 0, "Neueste Fassung", "Newest version" },
	PLANNER, LANDS,
	{ "geometry_kind", PP_FEATURE_TEXT, true, false, 0, "Geometrieart", "Kind of geometry",
		"area|line|point" },
	{ "area_m2", PP_FEATURE_NUMBER, true, true, 1, "Fläche (m²)", "Area (m²)" },
	{ "xplan_object", PP_FEATURE_TEXT, false, false, 0, "XPlanung-Klasse",
		"Class of XPlanung" },
	{ "xplan_rechtsstand", PP_FEATURE_TEXT, false, false, 0, "Rechtsstand der Datei",
		"Legal status of the file" },
	PUBLISHED, VERSION };

static const struct pp_feature_column affected_municipalities[] = { PROCEDURE, NUMBER, TITLE,
	{ "plan", PP_FEATURE_UUID, true, false, 0, "Planfassung (Kennung)", "Plan version (id)" },
	{ "plan_no", PP_FEATURE_INTEGER, true, false, 0, "Planfassung", "Plan version" },
	{ "ags", PP_FEATURE_TEXT, true, true, 0, "Gemeindeschlüssel (AGS)",
		"Municipality key (AGS)" },
	{ "name", PP_FEATURE_TEXT, true, true, 0, "Gemeinde", "Municipality" },
	{ "kreis", PP_FEATURE_TEXT, false, false, 0, "Kreis", "District" },
	{ "land", PP_FEATURE_TEXT, true, false, 0, "Land (Schlüssel)", "Land (key)" },
	{ "class", PP_FEATURE_TEXT, true, false, 0, "Betroffenheit (Code)", "Class (code)",
		"MUSS|SOLL|PRUEFEN|EIGEN" },
	{ "class_text", PP_FEATURE_TEXT, true, false, 0, "Betroffenheit", "Class" }, BORDER,
	{ "rule", PP_FEATURE_TEXT, false, false, 0, "Maßgebende Regel", "Decisive rule" },
	{ "rules", PP_FEATURE_TEXT, false, false, 0, "Alle Regeln", "All rules" },
	{ "reason", PP_FEATURE_TEXT, false, false, 0, "Grund", "Reason" },
	{ "distance_m", PP_FEATURE_NUMBER, false, true, 3, "Entfernung (m)", "Distance (m)" },
	{ "inside_m2", PP_FEATURE_NUMBER, false, false, 1, "Fläche darin (m²)",
		"Area within (m²)" },
	SHARED,
	{ "decision", PP_FEATURE_TEXT, false, false, 0, "Entscheidung", "Decision", "add|drop" },
	VERSION };

static const struct pp_feature_column municipalities[] = { { "ags", PP_FEATURE_TEXT, true, true, 0,
								   "Gemeindeschlüssel (AGS)",
								   "Municipality key (AGS)" },
	{ "name", PP_FEATURE_TEXT, true, true, 0, "Gemeinde", "Municipality" },
	{ "designation", PP_FEATURE_TEXT, false, false, 0, "Bezeichnung", "Designation" },
	{ "kreis", PP_FEATURE_TEXT, false, false, 0, "Kreis", "District" },
	{ "kreis_key", PP_FEATURE_TEXT, true, false, 0, "Kreis (Schlüssel)", "District (key)" },
	{ "land", PP_FEATURE_TEXT, true, false, 0, "Land (Schlüssel)", "Land (key)" },
	{ "ars", PP_FEATURE_TEXT, false, false, 0, "Regionalschlüssel (ARS)",
		"Regional key (ARS)" },
	{ "unincorporated", PP_FEATURE_BOOLEAN, true, false, 0, "Gemeindefrei", "Unincorporated" },
	{ "area_m2", PP_FEATURE_NUMBER, true, true, 1, "Fläche (m²)", "Area (m²)" }, DATASET,
	VERSION };

static const struct pp_feature_column adjacency[] = {
	{ "ags", PP_FEATURE_TEXT, true, true, 0, "Gemeinde (AGS)", "Municipality (AGS)" },
	{ "name", PP_FEATURE_TEXT, true, true, 0, "Gemeinde", "Municipality" },
	{ "neighbour", PP_FEATURE_TEXT, true, false, 0, "Nachbargemeinde (AGS)",
		"Neighbour (AGS)" },
	{ "neighbour_name", PP_FEATURE_TEXT, true, false, 0, "Nachbargemeinde", "Neighbour" },
	{ "contact", PP_FEATURE_TEXT, true, false, 0, "Berührung", "Contact", "line|point" },
	BORDER, SHARED, DATASET, VERSION
};

static const struct pp_feature_column statements[] = { NUMBER, PROCEDURE,
	{ "procedure_number", PP_FEATURE_TEXT, true, false, 0, "Verfahrensnummer",
		"Procedure number" },
	{ "round", PP_FEATURE_UUID, true, false, 0, "Beteiligungsrunde (Kennung)", "Round (id)" },
	{ "author_role", PP_FEATURE_TEXT, true, false, 0, "Wer (Code)", "Who (code)",
		"OEFF|TOEB|NACHB|VERB|LAND|STAAT" },
	{ "author_role_text", PP_FEATURE_TEXT, true, false, 0, "Wer", "Who" },
	{ "body", PP_FEATURE_TEXT, false, false, 0, "Stelle (Schlüssel)", "Body (key)" },
	{ "body_name", PP_FEATURE_TEXT, false, false, 0, "Stelle", "Body" },
	{ "stance", PP_FEATURE_TEXT, true, false, 0, "Haltung (Code)", "Stance (code)",
		"KEINE_BETROFFENHEIT|KEINE_BEDENKEN|HINWEISE|ANREGUNGEN|BEDENKEN|EINWENDUNG|"
		"ABLEHNUNG" },
	{ "stance_text", PP_FEATURE_TEXT, true, false, 0, "Haltung", "Stance" },
	{ "state", PP_FEATURE_TEXT, true, false, 0, "Bearbeitungsstand (Code)", "State (code)" },
	{ "received_on", PP_FEATURE_DATE, true, true, 0, "Eingegangen am", "Received on" },
	{ "on_time", PP_FEATURE_BOOLEAN, true, false, 0, "Fristgerecht", "On time" },
	{ "text", PP_FEATURE_TEXT, false, false, 0, "Veröffentlichter Text", "Published text" },
	VERSION };

/* The last one is one that clients write: the official tests change the last simple property that
 * the schema has, and read it back (transaction/Update/updateSimplePropertyValue). */
static const struct pp_feature_column drafts[] = { { "title", PP_FEATURE_TEXT, false, false, 0,
							   "Bezeichnung", "Title",
							   .receivable = true, .is_name = true },
	{ "procedure", PP_FEATURE_UUID, false, false, 0, "Verfahren (Kennung)", "Procedure (id)",
		.receivable = true },
	{ "procedure_number", PP_FEATURE_TEXT, false, false, 0, "Verfahrensnummer",
		"Procedure number" },
	{ "body", PP_FEATURE_TEXT, true, false, 0, "Stelle (Schlüssel)", "Body (key)" },
	{ "area_m2", PP_FEATURE_NUMBER, false, false, 1, "Fläche (m²)", "Area (m²)" },
	{ "revision", PP_FEATURE_INTEGER, true, false, 0, "Fassung", "Revision" },
	{ "created_at", PP_FEATURE_INSTANT, true, false, 0, "Angelegt am", "Created at" }, VERSION,
	{ "note", PP_FEATURE_TEXT, false, false, 0, "Vermerk", "Note", .receivable = true } };

static const struct pp_feature_list lists[] = { { "lands_list", "lands", "Länder als Liste",
							"Länder as a list" },
	{ "municipalities_list", "municipalities", "Planende Gemeinden als Liste",
		"Planning municipalities as a list" } };
static const struct pp_feature_list rules[] = { { "rules_list", "rules", "Regeln als Liste",
	"Rules as a list" } };

#define COLUMNS(list) .columns = list, .column_count = PP_LENGTH(list)

const struct pp_collection pp_collections[PP_COLLECTIONS] = {
	{ { "procedures", "Verfahren", "Procedures",
		  "Veröffentlichte Planverfahren mit Stand, Fristen und dem Geltungsbereich der "
		  "neuesten Planfassung",
		  "Published procedures with state, dates and the extent of their newest plan",
		  PP_FEATURE_ANY, COLUMNS(procedures) },
		.moves = true, .lists = lists, .list_count = 2,
		.tile_columns = "number|title|kind|kind_text|state|state_text|planner_name|"
				"cross_border|participation_from|participation_to" },
	{ { "plans", "Planfassungen", "Plan versions",
		  "Alle veröffentlichten Fassungen der Geltungsbereiche",
		  "Every published version of the extents", PP_FEATURE_ANY, COLUMNS(plans) },
		.lists = lists, .list_count = 1,
		.tile_columns = "procedure|number|title|kind|kind_text|plan_no|is_newest|"
				"planner_name" },
	{ { "affected_municipalities", "Betroffene Gemeinden", "Affected municipalities",
		  "Wen die neueste veröffentlichte Planfassung betrifft, nach welcher Regel und "
		  "mit "
		  "welchem Maß",
		  "Whom the newest published plan affects, by which rule and measure",
		  PP_FEATURE_AREAS, COLUMNS(affected_municipalities) },
		.lists = rules, .list_count = 1,
		.tile_columns = "procedure|number|ags|name|class|class_text|cross_border|rule|"
				"distance_m" },
	{ { "municipalities", "Gemeinden", "Municipalities",
		  "Gemeinden in den geltenden Grenzen, mit datetime auch früheren",
		  "Municipalities in the boundaries in force, with datetime in earlier ones",
		  PP_FEATURE_AREAS, COLUMNS(municipalities) },
		.tile_columns = "ags|name|designation|kreis|land" },
	{ { "adjacency", "Nachbarschaften", "Adjacency",
		  "Gemeinsame Grenzen benachbarter Gemeinden mit ihrer Länge",
		  "Shared borders of adjoining municipalities with their length", PP_FEATURE_ANY,
		  COLUMNS(adjacency) },
		.tile_columns = "ags|name|neighbour|neighbour_name|contact|cross_border|"
				"shared_border_m" },
	{ { "statements", "Stellungnahmen", "Statements",
		  "Veröffentlichte Stellungnahmen; Orte von Privatpersonen nur als Quadrate von "
		  "einem Kilometer",
		  "Published statements; places of private persons as squares of a kilometre only",
		  PP_FEATURE_AREAS, COLUMNS(statements) },
		.tile_columns = "number|procedure|author_role|author_role_text|stance|stance_text|"
				"received_on" },
	{ { "drafts", "Entwürfe", "Drafts",
		  "Geltungsbereiche, die eine Planungsstelle zeichnet, bevor sie sie einreicht; "
		  "nur "
		  "für ihre Mitglieder",
		  "Extents that a planning body draws before it files them; for its members only",
		  PP_FEATURE_ANY, COLUMNS(drafts) },
		.is_private = true, .edit = "plan_draft_edit" },
};

const struct pp_collection *pp_collection_named(struct pp_slice name)
{
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		if (pp_slice_is(name, pp_slice_of(pp_collections[i].type.name)))
			return &pp_collections[i];
	return NULL;
}

const struct pp_feature_list *pp_list_named(
	const struct pp_collection *collection, struct pp_slice name)
{
	for (size_t i = 0; i < collection->list_count; i++)
		if (pp_slice_is(name, pp_slice_of(collection->lists[i].name)))
			return &collection->lists[i];
	return NULL;
}

const struct pp_feature_column *pp_column_named(
	const struct pp_feature_type *type, struct pp_slice name)
{
	for (size_t i = 0; i < type->column_count; i++)
		if (pp_slice_is(name, pp_slice_of(type->columns[i].name)) ||
			(type->columns[i].is_name && pp_slice_is(name, PP_S("gml:name"))))
			return &type->columns[i];
	return NULL;
}
