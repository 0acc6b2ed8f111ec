/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The folder of copies (pp/io/copies.h), as the one process that changes it finds and leaves it:
 * what lies there, since when nobody has wanted it, and how much room there is.
 */
#include <sys/stat.h>

#include <pp/base/slice.h>
#include <pp/io/secret.h>

#define PP_COPY_NAME 64

struct pp_folder_entry {
	char name[PP_COPY_NAME + 1];
	uint64_t size;
	struct timespec wanted; /* last: read, or shown */
	bool counts;            /* it is a copy of this run of the server */
	bool is_shown, gone;
};

struct pp_folder {
	const char *path;
	int dir;
	int64_t stamp;
	uint64_t limit, total;
	struct pp_folder_entry *entries; /* the ones first that were wanted longest ago */
	size_t count, room;
};

/* Makes it where it is missing, waits for whoever else changes it, and reads it; false was
 * logged. */
bool pp_folder_open(struct pp_folder *folder);
void pp_folder_close(struct pp_folder *folder);
/* Logs errno. */
bool pp_folder_fail(const char *what);

struct pp_folder_entry *pp_folder_entry(const struct pp_folder *folder, struct pp_slice name);
void pp_folder_take_away(struct pp_folder *folder, struct pp_folder_entry *entry, const char *why);
/* So much at most stays: those go that nobody has wanted for longest. */
void pp_folder_make_room(struct pp_folder *folder, uint64_t limit);
/* Whether so much has room where nothing goes that was wanted later. */
bool pp_folder_fits(const struct pp_folder *folder, uint64_t size, struct timespec wanted);
/* Whether its disk has so much room; why not was logged. */
bool pp_folder_has_disk(const struct pp_folder *folder, uint64_t size);

/* A new copy, open for writing under a name that is none; -1 was logged. */
int pp_folder_begin(const struct pp_folder *folder);
/* It is complete: from here on it counts, for as long as nobody writes to it. */
bool pp_folder_keep(struct pp_folder *folder, int fd, struct pp_slice name, uint64_t size,
	struct timespec wanted);
void pp_folder_drop(const struct pp_folder *folder);
/* Reads it to its end: whether it is the file of that size that its name says. Then it counts. */
bool pp_folder_check(struct pp_folder *folder, struct pp_folder_entry *entry, uint64_t size,
	struct timespec wanted);

/* Whether what was hashed is the file of that name. */
bool pp_folder_is_hash(struct pp_sha256_run *hash, struct pp_slice name);
