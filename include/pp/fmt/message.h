/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Mail out: one message of plain text as RFC 5322 and MIME want it (UTF-8, quoted-printable, RFC
 * 2047 where a header is not ASCII). What is given becomes exactly the headers that are named here:
 * a control character in a value is a bug of the caller and aborts, so that no value ever begins a
 * header of its own.
 */
#include <pp/base/buf.h>

struct pp_message {
	struct pp_slice from, from_name; /* address, and what people read in front of it */
	struct pp_slice reply_to;        /* address; empty for none */
	struct pp_slice to;              /* address; beyond ASCII as RFC 6532 has it */
	struct pp_slice id;          /* left part of the Message-ID; the sender's domain is right */
	struct pp_slice subject;     /* UTF-8, one line */
	struct pp_slice text;        /* UTF-8, lines end with \n */
	struct pp_slice language;    /* Content-Language, RFC 5646 */
	struct pp_slice unsubscribe; /* https address at which a POST ends it; empty for none */
	int64_t date;                /* UTC, microseconds */
};

/* Lines end with CRLF and are 76 octets long at most, headers of long addresses excepted. */
void pp_message_write(struct pp_buf *out, const struct pp_message *message);
