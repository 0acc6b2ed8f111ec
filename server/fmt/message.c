/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/message.h>

#include <time.h>

#include <pp/base/clock.h>

/* RFC 2045 §6.7 (5): octets of an encoded line, its soft break included. */
#define LINE_OCTETS 76u
/* RFC 2047 §2: no line with an encoded word is longer than 76; "=?utf-8?B?" and "?=" are twelve. */
#define WORD_FRAME 12u

static bool is_ascii(struct pp_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

static void must_be_one_line(struct pp_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		PP_MUST((unsigned char)s.at[i] >= 0x20 && s.at[i] != 0x7f);
}

static void put_base64(struct pp_buf *out, struct pp_slice bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		uint32_t three = 0;
		size_t left = bytes.len - i;

		for (size_t k = 0; k < 3; k++)
			three = three << 8 | (k < left ? (unsigned char)bytes.at[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			pp_buf_u8(
				out, k <= left ? (uint8_t)digits[three >> (18 - 6 * k) & 63] : '=');
	}
}

/* At most that many octets of the beginning, without cutting a character (RFC 2047 §5). */
static size_t whole_characters(struct pp_slice s, size_t most)
{
	if (s.len <= most)
		return s.len;
	while (most > 1 && ((unsigned char)s.at[most] & 0xc0) == 0x80)
		most--;
	return most;
}

/* Text where a header takes any (RFC 2047 §5): as it is, or as encoded words of base64. */
static void put_text(struct pp_buf *out, const char *name, struct pp_slice text)
{
	must_be_one_line(text);
	pp_buf_format(out, "%s:", name);
	if (is_ascii(text) && strlen(name) + 2 + text.len <= LINE_OCTETS &&
		!memmem(text.at, text.len, "=?", 2)) {
		pp_buf_format(out, " %.*s\r\n", PP_SHOW(text));
		return;
	}
	for (size_t before = strlen(name) + 2; text.len; before = 1) {
		size_t room = (LINE_OCTETS - before - WORD_FRAME) / 4 * 3;
		size_t len = whole_characters(text, room);

		pp_buf_text(out, " =?utf-8?B?");
		put_base64(out, pp_slice(text.at, len));
		pp_buf_text(out, "?=\r\n");
		text = pp_slice(text.at + len, text.len - len);
	}
}

static void put_address(
	struct pp_buf *out, const char *name, struct pp_slice shown, struct pp_slice address)
{
	must_be_one_line(address);
	PP_MUST(address.len && !memchr(address.at, '<', address.len) &&
		!memchr(address.at, '>', address.len));
	if (shown.len)
		put_text(out, name, shown);
	else
		pp_buf_format(out, "%s:\r\n", name);
	/* Folded (RFC 5322 §2.2.3): the end of the line before it is taken back by the blank. */
	pp_buf_format(out, " <%.*s>\r\n", PP_SHOW(address));
}

/* RFC 5322 §3.3, in UTC. */
static void put_date(struct pp_buf *out, int64_t utc)
{
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(utc / PP_SECOND);
	struct tm parts;

	PP_MUST(gmtime_r(&seconds, &parts));
	pp_buf_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[parts.tm_wday],
		parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
		parts.tm_min, parts.tm_sec);
}

/* Octets that stand for themselves in the midst of a line (RFC 2045 §6.7 (2), (3)). */
static bool is_plain(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f && c != '=') || c == '\t';
}

static void put_line(struct pp_buf *out, struct pp_slice line)
{
	size_t octets = 0;

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];
		bool is_last = i + 1 == line.len;
		/* §6.7 (3): a blank at the end of a line would be lost on the way. */
		bool plain = is_plain(c) && !(is_last && (c == ' ' || c == '\t'));
		size_t width = plain ? 1 : 3;

		if (octets + width > LINE_OCTETS - 1) {
			pp_buf_text(out, "=\r\n");
			octets = 0;
		}
		if (plain)
			pp_buf_u8(out, c);
		else
			pp_buf_format(out, "=%02X", c);
		octets += width;
	}
	pp_buf_text(out, "\r\n");
}

static void put_body(struct pp_buf *out, struct pp_slice text)
{
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t len = end ? (size_t)(end - text.at) : text.len;

		put_line(out, pp_slice(text.at, len));
		len += end ? 1 : 0;
		text = pp_slice(text.at + len, text.len - len);
	}
}

void pp_message_write(struct pp_buf *out, const struct pp_message *message)
{
	struct pp_slice domain;

	must_be_one_line(message->id);
	must_be_one_line(message->language);
	pp_slice_cut(message->from, '@', &domain);
	put_date(out, message->date);
	put_address(out, "From", message->from_name, message->from);
	if (message->reply_to.len)
		put_address(out, "Reply-To", PP_S(""), message->reply_to);
	put_address(out, "To", PP_S(""), message->to);
	pp_buf_format(out, "Message-ID: <%.*s@%.*s>\r\n", PP_SHOW(message->id), PP_SHOW(domain));
	put_text(out, "Subject", message->subject);
	/* RFC 2369 §3.2, RFC 8058 §3.1: mail programs end it by one request, without opening a
	 * page. */
	if (message->unsubscribe.len) {
		put_address(out, "List-Unsubscribe", PP_S(""), message->unsubscribe);
		pp_buf_text(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
	}
	/* RFC 3834 §5: no vacation notice answers it. */
	pp_buf_text(out, "Auto-Submitted: auto-generated\r\n");
	pp_buf_format(out,
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\nContent-Language: %.*s\r\n\r\n",
		PP_SHOW(message->language));
	put_body(out, message->text);
}
