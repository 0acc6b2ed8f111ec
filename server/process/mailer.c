/* SPDX-License-Identifier: EUPL-1.2 */
#include "mailer.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/core/calendar.h>
#include <pp/fmt/message.h>
#include <pp/io/admin.h>
#include <pp/io/mail.h>
#include <pp/io/secret.h>

#include "child.h"
#include "queries.h"

#define SENDER_NAME "Planungsplattform"

struct run {
	const struct pp_config *config;
	struct pp_arena arena;
	struct pp_admin *db;
	struct pp_mailer *mailer;
	bool only_released;
};

static bool is(const char *value, const char *word)
{
	return strcmp(value, word) == 0;
}

/* As pp.is_mail_address has it, as far as a header and an SMTP command need it. */
static bool is_address(const char *text)
{
	const char *at = strchr(text, '@');

	for (const char *c = text; *c; c++)
		if ((unsigned char)*c <= 0x20 || strchr("<>()[]\\,;:\"\x7f", *c))
			return false;
	return at && at > text && at[1] && !strchr(at + 1, '@');
}

bool pp_mail_settings_check(const struct pp_config *config, char error[256])
{
	const char *wrong = NULL;

	if (!is(config->mail, "off") && !is(config->mail, "hold") && !is(config->mail, "send"))
		wrong = "mail is off, hold or send";
	else if (!is(config->smtp_tls, "required") && !is(config->smtp_tls, "none"))
		wrong = "smtp_tls is required or none";
	else if (config->mail_reply_to[0] && !is_address(config->mail_reply_to))
		wrong = "mail_reply_to is no address";
	else if (is(config->mail, "off"))
		return true;
	else if (!config->base_url[0])
		wrong = "mail needs base_url: its links lead there";
	else if (!is_address(config->mail_from))
		wrong = "mail needs mail_from, an address";
	else if (strncmp(config->smtp_url, "smtp://", 7) != 0 &&
		strncmp(config->smtp_url, "smtps://", 8) != 0)
		wrong = "mail needs smtp_url, as smtp://host:587 or smtps://host:465";
	else if (config->smtp_user[0] && !config->smtp_password_file[0])
		wrong = "smtp_user needs smtp_password_file";
	if (wrong)
		snprintf(error, 256, "%s", wrong);
	return !wrong;
}

static bool read_password(const struct pp_config *config, char password[256])
{
	FILE *file;
	bool got;

	password[0] = '\0';
	if (!config->smtp_user[0])
		return true;
	file = fopen(config->smtp_password_file, "re");
	got = file && fgets(password, 256, file);
	password[strcspn(password, "\r\n")] = '\0';
	if (!got || !password[0])
		pp_log(PP_ERROR, "mail_password", "%s: %s", config->smtp_password_file,
			file ? "it has no first line" : strerror(errno));
	if (file)
		fclose(file);
	return got && password[0];
}

static bool ask(struct run *run, struct pp_arena *arena, enum pp_query_id id,
	const struct pp_slice *params, struct pp_rows **rows)
{
	struct pp_fault fault;

	if (pp_admin_query(run->db, arena, &pp_queries[id], params, rows, &fault))
		return true;
	pp_log(PP_WARNING, "mailer_disconnected", "%s: %s", pp_queries[id].name, fault.detail);
	return false;
}

/* Puts a value in the place that the text has for it. */
static struct pp_slice fill(
	struct pp_arena *arena, struct pp_slice text, struct pp_slice place, struct pp_slice value)
{
	struct pp_buf *out = pp_buf_make(arena);

	while (text.len) {
		const char *found = memmem(text.at, text.len, place.at, place.len);
		size_t len = found ? (size_t)(found - text.at) : text.len;

		pp_buf_add(out, text.at, len);
		if (found) {
			pp_buf_slice(out, value);
			len += place.len;
		}
		text = pp_slice(text.at + len, text.len - len);
	}
	return pp_buf_all(out);
}

/* "7 Tage", "90 minutes". */
static struct pp_slice holds(struct pp_arena *arena, int64_t minutes, bool english)
{
	static const struct {
		int64_t minutes;
		const char *one[2], *more[2];
	} units[] = { { 1440, { "Tag", "day" }, { "Tage", "days" } },
		{ 60, { "Stunde", "hour" }, { "Stunden", "hours" } },
		{ 1, { "Minute", "minute" }, { "Minuten", "minutes" } } };
	size_t u = 0;

	while (minutes % units[u].minutes)
		u++;
	minutes /= units[u].minutes;
	return pp_format(arena, "%lld %s", (long long)minutes,
		minutes == 1 ? units[u].one[english] : units[u].more[english]);
}

/* A link is made at the moment of sending and lies nowhere: of its secret the database has the
 * hash, of the text it has a place. A message that is sent again has another one; both work. That
 * of a subscription is always the same, derived from its holder's key. */
