/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of this room share. */
#include <pp/base/clock.h>
#include <pp/core/req.h>

#include "../rooms.h"

#define SIGN_IN_COOKIE PP_S("__Host-pp_sign_in")
#define SIGN_IN_S      600
/* What ID tokens are sealed for, until one signs out. */
#define ACCOUNT_ID_TOKEN "id token"

/* A session ends after so long without a request, and so long after it began (OWASP ASVS 5.0 V7.3).
 */
#define IDLE_SECONDS "1800"
#define SESSION_US   (36000 * PP_SECOND)

/*
 * Set-Cookie: only over TLS or to this machine, for the whole host and nobody else's (the prefix,
 * RFC 6265bis §4.1.3.2), not readable by scripts, not sent along from other sites.
 */
void account_put_cookie(
	struct pp_req *req, struct pp_slice name, const char *value, int64_t max_age_s);
/* Binds what every sign-in needs for a new session: sha256, old_sha256, idle_seconds, expires_at.
 */
void account_bind_session(struct pp_req *req, char token[44]);
/* Whether an address is one of our own pages: a path, and nothing that a browser takes for a host.
 */
bool account_is_own_path(struct pp_slice path);
/* 303 to an address. */
enum pp_next account_see(struct pp_req *req, struct pp_slice url);

/* sign_in.c */
extern pp_step *const account_start_steps[];
extern pp_step *const account_callback_steps[];
extern const struct pp_field account_start_params[], account_callback_params[];
/* second_factor.c */
extern pp_step *const account_factor_begin_steps[], *const account_factor_confirm_steps[],
							    *const account_factor_remove_steps[];
extern const struct pp_field account_code_body[];
/* False where the key is missing, or it was sealed with another one. */
PP_CHECKED bool account_factor_open(
	struct pp_req *req, struct pp_slice sealed, struct pp_slice *secret);
/* local.c */
extern pp_step *const account_sign_in_steps[], *const account_form_steps[];
/* session.c */
extern pp_step *const account_show_steps[],
	*const account_list_steps[], *const account_body_steps[],
					     *const account_sign_out_steps[],
						     *const account_sign_out_form_steps[];
/* logout.c */
extern pp_step *const account_logout_steps[];
extern const struct pp_field account_logout_body[];
/* page.c */
extern pp_step *const account_page_steps[];
extern const struct pp_field account_page_params[];
/* provider.c */
extern pp_step *const account_provider_steps[];
extern const struct pp_field account_provider_params[];
/* password.c */
extern pp_step *const account_password_steps[];
extern const struct pp_field account_password_body[], account_secret_body[], account_email_body[];
