/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pp/core/assurance.h>
#include <pp/core/caller.h>

enum kind { TEXT, NETWORKS, DETAIL, LEVEL, NUMBER };
enum whom { ANY, SERVE };

struct setting {
	const char *name;
	enum kind kind;
	const char *standard;
	int64_t least, most;
	const char *unit;
	enum whom whom;
	const char *de, *en;
	size_t offset;
};

static const struct setting settings[] = {
#define PP_CONFIG(name, kind, standard, least, most, unit, whom, de, en)                           \
	{ #name, kind, standard, least, most, unit, whom, de, en,                                  \
		offsetof(struct pp_config, name) },
#include "config.def"
#undef PP_CONFIG
};

static const char **text_at(struct pp_config *config, const struct setting *setting)
{
	return (const char **)(void *)((char *)config + setting->offset);
}

static int64_t *number_at(struct pp_config *config, const struct setting *setting)
{
	return (int64_t *)(void *)((char *)config + setting->offset);
}

static const struct setting *find(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(settings); i++)
		if (pp_slice_is(name, pp_slice_of(settings[i].name)))
			return &settings[i];
	return NULL;
}

bool pp_config_has(struct pp_slice name)
{
	return find(name);
}

static bool text_is_right(const struct setting *setting, struct pp_slice value, char error[256])
{
	struct pp_proxies proxies;
	enum pp_address_detail detail;
	char why[256];

	if (setting->kind == NETWORKS && !pp_proxies_read(&proxies, value, why)) {
		snprintf(error, 256, "%s: %.200s", setting->name, why);
		return false;
	}
	if (setting->kind == DETAIL && !pp_address_detail_named(value, &detail)) {
		snprintf(error, 256, "%s takes none, prefix or full", setting->name);
		return false;
	}
	if (setting->kind == LEVEL && pp_level_rank(value) < 0) {
		snprintf(error, 256, "%s takes NORMAL, SUBSTANTIELL or HOCH", setting->name);
		return false;
	}
	return true;
}

/* Children are told line by line, and a NUL would end a text early. */
static bool has_control(struct pp_slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] < ' ' && value.at[i] != '\t')
			return true;
	return false;
}

bool pp_config_put(struct pp_config *config, struct pp_arena *arena, struct pp_slice name,
	struct pp_slice value, char error[256])
{
	const struct setting *setting = find(name);
	int64_t number;

	if (!setting) {
		snprintf(error, 256, "there is no setting '%.*s'", PP_SHOW(name));
		return false;
	}
	if (setting->kind != NUMBER) {
		if ((int64_t)value.len > setting->most || has_control(value)) {
			snprintf(error, 256, "%s takes one line of %lld bytes at most",
				setting->name, (long long)setting->most);
			return false;
		}
		if (!text_is_right(setting, value, error))
			return false;
		*text_at(config, setting) = pp_text(arena, value);
		return true;
	}
	if (!pp_slice_i64(value, &number) || number < setting->least || number > setting->most) {
		snprintf(error, 256, "%s takes a number from %lld to %lld, not '%.*s'",
			setting->name, (long long)setting->least, (long long)setting->most,
			PP_SHOW(value));
		return false;
	}
	*number_at(config, setting) = number;
	return true;
}

void pp_config_begin(struct pp_config *config, struct pp_arena *arena)
{
	char error[256];

	for (size_t i = 0; i < PP_LENGTH(settings); i++)
		PP_MUST(pp_config_put(config, arena, pp_slice_of(settings[i].name),
			pp_slice_of(settings[i].standard), error));
}

void pp_config_complete(struct pp_config *config)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 1)
		cores = 1;
	if (!config->web_workers)
		config->web_workers = cores > 8 ? 8 : cores;
	if (!config->geometry_workers)
		config->geometry_workers = cores > 16 ? 16 : cores;
}

/* "name = value", a comment, or nothing. Whatever follows the first = is the value, however long.
 */
static bool read_line(
	struct pp_config *config, struct pp_arena *arena, struct pp_slice line, char why[256])
{
	struct pp_slice value, name, text;

