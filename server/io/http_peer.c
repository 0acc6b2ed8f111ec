/* SPDX-License-Identifier: EUPL-1.2 */
/* Connections per address, in a table of fixed size with linear probing. */
#include "http_inner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/random.h>

struct slot {
	struct pp_peer peer;
	unsigned count; /* 0: free */
};

struct pp_peers {
	uint64_t seed;
	size_t mask;
	struct slot slots[];
};

struct pp_peers *pp_peers_open(unsigned connections)
{
	size_t size = 16;
	struct pp_peers *peers;

	/* At most half full, for there is never a slot without a connection. */
	while (size < (size_t)connections * 2)
		size *= 2;
	peers = calloc(1, sizeof(*peers) + size * sizeof(struct slot));
	PP_MUST(peers);
	peers->mask = size - 1;
	/* Nobody outside shall know which addresses collide. */
	PP_MUST(getrandom(&peers->seed, sizeof(peers->seed), 0) == sizeof(peers->seed));
	return peers;
}

void pp_peers_close(struct pp_peers *peers)
{
	free(peers);
}

static size_t home(const struct pp_peers *peers, struct pp_peer peer)
{
	uint64_t mixed = (peer.address ^ peers->seed) + peer.family;

	/* The finalizer of SplitMix64: every bit of the address reaches every bit of the index. */
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (size_t)(mixed ^ (mixed >> 31)) & peers->mask;
}

/* The peer's slot, or the free one where it would go. */
static size_t find(const struct pp_peers *peers, struct pp_peer peer)
{
	size_t at = home(peers, peer);

	while (peers->slots[at].count &&
		(peers->slots[at].peer.address != peer.address ||
			peers->slots[at].peer.family != peer.family))
		at = (at + 1) & peers->mask;
	return at;
}

bool pp_peers_join(struct pp_peers *peers, struct pp_peer peer, unsigned most)
{
	struct slot *slot;

	if (peer.family == 0)
		return true;
	slot = &peers->slots[find(peers, peer)];
	if (slot->count >= most)
		return false;
	slot->peer = peer;
	slot->count++;
	return true;
}

void pp_peers_leave(struct pp_peers *peers, struct pp_peer peer)
{
	size_t gap, at;

	if (peer.family == 0)
		return;
	gap = find(peers, peer);
	PP_MUST(peers->slots[gap].count);
	if (--peers->slots[gap].count)
		return;
	/* Move up what was pushed past the gap, so that no search ends too early. */
	for (at = (gap + 1) & peers->mask; peers->slots[at].count; at = (at + 1) & peers->mask) {
		size_t from_home = (at - home(peers, peers->slots[at].peer)) & peers->mask;

		if (from_home < ((at - gap) & peers->mask))
			continue;
		peers->slots[gap] = peers->slots[at];
		peers->slots[at].count = 0;
		gap = at;
	}
}

static struct pp_peer peer_4(struct in_addr address, char text[PP_PEER_TEXT])
{
	uint32_t number = ntohl(address.s_addr);

	inet_ntop(AF_INET, &address, text, PP_PEER_TEXT);
	return (struct pp_peer){ number, AF_INET };
}

struct pp_peer pp_peer_of(const struct sockaddr *address, char text[PP_PEER_TEXT])
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;
	struct pp_peer peer = { 0, AF_INET6 };

	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof(four));
		return peer_4(four.sin_addr, text);
	}
	if (address->sa_family != AF_INET6) {
		strcpy(text, "unix");
		return (struct pp_peer){ 0, 0 };
	}
	memcpy(&six, address, sizeof(six));
	if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
		memcpy(&four.sin_addr, &six.sin6_addr.s6_addr[12], sizeof(four.sin_addr));
		return peer_4(four.sin_addr, text);
	}
	inet_ntop(AF_INET6, &six.sin6_addr, text, PP_PEER_TEXT);
	/* One subscriber has a /64 or more (RFC 6177). */
	for (int i = 0; i < 8; i++)
		peer.address = peer.address << 8 | six.sin6_addr.s6_addr[i];
	return peer;
}
