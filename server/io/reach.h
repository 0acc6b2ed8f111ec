/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Whom we may speak to when an address comes from outside (a discovery document, a name in DNS):
 * never something that only this machine or this link can be meant by, unless whoever wrote the
 * configuration named it so.
 */
#include <sys/socket.h>

#include <pp/base/slice.h>

/* "localhost", 127.0.0.0/8 or ::1 (also in brackets), written out as such. */
bool pp_reach_is_loopback(struct pp_slice host);

/*
 * Whether a name may lead to that address. Loopback (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3) only where
 * the name says so itself; link-local addresses, where clouds keep their metadata (RFC 3927, RFC
 * 4291 §2.5.6), unspecified, multicast and broadcast ones never. Private networks are allowed:
 * authorities have their identity providers there.
 */
bool pp_reach_may(const struct sockaddr *address, bool loopback);
