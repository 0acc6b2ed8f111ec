/* SPDX-License-Identifier: EUPL-1.2 */
#include "keys.h"

#include <stdio.h>
#include <unistd.h>

#include <pp/base/log.h>
#include <pp/io/key_file.h>
#include <pp/io/secret.h>

#include "../database/postgres.h"

void pp_keys_make(struct pp_config *config, struct pp_arena *arena)
{
	char token[PP_TOKEN_SIZE], text[PP_TOKEN_SIZE + 1], error[256];
	const char *path;

	if (!config->secrets[0])
		config->secrets = pp_format(
			arena, "%s/secrets", pp_postgres_data_dir(arena, config->data))
					  .at;
	path = pp_format(arena, "%s/second-factor", config->secrets).at;
	if (access(path, F_OK) == 0)
		return;
	pp_secret_open();
	pp_token_make(token);
	snprintf(text, sizeof(text), "%s\n", token);
	if (pp_key_file_write(path, text, false, error))
		pp_log(PP_INFO, "key_made", "%s: keep it with the backups, apart from the database",
			path);
	else
		pp_log(PP_WARNING, "key_missing", "%s; no second factor can be set up", error);
	pp_wipe(token, sizeof(token));
	pp_wipe(text, sizeof(text));
}
