/* SPDX-License-Identifier: EUPL-1.2 */
#include "paper.h"

#define DIGITS 64 /* of a hash, and of a line */

static const struct kind {
	const char *name, *title, *title_en, *instant;
} kinds[] = {
	{ "EINGANG", "Eingangsbestätigung", "Receipt of a statement", "Eingang · Received" },
	{ "RUECKNAHME", "Bestätigung der Rücknahme", "Receipt of a withdrawal",
		"Rücknahme · Withdrawn" },
	{ "KENNTNISNAHME", "Bestätigung der Kenntnisnahme", "Receipt of the reading",
		"Gelesen · Read" },
	{ "FRISTANTRAG", "Eingangsbestätigung eines Antrags auf Fristverlängerung",
		"Receipt of a request for a later deadline", "Eingang · Received" },
	{ "FRISTABLEHNUNG", "Bestätigung der abgelehnten Fristverlängerung",
		"Receipt of a declined extension", "Entscheidung · Decided" },
	{ "FRISTVERLAENGERUNG", "Bestätigung der Fristverlängerung",
		"Receipt of an extended deadline", "Entscheidung · Decided" },
};

static const struct {
	const char *name, *words;
} reasons[] = {
	{ "ROUND_END", "Ende der Beteiligung · end of the round" },
	{ "OWN_RECEIPT", "eigener Zugang der Einladung · own receipt of the invitation" },
	{ "EXTENSION", "Verlängerung · extension" },
};

static struct pp_slice text(const struct pp_json *object, const char *name)
{
	return pp_json_text(pp_json_member(object, pp_slice_of(name)));
}

static const struct kind *kind_of(const struct pp_json *receipt)
{
	for (size_t i = 0; i < PP_LENGTH(kinds); i++)
		if (pp_slice_is(text(receipt, "kind"), pp_slice_of(kinds[i].name)))
			return &kinds[i];
	return &kinds[0];
}

/* "2026-02-10" as "10 February 2026"; what is no day stays as it is. */
static struct pp_slice english_day(struct pp_req *req, struct pp_slice at)
{
	static const char *const months[] = { "January", "February", "March", "April", "May",
		"June", "July", "August", "September", "October", "November", "December" };
	uint64_t month, day;

	if (at.len < 10 || !pp_slice_u64(pp_slice(at.at + 5, 2), &month) ||
		!pp_slice_u64(pp_slice(at.at + 8, 2), &day) || month < 1 || month > 12)
		return at;
	return pp_format(req->arena, "%u %s %.4s", (unsigned)day, months[month - 1], at.at);
}

static struct pp_slice english_instant(struct pp_req *req, struct pp_slice at)
{
	if (at.len < 19)
		return at;
	return pp_format(req->arena, "%.*s, %.8s UTC", PP_SHOW(english_day(req, at)), at.at + 11);
}

/* The sentence of the receipt, which is German, in English. */
static struct pp_slice english(struct pp_req *req, const struct pp_json *receipt)
{
	const struct pp_json *on_time = pp_json_member(receipt, PP_S("on_time"));
	struct pp_slice at = english_instant(req, text(receipt, "instant"));
	struct pp_slice kind = text(receipt, "kind"), number = text(receipt, "number");
	struct pp_slice day = english_day(
		req, text(pp_json_member(receipt, PP_S("deadline")), "day"));
	struct pp_slice ends = day.len
		? pp_format(req->arena, " The deadline ends at the end of %.*s.", PP_SHOW(day))
		: PP_S("");

	if (pp_slice_is(kind, PP_S("EINGANG")))
		return pp_format(req->arena,
			"Your statement no. %.*s was received on %.*s.%.*s The statement is %s.",
			PP_SHOW(number), PP_SHOW(at), PP_SHOW(ends),
			pp_json_boolean(on_time) ? "in time" : "late");
	if (pp_slice_is(kind, PP_S("RUECKNAHME")))
		return pp_format(req->arena,
			"Your statement no. %.*s was withdrawn on %.*s. It stays on file.",
			PP_SHOW(number), PP_SHOW(at));
	return pp_format(req->arena, "%s on %.*s.%.*s",
		pp_slice_is(kind, PP_S("KENNTNISNAHME"))         ? "The invitation was read"
			: pp_slice_is(kind, PP_S("FRISTANTRAG")) ? "A later deadline was asked for"
			: pp_slice_is(kind, PP_S("FRISTABLEHNUNG"))
			? "A later deadline was declined"
			: "The deadline was extended",
		PP_SHOW(at), PP_SHOW(ends));
}

