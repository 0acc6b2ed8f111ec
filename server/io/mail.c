/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/mail.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#define CONNECT_MS 20000L
/* RFC 5321 §4.5.3.2.6: ten minutes for the reply to the last dot; a relay that checks for viruses
 * needs some of it, and whoever gives up too early sends twice. */
#define WHOLE_MS (10 * 60 * 1000L)

struct pp_mailer {
	CURL *easy;
	char error[CURL_ERROR_SIZE];
	struct pp_slice left; /* of the message, not sent yet */
	char verb[5];         /* the last command, four letters */
	char said[512];       /* the last line of the last reply */
	int code;
	bool has_parted; /* QUIT: what is said then is about nothing any more */
};

static size_t give(char *to, size_t unit, size_t count, void *ctx)
{
	struct pp_mailer *mailer = ctx;
	size_t len = unit * count < mailer->left.len ? unit * count : mailer->left.len;

	memcpy(to, mailer->left.at, len);
	mailer->left = pp_slice(mailer->left.at + len, mailer->left.len - len);
	return len;
}

/* "451 4.3.0 try later", also the line "451-…" of a longer reply (RFC 5321 §4.2.1). */
static void hear(struct pp_mailer *mailer, struct pp_slice line)
{
	uint64_t code;

	while (line.len && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == '\n'))
		line.len--;
	if (line.len < 3 || !pp_slice_u64(pp_slice(line.at, 3), &code) || code < 200 || code > 599)
		return;
	mailer->code = (int)code;
	snprintf(mailer->said, sizeof(mailer->said), "%.*s", PP_SHOW(line));
}

/* What goes over the connection, as libcurl's protocol sees it. Of commands only the verb is kept:
 * those of a sign-in have secrets in them. */
static int watch(CURL *easy, curl_infotype type, char *data, size_t size, void *ctx)
{
	struct pp_mailer *mailer = ctx;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT && size >= 4)
		mailer->has_parted = memcmp(data, "QUIT", 4) == 0;
	if (mailer->has_parted)
		return 0;
	if (type == CURLINFO_HEADER_IN) {
		hear(mailer, pp_slice(data, size));
	} else if (type == CURLINFO_HEADER_OUT && size >= 4) {
		memcpy(mailer->verb, data, 4);
		mailer->verb[4] = '\0';
	}
	return 0;
}

struct pp_mailer *pp_mailer_open(const struct pp_mail_server *server)
{
	struct pp_mailer *mailer = calloc(1, sizeof(*mailer));

	PP_MUST(mailer && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	mailer->easy = curl_easy_init();
	PP_MUST(mailer->easy);
	PP_MUST(curl_easy_setopt(mailer->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK);
	PP_MUST(curl_easy_setopt(mailer->easy, CURLOPT_URL, server->url) == CURLE_OK);
	curl_easy_setopt(mailer->easy, CURLOPT_USE_SSL,
		server->without_tls ? CURLUSESSL_NONE : CURLUSESSL_ALL);
	if (server->ca_file[0])
		curl_easy_setopt(mailer->easy, CURLOPT_CAINFO, server->ca_file);
	if (server->user[0]) {
		curl_easy_setopt(mailer->easy, CURLOPT_USERNAME, server->user);
		curl_easy_setopt(mailer->easy, CURLOPT_PASSWORD, server->password);
	}
	curl_easy_setopt(mailer->easy, CURLOPT_ERRORBUFFER, mailer->error);
	curl_easy_setopt(mailer->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(mailer->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(mailer->easy, CURLOPT_TIMEOUT_MS, WHOLE_MS);
	curl_easy_setopt(mailer->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, WHOLE_MS / 1000);
	curl_easy_setopt(mailer->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(mailer->easy, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(mailer->easy, CURLOPT_READDATA, mailer);
	curl_easy_setopt(mailer->easy, CURLOPT_DEBUGFUNCTION, watch);
	curl_easy_setopt(mailer->easy, CURLOPT_DEBUGDATA, mailer);
	curl_easy_setopt(mailer->easy, CURLOPT_VERBOSE, 1L);
	return mailer;
}

void pp_mailer_close(struct pp_mailer *mailer)
{
	curl_easy_cleanup(mailer->easy);
	curl_global_cleanup();
	free(mailer);
}

static bool is_verb(const struct pp_mailer *mailer, const char *verb)
{
	return strcmp(mailer->verb, verb) == 0;
}

/* A sender that is not allowed, a sign-in that fails: that is the operator's to mend, and no word
 * about this recipient. */
static enum pp_mail_outcome judge(const struct pp_mailer *mailer, CURLcode code)
{
	if (code == CURLE_OK)
		return PP_MAIL_TAKEN;
	if (mailer->code >= 500 && (is_verb(mailer, "RCPT") || is_verb(mailer, "DATA")))
		return PP_MAIL_REFUSED;
	return PP_MAIL_LATER;
}

static bool is_printable(const char *text)
{
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return pp_slice_is_utf8(pp_slice_of(text));
}

void pp_mailer_send(struct pp_mailer *mailer, const char *from, const char *to,
	struct pp_slice message, struct pp_mail_reply *reply)
{
	struct curl_slist *recipients = curl_slist_append(NULL, to);
	CURLcode code;

	PP_MUST(recipients);
	for (const char *c = from; *c; c++)
		PP_MUST((unsigned char)*c > 0x20 && *c != '<' && *c != '>');
	for (const char *c = to; *c; c++)
		PP_MUST((unsigned char)*c > 0x20 && *c != '<' && *c != '>');
	mailer->left = message;
	mailer->code = 0;
	mailer->has_parted = false;
	mailer->said[0] = mailer->verb[0] = mailer->error[0] = '\0';
	curl_easy_setopt(mailer->easy, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(mailer->easy, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(mailer->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)message.len);
	code = curl_easy_perform(mailer->easy);
	curl_easy_setopt(mailer->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipients);
	*reply = (struct pp_mail_reply){ .outcome = judge(mailer, code), .code = mailer->code };
	reply->server_is_away = code != CURLE_OK && !is_verb(mailer, "MAIL") &&
		!is_verb(mailer, "RCPT") && !is_verb(mailer, "DATA");
	if (code != CURLE_OK && (reply->server_is_away || mailer->code < 400))
		snprintf(reply->text, sizeof(reply->text), "%s",
			mailer->error[0] ? mailer->error : curl_easy_strerror(code));
	else
		snprintf(reply->text, sizeof(reply->text), "%s", mailer->said);
	if (!is_printable(reply->text))
		snprintf(reply->text, sizeof(reply->text),
			"The mail server answered %d with words that cannot be read.",
			mailer->code);
}