static bool make_link(
	struct run *run, struct pp_arena *arena, const struct pp_rows *row, struct pp_slice *text)
{
	const struct pp_config *config = run->config;
	bool english = pp_slice_is(pp_cell(row, 0, PP_C_mail_next_lang), PP_S("en"));
	int64_t invited = config->invitation_days * 1440, forgotten = config->password_minutes;
	char secret[PP_TOKEN_SIZE];
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_rows *page;

	if (!memmem(text->at, text->len, "{link}", 6))
		return true;
	if (pp_cell(row, 0, PP_C_mail_next_opens).len) {
		*text = fill(arena, *text, PP_S("{link}"),
			pp_format(arena, "%s/benachrichtigungen#%.*s", config->base_url,
				PP_SHOW(pp_cell(row, 0, PP_C_mail_next_opens))));
		return true;
	}
	pp_token_make(secret);
	pp_sha256(pp_slice_of(secret), hash);
	struct pp_slice params[] = { pp_cell(row, 0, PP_C_mail_next_id),
		pp_slice((const char *)hash, sizeof(hash)),
		pp_format(arena, "%lld", (long long)invited * 60),
		pp_format(arena, "%lld", (long long)forgotten * 60),
		pp_clock_text(arena, pp_clock_utc()) };

	if (!ask(run, arena, PP_Q_mail_link, params, &page))
		return false;
	*text = fill(arena, *text, PP_S("{link}"),
		pp_format(arena, "%s/%.*s#%s", config->base_url, PP_SHOW(pp_cell(page, 0, 0)),
			secret));
	if (pp_slice_is(pp_cell(row, 0, PP_C_mail_next_kind), PP_S("account_invitation")))
		*text = fill(arena, *text, PP_S("{holds}"), holds(arena, invited, english));
	else
		*text = fill(arena, *text, PP_S("{holds}"), holds(arena, forgotten, english));
	return true;
}

/* What mail programs show as a button: for what somebody has subscribed to, not for the question
 * whether they have. RFC 8058 §3.1 wants https. */
static struct pp_slice unsubscribe(
	struct run *run, struct pp_arena *arena, const struct pp_rows *row)
{
	struct pp_slice ends = pp_cell(row, 0, PP_C_mail_next_ends);

	if (!ends.len || strncmp(run->config->base_url, "https://", 8) != 0 ||
		pp_slice_is(pp_cell(row, 0, PP_C_mail_next_kind), PP_S("subscription_confirm")))
		return PP_S("");
	return pp_format(arena, "%s/abmelden?s=%.*s", run->config->base_url, PP_SHOW(ends));
}

static struct pp_slice write_message(
	struct run *run, struct pp_arena *arena, const struct pp_rows *row, struct pp_slice text)
{
	const struct pp_config *config = run->config;
	struct pp_buf *out = pp_buf_make(arena);
	struct pp_message message = {
		.from = pp_slice_of(config->mail_from),
		.from_name = PP_S(SENDER_NAME),
		.reply_to = pp_slice_of(config->mail_reply_to),
		.to = pp_cell(row, 0, PP_C_mail_next_recipient),
		.id = pp_cell(row, 0, PP_C_mail_next_id),
		.subject = pp_cell(row, 0, PP_C_mail_next_subject),
		.text = fill(arena, text, PP_S("{base}"), pp_slice_of(config->base_url)),
		.language = pp_cell(row, 0, PP_C_mail_next_lang),
		.unsubscribe = unsubscribe(run, arena, row),
		.date = pp_clock_utc(),
	};

	pp_message_write(out, &message);
	return pp_buf_all(out);
}

/* When the period ends that runs from its receipt, where an invitation goes out later than its day
 * says; else both stay NULL. Without this the month of § 4 (2) BauGB would begin before anybody had
 * been asked. */
static bool find_end(struct run *run, struct pp_arena *arena, struct pp_slice id, int64_t at,
	struct pp_slice end[2])
{
	struct pp_slice params[] = { id, pp_clock_text(arena, at) };
	const struct pp_period_rule *rule;
	struct pp_rows *late, *added;
	struct pp_place_calendar place;
	struct pp_deadline deadline;

	if (!ask(run, arena, PP_Q_mail_access, params, &late))
		return false;
	if (late->rows == 0)
		return true;
	rule = pp_own_rule(pp_cell(late, 0, PP_C_mail_access_kind),
		pp_cell(late, 0, PP_C_mail_access_step),
		pp_cell(late, 0, PP_C_mail_access_audience));
	if (!rule)
		return true;
	if (!ask(run, arena, PP_Q_holiday_of_mail, params, &added))
		return false;
	place = pp_calendar_in(arena, pp_cell(late, 0, PP_C_mail_access_land), added);
	deadline = pp_deadline_of(rule, pp_post_received(pp_day_at(at)), &place.calendar);
	end[0] = pp_clock_text(arena, deadline.end_instant);
	end[1] = pp_slice_of(rule->id);
	return true;
}