static void fact(struct pp_sheet *sheet, const char *label, struct pp_slice value)
{
	if (value.len)
		pp_sheet_add(sheet, "fact", pp_slice_of(label), value);
}

/* In lines of 64 digits, which people can compare. */
static void digits(
	struct pp_req *req, struct pp_sheet *sheet, const char *label, struct pp_slice value)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	for (size_t at = 0; at < value.len; at += DIGITS) {
		pp_buf_text(out, at ? "\n" : "");
		pp_buf_slice(out,
			pp_slice(value.at + at, value.len - at < DIGITS ? value.len - at : DIGITS));
	}
	if (value.len)
		pp_sheet_add(sheet, "mono", pp_slice_of(label), pp_buf_all(out));
}

static void write_deadline(
	struct pp_req *req, const struct pp_json *receipt, struct pp_sheet *sheet)
{
	const struct pp_json *deadline = pp_json_member(receipt, PP_S("deadline"));
	const struct pp_json *on_time = pp_json_member(receipt, PP_S("on_time"));
	struct pp_slice day = text(deadline, "day"), reason = text(deadline, "reason");

	if (day.len < 10)
		return;
	for (size_t i = 0; i < PP_LENGTH(reasons); i++)
		if (pp_slice_is(reason, pp_slice_of(reasons[i].name)))
			reason = pp_slice_of(reasons[i].words);
	fact(sheet, "Frist · Deadline",
		pp_format(req->arena, "%.2s.%.2s.%.4s, 24:00 Uhr (vor · before %.*s)", day.at + 8,
			day.at + 5, day.at, PP_SHOW(text(deadline, "at"))));
	fact(sheet, "Grundlage · Basis", text(deadline, "law"));
	fact(sheet, "Regel · Rule", text(deadline, "rule"));
	fact(sheet, "Sie folgt aus · Follows from", reason);
	if (pp_json_kind(on_time) == PP_JSON_BOOLEAN)
		fact(sheet, "Rechtzeitig · In time",
			pp_json_boolean(on_time) ? PP_S("ja · yes") : PP_S("nein · no"));
}

static void write_facts(struct pp_req *req, const struct pp_json *receipt, struct pp_sheet *sheet)
{
	const struct pp_json *procedure = pp_json_member(receipt, PP_S("procedure"));

	fact(sheet, "Verfahren · Procedure",
		pp_format(req->arena, "%.*s: %.*s", PP_SHOW(text(procedure, "number")),
			PP_SHOW(text(procedure, "title"))));
	fact(sheet, "Planungsträger · Planner", text(procedure, "planner"));
	fact(sheet, "Nummer · Number", text(receipt, "number"));
	fact(sheet, kind_of(receipt)->instant, text(receipt, "instant"));
	write_deadline(req, receipt, sheet);
}

static void write_evidence(struct pp_req *req, const struct pp_paper *paper, struct pp_sheet *sheet)
{
	const struct pp_json *chain = pp_json_member(paper->receipt, PP_S("chain"));
	const struct pp_json *attachments = pp_json_member(paper->receipt, PP_S("attachments"));
	size_t count = pp_json_length(attachments);

	pp_sheet_add(sheet, "heading", PP_S(""), PP_S("Nachweis · Evidence"));
	digits(req, sheet, "Inhalt · Content, SHA-256", text(paper->receipt, "content_sha256"));
	/* As many as there is room for; all of them are in the file that is attached. */
	for (size_t i = 0; i < count && i < 16; i++)
		digits(req, sheet, i ? "" : "Anlagen · Attachments, SHA-256",
			pp_json_text(pp_json_element(attachments, i)));
	if (count > 16)
		fact(sheet, "",
			pp_format(req->arena, "und %zu weitere · and %zu more", count - 16,
				count - 16));
	pp_sheet_add(sheet, "mono", PP_S("Kette, Glied · Chain, link"),
		pp_format(req->arena, "%.*s, %lld", PP_SHOW(text(chain, "procedure")),
			(long long)pp_json_integer(pp_json_member(chain, PP_S("seq")))));
	digits(req, sheet, "Hash des Glieds · of the link", text(chain, "hash"));
	digits(req, sheet, "Beleg · Receipt", text(paper->receipt, "id"));
	digits(req, sheet, "Schlüssel · Key, Ed25519", paper->key);
	digits(req, sheet, "Signatur · Signature", paper->value);
}

