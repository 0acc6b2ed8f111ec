/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Frames from web workers to the clerk (pp_ask_clerk): what needs a key that it alone has, or takes
 * longer than an event loop may spend.
 */
enum pp_clerk_frame {
	/* bytes password, bytes argon2id string -> u8, 1 when it is that password; some 100 ms */
	PP_PASSWORD_CHECK = 1,
	/* bytes password, bytes e-mail address of the account -> u8 whether it may be chosen, bytes
	   argon2id string, or what is wrong with it */
	PP_PASSWORD_CHOOSE,
	/* bytes of a document each -> bytes key id, then bytes of a signature each */
	PP_RECEIPT_SIGN,
	/* a document's id as text -> nothing; a copy of it would have been of use */
	PP_COPY_WANTED,
	PP_CLERK_FRAMES
};
