/* SPDX-License-Identifier: EUPL-1.2 */
#include "import_cell.h"

#include <pp/law/date.h>

static bool is_digits(struct pp_slice value, size_t count)
{
	uint64_t number;

	return value.len == count && pp_slice_u64(value, &number);
}

/* contract.md, body keys: digits as AGS, Kreis, Land or Amt have them, a Bezirk, or a slug. */
static bool is_body_key(struct pp_slice key)
{
	if (key.len < 2 || key.len > 40)
		return false;
	for (size_t i = 0; i < key.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", key.at[i]) || !key.at[i])
			return false;
	return true;
}

/* What pp.is_mail_address looks at again, to the letter. */
static bool is_mail(struct pp_slice value)
{
	struct pp_slice domain, left = pp_slice_cut(value, '@', &domain);

	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] <= 0x20 ||
			memchr("<>()[]\\,;:\"\x7f", value.at[i], 12))
			return false;
	return left.len && left.len <= 64 && domain.len && value.len <= 254 &&
		!memchr(domain.at, '@', domain.len);
}

const char *pp_import_wrong(enum pp_cell check, struct pp_slice value)
{
	int32_t day;

	switch (check) {
	case PP_CELL_TEXT:
		return NULL;
	case PP_CELL_NEEDED:
		return value.len ? NULL : "is empty";
	case PP_CELL_AGS:
		return is_digits(value, 8) ? NULL : "is no AGS of eight digits";
	case PP_CELL_KEY:
		return is_body_key(value) ? NULL : "is no key of a body";
	case PP_CELL_DATE:
		return !value.len || pp_day_read(value, &day) ? NULL : "is no date (YYYY-MM-DD)";
	case PP_CELL_MAIL:
		return !value.len || pp_slice_is(value, PP_S("-")) || is_mail(value)
			? NULL
			: "is no e-mail address";
	case PP_CELL_ADDRESS:
		return is_mail(value) ? NULL : "is no e-mail address";
	case PP_CELL_LAND:
		return !value.len || is_digits(value, 2) ? NULL : "is no Land of two digits";
	}
	return NULL;
}
