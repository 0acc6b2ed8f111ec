/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The plain page at / until the web application takes its place. */
#include <pp/core/req.h>

extern pp_step *const start_page_steps[];
