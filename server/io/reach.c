/* SPDX-License-Identifier: EUPL-1.2 */
#include "reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>

bool pp_reach_is_loopback(struct pp_slice host)
{
	char text[64];
	struct in_addr four;
	struct in6_addr six;

	if (pp_slice_is_nocase(host, PP_S("localhost")))
		return true;
	if (host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
		host = pp_slice(host.at + 1, host.len - 2);
	if (host.len >= sizeof(text))
		return false;
	memcpy(text, host.at, host.len);
	text[host.len] = '\0';
	if (inet_pton(AF_INET, text, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, text, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static bool may_four(uint32_t address, bool loopback)
{
	if (address >> 24 == 127)
		return loopback;
	return address >> 24 != 0          /* this network */
		&& address >> 16 != 0xa9fe /* 169.254.0.0/16, link-local */
		&& address >> 28 < 0xe;    /* multicast, reserved, broadcast */
}

static bool may_six(const struct in6_addr *address, bool loopback)
{
	const unsigned char *bytes = address->s6_addr;
	/* NAT64 (RFC 6052 §2.1) leads to an IPv4 address too. */
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (IN6_IS_ADDR_V4MAPPED(address) || memcmp(bytes, nat64, sizeof(nat64)) == 0)
		return may_four((uint32_t)bytes[12] << 24 | (uint32_t)bytes[13] << 16 |
				(uint32_t)bytes[14] << 8 | bytes[15],
			loopback);
	if (IN6_IS_ADDR_LOOPBACK(address))
		return loopback;
	return !IN6_IS_ADDR_UNSPECIFIED(address) && !IN6_IS_ADDR_V4COMPAT(address) &&
		!IN6_IS_ADDR_LINKLOCAL(address) && !IN6_IS_ADDR_SITELOCAL(address) &&
		!IN6_IS_ADDR_MULTICAST(address);
}

bool pp_reach_may(const struct sockaddr *address, bool loopback)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof(four));
		return may_four(ntohl(four.sin_addr.s_addr), loopback);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&six, address, sizeof(six));
		return may_six(&six.sin6_addr, loopback);
	}
	return false;
}
