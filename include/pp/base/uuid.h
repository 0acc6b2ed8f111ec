/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Identifiers: UUID version 7 (RFC 9562 §5.7), which sort by their time of birth. */
#include <pp/base/slice.h>

#define PP_UUID_SIZE 37

/* Lower case with dashes and a NUL; increasing within this process (RFC 9562 §6.2 method 1). */
void pp_uuid7(char out[PP_UUID_SIZE]);
/* 36 characters of any version, either case. */
bool pp_uuid_is(struct pp_slice s);