/* Larger ones are no QR code's (ISO/IEC 18004 table 7), or none that a telephone reads. */
#define CODE_MOST 2200

static void write_checks(struct pp_req *req, const struct pp_paper *paper, struct pp_sheet *sheet)
{
	struct pp_slice url = pp_url(req, PP_S("/api/v1/receipts/verify"));
	struct pp_slice keys = pp_url(req, PP_S("/api/v1/receipt-keys"));
	bool is_small = paper->file.len <= CODE_MOST;

	pp_sheet_add(
		sheet, "heading", PP_S(""), PP_S("So prüfen Sie diesen Beleg · How to check it"));
	pp_sheet_add(sheet, "code", is_small ? paper->file : PP_S(""),
		pp_format(req->arena,
			"Der signierte Beleg liegt diesem PDF als Datei beleg.json bei%s. Er gilt "
			"auch ohne "
			"diese Plattform: Jedes Programm für Ed25519 prüft ihn mit dem "
			"öffentlichen "
			"Schlüssel. Maßgeblich ist die Datei; dieses Blatt gibt sie wieder.\n\n"
			"The signed receipt is attached to this PDF as beleg.json%s. It holds "
			"without "
			"this platform, too: any Ed25519 tool checks it with the public key. What "
			"counts is "
			"the file; this sheet shows what is in it.",
			is_small ? " und steht Zeichen für Zeichen im QR-Code" : "",
			is_small ? ", and stands in the QR code to the letter" : ""));
	pp_sheet_add(sheet, "mono", PP_S("Ohne Netz · Offline"),
		PP_S("planungsplattform receipt verify beleg.json --key keys.json"));
	pp_sheet_add(sheet, "mono", PP_S("Schlüssel · Keys"),
		pp_format(req->arena, "curl %.*s > keys.json", PP_SHOW(keys)));
	pp_sheet_add(sheet, "mono", PP_S("Auf der Plattform · Online"),
		pp_format(req->arena, "POST %.*s", PP_SHOW(url)));
}

void pp_paper_write(struct pp_req *req, const struct pp_paper *paper, struct pp_sheet *sheet)
{
	const struct pp_json *procedure = pp_json_member(paper->receipt, PP_S("procedure"));
	const struct kind *kind = kind_of(paper->receipt);
	struct pp_slice number = text(paper->receipt, "number");

	sheet->ask = (struct pp_filejob_sheet){
		.title = pp_format(req->arena, "%s %.*s", kind->title,
			PP_SHOW(number.len ? number : text(procedure, "number"))),
		.author = text(procedure, "planner"),
		.lang = PP_S("de-DE"),
		.made_at = text(paper->receipt, "instant"),
		.foot = pp_format(
			req->arena, "%s · %.*s", kind->title, PP_SHOW(text(paper->receipt, "id"))),
		.attached_name = PP_S("beleg.json"),
		.attached_type = PP_S("application/json"),
		.attached = paper->file,
	};
	pp_sheet_add(sheet, "title", PP_S(""), pp_slice_of(kind->title));
	pp_sheet_add(sheet, "aside", PP_S(""), pp_slice_of(kind->title_en));
	pp_sheet_add(sheet, "lead", PP_S(""), text(paper->receipt, "text"));
	pp_sheet_add(sheet, "aside", PP_S(""), english(req, paper->receipt));
	pp_sheet_add(sheet, "heading", PP_S(""), PP_S("Angaben · Facts"));
	write_facts(req, paper->receipt, sheet);
	write_evidence(req, paper, sheet);
	write_checks(req, paper, sheet);
}

struct pp_slice pp_paper_name(struct pp_req *req, const struct pp_json *receipt)
{
	struct pp_slice number = text(receipt, "number");

	return pp_format(
		req->arena, "Beleg-%.*s", PP_SHOW(number.len ? number : text(receipt, "id")));
}