static bool settle(struct run *run, struct pp_arena *arena, struct pp_slice id,
	const struct pp_mail_reply *reply)
{
	struct pp_slice code = reply->code ? pp_format(arena, "%d", reply->code)
					   : pp_slice(NULL, 0);
	struct pp_slice end[2] = { { 0 } };
	int64_t at = pp_clock_utc();

	if (reply->outcome == PP_MAIL_TAKEN && !find_end(run, arena, id, at, end))
		return false;
	struct pp_slice params[] = { id, reply->outcome == PP_MAIL_TAKEN ? PP_S("t") : PP_S("f"),
		reply->outcome == PP_MAIL_REFUSED ? PP_S("t") : PP_S("f"), code,
		pp_slice_of(reply->text), pp_clock_text(arena, at), end[0], end[1] };
	struct pp_rows *rows;

	if (!ask(run, arena, PP_Q_mail_settle, params, &rows))
		return false;
	/* No address and no subject: logs carry no personal data. */
	pp_log(reply->outcome == PP_MAIL_TAKEN ? PP_INFO : PP_WARNING, "mail_tried",
		"%.*s: %.*s, code %d", PP_SHOW(id), PP_SHOW(pp_cell(rows, 0, 0)), reply->code);
	return true;
}

static void keep_rate(const struct pp_config *config)
{
	int64_t pause = 60 * PP_SECOND / config->mail_per_minute;
	struct timespec time = { pause / PP_SECOND, pause % PP_SECOND * 1000 };

	nanosleep(&time, NULL);
}

enum step { SENT, NOTHING_DUE, AWAY };

/* The claim is committed before a byte is sent, and the outcome after the server's last word: dying
 * in between means sending the same Message-ID once more, never losing it. */
static enum step send_one(struct run *run, struct pp_arena *arena)
{
	struct pp_slice params[] = { pp_clock_text(arena, pp_clock_utc()),
		run->only_released ? PP_S("t") : PP_S("f") };
	struct pp_mail_reply reply;
	struct pp_slice text;
	struct pp_rows *rows;

	if (!ask(run, arena, PP_Q_mail_next, params, &rows))
		return AWAY;
	if (rows->rows == 0)
		return NOTHING_DUE;
	text = pp_cell(rows, 0, PP_C_mail_next_body);
	if (!make_link(run, arena, rows, &text))
		return AWAY;
	pp_mailer_send(run->mailer, run->config->mail_from,
		pp_text(arena, pp_cell(rows, 0, PP_C_mail_next_recipient)),
		write_message(run, arena, rows, text), &reply);
	if (!settle(run, arena, pp_cell(rows, 0, PP_C_mail_next_id), &reply))
		return AWAY;
	return reply.server_is_away ? AWAY : SENT;
}

static int send_all(struct run *run)
{
	enum step step;

	do {
		struct pp_arena arena;

		pp_arena_begin(&arena);
		step = send_one(run, &arena);
		pp_arena_end(&arena);
		if (step == SENT)
			keep_rate(run->config);
	} while (step == SENT);
	return step == AWAY ? PP_MAILER_AWAY : 0;
}

/* Whoever has the lock sends; a mailer of another host, or of a clerk that has just died, may still
 * be at it. */
static int send_alone(struct run *run, const struct pp_mail_server *server)
{
	struct pp_fault fault;
	struct pp_rows *rows;
	int code = PP_MAILER_AWAY;

	run->db = pp_admin_open(pp_child_database(&run->arena, run->config, "pp_clerk"), &fault);
	if (!run->db) {
		pp_log(PP_WARNING, "mailer_not_connected", "%s", fault.detail);
		return code;
	}
	if (ask(run, &run->arena, PP_Q_mail_lock, NULL, &rows) &&
		pp_slice_is(pp_cell(rows, 0, 0), PP_S("t"))) {
		run->mailer = pp_mailer_open(server);
		code = send_all(run);
		pp_mailer_close(run->mailer);
	}
	pp_admin_close(run->db);
	return code;
}

int pp_mailer_job(const struct pp_config *config)
{
	struct run run = { .config = config, .only_released = !is(config->mail, "send") };
	struct pp_mail_server server = { .url = config->smtp_url,
		.user = config->smtp_user,
		.ca_file = config->smtp_ca,
		.without_tls = is(config->smtp_tls, "none") };
	char password[256];
	int code = PP_MAILER_AWAY;

	pp_secret_open();
	pp_log_open("mailer", pp_log_level_named(config->log_level));
	PP_MUST(!config->clock_shift[0] || pp_clock_follow(config->clock_shift) == 0);
	pp_arena_begin(&run.arena);
	server.password = password;
	if (read_password(config, password))
		code = send_alone(&run, &server);
	explicit_bzero(password, sizeof(password));
	pp_arena_end(&run.arena);
	return code;
}
