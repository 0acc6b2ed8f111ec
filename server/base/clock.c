/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The years 0001 to 9999, which is what four digits write. */
#define FIRST_UTC (INT64_C(-62135596800) * PP_SECOND)
#define END_UTC   (INT64_C(253402300800) * PP_SECOND)

/* Mapped once, before any other process or thread could ask; NULL: the clock as it is. */
static const volatile int64_t *shift;

int pp_clock_follow(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	struct stat about;
	void *page;

	if (fd < 0)
		return errno;
	if (fstat(fd, &about) != 0)
		error = errno;
	else if (!S_ISREG(about.st_mode) || about.st_size < (off_t)sizeof(*shift))
		error = EINVAL;
	page = error ? MAP_FAILED : mmap(NULL, sizeof(*shift), PROT_READ, MAP_SHARED, fd, 0);
	if (!error && page == MAP_FAILED)
		error = errno;
	close(fd);
	if (!error)
		shift = page;
	return error;
}

int64_t pp_clock_shift(void)
{
	return shift ? *shift : 0;
}

static int64_t now(clockid_t clock)
{
	struct timespec t;

	PP_MUST(clock_gettime(clock, &t) == 0);
	return (int64_t)t.tv_sec * PP_SECOND + t.tv_nsec / 1000;
}

int64_t pp_clock_utc(void)
{
	return now(CLOCK_REALTIME) + pp_clock_shift();
}

int64_t pp_clock_monotonic(void)
{
	return now(CLOCK_MONOTONIC);
}

static char *put(char *out, unsigned value, unsigned digits, char behind)
{
	for (unsigned i = digits; i > 0; i--, value /= 10)
		out[i - 1] = (char)('0' + value % 10);
	out[digits] = behind;
	return out + digits + 1;
}

/*
 * Without the C library, which takes a lock for each instant of an export. Years begin in March
 * here, so that the day of a leap year is the last one, and every 400 of them have 146,097 days.
 */
void pp_clock_rfc3339(int64_t utc, char out[PP_RFC3339_SIZE])
{
	const int64_t day_us = INT64_C(86400) * PP_SECOND;
	/* Days since 1 March 0000, which are never negative. */
	int64_t days = (utc - FIRST_UTC) / day_us + 306;
	unsigned long us = (unsigned long)((utc - FIRST_UTC) % day_us);
	unsigned era, day, year, month;

	PP_MUST(utc >= FIRST_UTC && utc < END_UTC);
	era = (unsigned)(days / 146097);
	day = (unsigned)(days % 146097);
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	out = put(out, era * 400 + year + (month >= 10), 4, '-');
	out = put(out, month < 10 ? month + 3 : month - 9, 2, '-');
	out = put(out, day + 1, 2, 'T');
	out = put(out, (unsigned)(us / 3600000000), 2, ':');
	out = put(out, (unsigned)(us / 60000000 % 60), 2, ':');
	out = put(out, (unsigned)(us / 1000000 % 60), 2, '.');
	out = put(out, (unsigned)(us % 1000000), 6, 'Z');
	*out = '\0';
}

struct pp_slice pp_clock_text(struct pp_arena *arena, int64_t utc)
{
	char *at = pp_alloc(arena, PP_RFC3339_SIZE);

	pp_clock_rfc3339(utc, at);
	return pp_slice_of(at);
}

static bool number(struct pp_slice s, size_t at, size_t length, int least, int most, int *out)
{
	uint64_t value;

	if (at + length > s.len || !pp_slice_u64(pp_slice(s.at + at, length), &value) ||
		value < (uint64_t)least || value > (uint64_t)most)
		return false;
	*out = (int)value;
	return true;
}

static bool fraction(struct pp_slice *s, int64_t *micro)
{
	int64_t scale = 100000;
	size_t at = 1;

	*micro = 0;
	if (s->len == 0 || s->at[0] != '.')
		return true;
	for (; at < s->len && s->at[at] >= '0' && s->at[at] <= '9'; at++, scale /= 10) {
		if (scale == 0)
			return false;
		*micro += (s->at[at] - '0') * scale;
	}
	if (at == 1)
		return false;
	*s = pp_slice(s->at + at, s->len - at);
	return true;
}

static bool offset(struct pp_slice s, int64_t *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if (s.len == 1 && (s.at[0] == 'Z' || s.at[0] == 'z'))
		return true;
	if (s.len != 6 || (s.at[0] != '+' && s.at[0] != '-') || s.at[3] != ':' ||
		!number(s, 1, 2, 0, 23, &hours) || !number(s, 4, 2, 0, 59, &minutes))
		return false;
	*seconds = (s.at[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

bool pp_clock_read_rfc3339(struct pp_slice s, int64_t *utc)
{
	struct tm t = { 0 }, again;
	int64_t micro, zone;
	time_t seconds;

	if (s.len < 20 || s.at[4] != '-' || s.at[7] != '-' ||
		(s.at[10] != 'T' && s.at[10] != 't') || s.at[13] != ':' || s.at[16] != ':' ||
		!number(s, 0, 4, 1, 9999, &t.tm_year) || !number(s, 5, 2, 1, 12, &t.tm_mon) ||
		!number(s, 8, 2, 1, 31, &t.tm_mday) || !number(s, 11, 2, 0, 23, &t.tm_hour) ||
		!number(s, 14, 2, 0, 59, &t.tm_min) || !number(s, 17, 2, 0, 59, &t.tm_sec))
		return false;
	t.tm_year -= 1900;
	t.tm_mon -= 1;
	again = t;
	seconds = timegm(&again);
	/* timegm carries 30 February into March; such a date is refused. */
	if (again.tm_mday != t.tm_mday)
		return false;
	s = pp_slice(s.at + 19, s.len - 19);
	if (!fraction(&s, &micro) || !offset(s, &zone))
		return false;
	*utc = ((int64_t)seconds - zone) * PP_SECOND + micro;
	/* An offset leads out of the years at both ends. */
	return *utc >= FIRST_UTC && *utc < END_UTC;
}

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* strftime would speak the language of the locale. */
void pp_clock_http_date(int64_t utc, char out[PP_HTTP_DATE_SIZE])
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	char at[PP_RFC3339_SIZE];
	unsigned month,
		weekday = (unsigned)((utc - FIRST_UTC) / (INT64_C(86400) * PP_SECOND) + 4) % 7;

	/* The first day of that calendar was a Monday. */
	pp_clock_rfc3339(utc, at);
	month = (unsigned)(at[5] - '0') * 10 + (unsigned)(at[6] - '0') - 1;
	snprintf(out, PP_HTTP_DATE_SIZE, "%.3s, %.2s %.3s %.4s %.8s GMT", days + 3 * weekday,
		at + 8, months + 3 * month, at, at + 11);
}

bool pp_clock_read_http_date(struct pp_slice date, int64_t *utc)
{
	char at[PP_RFC3339_SIZE];

	if (date.len != PP_HTTP_DATE_SIZE - 1 || !pp_slice_ends(date, PP_S(" GMT")))
		return false;
	for (unsigned i = 0; i < 12; i++) {
		if (memcmp(months + (size_t)3 * i, date.at + 8, 3) != 0)
			continue;
		snprintf(at, sizeof(at), "%.4s-%02u-%.2sT%.8sZ", date.at + 12, i + 1, date.at + 5,
			date.at + 17);
		return pp_clock_read_rfc3339(pp_slice_of(at), utc);
	}
	return false;
}
