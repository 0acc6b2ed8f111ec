/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * SMTP from our side (libcurl), for a process of its own: one message after the other over one
 * connection, blocking. TLS is required, and certificates are checked, unless the settings say
 * otherwise.
 */
#include <pp/base/arena.h>

struct pp_mail_server {
	const char *url;             /* smtp://host:587 (STARTTLS), smtps://host:465 */
	const char *user, *password; /* empty: no sign-in */
	const char *ca_file;         /* PEM; empty: the system's authorities */
	bool without_tls;            /* a relay on this very machine */
};

enum pp_mail_outcome {
	PP_MAIL_TAKEN,   /* the server answers for it now (RFC 5321 §6.1) */
	PP_MAIL_LATER,   /* not now, or not known: the same message is tried again */
	PP_MAIL_REFUSED, /* this recipient or this message, for good (5yz to RCPT or DATA) */
};

struct pp_mail_reply {
	enum pp_mail_outcome outcome;
	int code;            /* the last reply of the server; 0: none */
	bool server_is_away; /* it was not about this message: no connection, no TLS, no sign-in */
	char text[512];      /* what it said, or why nothing was said; one line of UTF-8 */
};

struct pp_mailer;

/* The settings live as long as the mailer. Aborts when memory is short. */
struct pp_mailer *pp_mailer_open(const struct pp_mail_server *server);
void pp_mailer_close(struct pp_mailer *mailer);

/* from and to are addresses without control characters and angle brackets; message as
 * pp_message_write writes it. */
void pp_mailer_send(struct pp_mailer *mailer, const char *from, const char *to,
	struct pp_slice message, struct pp_mail_reply *reply);
