/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Subcommands. Each gets its own name as argv[0] and its options behind it, prints help for --help,
 * writes results to standard output and everything else to standard error. Exit codes: 0 done, 1
 * refused (with a sentence that says why), 2 wrong use.
 */
struct pp_command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about;
};

int pp_command_serve(int argc, char **argv);
int pp_command_migrate(int argc, char **argv);
int pp_command_import(int argc, char **argv);
int pp_command_account(int argc, char **argv);
int pp_command_issuer(int argc, char **argv);
int pp_command_affected(int argc, char **argv);
int pp_command_neighbours(int argc, char **argv);
int pp_command_deadline(int argc, char **argv);
int pp_command_cql2(int argc, char **argv);
int pp_command_holidays(int argc, char **argv);
int pp_command_recompute(int argc, char **argv);
int pp_command_inspect(int argc, char **argv);
int pp_command_export(int argc, char **argv);
int pp_command_copies(int argc, char **argv);
int pp_command_mail(int argc, char **argv);
int pp_command_probe(int argc, char **argv);
int pp_command_audit(int argc, char **argv);
int pp_command_privacy(int argc, char **argv);
int pp_command_receipt(int argc, char **argv);
int pp_command_document(int argc, char **argv);
