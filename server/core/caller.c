/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/caller.h>

#include <arpa/inet.h>
#include <stdio.h>

/* One subscriber's neighbourhood: not the person, but enough to see where an attack comes from. */
#define LOGGED_4 24
#define LOGGED_6 56

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

bool pp_address_read(struct pp_address *address, struct pp_slice text)
{
	char copy[INET6_ADDRSTRLEN];

	if (text.len >= sizeof(copy) || memchr(text.at, '\0', text.len))
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	memcpy(address->bytes, mapped, sizeof(mapped));
	return inet_pton(AF_INET, copy, address->bytes + sizeof(mapped)) == 1 ||
		inet_pton(AF_INET6, copy, address->bytes) == 1;
}

static bool is_ipv4(const struct pp_address *address)
{
	return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

static struct pp_address keep_bits(const struct pp_address *address, unsigned bits)
{
	struct pp_address kept = { 0 };

	for (unsigned i = 0; i < sizeof(kept.bytes); i++) {
		unsigned here = bits > i * 8 ? bits - i * 8 : 0;

		kept.bytes[i] = (unsigned char)(address->bytes[i] &
			(here >= 8 ? 0xff : 0xff00 >> here));
	}
	return kept;
}

struct pp_address pp_address_cut(const struct pp_address *address, unsigned bits4, unsigned bits6)
{
	return keep_bits(address, is_ipv4(address) ? 96 + bits4 : bits6);
}

static bool read_network(struct pp_network *network, struct pp_slice text)
{
	struct pp_slice length, address = pp_slice_cut(text, '/', &length);
	uint64_t bits, most;

	if (!pp_address_read(&network->address, address))
		return false;
	most = is_ipv4(&network->address) ? 32 : 128;
	bits = most;
	if (address.len < text.len && (!pp_slice_u64(length, &bits) || bits > most))
		return false;
	network->bits = (unsigned)(128 - most + bits);
	return true;
}

bool pp_proxies_read(struct pp_proxies *proxies, struct pp_slice text, char error[256])
{
	*proxies = (struct pp_proxies){ 0 };
	while (text.len) {
		struct pp_slice one = pp_slice_trim(pp_slice_cut(text, ',', &text));

		if (pp_slice_is(one, PP_S("unix"))) {
			proxies->has_unix = true;
			continue;
		}
		if (proxies->count == PP_PROXIES) {
			snprintf(error, 256, "there may be %d addresses and networks at most",
				PP_PROXIES);
			return false;
		}
		if (!read_network(&proxies->networks[proxies->count++], one)) {
			snprintf(error, 256, "'%.*s' is neither unix nor an address or network",
				one.len > 100 ? 100 : (int)one.len, one.at);
			return false;
		}
	}
	return true;
}

static bool is_among(
	const struct pp_network *networks, size_t count, const struct pp_address *address)
{
	for (size_t i = 0; i < count; i++) {
		struct pp_address theirs = keep_bits(address, networks[i].bits);
		struct pp_address ours = keep_bits(&networks[i].address, networks[i].bits);

		if (memcmp(&theirs, &ours, sizeof(ours)) == 0)
			return true;
	}
	return false;
}

static bool is_trusted(const struct pp_proxies *proxies, const struct pp_address *address)
{
	return is_among(proxies->networks, proxies->count, address);
}

/* The last member of a list, and what stands before it. */
static struct pp_slice cut_last(struct pp_slice *list)
{
	size_t at = list->len;
	struct pp_slice last;

	while (at && list->at[at - 1] != ',')
		at--;
	last = pp_slice_trim(pp_slice(list->at + at, list->len - at));
	list->len = at ? at - 1 : 0;
	return last;
}

/* RFC 1122 §3.2.1.3 (g), RFC 4291 §2.5.3. */
static bool is_loopback(const struct pp_address *address)
{
	static const struct pp_network networks[] = {
		{ { { [10] = 0xff, [11] = 0xff, [12] = 127 } }, 96 + 8 },
		{ { { [15] = 1 } }, 128 },
	};

	return is_among(networks, PP_LENGTH(networks), address);
}

struct pp_caller pp_caller_of(const struct pp_proxies *proxies, struct pp_slice peer,
	struct pp_slice forwarded_for, struct pp_slice forwarded_proto)
{
	struct pp_caller caller = { 0 };
	struct pp_address next;

	caller.is_known = pp_address_read(&caller.address, peer);
	/* Whoever is forwarded may come from afar, though the one who speaks is near. */
	caller.is_private = !forwarded_for.len && !forwarded_proto.len &&
		(!caller.is_known || is_loopback(&caller.address));
	if (caller.is_known ? !is_trusted(proxies, &caller.address) : !proxies->has_unix)
		return caller;
	caller.is_tls = pp_slice_is_nocase(cut_last(&forwarded_proto), PP_S("https"));
	caller.is_private |= caller.is_tls;
	/* Each proxy adds at the right whom it saw; the first that is none of ours is the client.
	 * What stands further left is the client's own word. */
	while (forwarded_for.len && pp_address_read(&next, cut_last(&forwarded_for))) {
		caller.address = next;
		caller.is_known = true;
		if (!is_trusted(proxies, &next))
			break;
	}
	return caller;
}

bool pp_address_detail_named(struct pp_slice name, enum pp_address_detail *detail)
{
	static const char *const names[] = { [PP_ADDRESS_NONE] = "none",
		[PP_ADDRESS_PREFIX] = "prefix",
		[PP_ADDRESS_FULL] = "full" };

	for (unsigned i = 0; i < PP_LENGTH(names); i++)
		if (pp_slice_is(name, pp_slice_of(names[i]))) {
			*detail = (enum pp_address_detail)i;
			return true;
		}
	return false;
}

struct pp_slice pp_caller_text(
	struct pp_arena *arena, const struct pp_caller *caller, enum pp_address_detail detail)
{
	bool is_4 = is_ipv4(&caller->address);
	struct pp_address shown = caller->address;
	char text[INET6_ADDRSTRLEN];

	if (!caller->is_known || detail == PP_ADDRESS_NONE)
		return PP_S("");
	if (detail == PP_ADDRESS_PREFIX)
		shown = pp_address_cut(&shown, LOGGED_4, LOGGED_6);
	PP_MUST(inet_ntop(is_4 ? AF_INET : AF_INET6,
		is_4 ? shown.bytes + sizeof(mapped) : shown.bytes, text, sizeof(text)));
	if (detail == PP_ADDRESS_FULL)
		return pp_copy(arena, pp_slice_of(text));
	return pp_format(arena, "%s/%d", text, is_4 ? LOGGED_4 : LOGGED_6);
}
