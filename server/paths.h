/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Where this program and what belongs to it lie: beside each other in a build, installed, or as the
 * environment says. */

/* This program, found once at the start; still right when the file is replaced meanwhile. */
const char *pp_program_path(void);
/* planungsplattform-files: PP_FILES, else beside this program. */
const char *pp_files_path(void);
/* The web application: of a build beside this program's folder, else below ../share. */
const char *pp_web_path(void);
