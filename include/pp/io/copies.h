/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Copies of files on this machine's disk, which the kernel sends without that anybody reads them
 * (sendfile(2)). They lie in one folder under the SHA-256 of their bytes, in hexadecimal; who makes
 * them and takes them away is server/command/copies.c. A copy counts when it has the size of the
 * file, and when its time of last change is the stamp of this run of the server: that is put on it
 * after its bytes were hashed, so that whatever lay there before the start, or was written to
 * since, is no copy. Nobody depends on one: where there is none, the bytes come from the database.
 */
#include <pp/base/slice.h>

struct stat;
struct timespec;

/* As many are open at the same time, however many clients they are sent to. */
#define PP_COPIES_OPEN 64

struct pp_copies;
struct pp_copy;

/* The folder need not be there. The stamp is in microseconds since 1970. */
struct pp_copies *pp_copies_open(const char *folder, int64_t stamp);
/* What is being sent still is sent. NULL is allowed. */
void pp_copies_close(struct pp_copies *copies);

/* The copy of that name, until it is released; NULL: there is none, or too many are open. */
struct pp_copy *pp_copies_take(struct pp_copies *copies, struct pp_slice name, uint64_t size);
void pp_copy_release(struct pp_copy *copy);
/* Whether it still is what it was when it was taken. */
bool pp_copy_is_good(const struct pp_copy *copy);
/* These bytes will be sent soon: the kernel may begin to read them. */
void pp_copy_expect(const struct pp_copy *copy, uint64_t first, uint64_t len);

/* The time of last change of copies with that stamp. */
struct timespec pp_copy_time(int64_t stamp);
/* Whether a file of which that is known is a copy. */
bool pp_copy_is_stamped(const struct stat *about, uint64_t size, int64_t stamp);
