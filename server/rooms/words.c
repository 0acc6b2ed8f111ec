/* SPDX-License-Identifier: EUPL-1.2 */
#include "words.h"

static const char *const words[PP_CALENDAR_WORDS][2] = {
	[PP_WORD_LANGUAGE] = { "DE", "EN" },
	[PP_WORD_PROCEDURE] = { "Verfahren", "Procedure" },
	[PP_WORD_STEP] = { "Schritt", "Step" },
	[PP_WORD_AUDIENCE] = { "Gefragt", "Asked" },
	[PP_WORD_PLANNER] = { "Planungsträger", "Planning body" },
	[PP_WORD_PARTICIPANT] = { "Eingeladen", "Invited" },
	[PP_WORD_MAILBOX] = { "Postfach", "Mailbox" },
	[PP_WORD_EXTENDED] = { "Verlängert, vorher", "Extended, before that" },
	[PP_WORD_DISPLAYED] = { "Ausgelegt bis", "Displayed until" },
	[PP_WORD_ROUND] = { "Beteiligung", "Participation" },
	[PP_WORD_DEADLINE] = { "Frist", "Deadline" },
	[PP_WORD_ANSWERED] = { "Beantwortet", "Answered" },
	[PP_WORD_DEADLINES] = { "Fristen", "Deadlines" },
	[PP_WORD_FILE] = { "fristen", "deadlines" },
	[PP_WORD_TO_COMMENT] = { "Die Unterlagen sind einsehbar; Stellung nehmen kann jede Person.",
		"The documents are open to inspection; anybody may comment." },
	[PP_WORD_TO_ANSWER_OWN] = { "Wer eingeladen ist, nimmt bis zur eigenen Frist Stellung; sie "
				    "kann später enden als die Runde.",
		"Whoever is invited answers by its own deadline, which may be later than the end "
		"of the round." },
	/* § 4a (5) BauGB: late statements may be disregarded, they are not refused. */
	[PP_WORD_TO_ANSWER] = { "Stellung nehmen, spätestens an diesem Tag. Auch eine spätere "
				"Stellungnahme wird angenommen und als verspätet vermerkt.",
		"Answer on this day at the latest. A later statement is taken, too, and marked as "
		"late." },
	[PP_WORD_HAS_ANSWER] = { "Eine Stellungnahme ist eingegangen.",
		"A statement has been received." },
	[PP_WORD_NOTHING] = { "Das Verfahren ist eingestellt; zu tun ist nichts.",
		"The procedure was withdrawn; there is nothing to do." },
};

struct name {
	const char *code, *in[2];
};

static const struct name steps[] = {
	{ "FRUEH_OEFF",
		{ "Frühzeitige Beteiligung der Öffentlichkeit",
			"Early participation of the public" } },
	{ "FRUEH_TOEB",
		{ "Frühzeitige Beteiligung der Behörden",
			"Early participation of public agencies" } },
	{ "FOERM_OEFF", { "Veröffentlichung des Entwurfs", "Publication of the draft" } },
	{ "FOERM_TOEB",
		{ "Förmliche Beteiligung der Behörden",
			"Formal participation of public agencies" } },
	{ "ERNEUT", { "Erneute Beteiligung", "Participation again" } },
	{ "ROP_UNTERR",
		{ "Unterrichtung über die Raumordnungsplanung",
			"Information on spatial planning" } },
	{ "ROP_BET", { "Beteiligung am Raumordnungsplan", "Participation in the spatial plan" } },
	{ "ROP_ERNEUT",
		{ "Erneute Beteiligung am Raumordnungsplan",
			"Participation in the spatial plan again" } },
	{ "RVP_BET",
		{ "Beteiligung an der Raumverträglichkeitsprüfung",
			"Participation in the spatial impact assessment" } },
	{ "PFV_AUFF", { "Aufforderung zur Stellungnahme", "Request for statements" } },
	{ "PFV_AUSL", { "Auslegung des Plans", "Display of the plan" } },
	{ "PFV_EINW", { "Einwendungsfrist", "Period for formal objections" } },
	{ "PFV_AEND", { "Beteiligung zur Planänderung", "Participation in the changed plan" } },
};

static const struct name audiences[] = {
	{ "OEFF", { "Öffentlichkeit", "the public" } },
	{ "TOEB", { "Behörden und sonstige Träger öffentlicher Belange", "public agencies" } },
	{ "NACHB", { "Nachbargemeinden", "neighbouring municipalities" } },
	{ "STAAT", { "Nachbarstaat", "the other state" } },
	{ "VERB", { "anerkannte Vereinigungen", "recognised associations" } },
};

const char *pp_calendar_word(enum pp_calendar_word word, bool english)
{
	return words[word][english];
}

/* A step that came as a row more into the database has no name here yet: its code says it. */
static struct pp_slice find(
	const struct name *names, size_t count, struct pp_slice code, bool english)
{
	for (size_t i = 0; i < count; i++)
		if (pp_slice_is(pp_slice_of(names[i].code), code))
			return pp_slice_of(names[i].in[english]);
	return code;
}

struct pp_slice pp_calendar_step(struct pp_slice code, bool english)
{
	return find(steps, PP_LENGTH(steps), code, english);
}

struct pp_slice pp_calendar_audience(struct pp_slice code, bool english)
{
	return find(audiences, PP_LENGTH(audiences), code, english);
}
