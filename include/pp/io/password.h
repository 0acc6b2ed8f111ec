/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Whether a password may be chosen (NIST SP 800-63B §5.1.1.2, OWASP ASVS 5.0 V6.2): length counts,
 * kinds of signs do not, and none that is guessed soon. How soon is zxcvbn's estimate (Wheeler,
 * USENIX Security 2016), which knows common passwords, names, keyboards, dates and repetition.
 */
#include <pp/base/slice.h>

#define PP_PASSWORD_LEAST 12 /* characters */
#define PP_PASSWORD_MOST  200

enum pp_password_fault {
	PP_PASSWORD_FITS,
	PP_PASSWORD_SHORT,
	PP_PASSWORD_LONG,
	PP_PASSWORD_GUESSED, /* within some four thousand million attempts, 2^32 */
};

/* email: of the account, or empty; its words and those of this platform and of its places count as
 * known to whoever guesses. */
enum pp_password_fault pp_password_judge(struct pp_slice password, struct pp_slice email);
/* What is wrong with it, for a problem's detail and for the command line; "" where nothing is. */
const char *pp_password_fault_text(enum pp_password_fault fault);
