#include "web/peer.h"

#include <arpa/inet.h>
#include <string.h>

#define FORWARDED_MOST 32 /* proxies in a row */

typedef struct {
    gboolean is_v4;
    guint8 bytes[16];
} Address;

static gboolean read_address(const char *text, Address *ret_address)
{
    static const guint8 MAPPED[12] = {[10] = 0xff, [11] = 0xff};
    *ret_address = (Address){0};
    if (inet_pton(AF_INET, text, ret_address->bytes) == 1) {
        ret_address->is_v4 = TRUE;
        return TRUE;
    }
    if (inet_pton(AF_INET6, text, ret_address->bytes) != 1)
        return FALSE;
    if (memcmp(ret_address->bytes, MAPPED, sizeof MAPPED) == 0) {
        memmove(ret_address->bytes, ret_address->bytes + sizeof MAPPED, 4);
        memset(ret_address->bytes + 4, 0, sizeof MAPPED);
        ret_address->is_v4 = TRUE;
    }
    return TRUE;
}

static char *address_text(const Address *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(address->is_v4 ? AF_INET : AF_INET6, address->bytes, text, sizeof text);
    return g_strdup(text);
}

gboolean peer_is_address(const char *text)
{
    Address address;
    return read_address(text, &address);
}

static gboolean is_trusted(const Address *address, const char *const *proxies)
{
    for (guint i = 0; proxies != NULL && proxies[i] != NULL; i++) {
        Address proxy;
        if (read_address(proxies[i], &proxy) && proxy.is_v4 == address->is_v4 &&
            memcmp(proxy.bytes, address->bytes, sizeof proxy.bytes) == 0)
            return TRUE;
    }
    return FALSE;
}

char *peer_find(const char *address, const char *forwarded, const char *const *proxies)
{
    Address peer;
    if (!read_address(address, &peer))
        return g_strdup(address);
    const char *end = forwarded != NULL ? forwarded + strlen(forwarded) : NULL;
    for (guint i = 0; end != NULL && i < FORWARDED_MOST && is_trusted(&peer, proxies); i++) {
        const char *comma = g_strrstr_len(forwarded, end - forwarded, ",");
        const char *begin = comma != NULL ? comma + 1 : forwarded;
        g_autofree char *entry = g_strndup(begin, (gsize) (end - begin));
        Address told;
        if (!read_address(g_strstrip(entry), &told))
            break;
        peer = told;
        end = comma;
    }
    return address_text(&peer);
}

char *peer_network(const char *address)
{
    Address peer;
    if (!read_address(address, &peer) || peer.is_v4)
        return g_strdup(address);
    memset(peer.bytes + 8, 0, 8);
    g_autofree char *network = address_text(&peer);
    return g_strconcat(network, "/64", NULL);
}
