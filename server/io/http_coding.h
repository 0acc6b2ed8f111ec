/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Content codings of replies: gzip (RFC 1952) and br (RFC 7932). No input or output. */
#include <pp/base/buf.h>

enum pp_coding { PP_IDENTITY, PP_GZIP, PP_BROTLI, PP_CODINGS };
extern const char *const pp_coding_names[PP_CODINGS]; /* as in Content-Encoding */

/* The best that the field accepts (RFC 9110 §12.5.3) of those as far as the last, br before gzip
 * before none at equal weight. */
enum pp_coding pp_coding_choose(struct pp_slice accept_encoding, enum pp_coding last);

struct pp_coder;

/* The coders at rest: opening one anew costs more than most replies do. */
struct pp_coders {
	struct pp_coder *idle;
};
void pp_coders_close(struct pp_coders *coders);

struct pp_coder *pp_coder_open(struct pp_coders *coders, enum pp_coding coding);
void pp_coder_close(struct pp_coders *coders, struct pp_coder *coder);

/* PP_CODE_FLUSH: what was written so far can be read by the client; PP_CODE_END: nothing follows.
 */
enum pp_code { PP_CODE_MORE, PP_CODE_FLUSH, PP_CODE_END };
void pp_coder_write(
	struct pp_coder *coder, struct pp_slice in, enum pp_code how, struct pp_buf *out);
