/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/password.h>

#include <string.h>
#include <zxcvbn.h>

#include <pp/base/check.h>
#include <pp/io/secret.h>

#define GUESSED_BITS 32.0
/* Words of an address that are not worth a guess. */
#define SHORT_WORD 3

/* What guessers of this platform try first; zxcvbn's own dictionaries are English. */
static const char *const known[] = { "planungsplattform", "planung", "plattform", "bauleitplanung",
	"bebauungsplan", "flaechennutzungsplan", "stellungnahme", "beteiligung", "gemeinde",
	"stadt", "kreis", "rathaus", "bauamt", "amt", "behoerde", "hamburg", "holstein",
	"schleswig", "kiel", "luebeck", "pinneberg", "deutschland", "passwort", "kennwort",
	"geheim", "anmeldung", "willkommen", "hallo", "sommer", "herbst", "winter", "fruehling",
	"januar", "februar", "maerz", "oktober", "dezember", "montag", "dienstag", "mittwoch",
	"donnerstag", "freitag", "samstag", "sonntag", "schatz", "liebe", "fussball", "qwertz",
	"qwertzuiop", "asdfghjkl", "yxcvbnm" };

enum { ADDRESS_WORDS = 16, ADDRESS_SIZE = 256, TEXT_SIZE = PP_PASSWORD_MOST * 4 + 1 };

/* The words of an address, in lower case, behind those that are known anyway. */
static size_t add_words(const char **words, size_t count, char address[ADDRESS_SIZE])
{
	char *rest = NULL;
	size_t end = count + ADDRESS_WORDS;

	for (char *word = strtok_r(address, "@.-_+ ", &rest); word && count < end;
		word = strtok_r(NULL, "@.-_+ ", &rest))
		if (strlen(word) >= SHORT_WORD)
			words[count++] = word;
	return count;
}

static size_t characters(struct pp_slice text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return count;
}

enum pp_password_fault pp_password_judge(struct pp_slice password, struct pp_slice email)
{
	const char *words[PP_LENGTH(known) + ADDRESS_WORDS + 1];
	char address[ADDRESS_SIZE], text[TEXT_SIZE];
	size_t count, length = characters(password);
	double bits;

	if (length < PP_PASSWORD_LEAST)
		return PP_PASSWORD_SHORT;
	if (length > PP_PASSWORD_MOST || password.len >= sizeof(text))
		return PP_PASSWORD_LONG;
	memcpy(words, known, sizeof(known));
	email.len = email.len < sizeof(address) ? email.len : sizeof(address) - 1;
	if (email.len)
		memcpy(address, email.at, email.len);
	address[email.len] = '\0';
	count = add_words(words, PP_LENGTH(known), address);
	words[count] = NULL;
	memcpy(text, password.at, password.len);
	text[password.len] = '\0';
	bits = ZxcvbnMatch(text, words, NULL);
	pp_wipe(text, sizeof(text));
	return bits < GUESSED_BITS ? PP_PASSWORD_GUESSED : PP_PASSWORD_FITS;
}

const char *pp_password_fault_text(enum pp_password_fault fault)
{
	const char *why = "";

	if (fault == PP_PASSWORD_SHORT)
		why = "must have 12 characters at least";
	else if (fault == PP_PASSWORD_LONG)
		why = "must have 200 characters at most";
	else if (fault == PP_PASSWORD_GUESSED)
		why = "is guessed too soon: take several words that do not belong together";
	return why;
}
