/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The configuration of a process: defaults, then the file, then the environment, then the command
 * line; the later wins. The master hands the outcome to its children as a file of the same form, so
 * that a worker that is started again never sees a file that was edited but not reloaded.
 */
#include <pp/base/arena.h>
#include <pp/base/buf.h>

#define PP_CONFIG_TEXT   const char *
#define PP_CONFIG_NUMBER int64_t
/* Texts that are checked: lists of networks, and the detail of addresses (pp/core/caller.h). */
#define PP_CONFIG_NETWORKS const char *
#define PP_CONFIG_DETAIL   const char *
/* A level of assurance (pp/core/assurance.h). */
#define PP_CONFIG_LEVEL const char *

struct pp_config {
#define PP_CONFIG(name, kind, ...) PP_CONFIG_##kind name;
#include "config.def"
#undef PP_CONFIG
};

/* Every value at its default; texts live in the arena. */
void pp_config_begin(struct pp_config *config, struct pp_arena *arena);

/* False and an English sentence with file and line when a name is unknown or a value out of range.
 */
PP_CHECKED bool pp_config_read_file(
	struct pp_config *config, struct pp_arena *arena, const char *path, char error[256]);
PP_CHECKED bool pp_config_read_environment(
	struct pp_config *config, struct pp_arena *arena, char error[256]);
PP_CHECKED bool pp_config_put(struct pp_config *config, struct pp_arena *arena,
	struct pp_slice name, struct pp_slice value, char error[256]);
bool pp_config_has(struct pp_slice name);

/* Puts numbers in the place of those that depend on the machine (0: as many as cores). */
void pp_config_complete(struct pp_config *config);

/* As a file that pp_config_read_file reads. */
void pp_config_write(const struct pp_config *config, struct pp_buf *out);
/* The settings for --help: all of the server's, or those that concern every command; and as
 * Markdown for docs/operations/config.md. */
void pp_config_help(struct pp_buf *out, bool is_server);
void pp_config_document(struct pp_buf *out);
