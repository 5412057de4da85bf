/* What the server reads out of a request before it knows who asks: its framing, its route, its
 * cookies, what it prefers, its JSON body. The input is a request line "METHOD PATH", header fields
 * up to an empty line, and a body. */
#include "web/framing.h"
#include "web/routes.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A route's parts lie in the path, in order, none of them empty. */
static void try_route(WebMethod method, const char *path)
{
    gsize n = 0;
    const WebRoute *routes = web_route_list(&n), *route = NULL;
    const char *parts[WEB_PATH_PARTS_MAX] = {NULL};
    guint allowed = 0;
    gsize length = strlen(path);
    g_autofree char *cut = g_strdup(path);
    RouteMatch match = web_route_match(routes, n, method, cut, parts, &route, &allowed);
    g_assert((match == ROUTE_FOUND) == (route != NULL));
    g_assert(match != ROUTE_NO_METHOD || (allowed & (1u << method)) == 0);
    const char *last = cut;
    for (guint i = 0; route != NULL && i < WEB_PATH_PARTS_MAX && parts[i] != NULL; i++) {
        g_assert(parts[i] > last && parts[i] < cut + length && *parts[i] != '\0');
        g_assert(strchr(parts[i], '/') == NULL);
        last = parts[i];
    }
}

static void try_fields(const WebRequest *request)
{
    g_autofree char *cookie = request_cookie(request, WEB_COOKIE);
    g_assert(cookie == NULL || strchr(cookie, ';') == NULL);
    gboolean csv = request_prefers(request, "text/csv", "application/json");
    g_assert(!csv || !request_prefers(request, "application/json", "text/csv"));
    g_autoptr(GError) error = NULL;
    json_t *body = request_json(request, &error);
    g_assert((body == NULL) == (error != NULL));
    g_assert(body == NULL || json_is_object(body));
    g_assert(error == NULL || g_utf8_validate(error->message, -1, NULL));
    json_decref(body);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 16384)
        return 0;
    g_autofree char *text = g_strndup((const char *) data, size);
    char *rest = text, *line = strsep(&rest, "\n");
    WebRequest request = {.headers =
                              g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    Framing framing;
    framing_init(&framing, request.headers);
    char *path = strchr(line, ' ');
    if (path != NULL)
        *path++ = '\0';
    while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
        char *value = strchr(line, ':');
        if (value == NULL)
            continue;
        *value = '\0';
        framing_add(&framing, line, value + 1 + strspn(value + 1, " "));
    }
    WebMethod method = METHOD_GET;
    gboolean is_head = FALSE;
    if (framing_method(text, &method, &is_head) && path != NULL)
        try_route(method, path);
    if (framing_fault(&framing) == NULL) {
        g_assert(framing.n_hosts == 1 && framing.n_lengths <= 1 && framing.n_encodings <= 1);
        g_assert(framing.n_lengths == 0 || framing.n_encodings == 0);
        g_assert(framing.n_fields <= LIMIT_WEB_FIELDS);
        buffer_init(&request.body, size + 1);
        if (rest != NULL && !buffer_append(&request.body, rest, strlen(rest)))
            g_assert_not_reached();
        try_fields(&request);
        buffer_clear(&request.body);
    }
    g_hash_table_unref(request.headers);
    return 0;
}