	while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
		line.len--;
	text = pp_slice_trim(line);
	if (text.len == 0 || text.at[0] == '#' || text.at[0] == ';')
		return true;
	if (text.at[0] == '[') {
		snprintf(why, 256, "sections such as %.*s have no meaning here",
			text.len > 100 ? 100 : (int)text.len, text.at);
		return false;
	}
	name = pp_slice_cut(text, '=', &value);
	if (name.len == text.len) {
		snprintf(why, 256, "is no 'name = value'");
		return false;
	}
	return pp_config_put(config, arena, pp_slice_trim(name), pp_slice_trim(value), why);
}

bool pp_config_read_file(
	struct pp_config *config, struct pp_arena *arena, const char *path, char error[256])
{
	FILE *file = fopen(path, "re");
	char *line = NULL, why[256] = "";
	size_t room = 0;
	ssize_t len = 0;
	int no = 0;
	bool good = file;

	while (good && (len = getline(&line, &room, file)) >= 0) {
		struct pp_slice text = pp_slice(line, (size_t)len);

		/* Some editors begin a file with a byte order mark. */
		if (no++ == 0 && pp_slice_starts(text, PP_S("\xef\xbb\xbf")))
			text = pp_slice(line + 3, text.len - 3);
		good = read_line(config, arena, text, why);
	}
	if (!file || (good && ferror(file))) {
		snprintf(error, 256, "cannot read %.160s: %s", path, strerror(errno));
		good = false;
	} else if (!good) {
		snprintf(error, 256, "%.80s, line %d: %.140s", path, no, why);
	}
	free(line);
	if (file)
		fclose(file);
	return good;
}

bool pp_config_read_environment(struct pp_config *config, struct pp_arena *arena, char error[256])
{
	for (size_t i = 0; i < PP_LENGTH(settings); i++) {
		char name[64] = "PP_", why[256];
		const char *value;

		for (size_t c = 0; settings[i].name[c]; c++) {
			char lower = settings[i].name[c];

			name[3 + c] = lower == '_' ? '_' : (char)(lower - 'a' + 'A');
		}
		value = getenv(name);
		if (value &&
			!pp_config_put(config, arena, pp_slice_of(settings[i].name),
				pp_slice_of(value), why)) {
			snprintf(error, 256, "%s: %.180s", name, why);
			return false;
		}
	}
	return true;
}

void pp_config_write(const struct pp_config *config, struct pp_buf *out)
{
	struct pp_config copy = *config;

	for (size_t i = 0; i < PP_LENGTH(settings); i++) {
		if (settings[i].kind != NUMBER)
			pp_buf_format(
				out, "%s = %s\n", settings[i].name, *text_at(&copy, &settings[i]));
		else
			pp_buf_format(out, "%s = %lld\n", settings[i].name,
				(long long)*number_at(&copy, &settings[i]));
	}
}

void pp_config_help(struct pp_buf *out, bool is_server)
{
	for (size_t i = 0; i < PP_LENGTH(settings); i++) {
		const struct setting *setting = &settings[i];

		if (setting->whom == SERVE && !is_server)
			continue;
		pp_buf_format(out, "  --%s <%s>", setting->name, setting->unit);
		if (setting->standard[0])
			pp_buf_format(out, " [%s]", setting->standard);
		pp_buf_format(out, "\n        %s\n        %s\n", setting->de, setting->en);
	}
}

void pp_config_document(struct pp_buf *out)
{
	pp_buf_text(out,
		"| setting | environment | default | range | meaning |\n"
		"|---|---|---|---|---|\n");
	for (size_t i = 0; i < PP_LENGTH(settings); i++) {
		pp_buf_format(out, "| `%s` | `PP_", settings[i].name);
		for (const char *c = settings[i].name; *c; c++)
			pp_buf_u8(out, (uint8_t)(*c == '_' ? '_' : *c - 'a' + 'A'));
		pp_buf_format(out, "` | %s%s%s | ", settings[i].standard[0] ? "`" : "",
			settings[i].standard[0] ? settings[i].standard : "–",
			settings[i].standard[0] ? "`" : "");
		if (settings[i].kind == NUMBER)
			pp_buf_format(out, "%lld to %lld %s", (long long)settings[i].least,
				(long long)settings[i].most, settings[i].unit);
		else
			pp_buf_text(out, settings[i].unit);
		pp_buf_format(out, " | %s |\n", settings[i].en);
	}
}
