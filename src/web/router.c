#include "web/routes.h"

#include <string.h>

#define SEGMENTS_MAX 16

/* Cuts at every '/', the leading one left out. FALSE: more parts than any route has. */
static gboolean split(char *path, char **ret_segments, guint *ret_n)
{
    guint n = 0;
    for (char *at = path; *at == '/';) {
        if (n == SEGMENTS_MAX)
            return FALSE;
        *at++ = '\0';
        ret_segments[n++] = at;
        at = strchrnul(at, '/');
    }
    *ret_n = n;
    return TRUE;
}

static gboolean fits(const char *pattern, char *const *segments, guint n, const char **parts)
{
    guint n_parts = 0;
    for (guint i = 0; i < n; i++) {
        if (*pattern != '/')
            return FALSE;
        const char *begin = pattern + 1, *end = strchrnul(begin, '/');
        gsize length = (gsize) (end - begin);
        if (*begin == '{') {
            if (*segments[i] == '\0' || n_parts == WEB_PATH_PARTS_MAX)
                return FALSE;
            parts[n_parts++] = segments[i];
        } else if (strlen(segments[i]) != length || strncmp(begin, segments[i], length) != 0) {
            return FALSE;
        }
        pattern = end;
    }
    return *pattern == '\0';
}

RouteMatch web_route_match(const WebRoute *routes, gsize n, WebMethod method, char *path,
                           const char **parts, const WebRoute **ret_route, guint *ret_allowed)
{
    char *segments[SEGMENTS_MAX];
    guint n_segments = 0, allowed = 0;
    if (!split(path, segments, &n_segments))
        return ROUTE_NO_PATH;
    for (gsize i = 0; i < n; i++) {
        const char *found[WEB_PATH_PARTS_MAX] = {NULL};
        if (!fits(routes[i].path, segments, n_segments, found))
            continue;
        allowed |= 1u << routes[i].method;
        if (routes[i].method != method)
            continue;
        memcpy(parts, found, sizeof found);
        *ret_route = &routes[i];
        return ROUTE_FOUND;
    }
    *ret_allowed = allowed;
    return allowed != 0 ? ROUTE_NO_METHOD : ROUTE_NO_PATH;
}
