/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Who is at the other end: the client's own address, even where a reverse proxy speaks for it, and
 * whether it came over TLS. Only a proxy that the operator trusts is believed, for anybody may
 * write X-Forwarded-For.
 */
#include <pp/base/arena.h>
#include <pp/base/slice.h>

#define PP_PROXIES 16

/* An address of either kind; IPv4 is held as ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
struct pp_address {
	unsigned char bytes[16];
};

struct pp_network {
	struct pp_address address;
	unsigned bits; /* 0 to 128 */
};

/* Whom to believe: "unix", addresses and networks, separated by commas. */
struct pp_proxies {
	bool has_unix;
	size_t count;
	struct pp_network networks[PP_PROXIES];
};

struct pp_caller {
	bool is_known;   /* false: on the Unix socket, and the proxy says nothing of the client */
	bool is_tls;     /* between client and proxy */
	bool is_private; /* nobody on the way can listen: TLS, or this machine itself */
	struct pp_address address;
};

/* False and an English sentence where it is no such list. */
PP_CHECKED bool pp_proxies_read(struct pp_proxies *proxies, struct pp_slice text, char error[256]);
PP_CHECKED bool pp_address_read(struct pp_address *address, struct pp_slice text);
/* What remains when only so many bits of IPv4, or of IPv6, are kept. */
struct pp_address pp_address_cut(const struct pp_address *address, unsigned bits4, unsigned bits6);

/* peer is the text of the connection's other end ("unix" for the socket); the others are the values
 * of X-Forwarded-For and X-Forwarded-Proto, empty where they were not sent. */
struct pp_caller pp_caller_of(const struct pp_proxies *proxies, struct pp_slice peer,
	struct pp_slice forwarded_for, struct pp_slice forwarded_proto);

/* How much of an address a log may keep; see the setting log_address. */
enum pp_address_detail { PP_ADDRESS_NONE, PP_ADDRESS_PREFIX, PP_ADDRESS_FULL };
PP_CHECKED bool pp_address_detail_named(struct pp_slice name, enum pp_address_detail *detail);
/* "192.0.2.0/24", "2001:db8:0:100::/56", the whole address, or nothing. */
struct pp_slice pp_caller_text(
	struct pp_arena *arena, const struct pp_caller *caller, enum pp_address_detail detail);
