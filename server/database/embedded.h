/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The SQL and the data that the program was built with (made by sql/embed.py), so that a program
 * and the database that it has migrated always fit together.
 */
#include <pp/base/embedded.h>

extern const struct pp_embedded pp_embedded_bootstrap[];  /* one file, run as superuser */
extern const struct pp_embedded pp_embedded_migrations[]; /* NNNN_name.sql, ascending */
extern const size_t pp_embedded_migrations_count;
extern const struct pp_embedded pp_embedded_api[]; /* in the order in which they run */
extern const size_t pp_embedded_api_count;
extern const struct pp_embedded pp_embedded_rules[]; /* one file, data/rules/affected.tsv */
