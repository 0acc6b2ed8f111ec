/* SPDX-License-Identifier: EUPL-1.2 */
#include "options.h"

#include <stdio.h>
#include <unistd.h>

#define STANDARD_FILE "/etc/planungsplattform/planungsplattform.conf"

bool pp_options_wants_help(const struct pp_options *options)
{
	for (int i = 1; i < options->argc; i++)
		if (strcmp(options->argv[i], "--help") == 0 || strcmp(options->argv[i], "-h") == 0)
			return true;
	return false;
}

void pp_options_help(const struct pp_options *options)
{
	struct pp_buf out;

	pp_buf_begin(&out);
	pp_buf_text(&out, options->about);
	pp_config_help(&out, options->is_server);
	fwrite(out.at, 1, out.len, stdout);
	pp_buf_end(&out);
}

/* "--base-url" -> "base_url" */
static struct pp_slice setting_name(struct pp_arena *arena, struct pp_slice option)
{
	char *name = pp_text(arena, pp_slice(option.at + 2, option.len - 2));

	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	if (strcmp(name, "database") == 0)
		return PP_S("database_url");
	return pp_slice_of(name);
}

static bool keep(struct pp_options *options, char *word, char error[256])
{
	if (!options->takes_rest || options->rest_count == PP_OPTIONS_REST) {
		snprintf(error, 256, "'%s' has no meaning here; --help names the options", word);
		return false;
	}
	options->rest[options->rest_count++] = word;
	return true;
}

/* The value behind "=" or the next word. */
static bool value_of(const struct pp_options *options, int *i, struct pp_slice inline_value,
	bool has_inline, struct pp_slice *value, char error[256])
{
	*value = inline_value;
	if (has_inline)
		return true;
	if (*i + 1 >= options->argc) {
		snprintf(error, 256, "%s needs a value", options->argv[*i]);
		return false;
	}
	*value = pp_slice_of(options->argv[++*i]);
	return true;
}

/* One pass for the file's name, one for the values, which win over the file. */
static bool walk(struct pp_options *options, struct pp_config *config, struct pp_arena *arena,
	struct pp_slice *file, char error[256])
{
	options->rest_count = 0;
	for (int i = 1; i < options->argc; i++) {
		struct pp_slice inline_value, value, name;
		struct pp_slice option = pp_slice_cut(
			pp_slice_of(options->argv[i]), '=', &inline_value);
		bool has_inline = strchr(options->argv[i], '='), is_port;

		if (!pp_slice_starts(option, PP_S("--")) || option.len == 2) {
			if (!keep(options, options->argv[i], error))
				return false;
			continue;
		}
		name = setting_name(arena, option);
		is_port = pp_slice_is(name, PP_S("port"));
		if (!is_port && !pp_slice_is(name, PP_S("config")) && !pp_config_has(name)) {
			if (!keep(options, options->argv[i], error))
				return false;
			continue;
		}
		if (!value_of(options, &i, inline_value, has_inline, &value, error))
			return false;
		if (pp_slice_is(name, PP_S("config"))) {
			*file = value;
			continue;
		}
		if (is_port) {
			name = PP_S("listen");
			value = pp_format(arena, "127.0.0.1:%.*s", PP_SHOW(value));
		}
		if (config && !pp_config_put(config, arena, name, value, error))
			return false;
	}
	return true;
}

bool pp_options_apply(struct pp_options *options, struct pp_config *config, struct pp_arena *arena,
	char error[256])
{
	struct pp_slice file = PP_S("");

	pp_config_begin(config, arena);
	if (!walk(options, NULL, arena, &file, error))
		return false;
	if (!file.len && access(STANDARD_FILE, R_OK) == 0)
		file = PP_S(STANDARD_FILE);
	if (file.len && !pp_config_read_file(config, arena, pp_text(arena, file), error))
		return false;
	return pp_config_read_environment(config, arena, error) &&
		walk(options, config, arena, &file, error);
}
