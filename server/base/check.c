/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/check.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void pp_must_failed(const char *condition, const char *file, int line)
{
	fprintf(stderr, "{\"level\":\"error\",\"event\":\"check_failed\",\"condition\":\"");
	for (const char *c = condition; *c; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', stderr);
		fputc(*c, stderr);
	}
	fprintf(stderr, "\",\"file\":\"%s\",\"line\":%d}\n", file, line);
	abort();
}

void *pp_must_magic(void *object, unsigned magic, const char *file, int line)
{
	unsigned found;

	if (!object)
		pp_must_failed("object is not NULL", file, line);
	/* Every object with a magic number begins with it. */
	memcpy(&found, object, sizeof(found));
	if (found != magic)
		pp_must_failed("object has its magic number", file, line);
	return object;
}

size_t pp_add_size(size_t a, size_t b)
{
	size_t sum;

	PP_MUST(!__builtin_add_overflow(a, b, &sum));
	return sum;
}
