/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The mailer: this program executed anew by the clerk as `mail --job` whenever mail is due, so that
 * a mail server that lets one wait keeps neither the clerk nor anybody else. It sends what is due
 * (while mail is on hold: what was released) and ends. One at a time in the whole cluster.
 */
#include "../config.h"

/* Exit code: the mail server cannot be spoken to at all; trying the next message is of no use. */
#define PP_MAILER_AWAY 75

/* False and a sentence when the settings of mail contradict each other or lack something. */
PP_CHECKED bool pp_mail_settings_check(const struct pp_config *config, char error[256]);

int pp_mailer_job(const struct pp_config *config);
