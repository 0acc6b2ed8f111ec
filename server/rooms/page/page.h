/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
#include <pp/base/embedded.h>

extern const struct pp_embedded pp_embedded_link[]; /* web/link */
extern const size_t pp_embedded_link_count;
