#include "bitbucket/url.h"

#include <gio/gio.h>
#include <string.h>

static int port_of(GUri *uri)
{
    int port = g_uri_get_port(uri);
    if (port >= 0)
        return port;
    return strcmp(g_uri_get_scheme(uri), "https") == 0 ? 443 : 80;
}

static gboolean is_loopback(const char *host)
{
    if (g_ascii_strcasecmp(host, "localhost") == 0)
        return TRUE;
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    return address != NULL && g_inet_address_get_is_loopback(address);
}

/* Only plain printable ASCII goes into a request line; a backslash counts as a slash for some. */
static gboolean is_plain(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (!g_ascii_isgraph(*c) || *c == '\\')
            return FALSE;
    return TRUE;
}

static GUri *parse(const char *text)
{
    if (text == NULL || !is_plain(text))
        return NULL;
    GUri *uri = g_uri_parse(text, G_URI_FLAGS_ENCODED, NULL);
    if (uri == NULL)
        return NULL;
    const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);
    if ((strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0) && host != NULL &&
        *host != '\0')
        return uri;
    g_uri_unref(uri);
    return NULL;
}

gboolean api_base_init(ApiBase *base, const char *text, GError **error)
{
    g_autoptr(GUri) uri = parse(text);
    if (uri == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "\"%s\" is not the address of an API, such as https://api.bitbucket.org/2.0",
                    text != NULL ? text : "");
        return FALSE;
    }
    if (g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL ||
        g_uri_get_fragment(uri) != NULL) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "the API base must be an address alone, without user, query or "
                            "fragment");
        return FALSE;
    }
    gboolean loopback = is_loopback(g_uri_get_host(uri));
    if (strcmp(g_uri_get_scheme(uri), "https") != 0 && !loopback) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "%s would carry the credential unencrypted; use https (plain http is for "
                    "loopback addresses only)",
                    text);
        return FALSE;
    }
    *base = (ApiBase){
        .text = g_strdup(text),
        .scheme = g_strdup(g_uri_get_scheme(uri)),
        .host = g_ascii_strdown(g_uri_get_host(uri), -1),
        .path = g_strdup(g_uri_get_path(uri)),
        .port = port_of(uri),
        .loopback = loopback,
    };
    for (char *texts[] = {base->text, base->path}, **each = texts; each < texts + 2; each++)
        while (g_str_has_suffix(*each, "/"))
            (*each)[strlen(*each) - 1] = '\0';
    gsize origin = strlen(base->text) - strlen(base->path);
    base->origin = g_strndup(base->text, origin);
    return TRUE;
}

void api_base_clear(ApiBase *base)
{
    g_free(base->text);
    g_free(base->origin);
    g_free(base->scheme);
    g_free(base->host);
    g_free(base->path);
    *base = (ApiBase){0};
}

/* "." and "..", also written with percent signs. */
static gboolean has_dot_segment(const char *url)
{
    g_autofree char *plain = g_uri_unescape_string(url, NULL);
    if (plain == NULL)
        return TRUE;
    g_auto(GStrv) segments = g_strsplit(plain, "/", -1);
    return g_strv_contains((const char *const *) segments, ".") ||
           g_strv_contains((const char *const *) segments, "..");
}

gboolean api_base_covers(const ApiBase *base, const char *url)
{
    g_autoptr(GUri) uri = parse(url);
    if (uri == NULL || g_uri_get_userinfo(uri) != NULL || g_uri_get_fragment(uri) != NULL)
        return FALSE;
    if (strcmp(g_uri_get_scheme(uri), base->scheme) != 0 ||
        g_ascii_strcasecmp(g_uri_get_host(uri), base->host) != 0 || port_of(uri) != base->port)
        return FALSE;
    const char *path = g_uri_get_path(uri);
    gsize prefix = strlen(base->path);
    /* GLib has taken dot segments out of its path already; what is sent still has them. */
    g_autofree char *raw = g_strndup(url, strcspn(url, "?#"));
    return strncmp(path, base->path, prefix) == 0 && path[prefix] == '/' && !has_dot_segment(raw);
}

char *url_resolve(const char *url, const char *reference)
{
    if (!is_plain(reference))
        return NULL;
    return g_uri_resolve_relative(url, reference, G_URI_FLAGS_ENCODED, NULL);
}

char *url_without_user(const char *text)
{
    g_autoptr(GUri) uri = parse(text);
    if (uri == NULL)
        return NULL;
    return g_uri_to_string_partial(uri, G_URI_HIDE_USERINFO);
}

gint64 url_page_number(const char *url)
{
    const char *query = strchr(url, '?');
    if (query == NULL)
        return 1;
    g_auto(GStrv) parameters = g_strsplit(query + 1, "&", -1);
    for (char **each = parameters; *each != NULL; each++) {
        if (!g_str_has_prefix(*each, "page="))
            continue;
        gint64 number;
        return g_ascii_string_to_signed(*each + 5, 10, 1, G_MAXINT64 - 1, &number, NULL)
                   ? number
                   : COUNT_ABSENT;
    }
    return 1;
}

char *url_segment(const char *name, const char *what, GError **error)
{
    gboolean good = name != NULL && *name != '\0' && strlen(name) <= LIMIT_NAME &&
                    strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
                    strpbrk(name, "/\\?#%") == NULL && g_utf8_validate(name, -1, NULL);
    for (const char *c = name; good && *c != '\0'; c++)
        good = !g_ascii_iscntrl(*c) && *c != ' ';
    if (!good) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "\"%s\" cannot be the name of a %s", name != NULL ? name : "", what);
        return NULL;
    }
    return g_uri_escape_string(name, NULL, FALSE);
}

char *url_repository_path(const char *repository, GError **error)
{
    const char *slash = repository != NULL ? strchr(repository, '/') : NULL;
    if (slash == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "\"%s\" does not name a repository; write workspace/repository",
                    repository != NULL ? repository : "");
        return NULL;
    }
    g_autofree char *workspace = g_strndup(repository, (gsize) (slash - repository));
    g_autofree char *first = url_segment(workspace, "workspace", error);
    g_autofree char *second = first != NULL ? url_segment(slash + 1, "repository", error) : NULL;
    return second != NULL ? g_strconcat(first, "/", second, NULL) : NULL;
}
