/*
 * peer: where a request comes from. Inside the web room.
 *
 * Behind a proxy every connection is the proxy's. One that the operator trusts adds the address
 * that it saw to X-Forwarded-For; what a client wrote there itself stands further left and is never
 * believed.
 */
#pragma once

#include "base/base.h"

/* Whether @text is an IP address, such as 192.0.2.1 or 2001:db8::1. */
gboolean peer_is_address(const char *text);

/* @address: the connection's other end. @forwarded: the field X-Forwarded-For; NULL: none came.
 * @proxies: trusted addresses, NULL at the end; NULL: none. From the right, the first address that
 * is no trusted proxy; where the proxy wrote something else, the proxy's own. IPv4 that came over
 * IPv6 (::ffff:192.0.2.1) is told as IPv4. g_free. */
char *peer_find(const char *address, const char *forwarded, const char *const *proxies);

/* What attempts are counted by: an IPv4 address, or the /64 of an IPv6 one, for whoever has one of
 * those addresses has them all. g_free. */
char *peer_network(const char *address);
